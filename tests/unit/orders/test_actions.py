"""What a customer does with an order, what an administrator does, and whose money goes back for it."""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from typing import Any

import pytest

from studio import ids
from studio.audit.model import Act
from studio.clock import iso, millis
from studio.dynamo import update
from studio.errors import ErrorType, StudioError
from studio.orders import transitions
from studio.orders.actions import OrderActions
from studio.orders.model import ENDED, Order, OrderFailure, OrderItem, OrderStatus, OrderStep, OrderStepKind
from studio.orders.settlement import OrderSettlement
from studio.orders.table import Orders
from studio.orders.update_status import OrderStatusUpdater
from studio.payments.model import Payment, PaymentDecision, PaymentStatus, ReviewReason
from studio.payments.refund import RefundRequester
from studio.people.model import Role
from studio.people.table import People
from studio.printing.withdrawal import Withdrawals
from tests.unit.fault_injection import FailingClient, KilledError, Meanwhile, growing_budgets
from tests.unit.orders.samples import ADDRESS, BOOK, FILE, of_files
from tests.unit.orders.shop import OrderShop
from tests.unit.payments.shop import session
from tests.unit.printing.submissions import found, ordered, print_orders
from tests.unit.world import ADMIN, NOON, OTHER, USER

S, K = OrderStatus, OrderStepKind
ELSEWHERE = replace(ADDRESS, line1="2 Orchard Road")


def settlement(shop: OrderShop) -> OrderSettlement:
    return OrderSettlement(RefundRequester(shop.payments, shop.trail))


def actions(shop: OrderShop) -> OrderActions:
    return OrderActions(Orders("Orders", shop.client), settlement(shop))


def updater(shop: OrderShop) -> OrderStatusUpdater:
    return OrderStatusUpdater(
        Orders("Orders", shop.client),
        settlement(shop),
        People("People", shop.client),
        shop.trail,
        Withdrawals("PrintOrders", shop.client),
    )


def cancel(shop: OrderShop, order: Order) -> Order | None:
    return actions(shop).cancel(USER, order.id, shop.world.time)


def end(shop: OrderShop, order: Order, status: OrderStatus, note: str | None = None) -> Order | None:
    shop.world.joined(ADMIN)
    return updater(shop).update(ADMIN, order.id, status, note, shop.world.time)


def printed(order: Order) -> Order:
    return transitions.printed(transitions.stepped(order, K.RENDERED, now=NOON), NOON)


def hand_over(shop: OrderShop, order: Order) -> None:
    shop.change(order, printed)
    ordered(shop.world, id_=order.id)


def shipped(order: Order) -> Order:
    return transitions.stepped(order, *set(K) - {K.PAID}, now=NOON)


def delivered(order: Order) -> Order:
    return transitions.stepped(order, K.RENDERED, K.DELIVERED, now=NOON)


def refused(act: Callable[[], object]) -> ErrorType:
    with pytest.raises(StudioError) as error:
        act()
    return error.value.type


def is_going_back(shop: OrderShop, payment: Payment) -> bool:
    return bool(shop.now(payment).facts.refund_requests)


# ---- canceling


def test_an_order_that_waits_to_be_paid_is_canceled(shop: OrderShop) -> None:
    order = shop.ordered()
    assert cancel(shop, order) == shop.as_it_is(order)
    now = shop.as_it_is(order)
    assert (now.status, now.failure, now.address) == (S.CANCELED, OrderFailure.CANCELED_BY_CUSTOMER, None)
    assert shop.payments.ids_of(USER.sub) == []


def test_the_money_of_an_order_goes_back_with_its_end(shop: OrderShop) -> None:
    order, payment = shop.paid_for()
    assert cancel(shop, order) == shop.as_it_is(order)
    assert shop.as_it_is(order).status == S.CANCELED
    assert is_going_back(shop, payment)
    assert shop.now(payment).status == PaymentStatus.PAID, "until the provider has sent it"


