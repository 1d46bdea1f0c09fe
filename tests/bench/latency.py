"""From a mutation sent to its COMPLETED event received, without the model's own time."""

import asyncio
import time
from collections.abc import Sequence
from statistics import median
from typing import Final

from tests.bench.figure import Figure, plain
from tests.bench.runs import Session, session
from tests.bench.stand import Stand

RUNS: Final = 30
GOAL_MS: Final = 300
# The least that a call of the API costs: the gateway, one warm function, no data.
_LEAST: Final = "query { models { id } }"


def measure(stand: Stand) -> Sequence[Figure]:
    return asyncio.run(_measure(stand))


async def _measure(stand: Stand) -> Sequence[Figure]:
    own: list[float] = []
    least: list[float] = []
    async with session(stand) as ready:
        for _ in range(RUNS):
            own.append((await ready.generate()).own_ms)
            least.append(await _least(ready))
    return [plain("mutation to COMPLETED, less the model", median(own), "ms", floor=median(least), goal=GOAL_MS)]


async def _least(ready: Session) -> float:
    started = time.perf_counter()
    await ready.ask(_LEAST)
    return (time.perf_counter() - started) * 1000
