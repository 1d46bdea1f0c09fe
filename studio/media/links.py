"""Who signs a link to an image: S3, or ourselves for the CloudFront distribution in front of it."""

import hashlib
import hmac
from base64 import urlsafe_b64encode
from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING, Protocol
from urllib.parse import quote

from studio.clock import after
from studio.media.model import LinkedFile
from studio.secrets import Secret

if TYPE_CHECKING:
    from types_boto3_s3 import S3Client


class Links(Protocol):
    """Signs URLs that anyone may use until they expire."""

    def url(self, file: LinkedFile, seconds: int, now: datetime) -> str:
        """Sign a GET for `seconds`."""
        ...


class S3Links:
    """URLs of S3's own; nothing is sent to it."""

    def __init__(self, bucket: str, client: "Callable[[], S3Client]") -> None:
        self._bucket = bucket
        self._client = client

    def url(self, file: LinkedFile, seconds: int, now: datetime) -> str:  # noqa: ARG002 - botocore has its own clock
        return self._client().generate_presigned_url(
            "get_object",
            Params={"Bucket": self._bucket, "Key": file.key, "ResponseContentType": file.content_type},
            ExpiresIn=seconds,
        )


class CloudFrontLinks:
    """URLs of a distribution that checks them by `infra/edge/links.js`; `key` gives the one to sign with now.

    The type of an image is not in them: every object has its own.
    """

    def __init__(self, domain: str, key: Callable[[], str]) -> None:
        self._domain = domain
        self._key = key

    def url(self, file: LinkedFile, seconds: int, now: datetime) -> str:
        path, expires = f"/{quote(file.key)}", int(after(now, seconds).timestamp())
        digest = hmac.digest(self._key().encode(), f"{path}\n{expires}".encode(), hashlib.sha256)
        signature = urlsafe_b64encode(digest).rstrip(b"=").decode()
        return f"https://{self._domain}{path}?expires={expires}&signature={signature}"


def links_of(domain: str, secret: str) -> Links | None:
    """Return the links of a distribution, None where a stage has none; `secret` names its key in Secrets Manager."""
    return CloudFrontLinks(domain, Secret(secret).text) if domain else None
