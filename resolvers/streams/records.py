"""What the handlers of the tables' streams share: records in, failed sequence numbers out."""

import json
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import boto3

from studio.dynamo import unpack
from studio.errors import UnreadableError
from studio.jobs.item import job_from_item
from studio.jobs.model import Job
from studio.links import Link, link_of
from studio.rows import Row
from studio.sweeping import each

if TYPE_CHECKING:
    from types_boto3_sqs import SQSClient

Record = Mapping[str, Any]


def row_of(record: Record) -> str:
    """Return the id of the row that a record is of."""
    return record["dynamodb"]["Keys"]["id"]["S"]


def table_of(record: Record) -> str:
    """Return the name of the table whose stream a record is of: its ARN is `…:table/<name>/stream/<label>`."""
    return record["eventSourceARN"].split("/")[1]


def job_of(record: Record) -> Job:
    """Return the job as it was after the record's change; one that was removed, as it was before."""
    return job_from_item(unpack(record["dynamodb"]["OldImage" if is_removal(record) else "NewImage"]))


def link_of_removed(record: Record) -> Link | None:
    """Return where a removed job was linked, though no more of its row can be read; None where that cannot either."""
    with suppress(UnreadableError, KeyError):
        if is_removal(record) and row_of(record):
            return link_before(record)
    return None


def link_before(record: Record) -> Link | None:
    """Return where what a row is of was linked before the record's change; no more of the row is read.

    Raises
    ------
    UnreadableError
    """
    return Row(unpack(record["dynamodb"]["OldImage"])).find("link", link_of)


def is_removal(record: Record) -> bool:
    """Tell whether the job was deleted, or has expired."""
    return record["eventName"] == "REMOVE"


def readable(records: Iterable[Record]) -> tuple[list[tuple[Record, Job]], list[Record]]:
    """Part the records into those with their jobs and those that hold no job: one such must not hold up the others."""
    read: list[tuple[Record, Job]] = []
    unread = each(records, lambda record: read.append((record, job_of(record))), what="record", name=row_of)
    return read, unread


@dataclass(frozen=True)
class DeadLetters:
    """The queue of records that no further try can help with: a stream would hold up all others for each try."""

    queue: str

    @cached_property
    def _client(self) -> "SQSClient":
        return boto3.Session().client("sqs")  # of a session of its own: threads come here

    def put_aside(self, records: Iterable[Record]) -> list[Record]:
        """Put records aside, and return those that could not be: they come again."""
        return each(records, self._put, what="record to put aside", name=row_of)

    def _put(self, record: Record) -> None:
        """Say where the record is, and not what it holds, which is somebody's."""
        change = record.get("dynamodb", {})
        place = {"stream": record.get("eventSourceARN"), "event": record.get("eventID"), "keys": change.get("Keys")}
        body = json.dumps({**place, "sequenceNumber": change.get("SequenceNumber")})
        self._client.send_message(QueueUrl=self.queue, MessageBody=body)


def failures(records: Iterable[Record]) -> dict[str, Any]:
    """Return Lambda's partial batch response: it repeats from the earliest of these records."""
    return {"batchItemFailures": [{"itemIdentifier": record["dynamodb"]["SequenceNumber"]} for record in records]}
