"""What is downloaded of a job: a copy of its image with content credentials, made when somebody first asks for it."""

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

import boto3
from aws_lambda_powertools.logging import Logger
from botocore.config import Config

from studio.errors import ErrorType, StudioError
from studio.jobs.model import Job
from studio.media.keys import signed_key
from studio.media.model import LinkedFile, StoredImage, StoredObject
from studio.media.store import Media

if TYPE_CHECKING:
    from collections.abc import Callable

    from types_boto3_lambda import LambdaClient

_SECONDS = 22  # of the 29 that the answer may take

log = Logger()


def _lambda() -> "LambdaClient":
    return boto3.client("lambda", config=Config(read_timeout=_SECONDS, retries={"total_max_attempts": 1}))


@dataclass(frozen=True)
class Downloads:
    """Finds what is downloaded; `function` makes what is not there yet."""

    media: Media
    function: str
    connect: "Callable[[], LambdaClient]" = _lambda

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
        asked = json.dumps({"job": job.id, "labelled": labelled}).encode()
        try:
            answer = self.connect().invoke(FunctionName=self.function, Payload=asked)
        except Exception:
            log.exception("a download could not be signed", extra={"job": job.id})
            return False
        if answer.get("FunctionError"):
            log.error("a download could not be signed", extra={"job": job.id})
        return not answer.get("FunctionError")
