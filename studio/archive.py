"""The archive: each change of a table that is only appended to, as one object that stays as it is for years."""

import json
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from functools import cached_property
from operator import itemgetter
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

import boto3
from botocore.exceptions import ClientError

if TYPE_CHECKING:
    from types_boto3_s3 import S3Client

# A table's lines are named by these two attributes, its key.
KEYS: Mapping[str, tuple[str, str]] = {"Ledger": ("owner", "entry"), "Audit": ("day", "record")}
_KEPT = ("eventID", "eventName", "userIdentity", "dynamodb")
_LONGEST_NAME = 800  # S3 takes keys of 1,024 bytes
_THREADS = 16

Record = Mapping[str, Any]


def table_of(record: Record) -> str:
    """Return our name of the table that a stream's record is of; ValueError where it is none of the archive's."""
    names = record["dynamodb"]["Keys"].keys()
    for table, key in KEYS.items():
        if names == set(key):
            return table
    raise ValueError(f"no table has the key {sorted(names)}")


def line_of(record: Record) -> tuple[str, str]:
    """Return the two values that name the line."""
    first, second = (record["dynamodb"]["Keys"][name]["S"] for name in KEYS[table_of(record)])
    return first, second


def key_of(record: Record) -> str:
    """Return the object's key: the same for a record that comes again, another for each change."""
    change = record["dynamodb"]
    day = datetime.fromtimestamp(change["ApproximateCreationDateTime"], UTC).date()
    name = quote("/".join(line_of(record)), safe="")[:_LONGEST_NAME]
    return f"{table_of(record)}/{day}/{name}/{change['SequenceNumber']}.json"


class Archive:
    """The archive's bucket. Writing needs the right to put new objects, and no other."""

    def __init__(self, bucket: str, client: "S3Client | None" = None) -> None:
        self.bucket = bucket
        self._given = client

    @cached_property
    def client(self) -> "S3Client":
        return self._given or boto3.client("s3")

    def keep(self, record: Record) -> None:
        """Write a record with its images, unless it is there already."""
        body = json.dumps({name: record[name] for name in _KEPT if name in record}, sort_keys=True)
        try:
            self.client.put_object(
                Bucket=self.bucket,
                Key=key_of(record),
                Body=body.encode(),
                ContentType="application/json",
                IfNoneMatch="*",
                ChecksumAlgorithm="SHA256",  # a locked bucket takes nothing without a checksum
            )
        except ClientError as error:
            if error.response.get("Error", {}).get("Code") != "PreconditionFailed":
                raise

    def records(self) -> Iterator[Record]:
        """Yield every record as it was first written, those that were overwritten or hidden by a deletion too."""
        with ThreadPoolExecutor(_THREADS) as threads:
            yield from threads.map(self._read, self._firsts().items())

    def _firsts(self) -> dict[str, str]:
        """Return the oldest version of each key."""
        first: dict[str, Any] = {}
        for page in self.client.get_paginator("list_object_versions").paginate(Bucket=self.bucket):
            for version in page.get("Versions", []):
                key = version.get("Key", "")
                first[key] = min(first.get(key, version), version, key=itemgetter("LastModified"))
        return {key: version["VersionId"] for key, version in first.items()}

    def _read(self, version: tuple[str, str]) -> Record:
        key, id_ = version
        return json.loads(self.client.get_object(Bucket=self.bucket, Key=key, VersionId=id_)["Body"].read())
