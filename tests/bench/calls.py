"""DynamoDB calls of one `generateImages` in which all goes well, as the emulator receives them."""

import asyncio
from collections.abc import Sequence
from typing import Final

from tests.bench.figure import Figure, plain
from tests.bench.meter import metered
from tests.bench.runs import session
from tests.bench.stand import Stand

RUNS: Final = 5
GOAL: Final = 1


def measure(stand: Stand) -> Sequence[Figure]:
    return asyncio.run(_measure(stand))


async def _measure(stand: Stand) -> Sequence[Figure]:
    async with metered(stand) as meter, session(stand) as ready:
        meter.clear()
        for _ in range(RUNS):
            await ready.generate()
        asked = len(meter.of("dynamodb", "jobs-api")) / RUNS
    # One is also the floor: nothing is promised without a write.
    return [plain("DynamoDB calls of generateImages", asked, "calls", floor=1, goal=GOAL)]
