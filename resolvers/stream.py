"""What the handlers of the Jobs table's stream share: records in, failed sequence numbers out."""

from collections.abc import Iterable, Mapping
from typing import Any

from studio.dynamo import unpack
from studio.jobs.item import from_item
from studio.jobs.model import Job

Record = Mapping[str, Any]


def job_of(record: Record) -> Job:
    """Return the job as it was after the change that the record tells of."""
    return from_item(unpack(record["dynamodb"]["NewImage"]))


def failures(records: Iterable[Record]) -> dict[str, Any]:
    """Return Lambda's partial batch response: it repeats from the earliest of these records."""
    return {"batchItemFailures": [{"itemIdentifier": record["dynamodb"]["SequenceNumber"]} for record in records]}
