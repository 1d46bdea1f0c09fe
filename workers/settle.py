"""How a job's work begins and ends, whoever does it: its inputs, and its image kept or dropped."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from studio.clock import now
from studio.dynamo import ConditionFailed
from studio.jobs import states
from studio.jobs.model import REFUNDED, Failure, Job
from studio.jobs.table import Jobs
from studio.media.model import StoredImage
from studio.media.store import ExistsError, Media, MissingError
from workers.imaging.guard import MAX_STORED_BYTES
from workers.outcome import GONE, FinalError
from workers.picture import inspect
from workers.provider import Pictures
from workers.result import Result


@dataclass(frozen=True)
class _Stored(Pictures):
    """A job's images, read at each use: while a model works, those of a whole group would only take memory."""

    media: Media
    places: Mapping[str, str]

    def __getitem__(self, role: str) -> bytes:
        try:
            return self.media.read(self.places[role], MAX_STORED_BYTES).data
        except MissingError as error:
            raise FinalError(GONE) from error

    def __contains__(self, role: object) -> bool:
        return role in self.places

    def __iter__(self) -> Iterator[str]:
        return iter(self.places)

    def __len__(self) -> int:
        return len(self.places)


@dataclass(frozen=True)
class Settlement:
    """Settles jobs, each by a conditional write from what was claimed."""

    jobs: Jobs
    media: Media

    def inputs(self, job: Job) -> Pictures:
        """Return the images that a job works on.

        Raises
        ------
        FinalError
            One is gone.
        """
        keys = {role: image.key for role, image in job.spec.inputs.items()}
        if not all(self.media.exists(key) for key in keys.values()):
            raise FinalError(GONE)
        return _Stored(self.media, keys)

    def keep(self, job: Job, result: Result) -> None:
        """Store what was made, and complete the job.

        Raises
        ------
        ConditionFailed
            The job went on without this worker; its image is dropped.
        """
        image = self._stored(job, result)
        try:
            self.jobs.step(states.complete(job, image, now()))
        except ConditionFailed:
            self._drop(job)
            raise

    def _stored(self, job: Job, result: Result) -> StoredImage:
        """Store the claim's image, or return the one that an earlier try of the same claim stored."""
        image = result.image
        try:
            self.media.put_new(image, result.body, {"job": job.id, "model": job.model})
        except ExistsError:
            return inspect(job.prefix, self.media.read(image.key, MAX_STORED_BYTES).data)
        return image

    def fail(self, job: Job, failure: Failure) -> None:
        self.jobs.step(states.fail(job, failure, now()))

    def _drop(self, job: Job) -> None:
        """Remove an image that came too late, unless it was settled by another that heard of the same claim."""
        current = self.jobs.find(job.id)
        if current is None or current.status in REFUNDED or current.prefix != job.prefix:
            self.media.delete_result(job.prefix)
