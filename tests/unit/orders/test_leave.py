"""Orders of somebody who leaves: ended and paid back where that is possible, and without anything personal."""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace

import pytest

from studio.documents.spec import DocumentSpec, Product
from studio.dynamo import transact
from studio.orders import transitions
from studio.orders.leave import OrderRemoval
from studio.orders.model import Order, OrderDocument, OrderFailure, OrderStatus, OrderStepKind
from studio.orders.settlement import OrderSettlement
from studio.orders.table import OrderDocuments, Orders, Quotes
from studio.payments.model import Payment
from studio.payments.refund import RefundRequester
from studio.people.model import Language
from tests.unit.fault_injection import FailingClient, KilledError, growing_budgets
from tests.unit.orders.shop import OrderShop
from tests.unit.world import NOON


def removal(shop: OrderShop) -> OrderRemoval:
    settlement = OrderSettlement(RefundRequester(shop.payments, shop.trail))
    return OrderRemoval(
        Orders("Orders", shop.client),
        OrderDocuments("OrderDocuments", shop.client),
        Quotes("Quotes", shop.client),
        settlement,
    )


def printed(order: Order) -> Order:
    return transitions.printed(transitions.stepped(order, OrderStepKind.RENDERED, now=NOON), NOON)


def with_documents(shop: OrderShop, order: Order) -> None:
    documents = OrderDocuments("OrderDocuments", shop.world.client)
    spec = DocumentSpec("a" * 36, Product.PRINT, "MIXED", "Ada's", (), "2026-11-20", Language.EN, order=order.id)
    transact(shop.world.client, [documents.new(OrderDocument(order.id, spec))])


def is_forgotten(shop: OrderShop, order: Order) -> bool:
    documents = OrderDocuments("OrderDocuments", shop.world.client).of_order(order.id)
    return shop.as_it_is(order).address is None and documents == []


def is_going_back(shop: OrderShop, payment: Payment) -> bool:
    return bool(shop.now(payment).facts.refund_requests)


def test_an_order_that_nobody_paid_is_canceled(shop: OrderShop) -> None:
    order = shop.ordered()
    with_documents(shop, order)
    removal(shop).forget(order.id, NOON)
    now = shop.as_it_is(order)
    assert (now.status, now.failure) == (OrderStatus.CANCELED, OrderFailure.CUSTOMER_LEFT)
    assert is_forgotten(shop, order)


def test_an_order_that_was_paid_is_canceled_and_paid_back(shop: OrderShop) -> None:
    order, payment = shop.paid_for()
    with_documents(shop, order)
    for _ in range(2):
        removal(shop).forget(order.id, NOON)
        assert shop.as_it_is(order).status == OrderStatus.CANCELED
        assert is_forgotten(shop, order)
        assert is_going_back(shop, payment)
    assert len(shop.now(payment).facts.refund_requests) == 1


@pytest.mark.parametrize("end", [None, OrderStatus.COMPLETED])
def test_what_is_with_the_printer_goes_on_without_an_address(shop: OrderShop, end: OrderStatus | None) -> None:
    order, payment = shop.paid_for()
    before = shop.change(order, printed)
    if end:
        before = shop.change(order, lambda each: transitions.completed(each, NOON))
    removal(shop).forget(order.id, NOON)
    now = shop.as_it_is(order)
    assert (now.status, now.due, is_going_back(shop, payment)) == (before.status, before.due, False)
    assert is_forgotten(shop, order)
    assert removal(shop).is_with_printer(order.id) == (end is None)


def test_a_row_that_is_gone_is_nothing_to_do(shop: OrderShop) -> None:
    order = shop.ordered()
    shop.orders.discard({"id": order.id})
    removal(shop).forget(order.id, NOON)
    assert not removal(shop).is_with_printer(order.id)


@pytest.mark.parametrize("make", [OrderShop.ordered, lambda shop: shop.paid_for()[0]])
@pytest.mark.parametrize("acts", [False, True])
def test_cut_off_anywhere_the_next_time_goes_on(
    shop: OrderShop, make: Callable[[OrderShop], Order], *, acts: bool
) -> None:
    for budget in growing_budgets(KilledError, acts=acts):
        order = make(shop)
        with_documents(shop, order)
        with suppress(KilledError):
            removal(replace(shop, client=FailingClient(shop.client, budget))).forget(order.id, NOON)
        removal(shop).forget(order.id, NOON)
        assert is_forgotten(shop, order)
        assert shop.as_it_is(order).failure == OrderFailure.CUSTOMER_LEFT
