"""The safety net: every unsettled job whose time has come is handed out again, failed or refunded."""

import logging
from dataclasses import dataclass
from datetime import datetime

from studio.clock import millis
from studio.dynamo import ConditionFailed
from studio.jobs import refund, states
from studio.jobs.dispatch import Dispatch
from studio.jobs.model import Failure, Job, JobErrorCode, JobStatus
from studio.jobs.refund import Refunds
from studio.jobs.table import Jobs

_log = logging.getLogger(__name__)
_LATE = Failure(JobErrorCode.TIMED_OUT, "The image was not ready in time.")
_LOST = Failure(JobErrorCode.INTERNAL, "Something went wrong on our side while making the image.")


@dataclass
class Swept:
    """How many jobs a sweep handed out again, failed, refunded, and could not help this time."""

    handed_out: int = 0
    failed: int = 0
    refunded: int = 0
    errors: int = 0


@dataclass(frozen=True)
class Sweeper:
    """Looks after what a lost event or a dead worker left behind."""

    jobs: Jobs
    refunds: Refunds
    dispatch: Dispatch
    pending_seconds: int

    def sweep(self, now: datetime) -> Swept:
        """Look at every job that is due. One that cannot be helped stays due and keeps no other from its turn."""
        done = Swept()
        for batch in self.jobs.due(now):
            waiting = [job for job in batch if states.claimable(job, now) and self._waits_on(job, now)]
            self.dispatch.send(waiting)
            done.handed_out += len(waiting)
            for job in batch:
                try:
                    self._settle(job, now, done)
                except Exception:  # noqa: BLE001 - logged; the job stays due
                    _log.exception("job %s could not be settled", job.id)
                    done.errors += 1
        return done

    def _waits_on(self, job: Job, now: datetime) -> bool:
        """Put off the next look at a job that no worker took yet, so that a backlog is not handed out every minute."""
        if job.status != JobStatus.PENDING:
            return True  # its lease has run out: whoever claims it sets the next look
        try:
            self.jobs.apply(states.renew(job, now, self.pending_seconds))
        except ConditionFailed:
            return False  # it went on meanwhile
        return True

    def _settle(self, job: Job, now: datetime, done: Swept) -> None:
        if refund.due(job):
            done.refunded += self.refunds.give_back(job, now)
        elif states.stuck(job, now):
            done.failed += self._fail(job, now)

    def _fail(self, job: Job, now: datetime) -> bool:
        try:
            self.jobs.step(states.fail(job, _LATE if millis(now) >= job.deadline else _LOST, now))
        except ConditionFailed:
            return False  # it went on meanwhile
        return True
