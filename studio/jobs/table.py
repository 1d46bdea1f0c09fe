"""Where jobs are kept: the Jobs table and its lists."""

from collections.abc import Iterator, Sequence
from contextlib import suppress
from datetime import datetime, timedelta
from operator import itemgetter

from studio import sweeping
from studio.clock import iso, millis
from studio.dynamo import ConditionFailed, Item, Page, Table, Update, Write, update
from studio.jobs.item import OPEN, job_from_item, job_to_item
from studio.jobs.model import Job, JobStatus
from studio.paging import due, index_pages, rows_of
from studio.sweeping import LONGEST_PAUSE, readable

LONGEST = timedelta(hours=1)  # no job has so long


def seen(row: Item) -> Job | None:
    """Read a job that has not been deleted."""
    job = job_from_item(row)
    return None if job.deleted_at else job


class Jobs(Table):
    """The Jobs table. Reads are consistent, so what a mutation answered is what the next query shows."""

    def new(self, job: Job) -> Write:
        return self.put(job_to_item(job), new="id")

    def absent(self, id_: str) -> Write:
        """Describe a check, for a transaction, that there is no such job."""
        return self.check({"id": id_}, "attribute_not_exists(#id)", {})

    def row(self, id_: str) -> Item | None:
        """Return a job's row as it is kept."""
        return self.get({"id": id_})

    def find(self, id_: str) -> Job | None:
        """Return a job; one that has been deleted is not there, though its row may be for a while.

        Raises
        ------
        UnreadableError
        """
        row = self.row(id_)
        return seen(row) if row else None

    def find_even_deleted(self, id_: str) -> Job | None:
        row = self.row(id_)
        return job_from_item(row) if row else None

    def find_many(self, ids: Sequence[str]) -> list[Job]:
        """Return the jobs that exist and can be read, each once, in the order of their ids."""
        jobs = readable(self.rows(ids), job_from_item, what="job to read", name=itemgetter("id"))
        return [job for job in jobs if not job.deleted_at]

    def rows(self, ids: Sequence[str]) -> list[Item]:
        """Return the rows of jobs as they are kept, in the order of their ids."""
        return rows_of(self, ids)

    def step(self, change: Update) -> Job:
        """Make one change of state (see `states`) and return the job as it now stands.

        Raises
        ------
        ConditionFailed
            Somebody else changed the job first.
        """
        return job_from_item(self.apply(change))

    def of_owner(self, owner: str, limit: int, start: Item | None, after: str | None = None) -> Page:
        """Return one page of the keys of somebody's jobs, or of those made after a time, newest first."""
        condition = "#owner = :owner AND #createdAt > :after" if after else "#owner = :owner"
        values = {"owner": owner, "after": after}
        return self.query(condition, values, index="byOwner", limit=limit, start=start)

    def changed(self, owner: str, since: str, limit: int, start: Item | None) -> Page:
        """Return one page of the keys of somebody's jobs that changed since a time, the last to change at the end."""
        condition, values = "#owner = :owner AND #updatedAt >= :since", {"owner": owner, "since": since}
        return self.query(condition, values, index="byChange", limit=limit, start=start, newest_first=False)

    def of_status(self, status: JobStatus, limit: int, start: Item | None) -> Page:
        return self.query("#status = :status", {"status": status}, index="byStatus", limit=limit, start=start)

    def due(self, now: datetime) -> Iterator[list[Item]]:
        """Yield, in batches, the rows of unsettled jobs whose time to be looked at has come, the longest waiting first.

        They are as they are kept: one that cannot be read is for its reader to put off.
        """
        for rows in due(self, OPEN, now):
            # The index is a moment behind.
            yield sorted((row for row in rows if "due" in row and row["due"] <= millis(now)), key=itemgetter("due"))

    def unlisted(self, now: datetime) -> Iterator[list[Item]]:
        """Yield, in batches, the rows of jobs that are unfinished after all their time, but will not be due for long.

        Only who was made to spoil a row can have taken it out of the list, or put it off for longer than we do.
        """
        before, latest = {"before": iso(now - LONGEST)}, millis(now + LONGEST_PAUSE)
        for status in (JobStatus.PENDING, JobStatus.PROCESSING):
            condition, values = "#status = :status AND #createdAt < :before", {"status": status, **before}
            for keys in index_pages(self, condition, values, "byStatus", newest_first=False):
                rows = self.rows([key["id"] for key in keys])
                yield [row for row in rows if row.get("status") == status and not _is_listed(row, latest)]

    def list_again(self, row: Item, now: datetime) -> None:
        """Put an unfinished job back into the list of those to be looked at, unless it has ended meanwhile."""
        listed = {"open": OPEN, "due": millis(now)}
        with suppress(ConditionFailed):
            seen = {"seen": row["status"]}
            self.apply(update({"id": row["id"]}, condition="#status = :seen", values=seen, set=listed))

    def put_off(self, row: Item, now: datetime) -> None:
        """Look at a job that could not be helped again after a growing pause, and at its deadline."""
        latest = row.get("deadline")
        sweeping.put_off(self, row, now, latest if isinstance(latest, int) else None)

    def remove(self, job: Job) -> None:
        """Delete a job in exactly the state that was read."""
        self.delete({"id": job.id}, "#version = :version", {"version": job.version})


def _is_listed(row: Item, latest: int) -> bool:
    due_ = row.get("due")
    return row.get("open") == OPEN and isinstance(due_, int) and due_ <= latest
