"""Lists of jobs: newest first, in pages, filtered."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from studio.dynamo import Item, Page
from studio.jobs.model import Job, JobStatus
from studio.jobs.table import Jobs
from studio.pages import checked_limit, decode, encode
from studio.people.model import Caller

if TYPE_CHECKING:
    from studio.inputs import JobFilter

# A filter that matches little would otherwise read an owner's whole history for one page: such a page comes back
# short, with its token.
_MOST_READS = 10


@dataclass(frozen=True)
class JobPage:
    """One page of jobs and the token of the next."""

    jobs: list[Job]
    next_token: str | None


@dataclass(frozen=True)
class JobLists:
    """The lists of the Jobs table."""

    jobs: Jobs

    def own(self, caller: Caller, wanted: "JobFilter | None", limit: int | None, token: str | None) -> JobPage:
        """Return the caller's jobs that are as `wanted`, where it says something."""
        return self._page(
            f"jobs {caller.sub}", lambda n, start: self.jobs.of_owner(caller.sub, n, start), wanted, limit, token
        )

    def by_status(self, status: JobStatus, limit: int | None, token: str | None) -> JobPage:
        return self._page(
            f"jobsByStatus {status}", lambda n, start: self.jobs.of_status(status, n, start), None, limit, token
        )

    def _page(
        self,
        name: str,
        read: Callable[[int, Item | None], Page],
        wanted: "JobFilter | None",
        limit: int | None,
        token: str | None,
    ) -> JobPage:
        room, position = checked_limit(limit), decode(name, token)
        found: list[Job] = []
        for _ in range(_MOST_READS):
            page = read(room - len(found), position)
            position = page.last
            found += [job for job in self.jobs.find_many([row["id"] for row in page.rows]) if _matches(job, wanted)]
            if position is None or len(found) == room:
                break
        return JobPage(found, encode(name, position))


def _matches(job: Job, wanted: "JobFilter | None") -> bool:
    if job.is_document:
        return False
    if wanted is None:
        return True
    asked = (job.status, wanted.get("status")), (job.kind, wanted.get("kind")), (job.model, wanted.get("model"))
    return all(has == wish for has, wish in asked if wish)
