"""The customers of a chaos run: what they order, pay for in one way or another, and cancel."""

import asyncio
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import aiohttp

from local.client import Person
from tests.chaos.order_plan import Order
from tests.chaos.people import answer_of, insist
from tests.stack.behind import Behind
from tests.stack.client import StackClient
from tests.stack.files import encoded, noise, upload
from tests.stack.paying import CURRENCIES, Bank

ADDRESS = {"name": "Ada", "line1": "1 Lê Lợi", "city": "Huế", "postalCode": "530000", "countryCode": "VN"}
# What may come of an order that its customer cancels, or wants hurried on, while others are at it.
_TOO_LATE = {"ORDER_SUBMITTED", "ORDER_ENDED", "ORDER_NOT_PAID"}


@dataclass
class Shop:
    """Buyers with an album each; `made` are their orders by id."""

    client: StackClient
    buyers: list[tuple[Person, str]]
    made: dict[str, Order] = field(default_factory=dict[str, Order])

    @classmethod
    async def open(cls, client: StackClient, buyers: int) -> "Shop":
        return cls(client, [*await asyncio.gather(*(_buyer(client) for _ in range(buyers)))])

    async def buy(self, order: Order) -> None:
        """Order and pay as planned."""
        person, _ = self.buyers[order.buyer]
        id_ = await self._ordered(order)
        self.made[id_] = order
        payments = [await self._payment(order, id_) for _ in range(order.fate.payments)] if order.fate.pay else []
        if order.fate.overdue:
            Behind(self.client).expire_order(id_)
            await asyncio.sleep(order.hesitates * 2)
        for payment in payments:
            await self._pay(order, payment)
        await self._try(person, "processOrder", id_)
        if order.fate.canceled:
            await asyncio.sleep(order.hesitates)
            await self._try(person, "cancelOrder", id_)

    async def _ordered(self, order: Order) -> str:
        """Ask what it costs, and order it at that price; asked twice it is one order."""
        person, album = self.buyers[order.buyer]
        items = [{"kind": kind, "albumId": album, "quantity": 1} for kind in order.fate.kinds]
        wanted: dict[str, Any] = {"items": items, "currency": CURRENCIES[order.provider]}
        where = {"address": ADDRESS} if "ALBUM_PRINT" in order.fate.kinds else {}
        country = {"countryCode": "VN"} if where else {}
        quote = (await insist(self.client, person, "quoteOrder", input={**wanted, **country}))["quoteOrder"]
        given = {**wanted, **where, "clientRequestId": str(uuid.uuid4()), "quoteId": quote["id"]}
        times = 2 if order.twice else 1
        answers = await asyncio.gather(*(insist(self.client, person, "createOrder", input=given) for _ in range(times)))
        (id_,) = {answer["createOrder"]["id"] for answer in answers}
        return id_

    async def _payment(self, order: Order, id_: str) -> Mapping[str, Any]:
        given = {"provider": order.provider, "currency": CURRENCIES[order.provider], "orderId": id_}
        asked = {"clientRequestId": str(uuid.uuid4()), **given}
        return (await insist(self.client, self.buyers[order.buyer][0], "createPayment", input=asked))["createPayment"]

    async def _pay(self, order: Order, payment: Mapping[str, Any]) -> None:
        assert order.fate.pay
        bank = Bank(self.client.outputs["bankUrl"])
        await bank.act(dict(payment), order.fate.pay)
        if order.refund and order.fate.pay.startswith("pay"):
            await bank.act(dict(payment), order.refund)

    async def _try(self, person: Person, field_: str, id_: str) -> None:
        answer = await answer_of(self.client, person, field_, id=id_)
        assert set(answer.error_types) <= _TOO_LATE, answer.errors

    async def end_at_bank(self) -> None:
        """Have the bank tell of what it has not told of yet, and end the refunds that are under way."""
        bank = f"{self.client.outputs['bankUrl']}/_bank"
        async with aiohttp.ClientSession() as session:
            await (await session.post(f"{bank}/tell")).read()
            async with session.get(f"{bank}/payments") as found:
                payments = (await found.json())["payments"]
            for payment in payments:
                if payment.get("refunding"):
                    await (await session.post(f"{bank}/payments/{payment['ref']}/refund_done")).read()


async def _buyer(client: StackClient) -> tuple[Person, str]:
    person = await client.new_user()
    picture = await upload(client, person, encoded(noise(640, 480), "PNG"))
    given = {"name": "Huế", "photos": [{"id": picture}]}
    return person, (await insist(client, person, "createAlbum", input=given))["createAlbum"]["id"]
