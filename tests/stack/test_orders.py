"""Orders on the running stack: what they cost, and what is refused before anything is ordered."""

import uuid
from typing import Any

import pytest
import pytest_asyncio

from local.client import Answer, Person
from tests.stack.client import StackClient
from tests.stack.test_albums import create, pictures

pytestmark = pytest.mark.asyncio(loop_scope="module")

_MONEY = "{ minor currency }"
_ITEMS = f"items {{ kind albumId collageId quantity unitPrice {_MONEY} product pages }}"
_TOTAL = f"shipping {_MONEY} totalPrice {_MONEY}"
QUOTE = (
    "query Q($input: OrderQuoteInput!) { quoteOrder(input: $input) {"
    f" id {_ITEMS} {_TOTAL} validUntil warnings {{ albumId page dpi message }} }} }}"
)
ORDER = (
    "mutation M($input: CreateOrderInput!) { createOrder(input: $input) {"
    f" id status {_ITEMS} {_TOTAL} address {{ name city phone }} actions expiresAt downloads {{ url }} }} }}"
)
ADDRESS = {
    "name": "Đặng Thị Hoa",
    "line1": "12 Nguyễn Huệ",
    "city": "Hồ Chí Minh",
    "postalCode": "700000",
    "countryCode": "VN",
    "phone": "+84 912 345 678",
}


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def person(client: StackClient) -> Person:
    return await client.new_user()


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def album(client: StackClient, person: Person) -> str:
    photos = [{"id": id_} for id_ in await pictures(client, person, 2)]
    return (await create(client, person, "Album", name="Đà Lạt", photos=photos))["id"]


def book(album: str, copies: int = 1) -> dict[str, Any]:
    return {"kind": "ALBUM_PRINT", "albumId": album, "quantity": copies}


async def quote(client: StackClient, person: Person, *items: dict[str, Any], **given: Any) -> Answer:
    asked = {"items": items, "currency": "VND", "countryCode": "VN", **given}
    return await client.graphql(QUOTE, {"input": asked}, person)


async def order(client: StackClient, person: Person, *items: dict[str, Any], **given: Any) -> Answer:
    asked = {"clientRequestId": str(uuid.uuid4()), "items": items, "currency": "VND", "address": ADDRESS, **given}
    return await client.graphql(ORDER, {"input": asked}, person)


async def test_an_album_is_ordered_at_the_price_that_was_quoted(
    client: StackClient, person: Person, album: str
) -> None:
    items = [book(album, 2), {"kind": "ALBUM_PDF", "albumId": album, "quantity": 1}]
    quoted = (await quote(client, person, *items)).data["quoteOrder"]
    assert quoted["totalPrice"] == {"minor": 2 * 659_000 + 129_000 + 289_000 + 2 * 92_000, "currency": "VND"}
    assert [each["pages"] for each in quoted["items"]] == [24, None]
    assert {each["dpi"] for each in quoted["warnings"]} == {53, 71, None}
    request = str(uuid.uuid4())
    once = (await order(client, person, *items, quoteId=quoted["id"], clientRequestId=request)).data["createOrder"]
    assert (once["status"], once["actions"]) == ("PENDING", ["PAY", "CANCEL", "CHANGE_ADDRESS"])
    assert (once["items"], once["totalPrice"]) == (quoted["items"], quoted["totalPrice"])
    assert once["address"] == {"name": "Đặng Thị Hoa", "city": "Hồ Chí Minh", "phone": "+84912345678"}
    again = (await order(client, person, *items, quoteId=quoted["id"], clientRequestId=request)).data["createOrder"]
    assert again == once


async def test_the_public_reads_prices_and_templates(client: StackClient) -> None:
    document = "{ priceList(currency: SGD) { kind unitPrice { minor } } collageTemplates { template maxPictures } }"
    for as_ in ("api_key", "guest", "user"):
        told = (await client.graphql(document, as_=as_)).data
        assert {each["kind"] for each in told["priceList"]} == {
            "ALBUM_PDF",
            "ALBUM_PRINT",
            "COLLAGE_FILE",
            "COLLAGE_PRINT",
        }
        assert len(told["collageTemplates"]) == 5


# What is asked otherwise than it should be, and what it is refused for.
BAD_ITEMS = {
    "QUANTITY_OUT_OF_RANGE": {"quantity": 0},
    "ITEM_MISMATCH": {"collageId": str(uuid.uuid4())},
    "DOCUMENT_UNKNOWN": {"albumId": str(uuid.uuid4())},
    "ID_MALFORMED": {"albumId": "../mine"},
}
BAD_ORDERS = {
    "ADDRESS_MISSING": {"address": None},
    "ADDRESS_MALFORMED": {"address": ADDRESS | {"postalCode": None}},
    "COUNTRY_NOT_SERVED": {"address": ADDRESS | {"countryCode": "KP"}},
    "QUOTE_UNKNOWN": {"quoteId": str(uuid.uuid4())},
    "REQUEST_ID_MALFORMED": {"clientRequestId": "a b"},
    "ValidationError": {"address": ADDRESS | {"phone": "call me"}},
}


@pytest.mark.parametrize("type_", BAD_ITEMS)
async def test_an_item_that_cannot_be_ordered(client: StackClient, person: Person, album: str, type_: str) -> None:
    item = book(album) | BAD_ITEMS[type_]
    assert (await quote(client, person, item)).error_types == [type_]
    assert (await order(client, person, item)).error_types == [type_]


@pytest.mark.parametrize("type_", BAD_ORDERS)
async def test_an_order_that_cannot_be_made(client: StackClient, person: Person, album: str, type_: str) -> None:
    assert (await order(client, person, book(album), **BAD_ORDERS[type_])).error_types == [type_]


async def test_too_many_items_the_same_twice_and_an_album_without_pictures(
    client: StackClient, person: Person, album: str
) -> None:
    empty = (await create(client, person, "Album", name="Empty"))["id"]
    assert (await quote(client, person, book(empty))).error_types == ["DOCUMENT_EMPTY"]
    assert (await quote(client, person, book(album), book(album))).error_types == ["ITEM_REPEATED"]
    assert (await quote(client, person, *([book(album)] * 11))).error_types == ["ITEMS_OUT_OF_RANGE"]
    assert (await quote(client, person, book(album), countryCode=None)).error_types == ["COUNTRY_MISSING"]


async def test_a_quote_is_for_an_album_as_it_was(client: StackClient, person: Person, album: str) -> None:
    mine = (await quote(client, person, book(album))).data["quoteOrder"]["id"]
    other = await order(client, person, book(album, 2), quoteId=mine)
    assert other.error_types == ["QUOTE_MISMATCH"]
    document = "mutation M($id: ID!, $input: AlbumInput!) { updateAlbum(id: $id, input: $input) { name } }"
    await client.graphql(document, {"id": album, "input": {"name": "Huế"}}, person)
    assert (await order(client, person, book(album), quoteId=mine)).error_types == ["QUOTE_MISMATCH"]
