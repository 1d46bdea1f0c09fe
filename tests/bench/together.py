"""Four images over one image's time."""

import asyncio
from collections.abc import AsyncGenerator, Sequence
from contextlib import asynccontextmanager
from typing import Final

from tests.bench.figure import Figure, paired
from tests.bench.runs import Session, session
from tests.bench.stand import Stand

PAIRS: Final = 4
GOAL: Final = 1.2
# Long beside the drawing, which shares this machine's cores, and short of the model's 14 s.
_MODEL_WAITS: Final = "slow:6"


def measure(stand: Stand) -> Sequence[Figure]:
    return asyncio.run(_measure(stand))


async def _measure(stand: Stand) -> Sequence[Figure]:
    one: list[float] = []
    four: list[float] = []
    async with session(stand) as ready, _slow_model(ready):
        for _ in range(PAIRS):
            one.append((await ready.generate()).total_ms)
            four.append((await ready.generate(4)).total_ms)
    return [paired("four images over one", four, one, "ms", GOAL)]


@asynccontextmanager
async def _slow_model(ready: Session) -> AsyncGenerator[None]:
    faults = f"{ready.stand.told['modelsUrl']}/_faults"
    rule = {"faults": [_MODEL_WAITS], "repeat": True}
    async with ready.http.post(faults, json=rule) as response:
        response.raise_for_status()
    try:
        yield
    finally:
        await ready.http.delete(faults)
