"""The studio's client at the local printer, over HTTP: from a draft to two parcels, and what comes between."""

import hashlib
import json
import random
from dataclasses import replace
from functools import reduce
from typing import Any

import pytest

from studio.printing.cost import Cost
from studio.printing.merge import merge
from studio.printing.model import IssueKind, ParcelStatus, PrintStatus, Stage, Step
from studio.printing.prodigi.callback import order_of
from studio.printing.products import ALBUM, PRINTS
from studio.printing.protocol import PrinterUnavailableError, PrintRefusedError, Refusal
from studio.printing.request import PrintAction, QuoteItem, ShippingMethod
from tests.unit.printer.conftest import PAGES, Merchant, Printer, pdf


async def test_from_a_draft_to_two_parcels(printer: Printer) -> None:
    id_ = await printer.ask(printer.client().submit, printer.request())
    await printer.settled(id_)
    seen = [await printer.find(id_)]
    assert (seen[0].status, seen[0].steps[Step.DOWNLOAD], seen[0].reference) == (
        PrintStatus.IN_PROGRESS,
        Stage.COMPLETE,
        "order-1",
    )
    assert not seen[0].in_production
    seen += [await printer.does(id_, action) for action in ("start", "ship", "ship", "complete")]
    started, one, both, end = seen[1:]
    assert started.in_production
    assert [parcel.status for parcel in started.parcels] == [ParcelStatus.PROCESSING] * 2
    assert len(one.shipped) == 1
    assert len(both.shipped) == 2
    assert (end.status, end.steps) == (PrintStatus.COMPLETE, dict.fromkeys(Step, Stage.COMPLETE))
    numbers = {parcel.label.number for parcel in end.shipped if parcel.label}
    assert len(numbers) == 2
    assert None not in numbers
    assert all(parcel.dispatched_at for parcel in end.shipped)
    assert reduce(merge, random.Random(1).sample(seen * 3, len(seen) * 3)) == reduce(merge, seen)


async def test_the_printer_charges_what_it_quoted(printer: Printer) -> None:
    quotes = await printer.ask(printer.client().quote, printer.request(copies=2).items, "VN", "USD")
    standard = next(quote for quote in quotes if quote.method is ShippingMethod.STANDARD)
    assert (standard.goods, standard.shipping) == (Cost(2 * 1348, "USD"), Cost(1200, "USD"))
    order = await printer.does(await printer.submit(copies=2), "start")
    assert sum(charge.total.minor for charge in order.charges) == standard.total.minor


async def test_quotes_are_in_the_currency_that_was_asked_for(printer: Printer) -> None:
    items = [QuoteItem(product=ALBUM, copies=1, pages=26), *(QuoteItem(product=each, copies=1) for each in PRINTS)]
    quotes = await printer.ask(printer.client().quote, items, "VN", "VND")
    assert {quote.method for quote in quotes} == set(ShippingMethod) - {ShippingMethod.STANDARD_PLUS}
    assert {quote.goods for quote in quotes} == {Cost((1348 + 50 + 600 + 700 + 800) * 263, "VND")}


async def test_a_draft_is_shown_as_one(printer: Printer, merchant: Merchant) -> None:
    await printer.submit()
    assert json.loads(merchant.requests[0])["data"]["order"]["status"]["stage"] == "Draft"


async def test_the_same_order_twice_is_one(printer: Printer) -> None:
    first = await printer.submit()
    again = await printer.submit(url=f"{printer.merchant_url}/album.pdf?X-Signature=2")
    assert again == first
    assert len(await printer.orders()) == 1


async def test_another_order_under_the_same_key_is_refused(printer: Printer) -> None:
    await printer.submit()
    for change in ({"copies": 2}, {"reference": "order-2"}, {"method": ShippingMethod.EXPRESS}):
        with pytest.raises(PrintRefusedError) as refusal:
            await printer.submit(**change)
        assert refusal.value.refusal == Refusal.KEY_REUSED
    assert len(await printer.orders()) == 1
    assert await printer.submit(key="key-2", copies=2)


async def test_an_answer_that_is_lost_makes_no_second_order(printer: Printer) -> None:
    await printer.put("faults", ["lost"])
    id_ = await printer.submit()
    assert printer.pauses == [0.5]
    assert [order["id"] for order in await printer.orders()] == [id_]


