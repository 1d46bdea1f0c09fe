"""The function that follows orders, as Lambda calls it: each change is acted on, mailed of, and holds up no other."""

import json
from collections.abc import Iterator
from typing import Any

import boto3
import pytest

from studio.dynamo import pack
from studio.orders.model import Order, OrderFailure, OrderItemKind, OrderStatus, OrderStepKind
from studio.orders.transitions import canceled
from studio.printing.model import PrintStatus
from tests.unit.fault_injection import unreachable
from tests.unit.orders.works import GONE, Works, parcel
from tests.unit.resolvers.conftest import Load
from tests.unit.resolvers.conftest import load as load  # noqa: PLC0414 - a fixture
from tests.unit.resolvers.events import numbers, stream_of
from tests.unit.world import World

K = OrderItemKind


@pytest.fixture
def works(world: World) -> Works:
    world.joined()
    return Works(world)


@pytest.fixture
def queues(world: World) -> Iterator[dict[str, str]]:
    assert world
    sqs: Any = boto3.client("sqs")
    urls = {name: sqs.create_queue(QueueName=f"orders-{name}")["QueueUrl"] for name in ("mail", "unread")}
    yield urls
    for url in urls.values():
        sqs.delete_queue(QueueUrl=url)


@pytest.fixture
def stream(load: Load, queues: dict[str, str]) -> Any:
    return load("resolvers.streams.orders", MAIL_QUEUE=queues["mail"], UNREAD_QUEUE=queues["unread"])


def lying(url: str) -> list[Any]:
    sqs: Any = boto3.client("sqs")
    found = sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10).get("Messages", [])
    return [json.loads(each["Body"]) for each in found]


class Watched:
    """An order whose changes become records, as its table's stream has them."""

    def __init__(self, works: Works, order: Order) -> None:
        self.works, self.id, self.table = works, order.id, works.shop.orders
        self.row = self._row()

    def record(self) -> dict[str, Any]:
        """Return what has changed since the last time."""
        before, self.row = self.row, self._row()
        return change("Orders", before, self.row)

    def _row(self) -> dict[str, Any]:
        return self.table.get({"id": self.id}) or {}


def change(table: str, before: dict[str, Any], after: dict[str, Any]) -> dict[str, Any]:
    images = {"OldImage": pack(before), "NewImage": pack(after)}
    place = {"Keys": {"id": {"S": after["id"]}}, "SequenceNumber": f"{after['id']}-{after['version']}"}
    return {
        "eventName": "MODIFY",
        "eventID": str(after["version"]),
        "eventSourceARN": stream_of(table),
        "dynamodb": {**images, **place},
    }


def react(stream: Any, *records: dict[str, Any]) -> list[str]:
    return numbers(stream.handler({"Records": list(records)}, None))


def test_an_order_goes_from_paid_to_delivered_by_its_records_alone(
    works: Works, stream: Any, queues: dict[str, str]
) -> None:
    order = works.ordered(K.ALBUM_PDF)
    watched = Watched(works, order)
    works.pay(order)
    assert react(stream, watched.record()) == []
    assert [mail["kind"] for mail in lying(queues["mail"])] == ["ORDER_CONFIRMED"]
    (job,) = works.running(order)
    assert react(stream, watched.record()) == []
    works.make(job)
    works.shop.orders.apply(works.shop.orders.look_again(order.id, works.world.time))
    assert react(stream, watched.record()) == []
    assert works.now(order).status == OrderStatus.COMPLETED
    assert react(stream, watched.record()) == []
    assert [mail["kind"] for mail in lying(queues["mail"])] == ["ORDER_READY"]


