"""The printer's own page, in a browser."""

import asyncio
import json
from collections.abc import Coroutine
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, Final, TypeVar

from playwright.async_api import Page

from local.client import StackOutputs
from local.demo.patience import waiting_for
from local.demo.user import fetch
from local.ministack import Aws

T = TypeVar("T")
PARCELS: Final = 2
_PAUSE_SECONDS: Final = 1.0


@dataclass(frozen=True)
class PrinterPage:
    """Where orders are sent on by a click."""

    page: Page
    outputs: StackOutputs

    @property
    def address(self) -> str:
        return f"{self.outputs['printerUrl']}/_printer/"

    async def send(self, reference: str) -> None:
        """Print an order of ours, and send every parcel of it."""
        async with waiting_for(f"the printer to have the files of order {reference}"):
            id_ = await self._fetched(reference)
        await self.page.goto(self.address)
        for action in ("start", *("ship",) * PARCELS, "complete"):
            await self.page.click(f"#{action}-{id_}")

    async def _fetched(self, reference: str) -> str:
        """Wait until the printer has an order's files, and return what it calls the order."""
        while True:
            orders = json.loads(await fetch(f"{self.address}orders"))["orders"]
            found = next(each for each in orders if each["merchantReference"] == reference)
            if "start" in found["can"]:
                return found["id"]
            await asyncio.sleep(0.1)

    async def told_of(self, news: Coroutine[Any, Any, T]) -> T:
        """Return some news; until they come, the studio looks at the printer each second and not each minute."""
        looking = asyncio.create_task(self._look())
        try:
            return await news
        finally:
            looking.cancel()
            with suppress(asyncio.CancelledError):
                await looking

    async def _look(self) -> None:
        functions, name = Aws(self.outputs["awsEndpoint"]).client("lambda"), "printing-reconciler"
        while True:
            function = self.outputs["functions"][name]
            await asyncio.to_thread(functions.invoke, FunctionName=function, Payload=b"{}")
            await asyncio.sleep(_PAUSE_SECONDS)
