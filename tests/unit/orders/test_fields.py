"""The fields of orders, as AppSync asks them; their links; and what subscribers are told."""

import json
from dataclasses import replace
from typing import Any

import pytest

from studio.clock import iso
from studio.documents.spec import Product
from studio.dynamo import pack
from studio.jobs.model import Job
from studio.orders import transitions
from studio.orders.item import order_to_item
from studio.orders.model import Order, OrderFailure, OrderItemKind, OrderStatus, OrderStepKind
from tests.unit.albums.parts import Parts
from tests.unit.orders import samples
from tests.unit.orders.counter import SAIGON, Counter, item
from tests.unit.orders.samples import FILE
from tests.unit.orders.shop import OrderShop
from tests.unit.payments.test_fields import ENVIRONMENT
from tests.unit.resolvers.conftest import Load, api, load
from tests.unit.resolvers.events import appsync, numbers, stream_of
from tests.unit.resolvers.graphql_api import Api
from tests.unit.world import ADMIN, NOON, OTHER, USER, World

__all__ = ["api", "load"]  # the fixtures of the other handlers

F = OrderFailure
ADDRESS = {"name": "Ada", "line1": "9 Orchard Road", "city": "Singapore", "countryCode": "SG", "postalCode": "238801"}


@pytest.fixture
def ask(load: Load, world: World) -> Any:
    world.joined(ADMIN)
    world.joined(OTHER)
    handler = load("resolvers.fields.orders", **ENVIRONMENT).handler
    return lambda *event, **options: handler(appsync(*event, **options), None)


def test_the_public_reads_what_each_thing_costs(ask: Any) -> None:
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


def test_an_order_is_quoted_and_made(ask: Any, counter: Counter) -> None:
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


def test_a_refusal_has_its_type_and_a_sentence(ask: Any, counter: Counter) -> None:
    asked = {"items": [item("ALBUM_PRINT", counter.album(), 0)], "currency": "USD", "countryCode": "VN"}
    error = ask("Query.quoteOrder", {"input": asked})["error"]
    sentence, facts = "The quantity of a print is 1 to 20.", {"min": 1, "max": 20}
    assert error == {"type": "QUANTITY_OUT_OF_RANGE", "message": sentence, "info": facts}


def test_nobody_orders_without_signing_in(ask: Any) -> None:
    given = {"items": [item("ALBUM_PDF", "x")], "currency": "USD", "clientRequestId": "1"}
    for field in ("Query.quoteOrder", "Mutation.createOrder"):
        assert ask(field, {"input": given}, None)["error"]["type"] == "UNAUTHORIZED"


# ---- orders that were made


def test_an_order_is_seen_by_its_customer_and_by_administrators(ask: Any, shop: OrderShop) -> None:
    order = shop.ordered()
    seen = ask("Query.order", {"id": order.id})["data"]
    assert (seen["id"], seen["status"], seen["actions"]) == (order.id, "PENDING", ["PAY", "CANCEL", "CHANGE_ADDRESS"])
    assert (seen["address"]["line1"], seen["downloads"]) == ("1 Orchard Road", [])
    assert ask("Query.order", {"id": order.id}, ADMIN)["data"] == seen
    assert ask("Query.order", {"id": order.id}, OTHER)["data"] is None
    assert ask("Query.order", {"id": order.id}, None)["error"]["type"] == "UNAUTHORIZED"
    assert ask("Query.order", {"id": "A-1"})["error"]["type"] == "ID_MALFORMED"


def test_whoever_holds_its_id_sees_how_it_stands_and_no_more(ask: Any, shop: OrderShop) -> None:
    order, _ = shop.paid_for()
    shop.change(order, lambda each: transitions.stepped(each, OrderStepKind.RENDERED, now=NOON, note="Ada"))
    seen = ask("Query.orderStatus", {"id": order.id}, None)["data"]
    assert seen.keys() == {"id", "status", "version", "steps", "parcels", "updatedAt"}
    assert [step["kind"] for step in seen["steps"]] == ["PAID", "RENDERED"]
    assert "Ada" not in json.dumps(seen)


