"""What one image is billed, counted from real runs, and what 1,000 cost at list prices without the model.

Units are counted on the wire, Lambda's time from its log lines in runs without the meter. That time is the emulator's
on this machine; in the worker's, the local model's is replaced by the 14 s that the real one takes. One client listens.
"""

import asyncio
import json
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import ceil
from statistics import mean
from typing import Final

from tests.bench import logs, prices, units
from tests.bench.figure import Figure, plain
from tests.bench.logs import Work
from tests.bench.meter import Call, Meter, metered
from tests.bench.runs import Run, session
from tests.bench.stand import Stand

TIMED_RUNS: Final = 20
METERED_RUNS: Final = 5
IMAGES: Final = 1000
GOAL_DOLLARS: Final = 1.0
# The time of the provider's model for one image, as the seeds measured it.
MODEL_SECONDS: Final = 14.0
EVENT_UNIT_BYTES: Final = 5 * 1024
# Not of an image: they run by the clock, images or not.
_STANDING: Final = {
    *("sweeper", "accounts-reconciler", "payments-reconciler", "orders-reconciler", "printing-reconciler", "rates"),
    "model-probe",
}


@dataclass(frozen=True)
class Item:
    """So many units of something for one image, at a price (dollars) each."""

    name: str
    amount: float
    unit: str
    price: float

    @property
    def dollars(self) -> float:
        return self.amount * self.price * IMAGES


def measure(stand: Stand) -> Sequence[Figure]:
    return asyncio.run(_measure(stand))


async def _measure(stand: Stand) -> Sequence[Figure]:
    work, runs = await _timed(stand)
    async with metered(stand) as meter, session(stand) as ready:
        meter.clear()
        for _ in range(METERED_RUNS):
            await ready.generate()
        items = [*_counted(meter), *_worked(work), *_api_and_logs(runs, work)]
    least = MODEL_SECONDS * work["vertex"].gigabytes * prices.LAMBDA_GB_SECOND * IMAGES
    total = sum(item.dollars for item in items)
    return [
        *(plain(f"an image: {item.name}", item.amount, item.unit) for item in items),
        plain(f"{IMAGES:,} images without the model", total, "$", floor=least, goal=GOAL_DOLLARS),
    ]


async def _timed(stand: Stand) -> tuple[Mapping[str, Work], list[Run]]:
    """Run without the meter; answer each function's work for one image, with the model's time as it is in the world."""
    async with session(stand) as ready:
        started = time.time()
        runs = [await ready.generate() for _ in range(TIMED_RUNS)]
        work = await asyncio.to_thread(logs.since, stand, started)
    waited = sum(run.model_ms for run in runs) / 1000
    each = {
        name: _share(done, waited if name == "vertex" else 0) for name, done in work.items() if name not in _STANDING
    }
    return each, runs


def _share(work: Work, waited: float) -> Work:
    model = MODEL_SECONDS if waited else 0
    seconds = (work.seconds - waited) / TIMED_RUNS + model
    return Work(work.runs / TIMED_RUNS, seconds, work.gigabytes, work.log_bytes / TIMED_RUNS)


def _counted(meter: Meter) -> list[Item]:
    dynamodb = asked_of_dynamodb(meter)
    writes = sum(map(write_units, dynamodb)) / METERED_RUNS
    reads = sum(map(read_units, dynamodb)) / METERED_RUNS
    puts = len([call for call in meter.of("s3") if call.operation == "PUT"]) / METERED_RUNS
    return [
        Item("DynamoDB writes", writes, "units", prices.WRITE_UNIT),
        Item("DynamoDB reads", reads, "units", prices.READ_UNIT),
        Item("S3 PUT", puts, "requests", prices.S3_PUT),
    ]


def asked_of_dynamodb(meter: Meter) -> list[Call]:
    """Return what was asked but by what runs by the clock."""
    return [call for call in meter.of("dynamodb") if call.function not in _STANDING]


def write_units(call: Call) -> int:
    together = call.operation == "TransactWriteItems"
    return sum(units.write_units(w.table, w.old, w.new, in_transaction=together) for w in call.written)


def read_units(call: Call) -> int:
    """Every read by key is consistent; a row that is not there costs one unit too."""
    match call.operation:
        case "GetItem":
            return units.read_units([call.answer.get("Item", {})])
        case "BatchGetItem":
            return units.read_units(row for rows in call.answer["Responses"].values() for row in rows)
        case "Query":
            return units.query_units(call.answer.get("Items", []))
        case _:
            return 0


def _worked(work: Mapping[str, Work]) -> list[Item]:
    ran = {name: done for name, done in work.items() if done.runs}
    memory = {f"Lambda, {name}, {done.gigabytes * 1024:.0f} MB": done for name, done in ran.items()}
    return [
        *(
            Item(name, done.seconds * 1000, "ms", done.gigabytes * prices.LAMBDA_GB_SECOND / 1000)
            for name, done in memory.items()
        ),
        Item("Lambda requests", sum(done.runs for done in ran.values()), "requests", prices.LAMBDA_REQUEST),
    ]


def _api_and_logs(runs: Sequence[Run], work: Mapping[str, Work]) -> list[Item]:
    """AppSync's part and what is logged. The operations are the client's mutation and one `publishJob` an event."""
    events = mean(len(run.events) for run in runs)
    billed = mean(sum(ceil(len(json.dumps(event)) / EVENT_UNIT_BYTES) for event in run.events) for run in runs)
    logged = sum(done.log_bytes for done in work.values())
    return [
        Item("AppSync operations", 1 + events, "operations", prices.APPSYNC_OPERATION),
        Item("AppSync events", billed, "events", prices.APPSYNC_EVENT),
        Item("AppSync connection", ceil(MODEL_SECONDS / 60), "minutes", prices.APPSYNC_MINUTE),
        Item("logs", logged, "bytes", prices.LOG_GB / 1e9),
        # Tracing samples the first request of each second, so where little is asked for it keeps every run.
        Item("X-Ray traces", sum(done.runs for done in work.values()), "traces", prices.TRACE),
    ]
