"""What becomes of a picture that somebody sent: what was looked at is kept where no form reaches, or nothing is."""

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta

from aws_lambda_powertools.logging import Logger

from studio.clock import now
from studio.dynamo import ConditionFailed, Update
from studio.media.keys import quarantine_key, upload_key
from studio.media.model import Origin, StoredImage, Upload, UploadRejection, UploadStatus
from studio.media.store import ExistsError, Media, MissingError
from studio.media.table import Uploads, look, ready, reject
from workers.imaging import guard
from workers.imaging.fingerprint import fingerprint_of
from workers.imaging.flaw import Flaw, UnfitError, judging
from workers.imaging.metadata import without_metadata
from workers.imaging.resize import Resized, resize
from workers.origins import Origins
from workers.sizes import store_sizes

REJECTIONS: Mapping[Flaw, UploadRejection] = {
    Flaw.EMPTY: UploadRejection.NOT_AN_IMAGE,
    Flaw.NOT_A_PICTURE: UploadRejection.NOT_AN_IMAGE,
    Flaw.OTHER_TYPE: UploadRejection.TYPE_NOT_SUPPORTED,
    Flaw.UNSUPPORTED: UploadRejection.TYPE_NOT_SUPPORTED,
    Flaw.ANIMATED: UploadRejection.ANIMATED,
    Flaw.TOO_MANY_BYTES: UploadRejection.TOO_LARGE,
    Flaw.TOO_MANY_PIXELS: UploadRejection.TOO_MANY_PIXELS,
    Flaw.TOO_COSTLY: UploadRejection.TOO_EXPENSIVE,
    Flaw.DAMAGED: UploadRejection.DAMAGED,
}

log = Logger()


@dataclass(frozen=True)
class _Accepted:
    """What was kept of a file that is in order, and what it said of how it came to be."""

    image: StoredImage
    found: Resized
    origin: Origin | None


@dataclass(frozen=True)
class ArrivedUploads:
    """Looks at new uploads. One that is in order is kept for `ttl_days`."""

    uploads: Uploads
    media: Media
    ttl_days: int
    origins: Origins

    def look_at(self, key: str, owner: str, id_: str) -> Upload | None:
        """Look at what lies under a form's key, take it away from there, and return the upload that it is.

        What was sent without a row is removed: the row was there before the form, and has gone with its owner. So is
        what was sent after the judgement: a form can be used again until it ends.
        """
        upload = self.uploads.find(id_)
        if upload and upload.key != key:
            return None
        if upload and upload.status == UploadStatus.UPLOADING:
            upload = self._judged(upload)
        if upload is None or upload.status == UploadStatus.WITHDRAWN:
            self.media.delete_object(key)
            self._drop(owner, id_)
            return None
        if upload.status == UploadStatus.REJECTED:
            # Also where an earlier look was cut off before the move, or another one took a first file for good.
            self.media.move(key, quarantine_key(owner, id_))
            self._drop(owner, id_)
        elif upload.status == UploadStatus.READY:
            self.media.delete_object(key)
        return upload

    def _judged(self, upload: Upload) -> Upload | None:
        """Accept or reject what arrived, unless another look was quicker, or the upload has gone meanwhile."""
        expires_at = int((now() + timedelta(days=self.ttl_days)).timestamp())
        with suppress(ConditionFailed):  # an earlier look has begun
            self.uploads.apply(look(upload, now()))
        try:
            content = self.media.read(upload.key, upload.purpose.max_bytes).data
            accepted = self._accepted(upload, content)
        except MissingError:
            log.warning("an upload is gone", extra={"upload": upload.id})
            return upload
        except UnfitError as error:
            _tell_flaw(upload, error)
            return self._step(upload, reject(upload, REJECTIONS[error.flaw], error.message, expires_at))
        sizes = store_sizes(self.media, upload.id, accepted.found)
        bits = fingerprint_of(accepted.found.variants["thumbnail"].content)
        change = ready(upload, accepted.image, sizes, expires_at, origin=accepted.origin, fingerprint=bits)
        return self._step(upload, change)

    def _accepted(self, upload: Upload, content: bytes) -> _Accepted:
        """Keep the very bytes that were looked at, without what they say of their owner; the first to be kept stay.

        Raises
        ------
        UnfitError
            They are no picture that can be used.
        """
        found = resize(content, upload.purpose.max_bytes)
        header = guard.look(content, upload.purpose.max_bytes).header
        with judging():
            kept = without_metadata(content, header)
        key = upload_key(upload.owner, upload.id)
        image = StoredImage(key, found.content_type, found.width, found.height, len(kept))
        try:
            self.media.put_new(image, kept)
        except ExistsError:  # by a look that was cut off, or is under way: of this file, or of another sent meanwhile
            before = self.media.read(key, guard.MAX_BYTES).data
            if before != kept:
                return _kept_before(key, before)
        return _Accepted(image, found, self.origins.find(upload.key, content, header))

    def _step(self, upload: Upload, change: Update) -> Upload | None:
        try:
            return self.uploads.step(change)
        except ConditionFailed:
            return self.uploads.find(upload.id)

    def _drop(self, owner: str, id_: str) -> None:
        self.media.delete_object(upload_key(owner, id_))
        self.media.delete_resized(id_)


def _kept_before(key: str, content: bytes) -> _Accepted:
    """Return what another file is that was kept first; what it said of itself went with its own bytes."""
    found = resize(content)
    image = StoredImage(key, found.content_type, found.width, found.height, len(content))
    return _Accepted(image, found, None)


def _tell_flaw(upload: Upload, error: UnfitError) -> None:
    """Log what is wrong with a file, and what its decoder raised, if that was it; the file itself is personal."""
    cause = type(error.__cause__).__name__ if error.__cause__ else None
    log.info("an upload is rejected", extra={"upload": upload.id, "flaw": error.flaw, "cause": cause})