async def test_all_answers_are_lost_and_the_next_day_it_is_the_same_order(printer: Printer) -> None:
    await printer.put("faults", ["lost", "lost", "lost"])
    with pytest.raises(PrinterUnavailableError):
        await printer.ask(printer.client().submit, printer.request())
    (order,) = await printer.orders()
    assert await printer.submit() == order["id"]
    assert len(await printer.orders()) == 1


@pytest.mark.parametrize("faults", [[503], [429, 500]])
async def test_what_passes_is_asked_again(printer: Printer, faults: list[int]) -> None:
    await printer.put("faults", faults)
    assert await printer.submit()
    assert len(await printer.orders()) == 1


async def test_a_cancellation_before_production(printer: Printer) -> None:
    id_ = await printer.submit()
    assert PrintAction.CANCEL in await printer.ask(printer.client().actions, id_)
    assert (await printer.ask(printer.client().cancel, id_)).status == PrintStatus.CANCELED
    assert await printer.ask(printer.client().actions, id_) == frozenset()
    again = await printer.ask(printer.client().cancel, id_)
    assert again.status == PrintStatus.CANCELED


async def test_a_cancellation_whose_answer_is_lost(printer: Printer) -> None:
    id_ = await printer.submit()
    await printer.put("faults", ["lost"])
    assert (await printer.ask(printer.client().cancel, id_)).status == PrintStatus.CANCELED


async def test_a_cancellation_after_production_has_started(printer: Printer) -> None:
    id_ = await printer.submit()
    await printer.does(id_, "start")
    assert await printer.ask(printer.client().actions, id_) == frozenset()
    order = await printer.ask(printer.client().cancel, id_)
    assert (order.status, order.in_production) == (PrintStatus.IN_PROGRESS, True)
    assert (await printer.does(id_, "ship", "ship", "complete")).status == PrintStatus.COMPLETE


@pytest.mark.parametrize("before", [[], ["start"]])
async def test_a_rejected_order(printer: Printer, before: list[str]) -> None:
    id_ = await printer.submit()
    order = await printer.does(id_, *before, "reject")
    assert order.status == PrintStatus.CANCELED
    assert [issue.kind for issue in order.issues] == [IssueKind.ITEM_UNAVAILABLE]
    assert sum(charge.total.minor for charge in order.charges) == 0
    assert all(parcel.status == ParcelStatus.CANCELED for parcel in order.parcels)


@pytest.mark.parametrize(
    ("change", "files"),
    [
        ({"md5": "0" * 32}, {}),
        ({"pages": 26}, {}),
        ({"md5": hashlib.md5(b"not a PDF").hexdigest()}, {"/album.pdf": b"not a PDF"}),
        ({}, {"/album.pdf": pdf(PAGES - 2)}),
        ({}, {"/album.pdf": b""}),
    ],
)
async def test_a_file_that_is_another_one_stops_the_order(
    printer: Printer, merchant: Merchant, change: Any, files: Any
) -> None:
    merchant.files |= files
    order = await printer.find(await printer.submit(**change))
    assert order.is_stuck
    assert {issue.kind for issue in order.issues} == {IssueKind.DOWNLOAD_FAILED}
    assert order.steps[Step.DOWNLOAD] == Stage.ERROR
    assert len(merchant.fetched) == 1


async def test_a_file_that_is_not_there_is_fetched_ten_times(printer: Printer, merchant: Merchant) -> None:
    merchant.files.clear()
    id_ = await printer.submit()
    assert (await printer.find(id_)).is_stuck
    assert len(merchant.fetched) == 10
    assert (await printer.ask(printer.client().cancel, id_)).status == PrintStatus.CANCELED


async def test_a_file_that_comes_late_is_printed(printer: Printer, merchant: Merchant) -> None:
    merchant.too_early = 9
    order = await printer.find(await printer.submit())
    assert len(merchant.fetched) == 10
    assert (order.steps[Step.DOWNLOAD], order.issues) == (Stage.COMPLETE, ())


@pytest.mark.parametrize("url", ["https://files.example/a.pdf", "file:///etc/passwd", "http://127.0.0.1.evil.example/"])
async def test_nothing_is_fetched_from_elsewhere(printer: Printer, url: str) -> None:
    with pytest.raises(PrintRefusedError) as refusal:
        await printer.submit(url=url)
    assert refusal.value.refusal == Refusal.FILE


