"""What an endpoint does on AWS in its own name: read and write objects, publish to a topic."""

import asyncio
from functools import cache
from typing import TYPE_CHECKING, Any

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

if TYPE_CHECKING:
    from types_boto3_s3 import S3Client
    from types_boto3_sns import SNSClient


class Aws:
    """The AWS that the environment names; each call runs in a thread."""

    async def read(self, uri: str) -> bytes | None:
        """Give an object's content, None where it cannot be read."""

        def get() -> bytes:
            bucket, key = _parts(uri)
            return _s3().get_object(Bucket=bucket, Key=key)["Body"].read()

        try:
            return await asyncio.to_thread(get)
        except (ClientError, BotoCoreError):
            return None

    async def write(self, uri: str, content: bytes) -> None:
        """Write an object."""
        bucket, key = _parts(uri)
        put: Any = _s3().put_object
        await asyncio.to_thread(put, Bucket=bucket, Key=key, Body=content, ContentType="application/json")

    async def publish(self, topic: str, message: str) -> None:
        """Publish to a topic."""
        publish: Any = _sns().publish
        await asyncio.to_thread(publish, TopicArn=topic, Message=message)


def _parts(uri: str) -> tuple[str, str]:
    bucket, _, key = uri.removeprefix("s3://").partition("/")
    return bucket, key


# Sessions of their own: both are first asked for by several threads, and the shared one is not thread-safe.
@cache
def _s3() -> "S3Client":
    return boto3.Session().client("s3", config=Config(s3={"addressing_style": "path"}))


@cache
def _sns() -> "SNSClient":
    return boto3.Session().client("sns")
