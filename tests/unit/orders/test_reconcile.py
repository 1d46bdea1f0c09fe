"""Whatever was cut off goes on within a minute, and what nobody pays ends."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import pytest

from studio.clock import parse
from studio.dynamo import update
from studio.orders import transitions
from studio.orders.model import Order, OrderFailure, OrderStatus
from studio.orders.reconcile import OrdersReconciler, Reconciled
from studio.orders.table import Orders
from tests.unit.fault_injection import FailingClient, KilledError, growing_budgets, preceded
from tests.unit.orders.samples import PAY_SECONDS, of_files
from tests.unit.orders.shop import OrderShop
from tests.unit.resolvers.conftest import Load, load
from tests.unit.world import NOON

__all__ = ["load"]  # the fixture of the other handlers


def reconcile(shop: OrderShop, advance: Callable[[str, datetime], object], client: Any = None) -> Reconciled:
    orders = Orders("Orders", client or shop.client)
    return OrdersReconciler(orders, advance).reconcile(shop.world.time)


@dataclass(frozen=True)
class Replaced:
    """A client of which one call is another."""

    client: Any
    update_item: Callable[..., Any]

    def __getattr__(self, name: str) -> Any:
        return getattr(self.client, name)


def nothing(id_: str, now: datetime) -> None:
    raise AssertionError((id_, now))


def past(shop: OrderShop, order: Order) -> None:
    assert order.due
    shop.world.time = parse(order.pay_by) + timedelta(hours=1)


def test_an_order_that_nobody_pays_ends_when_no_payment_can_come_any_more(shop: OrderShop) -> None:
    order = shop.ordered()
    shop.world.later(PAY_SECONDS + 3599)
    assert reconcile(shop, nothing) == Reconciled()
    assert shop.as_it_is(order) == order
    shop.world.later(1)
    assert reconcile(shop, nothing) == Reconciled(expired=1)
    now = shop.as_it_is(order)
    assert (now.status, now.failure, now.due, now.address) == (
        OrderStatus.CANCELED,
        OrderFailure.NOT_PAID,
        None,
        None,
    )
    assert reconcile(shop, nothing) == Reconciled()


def test_fulfilment_goes_on_with_what_is_due(shop: OrderShop) -> None:
    order, _ = shop.paid_for()
    later, _ = shop.paid_for()
    shop.orders.apply(update({"id": later.id}, set={"due": (later.due or 0) + 60_000}))
    looked_at: list[str] = []
    assert reconcile(shop, lambda id_, _now: looked_at.append(id_)) == Reconciled(advanced=1)
    assert looked_at == [order.id]


def test_what_fails_is_put_off_and_holds_up_no_other(shop: OrderShop) -> None:
    bad, _ = shop.paid_for()
    good, _ = shop.paid_for()
    spoiled = shop.ordered()
    shop.orders.apply(update({"id": spoiled.id}, set={"status": "LOST", "due": 1}))

    def advance(id_: str, _now: datetime) -> None:
        if id_ == bad.id:
            raise ConnectionError
        shop.change(good, lambda order: transitions.completed(order, NOON))

    assert reconcile(shop, advance) == Reconciled(advanced=1, errors=2)
    assert reconcile(shop, nothing) == Reconciled()
    shop.world.later(61)
    looked_at: list[str] = []
    assert reconcile(shop, lambda id_, _now: looked_at.append(id_)) == Reconciled(advanced=1, errors=1)
    assert looked_at == [bad.id]


def test_an_order_that_is_paid_in_the_moment_it_ends_is_paid(shop: OrderShop) -> None:
    order = shop.ordered()
    payment = shop.begin(order)
    past(shop, order)
    shop_pays = preceded(shop.client.update_item, lambda: shop.pay(payment))
    assert reconcile(shop, nothing, Replaced(shop.client, shop_pays)) == Reconciled()
    assert shop.as_it_is(order).status == OrderStatus.PROCESSING


@pytest.mark.parametrize("acts", [False, True])
def test_a_reconciler_that_dies_is_followed_by_another(shop: OrderShop, *, acts: bool) -> None:
    for budget in growing_budgets(KilledError, acts=acts):
        order = shop.ordered()
        past(shop, order)
        try:
            reconcile(shop, nothing, FailingClient(shop.client, budget))
        except KilledError:
            assert shop.as_it_is(order).status in {OrderStatus.PENDING, OrderStatus.CANCELED}
        reconcile(shop, nothing)
        assert [event.status for event in shop.as_it_is(order).history] == [OrderStatus.CANCELED]


def test_the_clocks_function_ends_what_nobody_paid_and_begins_what_was_paid(load: Load, shop: OrderShop) -> None:
    unpaid = shop.ordered()
    shop.world.time = parse(unpaid.pay_by) + timedelta(hours=1)
    paid, payment = shop.paid_for(items=of_files().items, country=None, address=None)
    assert load("resolvers.timers.orders_reconciler").handler({}, None) == {"expired": 1, "advanced": 1, "errors": 0}
    assert shop.as_it_is(unpaid).status == OrderStatus.CANCELED
    # What was to be rendered is not known: it fails, and is paid back.
    assert shop.as_it_is(paid).status == OrderStatus.FAILED
    assert shop.now(payment).facts.refund_requests