@pytest.mark.parametrize(
    ("change", "kind"),
    [
        ({"country": "KP"}, Refusal.ADDRESS),
        ({"name": " "}, Refusal.ADDRESS),
        ({"line1": ""}, Refusal.ADDRESS),
        ({"postal_code": None}, Refusal.ADDRESS),
    ],
)
async def test_an_address_that_nothing_is_sent_to(printer: Printer, change: Any, kind: Refusal) -> None:
    recipient = replace(printer.request().recipient, **change)
    with pytest.raises(PrintRefusedError) as refusal:
        await printer.submit(recipient=recipient)
    assert refusal.value.refusal == kind
    assert "Trọng" not in str(refusal.value)
    assert await printer.orders() == []


@pytest.mark.parametrize("country", ["KP", "", "Vietnam"])
async def test_a_quote_for_where_nothing_is_sent(printer: Printer, country: str) -> None:
    with pytest.raises(PrintRefusedError) as refusal:
        await printer.ask(printer.client().quote, printer.request().items, country, "USD")
    assert refusal.value.refusal == Refusal.ADDRESS


@pytest.mark.parametrize(
    ("change", "kind"),
    [
        ({"copies": 0}, Refusal.PRODUCT),
        ({"copies": 10**6}, Refusal.PRODUCT),
        ({"product": replace(ALBUM, sku="BOOK-NONE")}, Refusal.PRODUCT),
        ({"pages": 22}, Refusal.FILE),
        ({"pages": 25}, Refusal.FILE),
        ({"pages": 302}, Refusal.FILE),
        ({"pages": None}, Refusal.FILE),
        ({"md5": "none"}, Refusal.FILE),
    ],
)
async def test_what_is_not_printed(printer: Printer, change: Any, kind: Refusal) -> None:
    with pytest.raises(PrintRefusedError) as refusal:
        await printer.submit(**change)
    assert refusal.value.refusal == kind


async def test_another_key_opens_nothing(printer: Printer) -> None:
    with pytest.raises(PrintRefusedError) as refusal:
        await printer.ask(printer.client("another").submit, printer.request())
    assert refusal.value.refusal == Refusal.CREDENTIALS
    printer.key_file.write_text(json.dumps({"apiKey": "another"}))
    assert await printer.ask(printer.client("another").submit, printer.request())


async def test_an_order_that_is_not_there(printer: Printer) -> None:
    assert await printer.ask(printer.client().find, "ord_1") is None
    with pytest.raises(PrintRefusedError) as refusal:
        await printer.ask(printer.client().cancel, "ord_1")
    assert refusal.value.refusal == Refusal.UNKNOWN_ORDER


async def test_callbacks_as_they_happen(printer: Printer, merchant: Merchant) -> None:
    id_ = await printer.submit()
    await printer.sent(id_)
    for action in ("start", "ship", "ship", "complete"):
        await printer.act(id_, action)
        await printer.sent(id_)
    assert merchant.events == [
        "status.stage.changed#Draft",
        "status.stage.changed#InProgress",
        "shipments.shipment#Complete",
        "shipments.shipment#Complete",
        "status.stage.changed#Complete",
    ]
    assert {order_of(body) for body in merchant.requests} == {id_}


async def test_callbacks_that_come_late_and_again_change_nothing(printer: Printer, merchant: Merchant) -> None:
    await printer.put("late", value=True)
    id_ = await printer.submit()
    seen = [await printer.does(id_, action) for action in ("start", "ship", "ship", "complete")]
    assert merchant.requests == []
    for _ in range(3):
        await printer.act(id_, "send")
        await printer.sent(id_)
    assert len(merchant.requests) == 15
    assert len({json.loads(body)["id"] for body in merchant.requests}) == 5
    # A late one tells of a state that is long over: the order is asked for, and that is what counts.
    asked = [await printer.find(id_) for body in merchant.requests if order_of(body) == id_]
    assert reduce(merge, asked, seen[-1]) == seen[-1]


async def test_a_callback_that_is_not_heard_comes_again(printer: Printer, merchant: Merchant) -> None:
    merchant.answers = [500, 302, 200]
    id_ = await printer.submit()
    await printer.sent(id_)
    assert len(merchant.requests) == 4
