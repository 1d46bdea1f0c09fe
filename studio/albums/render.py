"""Having a document rendered: a job, which costs no points, makes each file of it."""

from dataclasses import dataclass, replace
from datetime import datetime

from studio import ids
from studio.albums.delete import RenderingRemoval
from studio.albums.find import DocumentFinder
from studio.albums.model import Document, Rendering
from studio.albums.specs import document_spec
from studio.albums.table import add_renderings
from studio.clock import after, iso, millis
from studio.documents.spec import DocumentSpec, Product
from studio.dynamo import ConditionFailed, transact
from studio.jobs.model import REFUNDED, Job, JobEvent, JobStatus
from studio.jobs.running import RunningJobs
from studio.ledger.model import Charge
from studio.optimistic import retry
from studio.people.guard import refuse
from studio.people.item import person_from_item
from studio.people.model import Caller, Language
from studio.people.table import People
from studio.sweeping import each as act_on_each

WORKER = "documents"
_PERSON = 1  # where it is in the transaction


@dataclass(frozen=True)
class RenderTimes:
    """The stage's: how long a job and its file stay; how long, in seconds, one may take and wait."""

    job_ttl_days: int
    deadline_seconds: int
    pending_seconds: int


@dataclass(frozen=True)
class RenderLimits:
    """The stage's: how many jobs one person may have under way, and how long each of them has."""

    running_jobs: int
    times: RenderTimes


@dataclass(frozen=True)
class Renderer:
    """Begins renderings. One that is under way, or done, is not begun again until the document changes."""

    finder: DocumentFinder
    people: People
    removal: RenderingRemoval
    limits: RenderLimits

    def render(self, caller: Caller, id_: str, product: Product, now: datetime) -> Document | None:
        """Have one file made of the caller's document as it is now, and return it as it then stands.

        Raises
        ------
        StudioError
            DOCUMENT_EMPTY, PICTURES_MISMATCH, UPLOAD_NOT_READY, TOO_MANY_RUNNING.
        """

        def attempt() -> Document | None:
            document = self.finder.own(caller, id_, product.kind)
            if document is None or self._is_rendered(document, product):
                return document
            person = self.people.find(caller.sub)
            language = person.language if person else Language.EN
            spec = document_spec(self.finder.documents, self.finder.photos, document, product, language, now)
            self._remove_superseded(document, product, now)
            job = rendering_job(spec, document.owner, document.id, self.limits.times, now)
            return self._begin(caller, document, job, now)

        return retry(attempt)

    def _is_rendered(self, document: Document, product: Product) -> bool:
        rendering = document.renderings.get(product)
        found = self.finder.jobs.find_many([rendering.job]) if rendering else []
        return any(job.status not in REFUNDED for job in found)

    def _remove_superseded(self, document: Document, product: Product, now: datetime) -> None:
        """Remove what is rendered anew, and what nobody sees any more: a row has room for so many jobs."""
        current = {rendering.job for other, rendering in document.renderings.items() if other != product}
        over = [replace(document, jobs=document.jobs - current)] if document.jobs - current else []
        # What cannot be removed now goes with the next change, or the document.
        act_on_each(over, lambda found: self.removal.remove(found, now), what="rendering", name=lambda found: found.id)

    def _begin(self, caller: Caller, document: Document, job: Job, now: datetime) -> Document:
        rendering = {job.document_spec.product: Rendering(job.id, document.version)}
        try:
            transact(
                self.people.client,
                [
                    self.finder.documents.change(add_renderings(document, rendering)),
                    self.people.begin(caller, {job.id}, self.limits.running_jobs - 1),
                    self.finder.jobs.new(job),
                ],
            )
        except ConditionFailed as failed:
            if row := failed.refused.get(_PERSON):
                person = person_from_item(row)
                refuse(person, caller)
                RunningJobs(self.finder.jobs, self.people, self.limits.running_jobs).make_room(person, 1, now)
            raise
        return replace(document, renderings={**document.renderings, **rendering}, jobs=document.jobs | {job.id})


def rendering_job(spec: DocumentSpec, owner: str, request_id: str, times: RenderTimes, now: datetime) -> Job:
    """Return a job that makes one file of a document, and costs nothing."""
    return Job(
        id=ids.new(),
        owner=owner,
        request_id=request_id,
        kind=spec.product.kind,
        model=spec.product.lower(),
        worker=WORKER,
        spec=spec,
        charge=Charge(0, 0, now.date().isoformat()),
        status=JobStatus.PENDING,
        version=1,
        created_at=iso(now),
        updated_at=iso(now),
        deadline=millis(after(now, times.deadline_seconds)),
        expires_at=int(now.timestamp()) + times.job_ttl_days * 86_400,
        due=millis(after(now, times.pending_seconds)),
        shared=False,
        history=(JobEvent(1, JobStatus.PENDING, iso(now)),),
    )
