"""An album ordered as a file and as a book: what it costs, what becomes of it, and what is written about it."""

import asyncio
import json
import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from PIL import Image
from playwright.async_api import Page

from local import console, documents
from local.demo.following import Event, Following, following
from local.demo.patience import waiting_for
from local.demo.printer_page import PrinterPage
from local.demo.purchase import Purchase, Views, picture
from local.demo.user import STYLES, DemoUser, fetch

ADDRESS: Final = {
    "name": "Đặng Thị Hoa",
    "line1": "12 Nguyễn Huệ",
    "city": "Hồ Chí Minh",
    "postalCode": "700000",
    "countryCode": "VN",
}
KINDS: Final = ("ALBUM_PDF", "ALBUM_PRINT")


@dataclass
class BookOrder:
    """One person's order; `views` are pictures of the pages that show it."""

    user: DemoUser
    album: str
    views: Views = field(default_factory=dict[str, Image.Image])
    _numbers: set[str] = field(default_factory=set[str])
    _version: int = 0
    _said: tuple[str, int] = ("", 0)

    @property
    def _wanted(self) -> dict[str, Any]:
        items = [{"kind": kind, "albumId": self.album, "quantity": 1} for kind in KINDS]
        return {"items": items, "currency": "VND"}

    async def quote(self) -> Event:
        """Ask what it costs, and what would look poor in print."""
        wanted = {**self._wanted, "countryCode": ADDRESS["countryCode"]}
        return (await self.user.ask(documents.QUOTE_ORDER, input=wanted))["quoteOrder"]

    async def place(self, quote: Event) -> Event:
        """Order it at the price that was quoted."""
        more = {"clientRequestId": str(uuid.uuid4()), "quoteId": quote["id"], "address": ADDRESS}
        order = (await self.user.ask(documents.CREATE_ORDER, input={**self._wanted, **more}))["createOrder"]
        self._say(order, "answered")
        return order

    async def fulfil(self, order: Event, page: Page) -> Event:
        """Pay for it at the bank, send it on its way at the printer, and return it as it was pushed at its end."""
        async with following(self.user, documents.ON_ORDER, "onOrder") as pushed:
            taken = self._until(pushed, order, lambda each: "SUBMITTED" in _steps_of(each))
            paid, _ = await asyncio.gather(Purchase(self.user, {"orderId": order["id"]}).make(page), taken)
            self._numbers |= {order["id"], paid["id"]}
            printer = PrinterPage(page, self.user.outputs)
            await printer.send(order["id"])
            ended = await printer.told_of(self._until(pushed, order, lambda each: each["status"] == "COMPLETED"))
            await page.reload()  # by now it shows the callbacks, too
            self.views["printer"] = picture(await page.screenshot(full_page=True))
            return ended

    async def files(self, order: Event) -> Sequence[str]:
        """Return the links to its files."""
        found = (await self.user.ask(documents.ORDER_FILES, id=order["id"]))["order"]
        return [each["url"] for each in found["downloads"]]

    async def mails(self, order: Event, page: Page) -> Sequence[Event]:
        """Wait until each parcel was written about, look at the last mail, and return all, oldest first."""
        async with waiting_for(f"a mail about each of {len(order['parcels'])} parcels"):
            while not _tell_of(mails := await self._mails(), order["parcels"]):  # noqa: ASYNC110 - it has no events
                await asyncio.sleep(0.1)
        await page.goto(f"{self.user.outputs['mailboxUrl']}/mails/{mails[-1]['id']}")
        self.views["mail"] = picture(await page.screenshot(full_page=True))
        return mails

    async def _mails(self) -> list[Event]:
        """Find the mails that name the order or its payment."""
        mails = json.loads(await fetch(f"{self.user.outputs['mailboxUrl']}/mails"))["mails"]
        return [mail for mail in reversed(mails) if any(number in mail["text"] for number in self._numbers)]

    async def _until(self, pushed: Following, order: Event, enough: Callable[[Event], object]) -> Event:
        return await pushed.until(order["id"], enough, lambda each: self._say(each, "pushed"))

    def _say(self, order: Event, how: str) -> None:
        """Say how it stands and which steps are new, if anything is; what is older than what was said came late."""
        steps = _steps_of(order)
        if order["version"] <= self._version or (order["status"], len(steps)) == self._said:
            return
        new = ", ".join(steps[self._said[1] :])
        self._version, self._said = order["version"], (order["status"], len(steps))
        status = console.styled(f"{order['status']:<10}", STYLES[order["status"]])
        more = console.styled(f"version {order['version']:<2} {how:<8}", "dim")
        print(f"  {self.user.elapsed:6.0f} ms  {'The order':<17} {status}  {more} {new}".rstrip(), flush=True)


def _steps_of(order: Event) -> list[str]:
    return [step["kind"] for step in order["steps"]]


def _tell_of(mails: Sequence[Event], parcels: Sequence[Event]) -> bool:
    return all(any(parcel["trackingNumber"] in mail["text"] for mail in mails) for parcel in parcels)
