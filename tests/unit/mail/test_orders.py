"""Which change of an order becomes which mail."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Any

import pytest

from studio.clock import iso
from studio.mail.compose import compose
from studio.mail.item import event_from_message, event_to_message
from studio.mail.model import Link, MailEvent, MailKind
from studio.mail.orders import mails_of
from studio.money import Currency, Money
from studio.orders.model import (
    Address,
    Order,
    OrderFailure,
    OrderItem,
    OrderItemKind,
    OrderParcel,
    OrderStatus,
    OrderStep,
    OrderStepKind,
)
from studio.payments.model import Facts, Payment, PaymentProvider, PaymentStatus
from studio.payments.refund_request import RefundRequest, RefundStatus
from studio.payments.transactions import Dispute, DisputeState, Taken, Transaction
from tests.unit.mail.conftest import ADA, STOP
from tests.unit.payments.shop import pending
from tests.unit.world import USER

AT = datetime(2026, 11, 28, 17, 30, tzinfo=UTC)
KEPT = timedelta(days=30)
CENTS = Money(4_590, Currency.USD)
HOME = Address("Nguyễn Thị Lan", "12 Lý Thường Kiệt", "Hà Nội", "VN", phone="+84901234567")


def item(kind: OrderItemKind, quantity: int = 1) -> OrderItem:
    return OrderItem(kind, "album", quantity, CENTS)


WAITS = Order(
    id="5e1f",
    customer="user-1",
    status=OrderStatus.PENDING,
    version=1,
    items=(item(OrderItemKind.ALBUM_PRINT, 2), item(OrderItemKind.COLLAGE_FILE), item(OrderItemKind.COLLAGE_FILE)),
    shipping=CENTS,
    total=CENTS,
    created_at=iso(AT),
    updated_at=iso(AT),
    pay_by=iso(AT + timedelta(days=2)),
    country="VN",
    address=HOME,
)
PARCELS = (
    OrderParcel("p1", iso(AT), "DHL", "0034", "https://track.example/0034"),
    OrderParcel("p2", iso(AT), "GHN", "GA4F2"),
    OrderParcel("p3", iso(AT)),
)


def changed(order: Order, *steps: OrderStepKind, **changes: Any) -> Order:
    taken = tuple(OrderStep(kind, iso(AT)) for kind in steps)
    return replace(order, version=order.version + 1, steps=(*order.steps, *taken), **changes)


PAID = changed(WAITS, OrderStepKind.PAID, status=OrderStatus.PROCESSING, payment="7b0c")


def told(*orders: Order, paid: Payment | None = None) -> Iterator[MailEvent]:
    """Yield what is told of an order's changes, read back from their messages."""
    for before, after in pairwise(orders):
        mails = [*mails_of(before, after, KEPT, {PAID.payment: paid}.get)]
        assert mails == [event_from_message(event_to_message(mail)) for mail in mails]
        yield from mails


def test_an_order_that_is_paid_is_confirmed_once_with_what_it_holds() -> None:
    (mail,) = told(WAITS, PAID, changed(PAID))
    assert (mail.kind, mail.event, mail.person) == (MailKind.ORDER_CONFIRMED, "5e1f", "user-1")
    assert mail.facts == {"order": "5e1f", "books": 2, "collage_files": 2, "total": CENTS, "at": AT}


def test_files_that_are_delivered_are_ready_until_they_go() -> None:
    rendered = changed(PAID, OrderStepKind.RENDERED)
    done = changed(rendered, OrderStepKind.DELIVERED, status=OrderStatus.COMPLETED)
    (mail,) = told(PAID, rendered, done, changed(done))
    assert (mail.kind, mail.event, mail.facts["until"]) == (MailKind.ORDER_READY, "5e1f", AT + KEPT)


def test_every_set_of_parcels_is_told_of_once() -> None:
    first = changed(PAID, OrderStepKind.SHIPPED, parcels=PARCELS[:2])
    second = changed(first, parcels=PARCELS)
    numbered = changed(second, parcels=(*PARCELS[:2], replace(PARCELS[2], tracking_number="9")))
    mails = [*told(PAID, first, changed(first, parcels=PARCELS[:2]), second, numbered)]
    assert [mail.kind for mail in mails] == [MailKind.ORDER_SHIPPED] * 3
    assert len({mail.key for mail in mails}) == 3
    assert mails[0].facts == {
        "order": "5e1f",
        "parcel": Link("https://track.example/0034", "DHL 0034"),
        "parcel#2": "GHN GA4F2",
    }
    assert [mail.facts["parcel"] for mail in mails[1:]] == ["p3", "9"]


