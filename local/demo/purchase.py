"""Buying points at the bank, in a real browser."""

import asyncio
import io
import uuid
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from PIL import Image

from local import console, documents
from local.client import subscribed
from local.demo.browser import browsing
from local.demo.user import PATIENCE_SECONDS, STYLES, DemoError, DemoUser

PACKAGE: Final = "points-100"

Payment = Mapping[str, Any]
Views = dict[str, Image.Image]


@dataclass
class Purchase:
    """One package of points, paid for at VNPAY's page; `views` are pictures of what the person saw."""

    user: DemoUser
    views: Views = field(default_factory=dict[str, Image.Image])

    async def make(self) -> Payment:
        """Pay, and return the payment as it was pushed. DemoError if it ends otherwise than PAID."""
        person = self.user.person
        async with subscribed(self.user.outputs, person, documents.ON_PAYMENT, {"owner": person.sub}) as events:
            begun = await self._begun()
            async with asyncio.timeout(PATIENCE_SECONDS):
                payment, _ = await asyncio.gather(self._settled(events, begun), self._pay(begun["payUrl"]))
        if payment["status"] != "PAID":
            raise DemoError(f"The payment is {payment['status']} instead of PAID")
        return payment

    async def _settled(self, events: AsyncIterator[Any], payment: Payment) -> Payment:
        async for event in events:
            payment = event["onPayment"]
            self._say(payment, "pushed")
            if payment["status"] != "PENDING":
                break
        return payment

    async def _begun(self) -> Payment:
        wanted = {
            "clientRequestId": str(uuid.uuid4()),
            "packageId": PACKAGE,
            "provider": "VNPAY",
            "currency": "VND",
        }
        payment = (await self.user.ask(documents.CREATE_PAYMENT, input=wanted))["createPayment"]
        self._say(payment, "answered")
        return payment

    async def _pay(self, url: str) -> None:
        """Do at the bank what a person does there, and come back."""
        async with browsing() as page:
            await page.goto(url)
            self.views["bank"] = _picture(await page.screenshot())
            await page.click("#pay")
            await page.wait_for_url("**/return**")
            self.views["back"] = _picture(await page.screenshot())

    def _say(self, payment: Payment, how: str) -> None:
        amount = f"{payment['amount']['minor']:,} {payment['amount']['currency']}"
        status = console.styled(f"{payment['status']:<10}", STYLES[payment["status"]])
        more = console.styled(f"version {payment['version']}  {how}", "dim")
        print(f"  {self.user.elapsed:6.0f} ms  {amount:<17} {status}  {more}", flush=True)


def _picture(png: bytes) -> Image.Image:
    return Image.open(io.BytesIO(png)).convert("RGB")
