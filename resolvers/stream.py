"""What the handlers of the Jobs table's stream share: records in, failed sequence numbers out."""

from collections.abc import Iterable, Mapping
from typing import Any

from aws_lambda_powertools.logging import Logger

from studio.dynamo import unpack
from studio.jobs.item import from_item
from studio.jobs.model import Job

Record = Mapping[str, Any]

log = Logger()


def job_of(record: Record) -> Job:
    """Return the job as it was after the change that the record tells of; one that was removed, as it was before."""
    return from_item(unpack(record["dynamodb"]["OldImage" if is_removal(record) else "NewImage"]))


def is_removal(record: Record) -> bool:
    """Tell whether the job was deleted, or has expired."""
    return record["eventName"] == "REMOVE"


def readable(records: Iterable[Record]) -> tuple[list[tuple[Record, Job]], list[Record]]:
    """Part the records into those with their jobs and those that hold no job: one such must not hold up the others."""
    read: list[tuple[Record, Job]] = []
    unread: list[Record] = []
    for record in records:
        try:
            read.append((record, job_of(record)))
        except Exception:
            log.exception("a record could not be read", extra={"job": record["dynamodb"]["Keys"]["id"]["S"]})
            unread.append(record)
    return read, unread


def failures(records: Iterable[Record]) -> dict[str, Any]:
    """Return Lambda's partial batch response: it repeats from the earliest of these records."""
    return {"batchItemFailures": [{"itemIdentifier": record["dynamodb"]["SequenceNumber"]} for record in records]}