RIGHT = Taken(CENTS.minor, CENTS.currency)
REQUEST = RefundRequest("r1", "pi_1", RIGHT, "why", "orders", iso(AT))
HELD = {"dp_1": Dispute(RIGHT, DisputeState.HELD, 1)}


def payment(status: PaymentStatus, request: RefundRequest | None = None, **transaction: Any) -> Payment:
    facts = Facts({"pi_1": Transaction(RIGHT, **transaction)}, refund_requests={"pi_1": request} if request else {})
    return replace(pending(PaymentProvider.STRIPE, USER, AT), status=status, facts=facts)


@pytest.mark.parametrize("failure", [each for each in OrderFailure if each != OrderFailure.NOT_PAID])
@pytest.mark.parametrize(
    ("paid", "money"),
    [
        (payment(PaymentStatus.PAID, REQUEST), {"refund": CENTS}),
        (payment(PaymentStatus.REVIEW, REQUEST), {"refund": CENTS}),
        (payment(PaymentStatus.REFUNDED, replace(REQUEST, status=RefundStatus.UNDER_WAY)), {"refund": CENTS}),
        (payment(PaymentStatus.PAID, replace(REQUEST, taken=Taken(90, "USD"))), {"refund": Money(90, Currency.USD)}),
        (payment(PaymentStatus.REFUNDED, replace(REQUEST, status=RefundStatus.DONE)), {}),
        (payment(PaymentStatus.REFUNDED, REQUEST, disputes=HELD), {}),
        (payment(PaymentStatus.REVIEW, replace(REQUEST, status=RefundStatus.REFUSED)), {"review": CENTS}),
        (payment(PaymentStatus.REVIEW), {"review": CENTS}),
        (payment(PaymentStatus.REFUNDED), {}),
        (None, {}),
    ],
)
def test_an_end_says_why_and_what_its_payment_says_of_the_money(
    failure: OrderFailure, paid: Payment | None, money: dict[str, Money]
) -> None:
    ended = changed(PAID, status=OrderStatus.FAILED, failure=failure)
    (mail,) = told(PAID, ended, changed(ended), paid=paid)
    assert (mail.kind, mail.event, mail.facts["reason"]) == (MailKind.ORDER_FAILED, "5e1f", failure)
    assert {name: mail.facts[name] for name in ("refund", "review") if name in mail.facts} == money


@pytest.mark.parametrize("failure", OrderFailure)
def test_an_end_says_why_in_the_words_of_the_administrator_who_made_it(failure: OrderFailure) -> None:
    ended = changed(PAID, status=OrderStatus.CANCELED, failure=failure, note="Out of <paper>, $refund.")
    (mail,) = told(PAID, ended)
    message = compose(mail.kind, ADA, mail.facts, STOP)
    by_admin = failure == OrderFailure.ENDED_BY_ADMIN
    assert ("Why: Out of <paper>, $refund." in message.text.splitlines()) == by_admin
    assert ("Out of &lt;paper&gt;, $refund." in message.html) == by_admin


@pytest.mark.parametrize("failure", [OrderFailure.NOT_PAID, OrderFailure.CANCELED_BY_CUSTOMER])
def test_what_was_never_paid_ends_unannounced(failure: OrderFailure) -> None:
    assert not [*told(WAITS, changed(WAITS, status=OrderStatus.CANCELED, failure=failure))]


def test_no_mail_says_where_an_order_goes() -> None:
    shipped = changed(PAID, OrderStepKind.SHIPPED, OrderStepKind.DELIVERED, parcels=PARCELS)
    failed = changed(shipped, status=OrderStatus.FAILED, failure=OrderFailure.PRINTER_CANCELED)
    mails = "".join(event_to_message(mail) for mail in told(WAITS, PAID, shipped, failed))
    assert "ORDER_FAILED" in mails
    for part in (HOME.name, HOME.line1, HOME.city, "Lan", "8490"):
        assert part not in mails
