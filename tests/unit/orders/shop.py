"""The shop where orders are paid for, and what becomes of them."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from studio.dynamo import transact
from studio.orders.model import Order
from studio.orders.table import Orders
from studio.payments.model import Payment, PaymentProvider
from studio.people.model import Caller
from tests.unit.orders import samples
from tests.unit.payments.shop import Shop, charge, pending, session
from tests.unit.world import USER


class OrderShop(Shop):
    @property
    def orders(self) -> Orders:
        return Orders("Orders", self.client)

    def ordered(self, caller: Caller = USER, **changes: Any) -> Order:
        """Put an order on the table that waits to be paid."""
        order = samples.pending(caller, self.world.time, **changes)
        transact(self.world.client, [self.orders.new(order)])
        return order

    def change(self, order: Order, change: Callable[[Order], Order]) -> Order:
        """Have somebody else change an order."""
        before = self.as_it_is(order)
        return Orders("Orders", self.world.client).step(before, change(before))

    def as_it_is(self, order: Order) -> Order:
        found = Orders("Orders", self.world.client).find(order.id)
        assert found
        return found

    def begin(self, order: Order, caller: Caller = USER, **given: Any) -> Payment:
        """Begin to pay an order, by Stripe where nothing else is said."""
        return self.order(caller, **{"orderId": order.id, "provider": "STRIPE", "currency": order.currency, **given})

    def pay(self, payment: Payment, event: str | None = None) -> None:
        if payment.provider == PaymentProvider.VNPAY:
            assert self.send_ipn(self.ipn(payment)) in {"00", "02"}
        else:
            assert self.send_stripe("checkout.session.completed", session(payment), event)

    def paid_for(self, caller: Caller = USER, **changes: Any) -> tuple[Order, Payment]:
        """Return an order that has been paid, and its payment."""
        order = self.ordered(caller, **changes)
        payment = self.begin(order, caller)
        self.pay(payment)
        return self.as_it_is(order), self.now(payment)

    def waiting_for(self, order: Order) -> Payment:
        """Put a payment of an order on the table, without asking anybody for its page."""
        payment = replace(
            pending(PaymentProvider.STRIPE, USER, self.world.time),
            owner=order.customer,
            goods="orderId",
            goods_id=order.id,
            points=0,
            amount=order.total,
        )
        transact(self.world.client, [self.payments.new(payment)])
        return payment

    def send_refund(self, payment: Payment, minor: int) -> None:
        """Have Stripe say that so much of a payment has gone back."""
        assert self.send_stripe("charge.refunded", charge(payment, minor))