def test_what_the_printer_says_is_followed_and_mailed_of(works: Works, stream: Any, queues: dict[str, str]) -> None:
    order = works.rendered(K.COLLAGE_PRINT)
    watched = Watched(works, order)
    works.see(order, works.state(order, PrintStatus.COMPLETE, parcel("p1", "T1"), parcel("p2")))
    row = works.print_orders.get({"id": order.id}) or {}
    assert react(stream, change("PrintOrders", row, row)) == []
    assert works.now(order).status == OrderStatus.COMPLETED
    assert react(stream, watched.record()) == []
    (mail,) = lying(queues["mail"])
    assert mail["kind"] == "ORDER_SHIPPED"
    assert mail["facts"]["parcel"] == {"url": "https://track.example/T1", "of": "DHL T1"}
    assert mail["facts"]["parcel#2"] == "p2"


def test_a_change_that_leaves_nothing_to_do_reads_nothing(
    works: Works, stream: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    order = works.paid(K.ALBUM_PDF)
    row = works.shop.orders.get({"id": order.id}) or {}
    monkeypatch.setattr(stream, "_fulfilment", None)
    assert react(stream, change("Orders", row, row)) == []
    works.shop.orders.apply(works.shop.orders.look_again(order.id, works.world.time))
    now = works.shop.orders.get({"id": order.id}) or {}
    assert react(stream, change("Orders", row, now)) == [f"{order.id}-{order.version}"]


def test_what_an_order_ended_with_is_forgotten(works: Works, stream: Any) -> None:
    order = works.ordered(K.ALBUM_PDF)
    watched = Watched(works, order)
    works.shop.change(order, lambda now: canceled(now, OrderFailure.NOT_PAID, works.world.time))
    assert works.documents.of_order(order.id)
    assert react(stream, watched.record()) == []
    assert works.documents.of_order(order.id) == []


def test_a_record_that_cannot_be_read_is_put_aside_without_what_it_holds(
    works: Works, stream: Any, queues: dict[str, str]
) -> None:
    spoiled, order = works.ordered(K.ALBUM_PRINT), works.ordered(K.ALBUM_PDF)
    row = works.shop.orders.get({"id": spoiled.id}) or {}
    watched = Watched(works, order)
    works.pay(order)
    assert react(stream, change("Orders", row, {**row, "status": "?"}), watched.record()) == []
    (letter,) = lying(queues["unread"])
    assert letter["keys"] == {"id": {"S": spoiled.id}}
    assert "Orchard" not in json.dumps(letter)
    assert works.running(order)


def test_neither_a_mail_nor_a_step_waits_for_the_other(
    works: Works, stream: Any, monkeypatch: pytest.MonkeyPatch, queues: dict[str, str]
) -> None:
    order = works.ordered(K.ALBUM_PDF)
    watched = Watched(works, order)
    works.pay(order)
    record = watched.record()
    monkeypatch.setattr(stream._outbox, "send", unreachable)
    assert react(stream, record) == [f"{order.id}-2"]
    assert works.running(order)
    monkeypatch.undo()
    monkeypatch.setattr(stream, "_fulfilment", None)
    assert react(stream, record) == [f"{order.id}-2"]
    assert [mail["kind"] for mail in lying(queues["mail"])] == ["ORDER_CONFIRMED"]


def test_who_is_told_of_an_end_is_told_of_the_refund_that_is_asked_for(
    works: Works, stream: Any, queues: dict[str, str]
) -> None:
    order = works.paid(K.ALBUM_PDF)
    watched = Watched(works, order)
    works.spoil(works.running(order)[0], GONE)
    works.advance(order)
    assert react(stream, watched.record()) == []
    (mail,) = lying(queues["mail"])
    assert (mail["kind"], "refund" in mail["facts"], "review" in mail["facts"]) == ("ORDER_FAILED", True, False)


def test_where_there_is_no_mail_orders_are_fulfilled_all_the_same(works: Works, load: Load) -> None:
    stream = load("resolvers.streams.orders", MAIL_QUEUE="")
    order = works.ordered(K.ALBUM_PDF)
    watched = Watched(works, order)
    works.pay(order)
    assert react(stream, watched.record()) == []
    works.make(works.running(order)[0])
    works.shop.orders.apply(works.shop.orders.look_again(order.id, works.world.time))
    assert react(stream, watched.record()) == []
    assert works.now(order).has(OrderStepKind.DELIVERED)
