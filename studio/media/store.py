"""The media bucket: see `keys` for what lies where."""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import TYPE_CHECKING, Any, BinaryIO
from urllib.parse import urlencode

import boto3
from botocore.config import Config
from botocore.exceptions import ClientError

from studio.clock import after
from studio.media.keys import (
    avatar_keys,
    incoming_key,
    inference_key,
    quarantine_key,
    resized_keys,
    result_keys,
    signed_keys,
    upload_key,
)
from studio.media.model import LinkedFile

if TYPE_CHECKING:
    from types_boto3_s3 import S3Client

_DELETED_AT_ONCE = 1000  # S3's own limit
_CACHE = "private, max-age=31536000, immutable"
# Who reads may list below the same prefixes: to others S3 calls what is not there forbidden, like a lost right.
_ABSENT = {"NoSuchKey", "404"}
_JOB = "job"  # the tag that names the job


class MissingError(Exception):
    """There is no object under this key."""


class ExistsError(Exception):
    """There is an object under this key already."""


class UndeletedError(RuntimeError):
    """S3 kept an object that it was asked to delete."""


# What is stored: bytes, or an open file, which is streamed.
Body = bytes | BinaryIO


@dataclass(frozen=True)
class Form:
    """A signed form for one POST to S3: the URL, and the fields to send before the file."""

    url: str
    fields: Mapping[str, str]
    expires_at: datetime


@dataclass(frozen=True)
class Content:
    """An object's bytes, and the ETag that changes with them."""

    data: bytes
    tag: str


def _s3() -> "S3Client":
    # A session of its own: workers' threads come here first, and making clients from the shared one is not thread-safe.
    # Virtual addressing names the region's own host: the global one answers a new bucket's POST with a redirect.
    return boto3.Session().client(
        "s3",
        config=Config(
            signature_version="s3v4",
            s3={"addressing_style": "virtual"},
            retries={"mode": "standard", "total_max_attempts": 5},
        ),
    )


