"""Deleting jobs: the mark first, which nobody sees past, then the objects, then the row. The sweeper finishes it."""

from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime

from studio.clock import millis
from studio.dynamo import ConditionFailed
from studio.errors import ErrorType, StudioError
from studio.jobs import states
from studio.jobs.model import TERMINAL, Job
from studio.jobs.refund import Refunds
from studio.jobs.table import Jobs
from studio.jobs.unreadable import UnreadableJobs
from studio.media.store import Media
from studio.optimistic import retry


@dataclass(frozen=True)
class Deletions:
    """Deletes jobs that have ended. Cut off anywhere, or done twice at once, it goes on from what is there."""

    jobs: Jobs
    refunds: Refunds
    media: Media

    @property
    def unreadable(self) -> UnreadableJobs:
        """What is done with rows that cannot be read."""
        return UnreadableJobs(self.jobs, self.refunds, self.media)

    def mark(self, job: Job, now: datetime) -> Job | None:
        """Take a job out of every view, refunded if it has to be; None where it has gone meanwhile.

        Raises
        ------
        StudioError
            JOB_NOT_FINISHED: cancel it first.
        """

        def attempt() -> Job | None:
            current = self.jobs.find_even_deleted(job.id)
            if current is None or current.deleted_at:
                return current
            if current.status not in TERMINAL:
                message = "This job has not finished. Cancel it before deleting it."
                raise StudioError(ErrorType.JOB_NOT_FINISHED, message)
            if self.refunds.give_back(current, now):
                current = self.jobs.find_even_deleted(job.id)
            return self.jobs.step(states.delete(current, now)) if current else None

        return retry(attempt)

    def finish(self, job: Job, now: datetime) -> None:
        """Remove a marked job's objects, and its row unless a worker may be at it: it counts as running until then.

        Raises
        ------
        UndeletedError
            Storage kept an object; the mark stays.
        """
        self.media.delete_job(job.id, job.prefixes)
        with suppress(ConditionFailed):  # absent is done
            if job.lease_end and job.lease_end > millis(now):
                self.jobs.apply(states.delete_later(job, job.lease_end))
            else:
                self.jobs.remove(job)
