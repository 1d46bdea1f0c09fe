"""The printer of a chaos run: it sends orders on as planned, fails, calls late and again, and others lie about it."""

import asyncio
import random
from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from tests.chaos.shop import Shop
from tests.stack.client import StackClient
from tests.stack.printer import Dashboard, call_back, forged

_PAUSE = 0.5
_TROUBLES = 30
_FAULTS: tuple[list[int | str], ...] = (["lost"], ["lost", "lost"], [503, "lost"], [429], [503] * 3)


@dataclass
class ChaosPrinter:
    """Does at the printer what each order's fate says; `done` counts what went wrong."""

    client: StackClient
    shop: Shop
    dice: random.Random
    done: Counter[str] = field(default_factory=Counter[str])
    _steps: Counter[str] = field(default_factory=Counter[str])

    @property
    def dashboard(self) -> Dashboard:
        return Dashboard(self.client.outputs["printerUrl"])

    async def work(self, end: asyncio.Event) -> None:
        """Work until the end; after so many troubles all goes well."""
        troubles = 0
        while not end.is_set():
            orders = await self.dashboard.orders()
            for reference, order in orders.items():
                await self._go_on(reference, order)
            if troubles < _TROUBLES:
                troubles += bool(orders)
                await self._misbehave([order["id"] for order in orders.values()])
            else:
                await self._call_back_at_once()
            await asyncio.sleep(_PAUSE)

    async def _go_on(self, reference: str, order: dict[str, Any]) -> None:
        steps = self.shop.made[reference].fate.printer
        taken = self._steps[reference]
        if taken < len(steps) and steps[taken] in order["can"]:
            await self.dashboard.act(order["id"], steps[taken])
            self._steps[reference] += 1

    async def _misbehave(self, ids: list[str]) -> None:
        match self.dice.randrange(6):
            case 0:
                await self.dashboard.put("faults", self.dice.choice(_FAULTS))
                self.done["printer: answers lost or refused"] += 1
            case 1:
                await self.dashboard.put("late", True)
            case 2:
                await self._call_back_at_once()
            case 3 if ids:
                await self.dashboard.act(self.dice.choice(ids), "send")
                self.done["printer: callbacks of an order repeated"] += 1
            case 4 if ids:
                await call_back(self.client, forged(self.dice.choice(ids)))
                self.done["printer: callbacks forged"] += 1
            case _:
                pass

    async def _call_back_at_once(self) -> None:
        await self.dashboard.put("late", False)
        for order in (await self.dashboard.orders()).values():
            if order["late"]:
                await self.dashboard.act(order["id"], "send")
                self.done["printer: callbacks late"] += order["late"]
