"""Giving a charge back, once, for every job that failed or was canceled."""

import re
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from studio.alarms import Alarm, raise_alarm
from studio.clock import iso, millis
from studio.dynamo import ConditionFailed, Write, transact
from studio.errors import ErrorType, StudioError
from studio.jobs import states
from studio.jobs.brakes import WINDOW, Brake, brake_of
from studio.jobs.model import REFUNDED, Job
from studio.jobs.table import Jobs
from studio.ledger.model import Charge, Entry, PointsReason
from studio.ledger.table import Ledger
from studio.ledger.usage import Usage
from studio.optimistic import retry
from studio.people.table import People
from studio.requests.table import Requests, is_back

_JOB, _PROOF, _ENTRY = 0, 1, 3  # where they are in the transaction
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


class Doubt(StrEnum):
    """Why a job's refund was put aside: its row does not say what was taken, as that was written down elsewhere."""

    IMPLAUSIBLE = "the charge is none that a job can have"
    NOT_CHARGED = "the ledger has another charge, or none"
    UNREADABLE = "its row cannot be read"
    NOT_FREE = "its request took no such free image"


def due(job: Job) -> bool:
    """Tell whether the charge has to come back."""
    return job.status in REFUNDED and not job.settled and job.doubt is None


@dataclass(frozen=True)
class Refunds:
    """Gives charges back: the balance, the ledger, the day's usage and the job's mark in one transaction.

    The job's row is not believed. What was taken is in the ledger's line `charge#<job>`, or as a free image in the row
    of its request; neither can be written by who makes images. A row that says otherwise is put aside, and rings.
    """

    jobs: Jobs
    people: People
    ledger: Ledger
    usage: Usage
    requests: Requests

    def give_back(self, job: Job, now: datetime) -> bool:
        """Refund a failed or canceled job; False where that was already done, or must not be.

        Raises
        ------
        ContendedError
            The person's row changed at every try; ask again.
        """
        if not due(job):
            return False
        if not _plausible(job.charge):
            return self._put_aside(job, Doubt.IMPLAUSIBLE)

        def attempt() -> bool:
            try:
                transact(self.jobs.client, self._writes(job, now))
            except ConditionFailed as failed:
                if _is_back(job, failed):
                    return self._mark(job, now)
                if _JOB in failed.refused:
                    return False
                if _PROOF in failed.refused:
                    return self._put_aside(job, Doubt.NOT_CHARGED if job.charge.points else Doubt.NOT_FREE)
                raise
            return True

        return retry(attempt)

    def _mark(self, job: Job, now: datetime) -> bool:
        """Have the row say what the ledger says already."""
        with suppress(ConditionFailed):  # somebody else was quicker
            self.jobs.apply(states.refund(job, now))
        return False

    def _put_aside(self, job: Job, doubt: Doubt) -> bool:
        raise_alarm(Alarm.REFUND_PUT_ASIDE, job=job.id, owner=job.owner, why=doubt)
        with suppress(ConditionFailed):  # it changed: whoever looks next sees what it is now
            self.jobs.apply(states.put_aside(job, doubt))
        return False

    def _writes(self, job: Job, now: datetime) -> list[Write]:
        writes = [
            self.jobs.change(states.refund(job, now)),
            self._proof(job),
            self.usage.give_back(job.owner, job.model, job.charge),
        ]
        if job.charge.points:
            note = job.failure.message if job.failure else "Canceled."
            entry = Entry(job.owner, PointsReason.REFUND, job.id, job.charge.points, iso(now), job.id, note)
            writes.append(self.ledger.append(entry))
        return writes + self._person(job, now)

    def _proof(self, job: Job) -> Write:
        """Describe what proves the charge; a free image, which has no line in the ledger, is crossed out there."""
        charge = job.charge
        if charge.points:
            return self.ledger.charged(job.owner, job.id, charge.points, charge.day)
        return self.requests.give_back(job.owner, job.request_id, free_image(job.model, job.id), charge.day)

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


def free_image(model: str, job_id: str) -> str:
    """Name a free image in the row of its request."""
    return f"{model}#{job_id}"


def _is_back(job: Job, failed: ConditionFailed) -> bool:
    """Tell whether what was refused had been given back before, whatever the job's row says."""
    if job.charge.points:
        return _ENTRY in failed.refused
    return is_back(failed.refused.get(_PROOF, {}), free_image(job.model, job.id))


def _plausible(charge: Charge) -> bool:
    """Tell whether something was taken, in one of the two ways that there are."""
    taken = (charge.points, charge.free_images)
    whole = all(type(number) is int for number in taken) and bool(_DAY.fullmatch(str(charge.day)))
    return whole and ((taken[0] > 0 and taken[1] == 0) or taken == (0, 1))
