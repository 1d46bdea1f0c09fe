"""Lists of jobs: newest first, in pages, filtered."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from studio.jobs.model import Job, JobStatus
from studio.jobs.table import Jobs
from studio.lists import Listed, Source, by_id, listed
from studio.people.model import Caller

if TYPE_CHECKING:
    from studio.inputs import JobFilter

_BY_OWNER, _BY_STATUS = ("id", "owner", "createdAt"), ("id", "status", "createdAt")


@dataclass(frozen=True)
class JobLists:
    """The lists of the Jobs table."""

    jobs: Jobs

    def own(self, caller: Caller, wanted: "JobFilter | None", limit: int | None, token: str | None) -> Listed[Job]:
        """Return the caller's jobs that are as `wanted`, where it says something."""
        load = by_id(self.jobs.find_many, lambda job: _matches(job, wanted))
        source = Source(lambda n, start: self.jobs.of_owner(caller.sub, n, start), _BY_OWNER, load)
        return listed(f"jobs {caller.sub}", source, limit, token)

    def by_status(self, status: JobStatus, limit: int | None, token: str | None) -> Listed[Job]:
        load = by_id(self.jobs.find_many, lambda job: _matches(job, None))
        source = Source(lambda n, start: self.jobs.of_status(status, n, start), _BY_STATUS, load)
        return listed(f"jobsByStatus {status}", source, limit, token)


def _matches(job: Job, wanted: "JobFilter | None") -> bool:
    if job.is_document:
        return False
    if wanted is None:
        return True
    asked = (job.status, wanted.get("status")), (job.kind, wanted.get("kind")), (job.model, wanted.get("model"))
    return all(has == wish for has, wish in asked if wish)
