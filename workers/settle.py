"""How a job's work ends, whoever does it: what was made is kept, or dropped."""

from contextlib import closing
from dataclasses import dataclass

from studio.clock import now
from studio.dynamo import ConditionFailed
from studio.jobs import states
from studio.jobs.model import REFUNDED, Failure, Job
from studio.jobs.table import Jobs
from studio.media.model import StoredFile, StoredPdf
from studio.media.store import ExistsError, Media
from workers.imaging.guard import MAX_STORED_BYTES
from workers.picture import inspect
from workers.result import Result


@dataclass(frozen=True)
class Settlement:
    """Settles jobs, each by a conditional write from what was claimed."""

    jobs: Jobs
    media: Media

    def keep(self, job: Job, result: Result) -> None:
        """Store what was made, and complete the job.

        Raises
        ------
        ConditionFailed
            The job went on without this worker; what it made is dropped.
        """
        with closing(result):
            file = self._stored(job, result)
        try:
            self.jobs.step(states.complete(job, file, now()))
        except ConditionFailed:
            self._drop(job)
            raise

    def _stored(self, job: Job, result: Result) -> StoredFile:
        """Store the claim's file, or return the image that an earlier try of the same claim stored."""
        file = result.file
        try:
            self.media.put_new(file, result.body, job.id)
        except ExistsError:
            if isinstance(file, StoredPdf):  # by the same call, whose first answer got lost
                return file
            return inspect(job.prefix, self.media.read(file.key, MAX_STORED_BYTES).data)
        return file

    def fail(self, job: Job, failure: Failure) -> None:
        self.jobs.step(states.fail(job, failure, now()))

    def _drop(self, job: Job) -> None:
        """Remove an image that came too late, unless it was settled by another that heard of the same claim."""
        current = self.jobs.find(job.id)
        if current is None or current.status in REFUNDED or current.prefix != job.prefix:
            self.media.delete_result(job.prefix)
