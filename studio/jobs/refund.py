"""Giving a charge back, once, for every job that failed or was canceled."""

from dataclasses import dataclass
from datetime import datetime

from studio.clock import iso, millis
from studio.dynamo import ConditionFailed, Write, transact
from studio.errors import ErrorType, StudioError
from studio.jobs import states
from studio.jobs.brakes import WINDOW, Brake, brake_of
from studio.jobs.model import REFUNDED, Job
from studio.jobs.table import Jobs
from studio.people.table import People
from studio.points.ledger import Ledger
from studio.points.model import Entry, PointsReason
from studio.points.usage import Usage

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
        if brake := brake_of(job):
            return [self._counted(job, brake, now)]
        return [self.people.credit(job.owner, job.charge.points)] if job.charge.points else []

    def _counted(self, job: Job, brake: Brake, now: datetime) -> Write:
        """Count an image that came to nothing beside its refund, and close generation where it is one too many."""
        person = self.people.find(job.owner)
        if person is None:
            raise StudioError(ErrorType.USER_UNKNOWN, "There is no such user.")
        times, too_many = brake.counted(person, now)
        closed_until = millis(now + WINDOW) if too_many else None
        return self.people.credit_counted(person, job.charge.points, brake.name, times, closed_until)
