"""What goes wrong, made to go wrong as planned, and counted."""

import asyncio
import os
import random
import signal
from collections import Counter
from collections.abc import Awaitable, Callable, Coroutine
from dataclasses import dataclass, field
from typing import Any

from local import ministack
from local.stack import Stack
from tests import proc
from tests.chaos.gate import Gate
from tests.chaos.people import Clock
from tests.chaos.plan import MOST_WORKERS, Kill, Plan, Replay, Request, Window
from tests.chaos.waits import Waits
from tests.stack.behind import Behind
from tests.stack.client import StackClient
from tests.stack.provider import Wish

SWEEP_SECONDS = 6.0  # a minute on AWS, as leases are a few seconds here
TIMERS = ("sweeper", "orders-reconciler", "payments-reconciler", "printing-reconciler")
# Which streams' records come again, and to whom.
READERS = (
    ("Jobs", ("jobs-stream", "publish")),
    ("Orders", ("fulfilment", "publish")),
    ("PrintOrders", ("fulfilment", "printing-stream")),
    ("Payments", ("payments-stream", "publish")),
)
Switch = Callable[[bool], Awaitable[None]]


@dataclass
class Faults:
    """Everything that is injected into one stack; `done` counts what really was."""

    stack: Stack
    client: StackClient
    clock: Clock
    store: Gate
    telling: Gate
    done: Counter[str] = field(default_factory=Counter[str])

    @property
    def behind(self) -> Behind:
        return Behind(self.client)

    def all_of(self, plan: Plan) -> list[Coroutine[Any, Any, None]]:
        """The plan's faults, each to be awaited beside the others."""
        return [
            *(self._kill(kill) for kill in plan.kills),
            *(self._replay(replay) for replay in plan.replays),
            *(self._while_away(window, self._store, "S3 away") for window in plan.store_away),
            *(self._while_away(window, self._telling, "AppSync answers 503") for window in plan.telling_away),
            *(self._while_away(window, self._stalled, "AppSync stalls") for window in plan.api_stalls),
            *(self._while_away(window, self._workers, "no workers start") for window in plan.workers_away),
        ]

    async def at_the_provider(self, requests: tuple[Request, ...]) -> None:
        """Tell the model endpoint beforehand what to do to whose calls."""
        for each in requests:
            if each.faults:
                await Wish(self.client.outputs["modelsUrl"], each.mark).meets(*each.faults)

    async def sweep_until(self, end: asyncio.Event) -> None:
        """The timers' schedules, quicker."""
        waits = Waits(self.client)
        while not end.is_set():
            await asyncio.to_thread(waits.shorten)
            await asyncio.gather(*(self._sweep(timer) for timer in TIMERS))
            await asyncio.sleep(SWEEP_SECONDS)

    async def _sweep(self, timer: str) -> None:
        try:
            await asyncio.to_thread(self.behind.invoke, timer, {})
            self.done["timers run"] += 1
        except AssertionError:
            self.done["timers that died"] += 1

    async def _kill(self, kill: Kill) -> None:
        await self.clock.until(kill.at)
        pids = self.behind.processes(kill.function)
        if pids and proc.kill(pids[int(kill.pick * len(pids))]):
            self.done[f"{kill.function} killed"] += 1

    async def _replay(self, replay: Replay) -> None:
        await self.clock.until(replay.at)
        dice = random.Random(replay.seed)
        for table, readers in READERS:
            records = await asyncio.to_thread(self.behind.records, table)
            again = dice.choices(records, k=min(replay.records, len(records))) if records else []
            for function in readers if again else ():
                await self._again(function, {"Records": again})
            self.done["stream records repeated"] += len(again)

    async def _again(self, function: str, event: dict[str, Any]) -> None:
        try:
            await asyncio.to_thread(self.behind.invoke, function, event)
        except AssertionError:
            self.done["repeats that died"] += 1  # its process was killed meanwhile

    async def _while_away(self, window: Window, switch: Switch, name: str) -> None:
        await self.clock.until(window.at)
        await switch(True)
        try:
            await asyncio.sleep(window.seconds)
        finally:
            await switch(False)
        self.done[f"{name} (seconds)"] += round(window.seconds)

    async def _store(self, away: bool) -> None:
        self.store.away = away

    async def _telling(self, away: bool) -> None:
        self.telling.away = away

    async def _stalled(self, away: bool) -> None:
        """The gateway stands still: calls hang, nothing is refused."""
        assert self.stack.gateway
        os.kill(ministack.pid_of(self.stack.gateway), signal.SIGSTOP if away else signal.SIGCONT)

    async def _workers(self, away: bool) -> None:
        """Every start of a worker is throttled, as in an account that has used up its concurrency."""
        await asyncio.to_thread(self.behind.allow_workers, 0 if away else MOST_WORKERS)
