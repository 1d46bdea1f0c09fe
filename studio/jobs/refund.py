"""Giving a charge back, once, for every job that failed or was canceled."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from studio.clock import iso, millis
from studio.dynamo import ConditionFailed, Write, transact
from studio.errors import ErrorType, StudioError
from studio.jobs import states
from studio.jobs.model import REFUNDED, Job, JobErrorCode
from studio.jobs.table import Jobs
from studio.people.table import People
from studio.points.ledger import Ledger
from studio.points.model import Entry, PointsReason
from studio.points.usage import Usage

# The refund table's brake: more than 10 blocked images in an hour close generation for an hour.
MAX_BLOCKS = 10
BLOCK_WINDOW = timedelta(hours=1)
_TRIES = 8
_JOB = 0


def due(job: Job) -> bool:
    """Tell whether the charge has to come back."""
    return job.status in REFUNDED and job.refunded_at is None


@dataclass(frozen=True)
class Refunds:
    """Gives charges back: the balance, the ledger, the day's usage and the job's mark in one transaction."""

    jobs: Jobs
    people: People
    ledger: Ledger
    usage: Usage

    def give_back(self, job: Job, now: datetime) -> bool:
        """Refund a failed or canceled job; False where that was already done.

        Raises
        ------
        StudioError
            BUSY: the person's row stayed contended; ask again.
        """
        if not due(job):
            return False
        for _ in range(_TRIES):
            try:
                transact(self.jobs.client, self._writes(job, now))
            except ConditionFailed as failed:
                if _JOB in failed.refused:
                    return False
            else:
                return True
        raise StudioError(ErrorType.BUSY, "The refund has to wait.")

    def _writes(self, job: Job, now: datetime) -> list[Write]:
        writes = [self.jobs.change(states.refund(job, now)), self.usage.give_back(job.owner, job.model, job.charge)]
        if job.charge.points:
            note = job.failure.message if job.failure else "Canceled."
            entry = Entry(job.owner, PointsReason.REFUND, job.id, job.charge.points, iso(now), job.id, note)
            writes.append(self.ledger.append(entry))
        return writes + self._person(job, now)

    def _person(self, job: Job, now: datetime) -> list[Write]:
        if job.failure and job.failure.code == JobErrorCode.SAFETY_BLOCKED:
            return [self._blocked(job, now)]
        return [self.people.credit(job.owner, job.charge.points)] if job.charge.points else []

    def _blocked(self, job: Job, now: datetime) -> Write:
        """Count one blocked image of the last hour beside the refund."""
        person = self.people.find(job.owner)
        if person is None:
            raise StudioError(ErrorType.USER_UNKNOWN, "There is no such user.")
        blocks = [at for at in person.blocks if at > millis(now - BLOCK_WINDOW)] + [millis(now)]
        closed = millis(now + BLOCK_WINDOW) if len(blocks) > MAX_BLOCKS else person.closed_until
        return self.people.credit_blocked(person, job.charge.points, blocks[-MAX_BLOCKS:], closed)
