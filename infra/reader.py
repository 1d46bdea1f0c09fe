"""How a function reads the streams of tables."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_sqs as sqs

from infra.data import Data
from infra.function import Function, dead_letters
from infra.permissions import Right, grant, to_read_streams
from infra.stages import Stage
from infra.watch import watch_dead_letters, watch_stream


@dataclass(frozen=True)
class Reading:
    """Which records a reader gets, how many at once, and for how long (in seconds) and how often a bad one is tried."""

    starting: Literal["TRIM_HORIZON", "LATEST"]
    patterns: Sequence[dict[str, Any]]
    batch: int
    retries: int
    max_age: int


def read_streams(function: Function, stage: Stage, data: Data, reading: Reading, *tables: str) -> None:
    """Let a function read the streams of tables; a record that fails for good is set aside and rings.

    The function names the records it could not handle; a batch it could not handle at all is split in half, until the
    bad record stands alone.
    """
    queue = dead_letters(function, "Unread", stage)
    for right in [*to_read_streams(data, *tables), Right(["sqs:SendMessage"], [queue.queue_arn])]:
        grant(function.role, right)
    for table in tables:
        _map(function, data.stream_arn(table), f"{table}Stream", reading, queue)
    watch_dead_letters(function, "UnreadDepth", queue, data.alarms)
    watch_stream(function, data.alarms)


def _map(function: Function, stream_arn: str, name: str, reading: Reading, queue: sqs.Queue) -> None:
    lambda_.CfnEventSourceMapping(
        function,
        name,
        function_name=function.function.function_name,
        event_source_arn=stream_arn,
        starting_position=reading.starting,
        batch_size=reading.batch,
        bisect_batch_on_function_error=True,
        function_response_types=["ReportBatchItemFailures"],
        maximum_retry_attempts=reading.retries,
        maximum_record_age_in_seconds=reading.max_age,
        filter_criteria={"filters": [{"pattern": json.dumps(pattern)} for pattern in reading.patterns]},
        destination_config={"onFailure": {"destination": queue.queue_arn}},
    ).node.add_dependency(function.role)
