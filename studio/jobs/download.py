"""What is downloaded of a job: a copy of its image with content credentials, made when somebody first asks for it."""

from dataclasses import dataclass

from aws_lambda_powertools.logging import Logger

from studio.errors import ErrorType, StudioError
from studio.functions import Function
from studio.jobs.model import Job
from studio.media.keys import signed_key
from studio.media.model import LinkedFile, StoredImage, StoredObject
from studio.media.store import Media

SECONDS = 22.0  # of the 29 that the answer may take

log = Logger()


@dataclass(frozen=True)
class Downloads:
    """Finds what is downloaded; `signing` makes what is not there yet."""

    media: Media
    signing: Function

    def file(self, job: Job, image: StoredImage, *, labelled: bool) -> LinkedFile:
        """Return the copy of a completed job's image; where it cannot be made the image itself, which is marked.

        Raises
        ------
        StudioError
            BUSY: it is to have a label, and cannot be made now.
        """
        key = signed_key(image.key, labelled=labelled)
        if self.media.exists(key) or self._made(job, labelled=labelled):
            return StoredObject(key, image.content_type)
        if labelled:
            raise StudioError(ErrorType.BUSY, "The picture could not be labelled just now. Please try again.")
        return image

    def _made(self, job: Job, *, labelled: bool) -> bool:
        try:
            self.signing.call({"job": job.id, "labelled": labelled})
        except Exception:
            log.exception("a download could not be signed", extra={"job": job.id})
            return False
        return True