class Media:
    """The media bucket. The client is made at first use, because most calls need none."""

    def __init__(self, bucket: str, client: "Callable[[], S3Client]" = _s3) -> None:
        self.bucket = bucket
        self._make = client

    @cached_property
    def client(self) -> "S3Client":
        return self._make()

    def form(self, key: str, content_type: str, max_bytes: int, seconds: int, now: datetime) -> Form:
        """Sign a POST of one file; S3 refuses another key or type, an empty file and a larger one."""
        signed = self.client.generate_presigned_post(
            Bucket=self.bucket,
            Key=key,
            Fields={"Content-Type": content_type},
            Conditions=[{"Content-Type": content_type}, ["content-length-range", 1, max_bytes]],
            ExpiresIn=seconds,
        )
        return Form(signed["url"], signed["fields"], after(now, seconds))

    def read(self, key: str, max_bytes: int) -> Content:
        """Return an object's content, of which one byte more than `max_bytes` at most is read.

        Raises
        ------
        MissingError
        """
        try:
            answer = self.client.get_object(Bucket=self.bucket, Key=key)
        except ClientError as error:
            raise _absent(error) from error
        body, whole = answer["Body"], answer["ContentLength"] <= max_bytes
        # Only reading to the end finds out that a connection broke off before it.
        data = body.read() if whole else body.read(max_bytes + 1)
        body.close()
        return Content(data, answer["ETag"].strip('"'))

    def put(self, image: LinkedFile, content: Body, job: str | None = None) -> None:
        """Store an object, tagged with the id of the job that it is stored for, if it is for one."""
        self.client.put_object(**self._object(image, content, job))

    def put_new(self, image: LinkedFile, content: Body, job: str | None = None) -> None:
        """Store what is written once, tagged as by `put`.

        Raises
        ------
        ExistsError
            Something is there: an earlier try, whose answer got lost, or another that was quicker.
        """
        try:
            self.client.put_object(**self._object(image, content, job), IfNoneMatch="*")
        except ClientError as error:
            if error.response.get("Error", {}).get("Code") == "PreconditionFailed":
                raise ExistsError from error
            raise

    def _object(self, image: LinkedFile, content: Body, job: str | None) -> dict[str, Any]:
        # Metadata would be headers of every download, and whoever holds a job's id may look at the job.
        tags = {"Tagging": urlencode({_JOB: job})} if job else {}
        return {
            "Bucket": self.bucket,
            "Key": image.key,
            "Body": content,
            "ContentType": image.content_type,
            "CacheControl": _CACHE,
            **tags,
        }

    def put_json(self, key: str, value: Mapping[str, Any]) -> None:
        self.client.put_object(
            Bucket=self.bucket, Key=key, Body=json.dumps(value).encode(), ContentType="application/json"
        )

    def uri(self, key: str) -> str:
        return f"s3://{self.bucket}/{key}"

    def copy(self, source: str, target: str) -> None:
        """Copy an object within the bucket, without its tags.

        Raises
        ------
        MissingError
        """
        try:
            self.client.copy_object(
                Bucket=self.bucket,
                Key=target,
                CopySource={"Bucket": self.bucket, "Key": source},
                TaggingDirective="REPLACE",
            )
        except ClientError as error:
            raise _absent(error) from error

    def move(self, source: str, target: str) -> None:
        """Move an object; one that has been moved already is fine."""
        with suppress(MissingError):
            self.copy(source, target)
            self._delete([source])

    def delete_below(self, prefix: str) -> None:
        """Delete every object below a prefix.

        Raises
        ------
        UndeletedError
        """
        keys = list(self.keys(prefix))
        for start in range(0, len(keys), _DELETED_AT_ONCE):
            self._delete(keys[start : start + _DELETED_AT_ONCE])

    def delete_result(self, prefix: str) -> None:
        """Delete whatever one claim of a job stored, its smaller sizes too; nothing there is fine.

        Raises
        ------
        UndeletedError
        """
        self._delete(result_keys(prefix))

    def delete_job(self, job_id: str, prefixes: Iterable[str]) -> None:
        """Delete all that is a job's: what its claims stored, its signed copies, and what its model was asked.

        Raises
        ------
        UndeletedError
        """
        made = (key for prefix in prefixes for key in (*result_keys(prefix), *signed_keys(prefix)))
        self._delete([*made, inference_key(job_id)])

    def delete_upload(self, owner: str, id_: str) -> None:
        """Delete all that is an upload's, wherever it is by now.

        Raises
        ------
        UndeletedError
        """
        self._delete([incoming_key(owner, id_), upload_key(owner, id_), quarantine_key(owner, id_), *resized_keys(id_)])

    def delete_avatar(self, owner: str, avatar_id: str) -> None:
        """Delete every size of a picture that somebody showed.

        Raises
        ------
        UndeletedError
        """
        self._delete(avatar_keys(owner, avatar_id))

    def delete_object(self, key: str) -> None:
        self._delete([key])

    def delete_resized(self, id_: str) -> None:
        self._delete(resized_keys(id_))

    def exists(self, key: str) -> bool:
        try:
            self.client.head_object(Bucket=self.bucket, Key=key)
        except ClientError as error:
            if isinstance(_absent(error), MissingError):
                return False
            raise
        return True

    def job_of(self, key: str) -> str | None:
        """Return the id of the job that an object was stored for; None where it is gone, or is no job's."""
        try:
            tags = self.client.get_object_tagging(Bucket=self.bucket, Key=key)["TagSet"]
        except ClientError as error:
            if isinstance(_absent(error), MissingError):
                return None
            raise
        return next((tag["Value"] for tag in tags if tag["Key"] == _JOB), None)

    def keys(self, prefix: str) -> Iterator[str]:
        """Yield every key below a prefix, which the role must be allowed to list."""
        for page in self.client.get_paginator("list_objects_v2").paginate(Bucket=self.bucket, Prefix=prefix):
            yield from (each.get("Key", "") for each in page.get("Contents", []))

    def _delete(self, keys: Iterable[str]) -> None:
        answer = self.client.delete_objects(
            Bucket=self.bucket, Delete={"Objects": [{"Key": key} for key in keys], "Quiet": True}
        )
        if kept := answer.get("Errors"):
            raise UndeletedError({error.get("Code") for error in kept})


def _absent(error: ClientError) -> Exception:
    return MissingError() if error.response.get("Error", {}).get("Code") in _ABSENT else error