def test_lists(ask: Any, shop: OrderShop) -> None:
    waiting, (paid, _) = shop.ordered(), shop.paid_for()
    assert {each["id"] for each in ask("Query.orders", {})["data"]["items"]} == {waiting.id, paid.id}
    assert [each["id"] for each in ask("Query.orders", {"status": "PROCESSING"})["data"]["items"]] == [paid.id]
    assert ask("Query.orders", {}, OTHER)["data"] == {"items": [], "nextToken": None}
    found = ask("Query.ordersByStatus", {"status": "PENDING", "limit": 1}, ADMIN)["data"]
    assert [each["id"] for each in found["items"]] == [waiting.id]
    assert ask("Query.ordersByStatus", {"status": "PENDING"})["error"]["type"] == "UNAUTHORIZED"
    assert ask("Query.orders", {"limit": 101})["error"]["type"] == "LIMIT_OUT_OF_RANGE"


def test_a_page_with_links_has_no_more_orders_than_a_request_has_resolvers(ask: Any, shop: OrderShop) -> None:
    for _ in range(45):
        shop.ordered()
    whole = ask("Query.orders", {"limit": 100})["data"]
    assert (len(whole["items"]), whole["nextToken"]) == (45, None)
    linked = ask("Query.orders", {"limit": 100}, select=("items", "items/downloads"))["data"]
    assert len(linked["items"]) == 40
    rest = ask("Query.orders", {"limit": 100, "nextToken": linked["nextToken"]}, select=("items/downloads",))["data"]
    assert len(rest["items"]) == 5
    for limit in (0, 101):
        refused = ask("Query.orders", {"limit": limit}, select=("items/downloads",))
        assert refused["error"]["type"] == "LIMIT_OUT_OF_RANGE"


def test_what_a_customer_does(ask: Any, shop: OrderShop) -> None:
    order, _ = shop.paid_for()
    moved = ask("Mutation.changeOrderAddress", {"id": order.id, "address": ADDRESS})["data"]
    assert moved["address"]["line1"] == "9 Orchard Road"
    bad = {"id": order.id, "address": {**ADDRESS, "name": ""}}
    assert ask("Mutation.changeOrderAddress", bad)["error"]["type"] == "ADDRESS_MALFORMED"
    assert ask("Mutation.processOrder", {"id": order.id})["data"]["status"] == "PROCESSING"
    assert ask("Mutation.cancelOrder", {"id": order.id}, OTHER)["data"] is None
    canceled = ask("Mutation.cancelOrder", {"id": order.id})["data"]
    assert (canceled["status"], canceled["address"], canceled["actions"]) == ("CANCELED", None, [])
    assert ask("Mutation.cancelOrder", {"id": order.id})["error"]["type"] == "ORDER_ENDED"
    waiting = shop.ordered()
    assert ask("Mutation.processOrder", {"id": waiting.id})["error"]["type"] == "ORDER_NOT_PAID"


def test_what_an_administrator_does(ask: Any, shop: OrderShop) -> None:
    order = shop.ordered()
    given = {"id": order.id, "status": "CANCELED", "errorMessage": "Out of paper."}
    assert ask("Mutation.updateOrderStatus", given)["error"]["type"] == "UNAUTHORIZED"
    ended = ask("Mutation.updateOrderStatus", given, ADMIN)["data"]
    assert (ended["status"], ended["errorMessage"]) == ("CANCELED", "Out of paper.")
    again = ask("Mutation.updateOrderStatus", {"id": order.id, "status": "COMPLETED"}, ADMIN)
    assert again["error"]["type"] == "ORDER_STATUS_NOT_POSSIBLE"


@pytest.mark.parametrize("failure", OrderFailure)
def test_an_order_that_others_ended_says_why(ask: Any, shop: OrderShop, failure: OrderFailure) -> None:
    """Where a file could not be made, whoever ended the order has said so."""
    order = shop.ordered(status=OrderStatus.CANCELED, failure=failure)
    by_others = {F.NOT_PAID, F.MONEY_WENT_BACK, F.PRINTER_REFUSED, F.PRINTER_CANCELED, F.ENDED_BY_ADMIN}
    assert bool(ask("Query.order", {"id": order.id})["data"]["errorMessage"]) == (failure in by_others)
    order = shop.ordered(status=OrderStatus.FAILED, failure=failure, note="Out of paper.")
    assert ask("Query.order", {"id": order.id})["data"]["errorMessage"] == "Out of paper."


