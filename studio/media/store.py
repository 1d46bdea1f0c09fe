"""The media bucket: results by job id, and short-lived links to them."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import TYPE_CHECKING

import boto3
from botocore.config import Config

from studio.clock import after
from studio.jobs.model import StoredImage

if TYPE_CHECKING:
    from types_boto3_s3 import S3Client

EXTENSIONS: Mapping[str, str] = {"image/png": "png", "image/jpeg": "jpg", "image/webp": "webp"}


@dataclass(frozen=True)
class Link:
    """A signed URL that anyone may use until it expires."""

    url: str
    expires_at: datetime


def result_prefix(job_id: str) -> str:
    """Return the prefix of everything a job stores. It holds no owner: the public view signs links to it."""
    return f"results/{job_id}/"


def original_key(job_id: str, content_type: str) -> str:
    return f"{result_prefix(job_id)}original.{EXTENSIONS[content_type]}"


def _s3() -> "S3Client":
    return boto3.client(
        "s3", config=Config(signature_version="s3v4", retries={"mode": "standard", "total_max_attempts": 5})
    )


class Media:
    """The media bucket. The client is made at first use, because most calls sign nothing."""

    def __init__(self, bucket: str, client: "Callable[[], S3Client]" = _s3) -> None:
        self.bucket = bucket
        self._make = client

    @cached_property
    def client(self) -> "S3Client":
        return self._make()

    def link(self, image: StoredImage, seconds: int, now: datetime) -> Link:
        """Sign a GET for `seconds`; nothing is sent to S3."""
        url = self.client.generate_presigned_url(
            "get_object",
            Params={"Bucket": self.bucket, "Key": image.key, "ResponseContentType": image.content_type},
            ExpiresIn=seconds,
        )
        return Link(url, after(now, seconds))

    def put_result(self, image: StoredImage, content: bytes, metadata: Mapping[str, str]) -> None:
        self.client.put_object(
            Bucket=self.bucket,
            Key=image.key,
            Body=content,
            ContentType=image.content_type,
            CacheControl="private, max-age=31536000, immutable",
            Metadata=dict(metadata),
        )

    def delete_result(self, job_id: str) -> None:
        """Delete whatever a job stored; nothing there is fine."""
        keys = [f"{result_prefix(job_id)}original.{extension}" for extension in EXTENSIONS.values()]
        self.client.delete_objects(
            Bucket=self.bucket, Delete={"Objects": [{"Key": key} for key in keys], "Quiet": True}
        )
