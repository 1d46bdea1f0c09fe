"""Orders on the running stack, from paid to delivered: files that open, a book in two parcels, and mails of it all."""

import asyncio
import uuid
from collections.abc import Mapping
from typing import Any

import aiohttp
import pytest

from local.client import Person
from studio.dynamo import unpack
from tests.stack.asking import get, until
from tests.stack.behind import Behind
from tests.stack.client import PATIENCE_SECONDS, Pause, StackClient
from tests.stack.files import encoded, noise, upload
from tests.stack.mailbox import Mailbox
from tests.stack.paying import Bank, order
from tests.stack.printer import Dashboard

SAIGON = {
    "name": "Đặng Thị Hoa",
    "line1": "12 Nguyễn Huệ",
    "city": "Hồ Chí Minh",
    "postalCode": "700000",
    "countryCode": "VN",
}


@pytest.fixture
def mailbox(client: StackClient) -> Mailbox:
    return Mailbox(client.outputs["mailboxUrl"])


async def ordered(client: StackClient, person: Person, *kinds: str, **given: Any) -> str:
    """Order an album of one picture, and return the order's id."""
    picture = await upload(client, person, encoded(noise(1600, 1200), "JPEG", quality=85))
    album = await get(client, person, "createAlbum", input={"name": "Đà Lạt", "photos": [{"id": picture}]})
    items = [{"kind": kind, "albumId": album["id"], "quantity": 1} for kind in kinds]
    asked = {"clientRequestId": str(uuid.uuid4()), "items": items, "currency": "USD", **given}
    return (await get(client, person, "createOrder", input=asked))["id"]


async def pay(client: StackClient, person: Person, id_: str) -> None:
    payment = await get(client, person, "createPayment", input=order("STRIPE", packageId=None, orderId=id_))
    await Bank(client.outputs["bankUrl"]).act(payment, "pay")


def row(client: StackClient, id_: str) -> Mapping[str, Any]:
    table = client.outputs["tables"]["Orders"]
    return unpack(client.boto("dynamodb").get_item(TableName=table, Key={"id": {"S": id_}})["Item"])


async def becomes(client: StackClient, id_: str, status: str) -> None:
    await until(lambda: row(client, id_)["status"] == status)


async def files_of(client: StackClient, person: Person, id_: str) -> list[bytes]:
    """Return the files that a customer can download of an order."""
    links = [each["url"] for each in (await get(client, person, "order", id=id_))["downloads"]]
    async with aiohttp.ClientSession() as session:
        return [await (await session.get(url)).read() for url in links]


def steps(shown: Mapping[str, Any]) -> list[str]:
    return [step["kind"] for step in shown["steps"]]


async def test_files_that_are_paid_for_can_be_opened(client: StackClient, mailbox: Mailbox) -> None:
    person = await client.new_user()
    id_ = await ordered(client, person, "ALBUM_PDF")
    await pay(client, person, id_)
    await becomes(client, id_, "COMPLETED")
    assert steps(row(client, id_)) == ["PAID", "RENDERED", "DELIVERED"]
    (file,) = await files_of(client, person, id_)
    assert file.startswith(b"%PDF-")
    confirmed = await mailbox.await_of(person, "ORDER_CONFIRMED")
    ready = await mailbox.await_of(person, "ORDER_READY")
    assert (confirmed["subject"], ready["subject"]) == ("Your order is confirmed: $4.99", "Your files are ready")
    assert id_ in ready["text"]


async def test_a_book_is_printed_and_sent_in_two_parcels(client: StackClient, mailbox: Mailbox) -> None:
    person = await client.new_user()
    id_ = await ordered(client, person, "ALBUM_PRINT", "ALBUM_PDF", address=SAIGON)
    await pay(client, person, id_)
    dashboard = Dashboard(client.outputs["printerUrl"])
    await until(lambda: "SUBMITTED" in steps(row(client, id_)))
    assert steps(row(client, id_)) == ["PAID", "RENDERED", "DELIVERED", "SUBMITTED"]
    pause = Pause()
    async with asyncio.timeout(PATIENCE_SECONDS):
        while (at_printer := (await dashboard.orders())[id_])["downloading"]:
            await pause()
    assert (at_printer["recipient"]["name"], at_printer["items"][0]["assets"][0]["pageCount"]) == (SAIGON["name"], 24)
    for action in ("start", "ship", "ship", "complete"):
        await dashboard.act(at_printer["id"], action)

    def is_completed() -> bool:
        Behind(client).invoke("printing-reconciler", {})
        return row(client, id_)["status"] == "COMPLETED"

    await until(is_completed)
    assert steps(row(client, id_)) == ["PAID", "RENDERED", "DELIVERED", "SUBMITTED", "IN_PRODUCTION", "SHIPPED"]
    numbers = [parcel["trackingNumber"] for parcel in (await get(client, person, "order", id=id_))["parcels"]]
    assert len({*numbers}) == 2
    await until_told(mailbox, person, numbers)


async def until_told(mailbox: Mailbox, person: Person, numbers: list[str]) -> None:
    """Wait until every parcel was written of, and see that no mail says where it goes."""
    pause = Pause()
    async with asyncio.timeout(PATIENCE_SECONDS):
        while True:
            mails = [each["text"] for each in await mailbox.of(person) if each["tags"]["kind"] == "ORDER_SHIPPED"]
            if all(any(number in mail for mail in mails) for number in numbers):
                break
            await pause()
    assert not any(SAIGON["line1"] in each["text"] + each["html"] for each in await mailbox.of(person))


async def test_money_for_what_cannot_be_made_goes_back(client: StackClient, mailbox: Mailbox) -> None:
    person = await client.new_user()
    id_ = await ordered(client, person, "ALBUM_PDF")
    album = row(client, id_)["items"][0]["document"]
    await get(client, person, "deleteAlbum", id=album)
    await pay(client, person, id_)
    await becomes(client, id_, "FAILED")
    assert "no longer there" in row(client, id_)["note"]
    failed = await mailbox.await_of(person, "ORDER_FAILED")
    assert "We return $4.99 to you" in failed["text"]
    await mailbox.await_of(person, "PAYMENT_REFUNDED")
