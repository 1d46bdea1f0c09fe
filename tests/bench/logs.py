"""What Lambda's own log lines tell: how often each function ran, how long, and how much it logged."""

import re
import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

from tests.bench.stand import Stand

# CloudWatch counts so much for each event beside its message.
EVENT_BYTES: Final = 26
_DURATION: Final = re.compile(r"^REPORT .*?\bBilled Duration: (\d+) ms")


@dataclass(frozen=True)
class Work:
    """One function's work in a span of time; `gigabytes` is its memory."""

    runs: float
    seconds: float
    gigabytes: float
    log_bytes: float


def since(stand: Stand, started: float) -> dict[str, Work]:
    """Return each function's work since a time (epoch seconds), once the last run has been logged."""
    settled = _read(stand, started)
    while True:
        time.sleep(1)  # a log line has no event to wait for; a run that is not over within it is no part of the job
        latest = _read(stand, started)
        if latest == settled:
            return latest
        settled = latest


def _read(stand: Stand, started: float) -> dict[str, Work]:
    return {name: _work(stand, deployed, started) for name, deployed in stand.outputs["functions"].items()}


def _work(stand: Stand, function: str, started: float) -> Work:
    messages = [event["message"] for event in _events(stand, function, started)]
    durations = [int(found[1]) / 1000 for message in messages if (found := _DURATION.match(message))]
    memory = stand.client.boto("lambda").get_function_configuration(FunctionName=function)["MemorySize"]
    logged = sum(EVENT_BYTES + len(message.encode()) for message in messages)
    return Work(len(durations), sum(durations), memory / 1024, logged)


def _events(stand: Stand, function: str, started: float) -> Iterator[dict[str, Any]]:
    pages = stand.client.boto("logs").get_paginator("filter_log_events")
    for page in pages.paginate(logGroupName=f"/aws/lambda/{function}", startTime=int(started * 1000)):
        yield from page["events"]
