"""An order as goods: it is paid, or ends unpaid after all, together with its payment."""

from dataclasses import dataclass
from datetime import datetime

from studio import ids
from studio.clock import parse
from studio.dynamo import ConditionFailed
from studio.errors import ErrorType, StudioError
from studio.money import Currency, Money
from studio.orders import transitions
from studio.orders.model import Order, OrderFailure, OrderStatus
from studio.orders.table import Orders
from studio.orders.transitions import is_cancelable, is_payable
from studio.payments.goods import Delivery, is_here
from studio.payments.model import Facts, Payment, PaymentStatus, ReviewReason
from studio.payments.providers.protocol import Provider
from studio.people.model import Caller, Person

_IN_VAIN = frozenset({OrderStatus.FAILED, OrderStatus.CANCELED})


@dataclass(frozen=True)
class OrderOffer:
    """An order that waits to be paid."""

    order: Order
    points: int = 0

    @property
    def id(self) -> str:
        return self.order.id

    def price(self, provider: Provider, currency: Currency) -> Money:
        """Return what it costs.

        Raises
        ------
        StudioError
            CURRENCY_NOT_SUPPORTED.
        """
        total = self.order.total
        if currency != total.currency or currency not in provider.currencies:
            message = f"{provider.title} does not take {currency} for this order, which is in {total.currency}."
            raise StudioError(ErrorType.CURRENCY_NOT_SUPPORTED, message, allowed=[total.currency])
        return total


@dataclass(frozen=True)
class OrderGoods:
    """Orders. Which payment paid one stands on the order's row."""

    orders: Orders

    def offer(self, caller: Caller, id_: str | None, now: datetime) -> OrderOffer:
        order = self._find(id_)
        if order is None or order.customer != caller.sub:
            raise StudioError(ErrorType.ORDER_UNKNOWN, "There is no order of yours with this id.")
        if not is_payable(order, now):
            raise StudioError(ErrorType.ORDER_NOT_PAYABLE, "This order is paid already, or has ended.")
        return OrderOffer(order)

    def title(self, payment: Payment) -> str:
        return f"order {payment.goods_id}"

    def room(self, payment: Payment) -> int:
        del payment
        return 0

    def undeliverable(self, payment: Payment, owner: Person | None) -> ReviewReason | None:
        return _undeliverable(self._find(payment.goods_id), payment, owner)

    def review_reason(self, payment: Payment, facts: Facts, owner: Person | None) -> ReviewReason | None:
        """Whose order has ended without its goods waits for the money to go back, or for somebody to decide."""
        order = self._find(payment.goods_id)
        if order is None or order.payment != payment.id:
            return _undeliverable(order, payment, owner) if facts.kept else None
        if facts.kept:
            return ReviewReason.ORDER_ENDED if order.status in _IN_VAIN else None
        return None if order.status in _IN_VAIN or is_cancelable(order) else ReviewReason.MONEY_WENT_BACK

    def deliver(self, before: Payment, after: Payment, owner: Person | None) -> Delivery:
        """What is with the printer, or has been delivered, goes on without its money."""
        del owner
        order = self._find(after.goods_id)
        changed = _changed(order, before, after)
        if order is None or changed is None:
            return Delivery(after)
        details = {"orderStatus": [order.status, changed.status]}
        return Delivery(after, [self.orders.change(self.orders.change_to(order, changed))], details)

    def _find(self, id_: str | None) -> Order | None:
        return self.orders.find(id_) if id_ and ids.is_id(id_) else None


def _undeliverable(order: Order | None, payment: Payment, owner: Person | None) -> ReviewReason | None:
    if order and order.payment:
        if order.payment != payment.id:
            return ReviewReason.ORDER_PAID_ALREADY
        # Of what was printed an administrator may keep the money, though the order has failed.
        return ReviewReason.ORDER_ENDED if order.status in _IN_VAIN and not order.printed else None
    if not is_here(owner):
        return ReviewReason.OWNER_LEFT
    return None if order and order.status == OrderStatus.PENDING else ReviewReason.ORDER_ENDED


def _changed(order: Order | None, before: Payment, after: Payment) -> Order | None:
    """Return the order as this change of a payment makes it; None where it stays as it is.

    Raises
    ------
    ConditionFailed
        It is no longer as it was when its payment was looked at.
    """
    pays, paid = (each.status == PaymentStatus.PAID for each in (after, before))
    mine, now = order is not None and order.payment == after.id, parse(after.updated_at)
    if pays in (paid, mine):
        return None
    if order and pays and order.status == OrderStatus.PENDING:
        return transitions.paid(order, after.id, now)
    if pays:
        raise ConditionFailed({})
    return transitions.canceled(order, OrderFailure.MONEY_WENT_BACK, now) if order and is_cancelable(order) else None
