"""The printer itself: its orders, the files it fetches for them, and the callbacks it sends."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

from aiohttp import ClientSession, ClientTimeout, web

from local.notices import Address, NoticeSender
from local.printer.assets import BadFileError, check
from local.printer.callback import SHIPMENT, STAGE, Callback
from local.printer.order import DOWNLOADS, UNDER_WAY, ActionError, Item, Order
from local.printer.requests import OrderRequest, RefusedError

Json = dict[str, Any]
PARCELS = 2
MOST_PARCELS = 9


class OrderProcessor:
    """Takes orders and carries them through.

    Parameters
    ----------
    repeat_seconds
        How long to wait before a file is fetched again.
    """

    def __init__(self, notices: NoticeSender, repeat_seconds: float) -> None:
        self.orders: dict[str, Order] = {}
        self.late = False
        self._source = ""
        self._notices = notices
        self._repeat_seconds = repeat_seconds
        self._keys: dict[str, str] = {}
        self._downloads: dict[asyncio.Task[None], str] = {}
        self._client: ClientSession | None = None

    async def running(self, _app: web.Application) -> AsyncIterator[None]:
        """Have a client as long as the server runs."""
        async with ClientSession(timeout=ClientTimeout(total=60)) as self._client:
            yield
            for task in self._downloads:
                task.cancel()
            await asyncio.gather(*self._downloads, return_exceptions=True)

    def is_downloading(self, order: Order) -> bool:
        return order.id in self._downloads.values()

    # ---- what a merchant does

    def place(self, asked: OrderRequest, source: str) -> tuple[Order, bool]:
        """Return the order of this key, and whether it is new; `source` is the printer's address, for its callbacks.

        Raises RefusedError for another order of the same key.
        """
        self._source = source
        known = self.orders.get(self._keys.get(asked.key or "", ""))
        if known and known.request.fingerprint != asked.fingerprint:
            raise RefusedError({"idempotencyKey": [{"code": "AlreadyUsed", "providedValue": asked.key}]})
        if known:
            return known, False
        order = Order(asked)
        self.orders[order.id] = order
        if asked.key:
            self._keys[asked.key] = order.id
        if asked.callback_url:
            self._notices.addresses[order.id] = Address()
            self._notices.addresses[order.id].set(asked.callback_url)
        self._report(order, STAGE, order.stage)
        self._start_download(order)
        return order, True

    def cancel(self, order: Order) -> bool:
        """Cancel an order that is not in production."""
        if not order.can_cancel:
            return False
        order.cancel()
        self._report(order, STAGE, order.stage)
        return True

    # ---- what is done by hand

    def act(self, id_: str, action: str, parcels: int = PARCELS) -> Order:
        """Have an order take a step, or its callbacks sent once more. Raises ActionError."""
        order = self.orders.get(id_)
        if order is None:
            raise ActionError(404, "There is no such order.")
        if action == "send":
            self._notices.tell(id_)
        elif action in order.actions():
            self._step(order, action, parcels)
        else:
            raise ActionError(409, f"This order cannot do that: it is {order.stage}.")
        return order

    def _step(self, order: Order, action: str, parcels: int) -> None:
        match action:
            case "start":
                order.start(parcels)
            case "ship":
                order.ship()
                self._report(order, SHIPMENT, "Complete")
            case "complete":
                order.complete()
            case _:
                order.reject()
        if order.is_over:
            self._report(order, STAGE, order.stage)

    def _report(self, order: Order, what: str, value: str) -> None:
        if order.id in self._notices.addresses:
            self._notices.send(Callback.of(order, what, value, self._source), late=self.late)

    # ---- files

    def _start_download(self, order: Order) -> None:
        task = asyncio.create_task(self._download(order))
        self._downloads[task] = order.id
        task.add_done_callback(self._downloads.pop)

    async def _download(self, order: Order) -> None:
        """Fetch an order's files; one that was ended meanwhile stays as it is."""
        order.steps["downloadAssets"] = UNDER_WAY
        for item in order.items:
            why_not = await self._fetched(order, item)
            if order.is_over:
                return
            if why_not:
                order.failed_to_download(item, why_not)
                break
        else:
            order.downloaded()
        self._report(order, STAGE, order.stage)

    async def _fetched(self, order: Order, item: Item) -> str | None:
        """Try until an item's file is here; return why it never will be."""
        for attempt in range(1, DOWNLOADS + 1):
            error = await self._checked(item)
            if order.is_over or error is None:
                return None
            if attempt == DOWNLOADS or not error.passing:
                return str(error)
            order.not_downloaded(item, attempt, str(error))
            await asyncio.sleep(self._repeat_seconds)
        return None

    async def _checked(self, item: Item) -> BadFileError | None:
        assert self._client
        try:
            await check(self._client, item.line)
        except BadFileError as error:
            return error
        return None