@pytest.mark.parametrize("change", [printed, delivered])
def test_what_is_with_the_printer_or_delivered_is_not_canceled(
    shop: OrderShop, change: Callable[[Order], Order]
) -> None:
    order, payment = shop.paid_for()
    before = shop.change(order, change)
    assert refused(lambda: cancel(shop, order)) == ErrorType.ORDER_SUBMITTED
    assert (shop.as_it_is(order), is_going_back(shop, payment)) == (before, False)


@pytest.mark.parametrize("status", sorted(ENDED))
def test_what_has_ended_is_not_canceled(shop: OrderShop, status: OrderStatus) -> None:
    order = shop.ordered(status=status)
    assert refused(lambda: cancel(shop, order)) == ErrorType.ORDER_ENDED
    assert refused(lambda: actions(shop).readdress(USER, order.id, ELSEWHERE, NOON)) == ErrorType.ORDER_ENDED


def test_somebody_elses_order_is_none(shop: OrderShop) -> None:
    order, _ = shop.paid_for()
    for who in (OTHER, ADMIN):
        assert actions(shop).cancel(who, order.id, NOON) is None
        assert actions(shop).process(who, order.id, NOON) is None
        assert actions(shop).readdress(who, order.id, ELSEWHERE, NOON) is None
    assert shop.as_it_is(order) == order
    assert cancel(shop, replace(order, id=ids.new())) is None
    assert refused(lambda: cancel(shop, replace(order, id="A-1"))) == ErrorType.ID_MALFORMED


def test_an_order_that_is_printed_in_the_same_moment_is_not_canceled(shop: OrderShop) -> None:
    order, payment = shop.paid_for()
    slow = replace(shop, client=Meanwhile(shop.client, lambda: shop.change(order, printed)))
    assert refused(lambda: cancel(slow, order)) == ErrorType.ORDER_SUBMITTED
    assert not is_going_back(shop, payment)


def test_an_order_that_is_paid_in_the_same_moment_is_canceled_and_paid_back(shop: OrderShop) -> None:
    order = shop.ordered()
    payment = shop.begin(order)
    slow = replace(shop, client=Meanwhile(shop.client, lambda: shop.pay(payment)))
    assert cancel(slow, order)
    assert (shop.as_it_is(order).status, is_going_back(shop, payment)) == (S.CANCELED, True)


@pytest.mark.parametrize("acts", [False, True])
def test_dying_anywhere_ends_both_or_neither(shop: OrderShop, *, acts: bool) -> None:
    for budget in growing_budgets(KilledError, acts=acts):
        order, payment = shop.paid_for()
        dying = replace(shop, client=FailingClient(shop.client, budget))
        with suppress(KilledError):
            cancel(dying, order)
        assert (shop.as_it_is(order).status == S.CANCELED) == is_going_back(shop, payment)


