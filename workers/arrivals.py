"""What becomes of an image that has just been stored. Told twice of it, nothing changes the second time."""

from dataclasses import dataclass

from aws_lambda_powertools.logging import Logger

from studio.clock import now
from studio.dynamo import ConditionFailed
from studio.jobs import states
from studio.jobs.model import Job, JobStatus
from studio.jobs.table import Jobs
from studio.media.model import Upload, Variants
from studio.media.store import INCOMING, RESULTS, Media, MissingError
from workers.imaging.guard import MAX_STORED_BYTES
from workers.imaging.resize import resize
from workers.sizes import store_sizes
from workers.uploads import ArrivedUploads

_TRIES = 5

log = Logger()


class RestlessError(RuntimeError):
    """The job changed at every look."""


@dataclass(frozen=True)
class Arrivals:
    """Looks at new uploads and results."""

    jobs: Jobs
    media: Media
    uploads: ArrivedUploads

    def look_at(self, key: str) -> Upload | None:
        """Look at one object, and return the upload that it is. What belongs to nothing, or is gone, is left alone."""
        match key.split("/"):
            case [_, owner, id_] if key.startswith(INCOMING):
                return self.uploads.look_at(key, owner, id_)
            case [_, id_, _] if key.startswith(RESULTS):
                self._result(id_, key)
            case _:
                log.info("not an image of ours", extra={"key": key})
        return None

    def _result(self, id_: str, key: str) -> None:
        job = self.jobs.find(id_)
        if job is None or not _shown(job, key):
            return
        try:
            content = self.media.read(key, MAX_STORED_BYTES)
        except MissingError:
            log.warning("a result is gone", extra={"job": id_})
            return
        if job.variants_of == content.tag:
            return
        variants = store_sizes(self.media, id_, resize(content.data, max_bytes=MAX_STORED_BYTES))
        self._tell(job, key, variants, content.tag)

    def _tell(self, job: Job, key: str, variants: Variants, tag: str) -> None:
        """Set the smaller sizes, however the job goes on meanwhile; of one that came to nothing they are dropped."""
        for _ in range(_TRIES):
            try:
                self.jobs.apply(states.resized(job, variants, tag, now()))
            except ConditionFailed:
                current = self.jobs.find(job.id)
            else:
                return
            if current is None or not _shown(current, key):
                self.media.delete_resized(job.id)
                return
            if current.variants_of == tag:
                return
            job = current
        raise RestlessError(job.id)


def _shown(job: Job, key: str) -> bool:
    """Tell whether the object is the job's image, or may become it."""
    if job.status == JobStatus.COMPLETED:
        return job.image is not None and job.image.key == key
    return job.status == JobStatus.PROCESSING
