"""What an owner does with a job that exists: look, cancel, delete, ask again."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from studio import ids
from studio.documents.spec import DocumentKind
from studio.dynamo import Item
from studio.errors import ErrorType, StudioError, UnreadableError
from studio.images.model import Spec
from studio.images.request import ImageRequest
from studio.jobs import states
from studio.jobs.delete import Deletions
from studio.jobs.item import job_from_item, makes_document
from studio.jobs.model import REFUNDED, TERMINAL, Job
from studio.jobs.table import Jobs, seen
from studio.jobs.tags import checked_tags
from studio.optimistic import retry
from studio.people.model import Caller
from studio.sweeping import each


@dataclass(frozen=True)
class JobActions:
    """One owner's jobs. Somebody else's job is None, like one that does not exist.

    So is one that renders a document, which is shown as the document's: only who removes one acts on its jobs too.
    """

    jobs: Jobs
    deletions: Deletions
    documents: bool = False

    def own(self, caller: Caller, id_: str) -> Job | None:
        """Find the caller's own job."""
        job = self._even_deleted(caller, id_)
        return job if job and not job.deleted_at else None

    def visible(self, caller: Caller, id_: str) -> Job | None:
        """Find a job the caller may look at: their own, or any for an administrator."""
        row = self._row(id_)
        return seen(row) if row and (caller.is_admin or row.get("owner") == caller.sub) else None

    def public(self, caller: Caller | None, id_: str) -> Job | None:
        """Find a job for whoever holds its id, unless its owner ended that: only its public view may be shown."""
        row = self._row(id_)
        mine = row and caller and (caller.is_admin or row.get("owner") == caller.sub)
        return seen(row) if row and (mine or row.get("shared", True) is True) else None

    def share(self, caller: Caller, id_: str, now: datetime, *, shared: bool) -> Job | None:
        """Say whether whoever holds the id may look. Links that were signed before last their time."""

        def attempt() -> Job | None:
            job = self.own(caller, id_)
            if job is None or job.shared == shared:
                return job
            return self.jobs.step(states.share(job, now, shared=shared))

        return retry(attempt)

    def label(
        self, caller: Caller, id_: str, now: datetime, *, favorite: bool | None, tags: Sequence[str] | None
    ) -> Job | None:
        """Set what its owner finds a job by; what is None stays as it is.

        Raises
        ------
        StudioError
            TAG_MALFORMED, TOO_MANY_TAGS.
        """
        words = None if tags is None else checked_tags(tags)

        def attempt() -> Job | None:
            job = self.own(caller, id_)
            if job is None or (favorite in (None, job.favorite) and words in (None, job.tags)):
                return job
            return self.jobs.step(states.label(job, now, favorite=favorite, tags=words))

        return retry(attempt)

    def cancel(self, caller: Caller, id_: str, now: datetime) -> Job | None:
        """Cancel a job that has not ended; one that has is returned as it is, and one that cannot be read is ended.

        Raises
        ------
        UnreadableError
            It was completed, or has been put aside.
        """

        def attempt() -> Job | None:
            try:
                job = self.own(caller, id_)
            except UnreadableError:
                self._unreadable(id_, self.deletions.unreadable.settle, now)
                job = self.own(caller, id_)
            if job is None or job.status in TERMINAL:
                return job
            return self.jobs.step(states.cancel(job, now))

        return retry(attempt)

    def delete(self, caller: Caller, id_: str, now: datetime) -> str | None:
        """Delete a job that has ended; one whose refund is still under way is refunded first.

        One that cannot be read is ended and refunded, whatever its state seems to be.

        Raises
        ------
        StudioError
            JOB_NOT_FINISHED: cancel it first.
        """
        try:
            job = self._even_deleted(caller, id_)
        except UnreadableError:
            self._unreadable(id_, self.deletions.unreadable.remove, now)
            return id_
        if job is None:
            return None
        marked = [marked] if (marked := self.deletions.mark(job, now)) else []
        # What cannot be finished now the sweeper finishes.
        each(marked, lambda job: self.deletions.finish(job, now), what="deletion", name=lambda job: job.id)
        return id_

    def _unreadable(self, id_: str, act: Callable[[Item, datetime], None], now: datetime) -> None:
        if row := self.jobs.row(id_):
            act(row, now)

    def _even_deleted(self, caller: Caller, id_: str) -> Job | None:
        """Find the caller's own job. This is the one place that decides whose job it is."""
        row = self._row(id_)
        return job_from_item(row) if row and row.get("owner") == caller.sub else None

    def _row(self, id_: str) -> Item | None:
        row = self.jobs.row(ids.checked(id_))
        return None if row and makes_document(row) and not self.documents else row

    def again(self, caller: Caller, id_: str, client_request_id: str) -> ImageRequest | None:
        """Return the request that makes a failed or canceled job's image anew, under a new clientRequestId.

        Raises
        ------
        StudioError
            JOB_NOT_FAILED.
        """
        job = self.own(caller, id_)
        if job is None or isinstance(job.kind, DocumentKind):
            return None
        if job.status not in REFUNDED:
            raise StudioError(ErrorType.JOB_NOT_FAILED, "Only a failed or canceled job can be tried again.")
        return ImageRequest(
            client_request_id=client_request_id,
            operation="retryJob",
            retries=job.id,
            kind=job.kind,
            model=job.model,
            spec=_asked(job.image_spec),
            count=1,
            link=job.link,
            inputs={role: image.id for role, image in job.image_spec.inputs.items()},
        )


def _asked(spec: Spec) -> Spec:
    """Return a spec as it was asked for: without what was found, or drawn, for it."""
    return replace(spec, inputs={}, seed=None if spec.seed_drawn else spec.seed, seed_drawn=False)
