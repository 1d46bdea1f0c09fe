"""What is downloaded of a job: a copy of its image with content credentials, made when somebody first asks for it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from aws_lambda_powertools.logging import Logger

from studio.errors import ErrorType, StudioError
from studio.functions import Function
from studio.jobs.model import Job
from studio.media.keys import EXTENSIONS, signed_key
from studio.media.model import ImageFormat, LinkedFile, StoredImage, StoredObject
from studio.media.store import Media

SECONDS = 22.0  # of the 29 that the answer may take

log = Logger()


@dataclass(frozen=True)
class Downloads:
    """Finds what is downloaded; `signing` makes what is not there yet."""

    media: Media
    signing: Function

    def file(self, job: Job, image: StoredImage, *, labelled: bool, format_: ImageFormat | None = None) -> LinkedFile:
        """Return the copy of a completed job's image; where it cannot be made the image itself, which is marked.

        Raises
        ------
        StudioError
            BUSY: it is to have a label, or another format, and cannot be made now.
        """
        type_ = format_.content_type if format_ else image.content_type
        key = signed_key(image.key, labelled=labelled, content_type=type_)
        if self.media.exists(key) or self._made({"job": job.id, "labelled": labelled, "contentType": type_}):
            return StoredObject(key, type_)
        if labelled or type_ != image.content_type:
            raise StudioError(ErrorType.BUSY, "The picture could not be made just now. Please try again.")
        return image

    def _made(self, copy: Mapping[str, Any]) -> bool:
        try:
            self.signing.call(copy)
        except Exception:
            log.exception("a download could not be signed", extra={"job": copy["job"]})
            return False
        return True


def file_name(job: Job, file: LinkedFile) -> str:
    """Return what a browser saves a download as: by when it was asked for, for a link must not name its job."""
    moment = job.created_at[:19].replace("-", "").replace(":", "")
    return f"namo-{moment}.{EXTENSIONS[file.content_type]}"
