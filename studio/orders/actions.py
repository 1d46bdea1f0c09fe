"""What a customer does with an order of theirs after it was made; which of it is possible, `transitions` says."""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime

from studio import ids
from studio.dynamo import ConditionFailed, transact
from studio.errors import ErrorType, StudioError
from studio.optimistic import retry
from studio.orders import transitions
from studio.orders.item import order_from_item
from studio.orders.model import ENDED, Address, Order, OrderFailure, OrderStatus
from studio.orders.settlement import OrderSettlement
from studio.orders.table import Orders
from studio.orders.transitions import is_cancelable
from studio.people.model import Caller


@dataclass(frozen=True)
class OrderActions:
    """Somebody else's order is None, like one that does not exist."""

    orders: Orders
    settlement: OrderSettlement

    def cancel(self, caller: Caller, id_: str, now: datetime) -> Order | None:
        """End an order, whose money goes back.

        Raises
        ------
        StudioError
            ID_MALFORMED, ORDER_SUBMITTED, ORDER_ENDED.
        """

        def cancel(order: Order) -> Order:
            _refuse_ended(order)
            if not is_cancelable(order):
                raise _submitted()
            return transitions.canceled(order, OrderFailure.CANCELED_BY_CUSTOMER, now)

        return self._change(caller, id_, cancel, now)

    def readdress(self, caller: Caller, id_: str, address: Address, now: datetime) -> Order | None:
        """Have an order sent elsewhere.

        Raises
        ------
        StudioError
            ID_MALFORMED, ORDER_SUBMITTED, ORDER_ENDED, ADDRESS_NOT_NEEDED, COUNTRY_MISMATCH.
        """

        def readdress(order: Order) -> Order:
            _refuse_ended(order)
            if not order.is_printed:
                raise StudioError(ErrorType.ADDRESS_NOT_NEEDED, "Nothing of this order is sent by post.")
            if order.printed:
                raise _submitted()
            if address.country != order.country:
                message = f"This order is sent to {order.country}: another country has another price."
                raise StudioError(ErrorType.COUNTRY_MISMATCH, message)
            return transitions.readdressed(order, address, now)

        return self._change(caller, id_, readdress, now)

    def process(self, caller: Caller, id_: str, now: datetime) -> Order | None:
        """Have fulfilment look at an order at once; one that has ended stays as it is.

        Raises
        ------
        StudioError
            ID_MALFORMED, ORDER_NOT_PAID.
        """
        order = self._own(caller, id_)
        if order and order.status == OrderStatus.PENDING:
            raise StudioError(ErrorType.ORDER_NOT_PAID, "This order has not been paid yet.")
        with suppress(ConditionFailed):  # it has ended
            return order and order_from_item(self.orders.apply(self.orders.look_again(order.id, now)))
        return order

    def _own(self, caller: Caller, id_: str) -> Order | None:
        order = self.orders.find(ids.checked(id_))
        return order if order and order.customer == caller.sub else None

    def _change(self, caller: Caller, id_: str, change: Callable[[Order], Order], now: datetime) -> Order | None:
        def attempt() -> Order | None:
            order = self._own(caller, id_)
            if order is None:
                return None
            after = change(order)
            if after is not order:
                write = self.orders.change(self.orders.change_to(order, after))
                transact(self.orders.client, [write, *self.settlement.writes(after, now)])
            return after

        return retry(attempt)


def _refuse_ended(order: Order) -> None:
    if order.status in ENDED:
        raise StudioError(ErrorType.ORDER_ENDED, "This order has ended.")


def _submitted() -> StudioError:
    return StudioError(ErrorType.ORDER_SUBMITTED, "This order is with the printer, or has been delivered.")
