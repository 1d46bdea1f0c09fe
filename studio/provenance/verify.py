"""What is known of how an uploaded picture came to be: what it said of itself, or that it was made here."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from studio import ids
from studio.catalogue.data import title_of
from studio.dynamo import ConditionFailed
from studio.errors import ErrorType, StudioError
from studio.jobs.model import Job, JobStatus
from studio.jobs.table import Jobs
from studio.media.model import Origin, Provenance, Upload, UploadStatus
from studio.media.table import Uploads, verification
from studio.provenance.table import Fingerprints

MOST: Final = 50  # of one upload's verifications
_NEAREST: Final = 10


@dataclass(frozen=True)
class Verifier:
    """Answers whoever holds an upload's id. It says what it knows: UNKNOWN is no proof of a photo."""

    uploads: Uploads
    fingerprints: Fingerprints
    jobs: Jobs

    def origin(self, id_: str, now: datetime) -> Origin:
        """Return how an uploaded picture came to be.

        Raises
        ------
        StudioError
            ID_MALFORMED, UPLOAD_UNKNOWN, UPLOAD_NOT_READY, UPLOAD_REJECTED, TOO_MANY_VERIFICATIONS.
        """
        upload = self._ready(ids.checked(id_), now)
        self._count(upload)
        if upload.origin:
            return upload.origin
        return (upload.fingerprint and self._known(upload.fingerprint)) or Origin(Provenance.UNKNOWN)

    def _ready(self, id_: str, now: datetime) -> Upload:
        upload = next(iter(self.uploads.standing([id_], now)), None)
        if upload is None:
            raise StudioError(ErrorType.UPLOAD_UNKNOWN, "There is no picture with this id, or it has expired.")
        if upload.status == UploadStatus.REJECTED:
            raise StudioError(ErrorType.UPLOAD_REJECTED, "This picture was rejected. Please upload another.")
        if upload.status != UploadStatus.READY:
            raise StudioError(ErrorType.UPLOAD_NOT_READY, "This picture has not arrived yet.")
        return upload

    def _count(self, upload: Upload) -> None:
        try:
            self.uploads.apply(verification(upload.id, MOST))
        except ConditionFailed:
            message = f"A picture is verified {MOST} times at most."
            raise StudioError(ErrorType.TOO_MANY_VERIFICATIONS, message, max=MOST) from None

    def _known(self, bits: str) -> Origin | None:
        """Find the picture among those that were made here and are still there."""
        near = self.fingerprints.near(bits)[:_NEAREST]
        jobs = {job.id: job for job in self.jobs.find_many([each.job for each in near])} if near else {}
        found = [jobs[each.job] for each in near if each.job in jobs]
        return next((_made_here(job) for job in found if _is_all_ours(job)), None)


def _is_all_ours(job: Job) -> bool:
    """Tell whether a job's image owes nothing to an upload; hashes from before were kept of more."""
    return job.status == JobStatus.COMPLETED and not job.from_upload


def _made_here(job: Job) -> Origin:
    return Origin(Provenance.KNOWN_PICTURE, job.created_at, title_of(job.model))
