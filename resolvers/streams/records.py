"""What the handlers of the tables' streams share: records in, failed sequence numbers out."""

from collections.abc import Iterable, Mapping
from typing import Any

from studio.dynamo import unpack
from studio.jobs.item import from_item
from studio.jobs.model import Job
from studio.sweeping import each

Record = Mapping[str, Any]


def row_of(record: Record) -> str:
    """Return the id of the row that a record tells of."""
    return record["dynamodb"]["Keys"]["id"]["S"]


def job_of(record: Record) -> Job:
    """Return the job as it was after the change that the record tells of; one that was removed, as it was before."""
    return from_item(unpack(record["dynamodb"]["OldImage" if is_removal(record) else "NewImage"]))


def is_removal(record: Record) -> bool:
    """Tell whether the job was deleted, or has expired."""
    return record["eventName"] == "REMOVE"


def readable(records: Iterable[Record]) -> tuple[list[tuple[Record, Job]], list[Record]]:
    """Part the records into those with their jobs and those that hold no job: one such must not hold up the others."""
    read: list[tuple[Record, Job]] = []
    unread = each(records, lambda record: read.append((record, job_of(record))), what="record", name=row_of)
    return read, unread


def failures(records: Iterable[Record]) -> dict[str, Any]:
    """Return Lambda's partial batch response: it repeats from the earliest of these records."""
    return {"batchItemFailures": [{"itemIdentifier": record["dynamodb"]["SequenceNumber"]} for record in records]}
