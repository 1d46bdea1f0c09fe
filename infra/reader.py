"""How a function reads the Jobs stream."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

from aws_cdk import aws_lambda as lambda_

from infra.data import Data
from infra.function import Function, dead_letters
from infra.permissions import Right, grant, to_read_stream
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


def read_stream(function: Function, stage: Stage, data: Data, reading: Reading) -> None:
    """Let a function read the Jobs stream; a record that fails for good is set aside and rings.

    The function names the records it could not handle; a batch it could not handle at all is split in half, until the
    bad record stands alone.
    """
    queue = dead_letters(function, "Unread", stage)
    for right in [*to_read_stream(data), Right(["sqs:SendMessage"], [queue.queue_arn])]:
        grant(function.role, right)
    lambda_.CfnEventSourceMapping(
        function,
        "Stream",
        function_name=function.function.function_name,
        event_source_arn=data.jobs_stream_arn,
        starting_position=reading.starting,
        batch_size=reading.batch,
        bisect_batch_on_function_error=True,
        function_response_types=["ReportBatchItemFailures"],
        maximum_retry_attempts=reading.retries,
        maximum_record_age_in_seconds=reading.max_age,
        filter_criteria={"filters": [{"pattern": json.dumps(pattern)} for pattern in reading.patterns]},
        destination_config={"onFailure": {"destination": queue.queue_arn}},
    ).node.add_dependency(function.role)
    watch_dead_letters(function, "UnreadDepth", queue, data.alarms)
    watch_stream(function, data.alarms)
