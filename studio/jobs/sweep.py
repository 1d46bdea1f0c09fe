"""The safety net: every unsettled job whose time has come is handed out again, failed or refunded."""

from dataclasses import dataclass
from datetime import datetime

from aws_lambda_powertools.logging import Logger

from studio.clock import millis
from studio.dynamo import ConditionFailed, Item
from studio.errors import UnreadableError
from studio.jobs import refund, states
from studio.jobs.delete import Deletions
from studio.jobs.dispatch import Dispatch
from studio.jobs.item import job_from_item
from studio.jobs.model import Failure, Job, JobErrorCode, JobStatus
from studio.jobs.refund import Refunds
from studio.jobs.table import Jobs
from studio.sweeping import each

log = Logger()
_LATE = Failure(JobErrorCode.TIMED_OUT, "It was not ready in time.")
_LOST = Failure(JobErrorCode.INTERNAL, "Something went wrong on our side while making this.")


@dataclass
class Swept:
    """How many jobs a sweep listed again, handed out again, failed, refunded, deleted, and could not help this time."""

    listed: int = 0
    handed_out: int = 0
    failed: int = 0
    refunded: int = 0
    deleted: int = 0
    errors: int = 0


@dataclass(frozen=True)
class Sweeper:
    """Looks after what a lost event or a dead worker left behind."""

    jobs: Jobs
    refunds: Refunds
    deletions: Deletions
    dispatch: Dispatch
    pending_seconds: int

    def sweep(self, now: datetime) -> Swept:
        """Look at every job that is due. One that cannot be helped is put off and keeps no other from its turn."""
        done = Swept()
        for rows in self.jobs.unlisted(now):
            done.listed += len(rows)
            done.errors += len(each(rows, lambda row: self.jobs.list_again(row, now), what="job to list", name=_id))
        for rows in self.jobs.due(now):
            waiting: list[Item] = []

            def look(row: Item, waiting: list[Item] = waiting) -> None:
                self._look(row, now, waiting, done)

            failed = each(rows, look, what="job", name=_id, put_off=lambda row: self.jobs.put_off(row, now))
            done.errors += len(failed)
            self._hand_out(waiting, now, done)
        return done

    def _look(self, row: Item, now: datetime, waiting: list[Item], done: Swept) -> None:
        try:
            job = job_from_item(row)
        except UnreadableError as error:
            log.warning("a job cannot be read", extra={"job": row["id"], "attribute": str(error)})
            self._unreadable(row, now, done)
            return
        if job.deleted_at:
            self.deletions.finish(job, now)
            done.deleted += 1
        elif refund.due(job):
            done.refunded += self.refunds.give_back(job, now)
        elif states.stuck(job, now):
            done.failed += self._fail(job, now)
        elif states.claimable(job, now) and (renewed := self._waiting(row, job, now)):
            waiting.append(renewed)

    def _unreadable(self, row: Item, now: datetime, done: Swept) -> None:
        unreadable = self.deletions.unreadable
        if "deletedAt" in row:
            unreadable.remove(row, now)
            done.deleted += 1
        else:
            unreadable.settle(row, now)
            done.failed += 1

    def _waiting(self, row: Item, job: Job, now: datetime) -> Item | None:
        """Put off the next look at a job that no worker took yet, so that a backlog is not handed out every minute."""
        if job.status != JobStatus.PENDING:
            return row  # its lease has run out: whoever claims it sets the next look
        try:
            return self.jobs.apply(states.wait(job, now, self.pending_seconds))
        except ConditionFailed:
            return None  # it went on meanwhile

    def _hand_out(self, waiting: list[Item], now: datetime, done: Swept) -> None:
        rows = {row["id"]: row for row in waiting}
        failed = self.dispatch.send(job_from_item(row) for row in waiting)
        done.handed_out += len(waiting) - len(failed)
        done.errors += len(failed)
        each((rows[job.id] for job in failed), lambda row: self.jobs.put_off(row, now), what="job to put off", name=_id)

    def _fail(self, job: Job, now: datetime) -> bool:
        try:
            failure = _LATE if millis(now) >= job.deadline else _LOST
            self.jobs.step(states.fail(job, failure, now, stopped=False))
        except ConditionFailed:
            return False  # it went on meanwhile
        return True


def _id(row: Item) -> str:
    return row["id"]
