"""The images that a request names by id: whose they are, and whether they can be used."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from studio.errors import ErrorType, StudioError
from studio.images.model import IMAGE, MASK, Input, Inputs
from studio.jobs.model import Job, JobStatus
from studio.jobs.table import Jobs
from studio.media.model import StoredImage, Upload, UploadStatus, Variants
from studio.media.table import Uploads

Picture = tuple[StoredImage, Variants]


@dataclass(frozen=True)
class InputFinder:
    """A person's own pictures: what they uploaded, and what was made for them."""

    uploads: Uploads
    jobs: Jobs

    def find(self, owner: str, named: Mapping[str, str], now: datetime) -> Inputs:
        """Return the images that `named` names by role.

        Raises
        ------
        StudioError
            UPLOAD_UNKNOWN: neither an upload nor a job of this owner; UPLOAD_NOT_READY, UPLOAD_REJECTED,
            JOB_NOT_COMPLETED.
        """
        if not named:
            return {}
        uploads, jobs = self._found(owner, list(named.values()), now)
        pictures = _pictures(uploads, jobs)
        found = {role: _input(role, id_, *pictures[id_]) for role, id_ in named.items()}
        return {role: _of_job(input_, jobs.get(input_.id)) for role, input_ in found.items()}

    def pictures(self, owner: str, ids: Sequence[str], now: datetime) -> Mapping[str, Picture]:
        """Return the pictures by their ids; the errors are those of `find`."""
        return _pictures(*self._found(owner, ids, now))

    def remaining(self, owner: str, inputs: Inputs, now: datetime) -> Inputs:
        """Return those of a job's inputs that can still be used."""
        named = [each.id for each in inputs.values()]
        uploads = self.uploads.standing(named, now)
        here = {each.id for each in uploads if each.owner == owner} | set(self._jobs(owner, named, now))
        return {role: each for role, each in inputs.items() if each.id in here}

    def _found(self, owner: str, ids: Sequence[str], now: datetime) -> tuple[Mapping[str, Upload], Mapping[str, Job]]:
        uploads = self.uploads.owned(owner, ids, now)
        rest = [id_ for id_ in ids if id_ not in uploads]
        jobs = self._jobs(owner, rest, now)
        if any(id_ not in jobs for id_ in rest):
            raise StudioError(ErrorType.UPLOAD_UNKNOWN, "There is no image with this id, or it has expired.")
        return uploads, jobs

    def _jobs(self, owner: str, ids: Sequence[str], now: datetime) -> Mapping[str, Job]:
        found = self.jobs.find_many(ids) if ids else []
        own = [job for job in found if job.owner == owner and not job.is_document]
        return {job.id: job for job in own if job.expires_at > now.timestamp()}


def _pictures(uploads: Mapping[str, Upload], jobs: Mapping[str, Job]) -> Mapping[str, Picture]:
    made = {id_: (_made(job), job.variants) for id_, job in jobs.items()}
    return {id_: (_uploaded(upload), upload.variants) for id_, upload in uploads.items()} | made


def _uploaded(upload: Upload) -> StoredImage:
    if upload.status == UploadStatus.REJECTED:
        raise StudioError(ErrorType.UPLOAD_REJECTED, "An image of this request was rejected. Please upload another.")
    if upload.image is None:
        raise StudioError(ErrorType.UPLOAD_NOT_READY, "An image of this request has not arrived yet.")
    return upload.image


def _made(job: Job) -> StoredImage:
    if job.status != JobStatus.COMPLETED or job.image is None:
        raise StudioError(ErrorType.JOB_NOT_COMPLETED, "An image of this request has not been made.")
    return job.image


def _of_job(found: Input, job: Job | None) -> Input:
    """Say how far what somebody brought is in it; an upload is all theirs."""
    photo, from_upload = (job.shows_photo, job.from_upload) if job else (True, True)
    return replace(found, photo=photo, from_upload=from_upload)


def _input(role: str, id_: str, original: StoredImage, variants: Variants) -> Input:
    """Take the original of what is changed; of what is only looked at, 2,048 pixels say as much in less memory."""
    image = original if role in {IMAGE, MASK} else variants.get("large", original)
    return Input(id_, image.key, image.content_type, image.width, image.height)