def test_what_a_refund_notice_says_of_a_canceled_order_is_no_review(shop: OrderShop) -> None:
    order, payment = shop.paid_for()
    cancel(shop, order)
    shop.send_refund(payment, payment.amount.minor // 2)
    assert shop.now(payment).status == PaymentStatus.PAID
    shop.send_refund(payment, payment.amount.minor)
    assert shop.now(payment).status == PaymentStatus.REFUNDED


# ---- elsewhere


def test_an_order_is_sent_elsewhere_in_its_country_until_it_is_printed(shop: OrderShop) -> None:
    order, _ = shop.paid_for()

    def readdress(address: Any = ELSEWHERE) -> Order | None:
        return actions(shop).readdress(USER, order.id, address, shop.world.time)

    assert readdress() == shop.as_it_is(order)
    assert (shop.as_it_is(order).address, shop.as_it_is(order).status) == (ELSEWHERE, S.PROCESSING)
    assert refused(lambda: readdress(replace(ADDRESS, country="VN"))) == ErrorType.COUNTRY_MISMATCH
    version = shop.as_it_is(order).version
    assert readdress() == shop.as_it_is(order)
    assert shop.as_it_is(order).version == version, "nothing changed"
    shop.change(order, printed)
    assert refused(readdress) == ErrorType.ORDER_SUBMITTED


def test_files_go_nowhere(shop: OrderShop) -> None:
    files = of_files()
    order = shop.ordered(items=files.items, country=None, address=None)
    act = lambda: actions(shop).readdress(USER, order.id, ELSEWHERE, NOON)  # noqa: E731
    assert refused(act) == ErrorType.ADDRESS_NOT_NEEDED


# ---- processing


def test_a_paid_order_is_looked_at_at_once_however_often(shop: OrderShop) -> None:
    order, _ = shop.paid_for()
    for _ in range(2):
        shop.world.later(5)
        found = actions(shop).process(USER, order.id, shop.world.time)
        assert found
        assert (found.due, found.version) == (millis(shop.world.time), order.version)
    ended = shop.change(order, lambda each: transitions.completed(each, NOON))
    assert actions(shop).process(USER, order.id, NOON) == ended == shop.as_it_is(order)


def test_an_order_that_is_not_paid_is_not_processed(shop: OrderShop) -> None:
    order = shop.ordered()
    assert refused(lambda: actions(shop).process(USER, order.id, NOON)) == ErrorType.ORDER_NOT_PAID
    assert shop.as_it_is(order) == order


# ---- an administrator


@pytest.mark.parametrize("before", S)
@pytest.mark.parametrize("after", S)
def test_an_administrator_takes_legal_steps_only(shop: OrderShop, before: OrderStatus, after: OrderStatus) -> None:
    order = shop.ordered(status=before, steps=tuple(OrderStep(kind, iso(NOON)) for kind in K))
    legal = {S.PENDING: {S.CANCELED}, S.PROCESSING: {S.COMPLETED, S.FAILED, S.CANCELED}}.get(before, set())
    if after in legal:
        found = end(shop, order, after)
        assert found == shop.as_it_is(order)
        assert shop.as_it_is(order).status == after
    else:
        assert refused(lambda: end(shop, order, after)) == ErrorType.ORDER_STATUS_NOT_POSSIBLE
        assert shop.as_it_is(order) == order


FAR = {
    "paid": [],
    "rendered": [K.RENDERED],
    "submitted": [K.RENDERED, K.SUBMITTED],
    "in production": [K.RENDERED, K.DELIVERED, K.SUBMITTED, K.IN_PRODUCTION],
    "shipped without its files": [K.RENDERED, K.SUBMITTED, K.IN_PRODUCTION, K.SHIPPED],
}


@pytest.mark.parametrize("far", FAR)
@pytest.mark.parametrize("items", [(BOOK,), (FILE,), (BOOK, FILE)], ids=["book", "file", "both"])
def test_what_is_not_delivered_is_not_completed_by_an_administrator(
    shop: OrderShop, items: tuple[OrderItem, ...], far: str
) -> None:
    steps = tuple(OrderStep(kind, iso(NOON)) for kind in [K.PAID, *FAR[far]])
    order = shop.ordered(status=S.PROCESSING, items=items, steps=steps)
    kinds = {step.kind for step in steps}
    is_there = (BOOK not in items or K.SHIPPED in kinds) and (FILE not in items or K.DELIVERED in kinds)
    if is_there:
        assert end(shop, order, S.COMPLETED) == shop.as_it_is(order)
    else:
        assert refused(lambda: end(shop, order, S.COMPLETED)) == ErrorType.ORDER_STATUS_NOT_POSSIBLE
        assert shop.as_it_is(order) == order


def test_what_an_administrator_does_is_recorded_and_told(shop: OrderShop) -> None:
    order, payment = shop.paid_for()
    found = end(shop, order, S.FAILED, " Out of paper. ")
    assert found
    assert (found.failure, found.note) == (OrderFailure.ENDED_BY_ADMIN, "Out of paper.")
    record = next(each for each in shop.audit() if each.act == Act.ORDER_STATUS_SET)
    assert (record.actor, record.subject) == (ADMIN.sub, USER.sub)
    assert record.details == {"orderId": order.id, "status": ["PROCESSING", "FAILED"], "note": "Out of paper."}
    assert is_going_back(shop, payment)


@pytest.mark.parametrize("status", [S.FAILED, S.CANCELED])
def test_the_money_of_what_was_printed_waits_for_a_decision(shop: OrderShop, status: OrderStatus) -> None:
    order, payment = shop.paid_for()
    hand_over(shop, order)
    end(shop, order, status)
    now = shop.now(payment)
    assert (now.status, is_going_back(shop, payment)) == (PaymentStatus.REVIEW, False)
    assert now.review == ReviewReason.ORDER_ENDED


@pytest.mark.parametrize("status", [S.FAILED, S.CANCELED, S.COMPLETED])
def test_of_an_order_that_an_administrator_ends_nothing_more_is_printed(shop: OrderShop, status: OrderStatus) -> None:
    order, _ = shop.paid_for()
    hand_over(shop, order)
    if status == S.COMPLETED:
        shop.change(order, shipped)
    end(shop, order, status)
    assert found(print_orders(shop.world), order.id).withdrawn == (status != S.COMPLETED), "what is paid is sent"


@pytest.mark.parametrize("acts", [False, True])
def test_dying_anywhere_it_ends_and_is_withdrawn_or_neither(shop: OrderShop, *, acts: bool) -> None:
    for budget in growing_budgets(KilledError, acts=acts):
        order, _ = shop.paid_for()
        hand_over(shop, order)
        dying = replace(shop, client=FailingClient(shop.client, budget))
        with suppress(KilledError):
            end(dying, order, S.FAILED)
        withdrawn = found(print_orders(shop.world), order.id).withdrawn
        assert (shop.as_it_is(order).status == S.FAILED) == withdrawn


def test_what_ends_after_its_money_was_decided_about_waits_for_another_decision(shop: OrderShop) -> None:
    order = shop.ordered()
    payment = shop.begin(order)
    assert shop.send_stripe("checkout.session.completed", session(payment, amount_total=500))
    shop.resolve(payment, PaymentDecision.CREDIT)
    hand_over(shop, order)
    end(shop, order, S.FAILED)
    assert shop.now(payment).review == ReviewReason.ORDER_ENDED


def test_the_money_of_what_is_completed_stays(shop: OrderShop) -> None:
    order, payment = shop.paid_for()
    shop.change(order, shipped)
    end(shop, order, S.COMPLETED)
    assert (shop.now(payment), is_going_back(shop, payment)) == (payment, False)


def test_an_administrator_of_a_moment_ago_ends_nothing(shop: OrderShop) -> None:
    order, payment = shop.paid_for()
    shop.world.joined(ADMIN)
    demote = update({"id": ADMIN.sub}, set={"role": Role.USER})
    slow = replace(shop, client=Meanwhile(shop.client, lambda: shop.world.people.apply(demote)))
    act = lambda: updater(slow).update(ADMIN, order.id, S.FAILED, None, NOON)  # noqa: E731
    assert refused(act) == ErrorType.UNAUTHORIZED
    assert (shop.as_it_is(order), is_going_back(shop, payment)) == (order, False)


def test_nobody_ends_an_order_of_their_own_as_an_administrator(shop: OrderShop) -> None:
    shop.world.joined(ADMIN)
    order = shop.ordered(ADMIN)
    assert refused(lambda: end(shop, order, S.CANCELED)) == ErrorType.USER_IS_SELF


@pytest.mark.parametrize("note", ["", " ", "x" * 501, "\u202e"])
def test_a_note_is_checked(shop: OrderShop, note: str) -> None:
    order = shop.ordered()
    assert refused(lambda: end(shop, order, S.CANCELED, note)) == ErrorType.NOTE_MALFORMED
    assert end(shop, replace(order, id=ids.new()), S.CANCELED) is None
