"""Orders on the running stack: made, paid at both banks, told of, looked at, canceled."""

import uuid
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from typing import Any, Final

import pytest

from local.client import Person
from tests.sdl import committed, operation
from tests.stack.asking import ask, get
from tests.stack.client import StackClient
from tests.stack.event_log import EventLog, event_log
from tests.stack.files import encoded, noise, upload
from tests.stack.paying import CURRENCIES, Bank, order

ON_ORDER: Final = operation(committed(), "Subscription.onOrder")
HUE: Final = {"name": "Ada", "line1": "1 Lê Lợi", "city": "Huế", "postalCode": "530000", "countryCode": "VN"}


@asynccontextmanager
async def customer(client: StackClient) -> AsyncGenerator[tuple[Person, EventLog]]:
    """Somebody who hears of their orders."""
    person = await client.new_user()
    async with event_log(client, person, document=ON_ORDER, whose="customer") as events:
        yield person, events


async def ordered(client: StackClient, person: Person, kind: str = "ALBUM_PRINT", currency: str = "VND") -> Any:
    picture = await upload(client, person, encoded(noise(640, 480, seed=1), "PNG"))
    album = await get(client, person, "createAlbum", input={"name": "Huế", "photos": [{"id": picture}]})
    item = {"kind": kind, "albumId": album["id"], "quantity": 1}
    where = {"address": HUE} if kind.endswith("PRINT") else {}
    given = {"clientRequestId": str(uuid.uuid4()), "items": [item], "currency": currency, **where}
    return await get(client, person, "createOrder", input=given)


async def begin(client: StackClient, person: Person, made: Any, provider: str) -> Any:
    given = order(provider, packageId=None, orderId=made["id"])
    return await get(client, person, "createPayment", input=given)


async def becomes(events: EventLog, made: Any, status: str) -> Any:
    await events.until(lambda _: any(each["status"] == status for each in events.of(made["id"])))
    return next(each for each in events.of(made["id"]) if each["status"] == status)


@pytest.mark.parametrize("provider", CURRENCIES)
async def test_an_order_is_paid_at_the_bank_and_its_customer_told(client: StackClient, provider: str) -> None:
    async with customer(client) as (person, events):
        made = await ordered(client, person, currency=CURRENCIES[provider])
        payment = await begin(client, person, made, provider)
        assert (payment["amount"], payment["points"], payment["orderId"]) == (made["totalPrice"], 0, made["id"])
        await Bank(client.outputs["bankUrl"]).act(payment, "pay")
        told = await becomes(events, made, "PROCESSING")
        assert (told["customer"], told["address"], told["downloads"]) == (person.sub, None, [])
        assert [step["kind"] for step in told["steps"]] == ["PAID"]
        again = await ask(client, person, "createPayment", input=order(provider, packageId=None, orderId=made["id"]))
        assert again.error_types == ["ORDER_NOT_PAYABLE"]
        shown = await get(client, "api_key", "orderStatus", id=made["id"])
        assert (shown["id"], shown["steps"][0]["kind"]) == (made["id"], "PAID")


async def test_an_order_is_moved_canceled_and_listed(client: StackClient) -> None:
    async with customer(client) as (person, events):
        made = await ordered(client, person)
        elsewhere = await get(client, person, "changeOrderAddress", id=made["id"], address={**HUE, "line1": "2 Lê Lợi"})
        assert elsewhere["address"]["line1"] == "2 Lê Lợi"
        assert (await ask(client, person, "processOrder", id=made["id"])).error_types == ["ORDER_NOT_PAID"]
        canceled = await get(client, person, "cancelOrder", id=made["id"])
        assert (canceled["status"], canceled["address"], canceled["actions"]) == ("CANCELED", None, [])
        await becomes(events, made, "CANCELED")
        assert (await ask(client, person, "cancelOrder", id=made["id"])).error_types == ["ORDER_ENDED"]
        listed = await get(client, person, "orders", status="CANCELED")
        assert [each["id"] for each in listed["items"]] == [made["id"]]
        assert (await get(client, person, "orders", status="PENDING"))["items"] == []
