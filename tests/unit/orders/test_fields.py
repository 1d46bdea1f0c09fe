"""The fields of orders, as AppSync calls them."""

from collections.abc import Callable
from typing import Any

import pytest

from tests.unit.orders.counter import SAIGON, Counter, item
from tests.unit.resolvers.conftest import Load, load
from tests.unit.resolvers.events import appsync

__all__ = ["load"]  # the fixture of the other handlers

Ask = Callable[..., Any]


@pytest.fixture
def ask(load: Load) -> Ask:
    module = load("resolvers.fields.orders")
    return lambda *event: module.handler(appsync(*event), None)


def test_the_public_reads_what_each_thing_costs(ask: Ask) -> None:
    prices = ask("Query.priceList", {"currency": "VND"}, None)["data"]
    assert [(each["kind"], each["product"], each["unitPrice"]["minor"], each["pages"]) for each in prices] == [
        ("ALBUM_PDF", None, 129_000, None),
        ("COLLAGE_FILE", None, 49_000, None),
        ("ALBUM_PRINT", "ALBUM_A4_LANDSCAPE", 659_000, 24),
        ("COLLAGE_PRINT", "PRINT_8X10", 342_000, None),
        ("COLLAGE_PRINT", "PRINT_8X12", 369_000, None),
        ("COLLAGE_PRINT", "PRINT_10X10", 399_000, None),
    ]
    assert prices[2]["pricePerTwoPages"] == {"minor": 26_000, "currency": "VND"}


def test_an_order_is_quoted_and_made(ask: Ask, counter: Counter) -> None:
    items = [item("ALBUM_PRINT", counter.album(), 2), item("COLLAGE_FILE", counter.collage())]
    asked = {"items": items, "currency": "USD"}
    quote = ask("Query.quoteOrder", {"input": {**asked, "countryCode": "VN"}})["data"]
    assert quote["totalPrice"] == {"minor": 2 * 2_499 + 199 + 1_099 + 2 * 349, "currency": "USD"}
    assert [(each["product"], each["pages"], each["quantity"]) for each in quote["items"]] == [
        ("ALBUM_A4_LANDSCAPE", 24, 2),
        (None, None, 1),
    ]
    assert [(each["page"], each["dpi"]) for each in quote["warnings"]] == [(None, 53), (1, 71), (None, None)]
    assert {each["albumId"] for each in quote["warnings"]} == {items[0]["albumId"]}
    given = {**asked, "clientRequestId": "1", "quoteId": quote["id"], "address": SAIGON}
    order = ask("Mutation.createOrder", {"input": given})["data"]
    assert order["totalPrice"] == quote["totalPrice"]
    assert order["items"] == quote["items"]
    assert order["address"]["countryCode"] == "VN"
    assert (order["status"], order["downloads"]) == ("PENDING", [])
    assert order["actions"] == ["PAY", "CANCEL", "CHANGE_ADDRESS"]
    assert order["expiresAt"] == int(counter.world.time.timestamp()) + 48 * 3600
    assert ask("Mutation.createOrder", {"input": given})["data"]["id"] == order["id"]


def test_a_refusal_has_its_type_and_a_sentence(ask: Ask, counter: Counter) -> None:
    asked = {"items": [item("ALBUM_PRINT", counter.album(), 0)], "currency": "USD", "countryCode": "VN"}
    error = ask("Query.quoteOrder", {"input": asked})["error"]
    assert error == {"type": "QUANTITY_OUT_OF_RANGE", "message": "The quantity of ALBUM_PRINT is 1 to 20."}


def test_nobody_orders_without_signing_in(ask: Ask) -> None:
    given = {"items": [item("ALBUM_PDF", "x")], "currency": "USD", "clientRequestId": "1"}
    for field in ("Query.quoteOrder", "Mutation.createOrder"):
        assert ask(field, {"input": given}, None)["error"]["type"] == "UNAUTHORIZED"
