"""Paying at the bank, in a real browser."""

import asyncio
import io
import uuid
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from PIL import Image
from playwright.async_api import Page

from local import console, documents
from local.client import subscribed
from local.demo.patience import DemoError, waiting_for
from local.demo.user import STYLES, DemoUser, fetch

Payment = Mapping[str, Any]
Views = dict[str, Image.Image]


@dataclass
class Purchase:
    """Something paid for at VNPAY's page: `goods` names it. `views` are pictures of what the person saw."""

    user: DemoUser
    goods: Mapping[str, str]
    views: Views = field(default_factory=dict[str, Image.Image])

    async def make(self, page: Page | None) -> Payment:
        """Pay, and return the payment as it was pushed. DemoError if it ends otherwise than PAID.

        Without a page to do it on, the bank is told at its own dashboard.
        """
        person = self.user.person
        async with subscribed(self.user.outputs, person, documents.ON_PAYMENT, {"owner": person.sub}) as events:
            begun = await self._begun()
            async with waiting_for(f"the bank to take payment {begun['id']}, and the studio to hear of it"):
                payment, _ = await asyncio.gather(self._settled(events, begun), self._pay(begun, page))
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
        wanted = {"clientRequestId": str(uuid.uuid4()), "provider": "VNPAY", "currency": "VND", **self.goods}
        payment = (await self.user.ask(documents.CREATE_PAYMENT, input=wanted))["createPayment"]
        self._say(payment, "answered")
        return payment

    async def _pay(self, payment: Payment, page: Page | None) -> None:
        """Do at the bank what a person does there, and come back."""
        if page is None:
            await fetch(payment["payUrl"])
            reference = payment["id"].replace("-", "")  # VNPAY's own way to write it
            await fetch(f"{self.user.outputs['bankUrl']}/_bank/payments/{reference}/pay", "POST")
            return
        await page.goto(payment["payUrl"])
        self.views["bank"] = picture(await page.screenshot())
        await page.click("#pay")
        await page.wait_for_url("**/return**")
        self.views["back"] = picture(await page.screenshot())

    def _say(self, payment: Payment, how: str) -> None:
        amount = f"{payment['amount']['minor']:,} {payment['amount']['currency']}"
        status = console.styled(f"{payment['status']:<10}", STYLES[payment["status"]])
        more = console.styled(f"version {payment['version']}  {how}", "dim")
        print(f"  {self.user.elapsed:6.0f} ms  {amount:<17} {status}  {more}", flush=True)


def picture(png: bytes) -> Image.Image:
    return Image.open(io.BytesIO(png)).convert("RGB")
