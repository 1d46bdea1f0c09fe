"""The safety net of orders: those that nobody paid end, and fulfilment goes on where it was cut off."""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from operator import itemgetter

from studio.dynamo import ConditionFailed, Item
from studio.orders import transitions
from studio.orders.item import order_from_item
from studio.orders.model import Order, OrderFailure, OrderStatus
from studio.orders.table import Orders
from studio.sweeping import each, put_off

Advance = Callable[[str, datetime], object]


@dataclass
class Reconciled:
    """How many orders ended unpaid, and of how many fulfilment went on; and what could not be helped."""

    expired: int = 0
    advanced: int = 0
    errors: int = 0


@dataclass(frozen=True)
class OrdersReconciler:
    """Looks at every order that is due. One that cannot be helped is put off, and keeps no other from its turn."""

    orders: Orders
    advance: Advance

    def reconcile(self, now: datetime) -> Reconciled:
        done = Reconciled()
        for batch in self.orders.due(now):
            act, wait = partial(self._look, now=now, done=done), partial(put_off, self.orders, now=now)
            done.errors += len(each(batch, act, what="order", name=itemgetter("id"), put_off=wait))
        return done

    def _look(self, row: Item, now: datetime, done: Reconciled) -> None:
        order = order_from_item(row)
        if order.status == OrderStatus.PENDING:
            self._expire(order, now, done)
        elif order.status == OrderStatus.PROCESSING:
            self.advance(order.id, now)
            done.advanced += 1

    def _expire(self, order: Order, now: datetime, done: Reconciled) -> None:
        with suppress(ConditionFailed):  # it was paid, or canceled, in this moment
            self.orders.step(order, transitions.canceled(order, OrderFailure.NOT_PAID, now))
            done.expired += 1