def test_one_follows_ones_own_orders(ask: Any) -> None:
    assert ask("Subscription.onOrder", {"customer": USER.sub}) == {"data": None}
    for who in (OTHER, ADMIN):
        assert ask("Subscription.onOrder", {"customer": USER.sub}, who)["error"]["type"] == "UNAUTHORIZED"


# ---- files


def delivered(shop: OrderShop, kind: OrderItemKind) -> tuple[Order, Job]:
    """Return an order of an album that is delivered, and the job that made its file."""
    parts = Parts(shop.world)
    album = parts.album(parts.picture())
    parts.render(album, Product.SCREEN)
    parts.completed(parts.rendering(album, Product.SCREEN))
    job = parts.rendering(album, Product.SCREEN)
    order, _ = shop.paid_for(items=(replace(FILE, kind=kind, document=album.id),))
    shop.change(order, lambda each: transitions.rendering(each, {album.id: job.id}, NOON))
    steps = OrderStepKind.RENDERED, OrderStepKind.DELIVERED
    return shop.change(order, lambda each: transitions.stepped(each, *steps, now=NOON)), job


def test_who_answers_an_order_brings_its_files_and_another_function_their_links(
    ask: Any, load: Load, shop: OrderShop
) -> None:
    order, job = delivered(shop, OrderItemKind.ALBUM_PDF)
    assert job.pdf
    for who in (USER, ADMIN):
        (brought,) = ask("Query.order", {"id": order.id}, who, select=("downloads",))["data"]["downloads"]
        assert brought == {"key": job.pdf.key, "contentType": "application/pdf"}
    (listed,) = ask("Query.orders", {}, select=("items/downloads",))["data"]["items"]
    assert listed["downloads"] == [brought]
    signing = load("resolvers.fields.media").handler
    (first, second) = signing([appsync("Order.downloads", {"files": [brought]}, None)] * 2, None)
    assert first.keys() == second.keys() == {"data"}
    (link,) = first["data"]
    assert f"/{job.pdf.key}?" in link["url"]
    assert link["expiresAt"] > iso(shop.world.time)


def test_files_are_looked_for_only_where_links_are_asked_for(ask: Any, shop: OrderShop) -> None:
    order, _ = delivered(shop, OrderItemKind.ALBUM_PDF)
    assert ask("Query.order", {"id": order.id}, select=("id",))["data"]["downloads"] == []


def test_of_what_is_printed_or_not_delivered_or_gone_there_are_no_files(ask: Any, shop: OrderShop) -> None:
    def downloads(order: Order) -> Any:
        return ask("Query.order", {"id": order.id}, select=("downloads",))["data"]["downloads"]

    book, _ = delivered(shop, OrderItemKind.ALBUM_PRINT)
    assert downloads(book) == []
    file, job = delivered(shop, OrderItemKind.ALBUM_PDF)
    early, _ = shop.paid_for(items=file.items)
    shop.change(early, lambda each: transitions.rendering(each, file.renderings, NOON))
    assert downloads(early) == []
    assert len(downloads(file)) == 1
    shop.world.jobs.discard({"id": job.id})
    assert downloads(file) == []


# ---- what subscribers are told


def changed(before: Order | None, after: Order) -> dict[str, Any]:
    old = {"OldImage": pack(order_to_item(before))} if before else {}
    change = {"Keys": {"id": {"S": after.id}}, "NewImage": pack(order_to_item(after)), **old}
    number = f"{after.id}-{after.version}"
    arn = stream_of("Orders")
    return {"eventName": "MODIFY", "eventSourceARN": arn, "dynamodb": {**change, "SequenceNumber": number}}


def test_a_change_is_told_without_address_and_links(load: Load, api: str) -> None:
    before = samples.pending()
    after = transitions.paid(before, "payment-1", NOON)
    records = [changed(None, before), changed(before, after), changed(after, replace(after, due=9))]
    assert numbers(load("resolvers.streams.publish", GRAPHQL_URL=api).handler({"Records": records}, None)) == []
    told = [(name, view["version"]) for name, view in Api.views]
    assert told == [("Order", 1), ("Order", 2)], "that it is looked at again is no news"
    assert "Orchard" not in json.dumps(Api.views)
    assert {(view["address"], *view["downloads"]) for _, view in Api.views} == {(None,)}
