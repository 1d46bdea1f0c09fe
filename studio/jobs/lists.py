"""Lists of jobs, in pages and filtered."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from operator import itemgetter
from typing import TYPE_CHECKING

from studio.dynamo import Item, Page
from studio.ids import is_id
from studio.jobs.filter import JobConditions, conditions
from studio.jobs.model import Job, JobStatus
from studio.jobs.table import Jobs, seen
from studio.lists import Listed, Source, by_id, listed, parsed, within_answer
from studio.people.model import Caller
from studio.requests.table import Requests

if TYPE_CHECKING:
    from studio.inputs import JobFilter

_BY_OWNER, _BY_CHANGE, _BY_STATUS = (
    ("id", "owner", "createdAt"),
    ("id", "owner", "updatedAt"),
    ("id", "status", "createdAt"),
)

# What a job takes of an answer beside its words: four links, and each event of its history.
_REST, _EVENT = 8_000, 200


def _bytes(job: Job) -> int:
    words = (job.image_spec.prompt, job.image_spec.negative_prompt, *job.tags)
    return _REST + _EVENT * len(job.history) + len(json.dumps(words))


_fitting = within_answer(_bytes)


@dataclass(frozen=True)
class JobLists:
    """The lists of the Jobs table: newest first, but by their last change where `updatedSince` asks for those."""

    jobs: Jobs
    requests: Requests

    def own(self, caller: Caller, wanted: "JobFilter | None", limit: int | None, token: str | None) -> Listed[Job]:
        """Return the caller's jobs that are as `wanted`, where it says something.

        Raises
        ------
        StudioError
            TIME_MALFORMED, TOO_MANY_IDS, LIMIT_OUT_OF_RANGE, PAGE_TOKEN_INVALID.
        """
        owner, meant = caller.sub, conditions(wanted)
        order = "change" if meant.updated_since else "creation"
        if meant.ids is not None or meant.request_id is not None:
            return listed(f"jobs named by {order} {owner}", self._named(owner, meant), limit, token, _fitting)
        load = by_id(self.jobs.find_many, meant.match)
        if since := meant.updated_since:
            changed = Source(lambda n, start: self.jobs.changed(owner, since, n, start), _BY_CHANGE, load)
            return listed(f"jobs by {order} {owner}", changed, limit, token, _fitting)
        after = meant.created_after
        source = Source(lambda n, start: self.jobs.of_owner(owner, n, start, after), _BY_OWNER, load)
        return listed(f"jobs {owner}", source, limit, token, _fitting)

    def by_status(self, status: JobStatus, limit: int | None, token: str | None) -> Listed[Job]:
        load = by_id(self.jobs.find_many, JobConditions().match)
        source = Source(lambda n, start: self.jobs.of_status(status, n, start), _BY_STATUS, load)
        return listed(f"jobsByStatus {status}", source, limit, token, _fitting)

    def _named(self, owner: str, meant: JobConditions) -> Source[Job]:
        """Go through jobs that are named by their ids, or by their request's: no index needs to know them."""
        rows = [row for row in self.jobs.rows(self._ids(owner, meant)) if row.get("owner") == owner]
        read = parsed(seen, what="job to read", name=itemgetter("id"))

        def load(found: list[Item]) -> Sequence[Job | None]:
            return [job if job and meant.match(job) else None for job in read(found)]

        if meant.updated_since:
            return Source(_Rows(rows, "updatedAt", descending=False).page, ("id", "updatedAt"), load)
        return Source(_Rows(rows, "createdAt", descending=True).page, ("id", "createdAt"), load)

    def _ids(self, owner: str, meant: JobConditions) -> Sequence[str]:
        if meant.ids is None:
            return self.requests.made(owner, meant.request_id or "")
        return [id_ for id_ in meant.ids if is_id(id_)]


@dataclass(frozen=True)
class _Rows:
    """Rows at hand, in the order of an attribute, as an index would give them."""

    rows: list[Item]
    order: str
    descending: bool

    def page(self, limit: int, start: Item | None) -> Page:
        found = sorted(self.rows, key=self._place, reverse=self.descending)
        if start is not None:
            found = [row for row in found if self._comes_after(self._place(row), self._place(start))]
        more = {"id": found[limit - 1]["id"], self.order: self._place(found[limit - 1])[0]} if found[limit:] else None
        return Page(found[:limit], more)

    def _place(self, row: Item) -> tuple[str, str]:
        return str(row.get(self.order)), str(row.get("id"))

    def _comes_after(self, place: tuple[str, str], start: tuple[str, str]) -> bool:
        return place < start if self.descending else place > start
