"""What becomes of a job when its asynchronous inference has ended. Notified twice, nothing changes."""

from collections.abc import Collection, Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from aws_lambda_powertools.logging import Logger

from studio.dynamo import ConditionFailed
from studio.jobs import states
from studio.jobs.model import Failure, Job, JobStatus
from studio.jobs.table import Jobs
from studio.media.keys import INFERENCE_OUTPUT, inference_key
from studio.media.store import Media, MissingError
from studio.optimistic import retry
from workers.finish import result_of
from workers.outcome import UNUSABLE, FinalError
from workers.providers.sagemaker import image, refusal
from workers.settle import Settlement

_MAX_BYTES = 60_000_000  # an image of 20 MB in Base64, twice over

log = Logger()


@dataclass(frozen=True)
class Notification:
    """One notification: a job's id, the answer's key (None where it failed), and why it failed."""

    job_id: str
    output: str | None
    reason: str


@dataclass(frozen=True)
class Inferences:
    """Settles jobs as these endpoints notify."""

    jobs: Jobs
    media: Media
    endpoints: Collection[str]

    def handle(self, message: Mapping[str, Any]) -> None:
        """Settle the job of one notification; of one that is not ours nothing is read, and nothing changes.

        A job that has been settled, canceled or deleted keeps its state; the image that comes too late is dropped.
        """
        notification = self._ours(message)
        if notification is None:
            log.warning("not an inference of ours", extra={"inference": message.get("inferenceId")})
            return
        self._settle(notification)
        if notification.output:
            self.media.delete_object(notification.output)

    def _ours(self, message: Mapping[str, Any]) -> Notification | None:
        """Believe what names our endpoint, our input for this very job and, if it succeeded, an output of ours."""
        asked, answered = message.get("requestParameters") or {}, message.get("responseParameters") or {}
        id_ = str(message.get("inferenceId"))
        if asked.get("endpointName") not in self.endpoints:
            return None
        if asked.get("inputLocation") != self.media.uri(inference_key(id_)):
            return None
        if message.get("invocationStatus") == "Failed":
            return Notification(id_, None, str(message.get("failureReason")))
        output = str(answered.get("outputLocation"))
        if message.get("invocationStatus") != "Completed" or not output.startswith(self.media.uri(INFERENCE_OUTPUT)):
            return None
        return Notification(id_, output.removeprefix(self.media.uri("")), "")

    def _settle(self, notification: Notification) -> None:
        """Settle from what is read now: whoever claims the job meanwhile waits for the same image."""

        def attempt() -> None:
            job = self.jobs.find(notification.job_id)
            if job is None or job.status != JobStatus.PROCESSING:
                log.info("an inference changes nothing", extra={"job": notification.job_id})
                with suppress(ConditionFailed):  # it was completed before, or is gone
                    self.jobs.apply(states.release(notification.job_id))
                return
            self._settle_from(job, notification)

        retry(attempt)

    def _settle_from(self, job: Job, notification: Notification) -> None:
        settlement = Settlement(self.jobs, self.media)
        failure = (
            self._kept(settlement, job, notification.output) if notification.output else refusal(notification.reason)
        )
        if failure:
            log.info("failed", extra={"job": job.id, "code": failure.code})
            settlement.fail(job, failure)

    def _kept(self, settlement: Settlement, job: Job, output: str) -> Failure | None:
        try:
            settlement.keep(job, result_of(job, {}, image(job, self._answer(output))))
        except FinalError as error:
            return error.failure
        return None

    def _answer(self, output: str) -> bytes:
        try:
            return self.media.read(output, _MAX_BYTES).data
        except MissingError as error:
            raise FinalError(UNUSABLE) from error
