"""What every worker does with its group of jobs: claim, have it made, store, settle; each job on its own."""

import uuid
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, field
from functools import cached_property, partial

from aws_lambda_powertools.logging import Logger
from tenacity import RetryCallState, Retrying, retry_if_exception_type, stop_after_attempt, wait_random_exponential

from studio.alarms import Alarm, raise_alarm
from studio.clock import now
from studio.dynamo import ConditionFailed
from studio.jobs import states
from studio.jobs.model import Failure, Job
from studio.jobs.table import Jobs
from studio.media.store import Media
from workers.maker import Attempts, Maker
from workers.memory import keeping
from workers.outcome import INTERNAL, UNAVAILABLE, FinalError, TransientError
from workers.settle import Settlement

RETRIES = 5
MAX_PAUSE_SECONDS = 30.0
STORE_SECONDS = 3.0  # for an image of 20 MB, at a tenth of what S3 takes from a function

log = Logger()


class LostError(Exception):
    """The job is no longer this worker's: canceled, failed by the sweeper, or taken over."""


@dataclass(frozen=True)
class Runner:
    """Runs groups of jobs.

    A lease covers the pause before an attempt, the attempt and storing its image. `retry_base_seconds` is the upper
    bound of the first pause.
    """

    jobs: Jobs
    media: Media
    maker: Maker
    lease_seconds: float
    attempt_seconds: float
    retry_base_seconds: float
    worker: str = field(default_factory=lambda: str(uuid.uuid4()))

    @cached_property
    def _settlement(self) -> Settlement:
        return Settlement(self.jobs, self.media)

    def run(self, ids: Sequence[str]) -> None:
        """Run the group at once: the time goes into waiting for the model, so four images take as long as one."""
        found = [job for job in self.jobs.find_many(ids) if states.claimable(job, now())]
        if found:
            with ThreadPoolExecutor(len(found)) as threads:
                list(threads.map(self._one, found))

    def _one(self, job: Job) -> None:
        try:
            claimed = self.jobs.step(states.claim(job, self.worker, now(), self.lease_seconds))
        except ConditionFailed:
            return  # another worker was quicker, or it was canceled
        try:
            with keeping(partial(self._keep, claimed)):
                self._finish(claimed)
        except (LostError, ConditionFailed):
            log.info("the job went on without this worker", extra={"job": job.id})
            with suppress(ConditionFailed):  # it is another worker's by now, or gone
                self.jobs.apply(states.release(job.id, self.worker))

    def _finish(self, job: Job) -> None:
        failure = self._made(job)
        if failure:
            self._settlement.fail(job, failure)

    def _made(self, job: Job) -> Failure | None:
        """Make, store and settle one job's file, or leave it to the model to report; or say why there is none."""
        try:
            result = self.maker.make(job, Attempts(self._retrying(job), partial(self._keep, job)))
            if result is None:
                self.jobs.apply(states.hold(job))
                return None
            self._settlement.keep(job, result)
            log.info("completed", extra={"job": job.id})
        except FinalError as error:
            return _logged(job, error.failure, error)
        except TransientError as error:
            return _logged(job, UNAVAILABLE, error)
        except (LostError, ConditionFailed):
            raise
        except Exception:
            log.exception("a worker's own fault", extra={"job": job.id})
            raise_alarm(Alarm.INTERNAL_ERROR, job=job.id)
            return INTERNAL
        return None

    def _retrying(self, job: Job) -> Retrying:
        return Retrying(
            stop=stop_after_attempt(1 + RETRIES),
            retry=retry_if_exception_type(TransientError),
            wait=_pause(self.retry_base_seconds, self._longest_pause),
            before_sleep=lambda _: self._keep(job),
            reraise=True,
        )

    @property
    def _longest_pause(self) -> float:
        return min(MAX_PAUSE_SECONDS, self.lease_seconds - self.attempt_seconds - STORE_SECONDS)

    def _keep(self, job: Job) -> None:
        """Keep the lease for the next attempt; a job that was canceled meanwhile is not tried again."""
        try:
            self.jobs.apply(states.renew(job, now(), self.lease_seconds))
        except ConditionFailed:
            raise LostError from None


def _logged(job: Job, failure: Failure, error: Exception) -> Failure:
    """Log the cause by its kind and codes: a provider's message may quote the prompt."""
    cause = error.__cause__
    codes = {"cause": type(cause).__name__, "status": getattr(cause, "code", None)} if cause else {}
    log.info("failed", extra={"job": job.id, "code": failure.code, **codes})
    return failure


def _pause(base: float, most: float) -> Callable[[RetryCallState], float]:
    """Exponential backoff with full jitter, or as long as the provider asked for, but no longer than the lease has."""
    jitter = wait_random_exponential(multiplier=base, max=most)

    def pause(state: RetryCallState) -> float:
        error = state.outcome.exception() if state.outcome else None
        asked = error.retry_after if isinstance(error, TransientError) else None
        return jitter(state) if asked is None else min(asked, most)

    return pause
