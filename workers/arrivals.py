"""What becomes of an image that has just been stored. Told twice of it, nothing changes the second time."""

from dataclasses import dataclass
from datetime import timedelta

from aws_lambda_powertools.logging import Logger

from studio.clock import now
from studio.dynamo import ConditionFailed, Update
from studio.jobs import states
from studio.jobs.model import Job, JobStatus
from studio.jobs.table import Jobs
from studio.media.model import StoredImage, Upload, UploadStatus, Variants
from studio.media.store import RESULTS, UPLOADS, Media, MissingError, quarantine_key, resized_key
from studio.media.uploads import Uploads, ready, reject
from workers.imaging.flaw import UnfitError
from workers.imaging.guard import MAX_STORED_BYTES
from workers.imaging.resize import CONTENT_TYPE, Resized, Variant, resize

_TRIES = 5

log = Logger()


class RestlessError(RuntimeError):
    """The job changed at every look."""


@dataclass(frozen=True)
class Arrivals:
    """Looks at new uploads and results. An upload that is in order is kept for `upload_ttl_days`."""

    jobs: Jobs
    uploads: Uploads
    media: Media
    upload_ttl_days: int

    def look_at(self, key: str) -> Upload | None:
        """Look at one object, and return the upload that it is. What belongs to nothing, or is gone, is left alone.

        An upload without its row is removed: the row was there before the form, and has gone with its owner.
        """
        match key.split("/"):
            case [_, _, id_, "original"] if key.startswith(UPLOADS):
                return self._upload(id_, key)
            case [_, id_, _] if key.startswith(RESULTS):
                self._result(id_, key)
            case _:
                log.info("not an image of ours", extra={"key": key})
        return None

    def _upload(self, id_: str, key: str) -> Upload | None:
        upload = self.uploads.find(id_)
        if upload and upload.key != key:
            return None
        if upload and upload.status == UploadStatus.UPLOADING:
            upload = self._judged(upload)
        if upload is None or upload.status == UploadStatus.WITHDRAWN:
            self.media.delete_object(key)
            self.media.delete_resized(id_)
            return None
        if upload.status == UploadStatus.REJECTED:
            # Also where an earlier look was cut off before the move, or the same form was used again.
            self.media.move(key, quarantine_key(upload.owner, id_))
        return upload

    def _judged(self, upload: Upload) -> Upload | None:
        """Accept or reject what arrived, unless another look was quicker, or the upload has gone meanwhile."""
        try:
            content = self.media.read(upload.key, upload.purpose.max_bytes).data
        except MissingError:
            log.warning("an upload is gone", extra={"upload": upload.id})
            return upload
        expires_at = int((now() + timedelta(days=self.upload_ttl_days)).timestamp())
        try:
            found = resize(content, upload.content_type, upload.purpose.max_bytes)
        except UnfitError as error:
            _tell_flaw(upload, error)
            return self._step(upload, reject(upload, error.message, expires_at))
        original = StoredImage(upload.key, upload.content_type, found.width, found.height, len(content))
        return self._step(upload, ready(upload, original, self._stored(upload.id, found), expires_at))

    def _step(self, upload: Upload, change: Update) -> Upload | None:
        try:
            return self.uploads.step(change)
        except ConditionFailed:
            return self.uploads.find(upload.id)

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
        variants = self._stored(id_, resize(content.data, max_bytes=MAX_STORED_BYTES))
        self._tell(job, key, variants, content.tag)

    def _stored(self, id_: str, found: Resized) -> Variants:
        """Store each size once, though it may have several names."""
        files = {each.name: each for each in found.variants.values()}
        for each in files.values():
            self.media.put(_image(id_, each), each.content)
        return {name: _image(id_, each) for name, each in found.variants.items()}

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


def _tell_flaw(upload: Upload, error: UnfitError) -> None:
    """Log what is wrong with a file, and what its decoder raised, if that was it; the file itself is personal."""
    cause = type(error.__cause__).__name__ if error.__cause__ else None
    log.info("an upload is rejected", extra={"upload": upload.id, "flaw": error.flaw, "cause": cause})


def _image(id_: str, variant: Variant) -> StoredImage:
    key = resized_key(id_, variant.name)
    return StoredImage(key, CONTENT_TYPE, variant.width, variant.height, len(variant.content))


def _shown(job: Job, key: str) -> bool:
    """Tell whether the object is the job's image, or may become it."""
    if job.status == JobStatus.COMPLETED:
        return job.image is not None and job.image.key == key
    return job.status == JobStatus.PROCESSING
