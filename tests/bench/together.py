"""Four images over one image's time, the model taking as long for each of the four as for one.

The local model waits and then draws, and four drawings share this machine's cores as a provider's would not. So what
the slowest of a mutation's calls took beyond the wait is left out; calls one after the other would still show.
"""

import asyncio
from collections.abc import AsyncGenerator, Sequence
from contextlib import asynccontextmanager
from typing import Final

from tests.bench.figure import Figure, paired
from tests.bench.runs import Run, Session, session
from tests.bench.stand import Stand

PAIRS: Final = 5
GOAL: Final = 1.2
MODEL_SECONDS: Final = 4


def measure(stand: Stand) -> Sequence[Figure]:
    return asyncio.run(_measure(stand))


async def _measure(stand: Stand) -> Sequence[Figure]:
    one: list[float] = []
    four: list[float] = []
    async with session(stand) as ready, _slow_model(ready):
        for _ in range(PAIRS):
            one.append(_undrawn_ms(await ready.generate()))
            four.append(_undrawn_ms(await ready.generate(4)))
    return [paired("four images over one", four, one, "ms", GOAL)]


def _undrawn_ms(run: Run) -> float:
    return run.own_ms + MODEL_SECONDS * 1000


@asynccontextmanager
async def _slow_model(ready: Session) -> AsyncGenerator[None]:
    faults = f"{ready.stand.outputs['modelsUrl']}/_faults"
    rule = {"faults": [f"slow:{MODEL_SECONDS}"], "repeat": True}
    async with ready.http.post(faults, json=rule) as response:
        response.raise_for_status()
    try:
        yield
    finally:
        await ready.http.delete(faults)
