"""What becomes of the orders of somebody who leaves: their rows stay, as the books, without what is personal."""

from dataclasses import dataclass
from datetime import datetime

from studio.dynamo import transact
from studio.optimistic import retry
from studio.orders import transitions
from studio.orders.model import ENDED, Order, OrderFailure
from studio.orders.settlement import OrderSettlement
from studio.orders.table import OrderDocuments, Orders, Quotes
from studio.orders.transitions import is_cancelable


@dataclass(frozen=True)
class OrderRemoval:
    """Ends orders, and forgets what they hold of people."""

    orders: Orders
    documents: OrderDocuments
    quotes: Quotes
    settlement: OrderSettlement

    def forget(self, id_: str, now: datetime) -> bool:
        """Cancel an order, whose money goes back; what is printed already goes on, and only the printer knows whither.

        Return whether there was something to do.

        Raises
        ------
        UnreadableError
        """
        changed = retry(lambda: self._end(id_, now))
        self.documents.remove_all(id_)
        return changed

    def is_with_printer(self, id_: str) -> bool:
        """Tell whether a printer may still fetch an order's files."""
        order = self.orders.find(id_)
        return order is not None and order.printed and order.status not in ENDED

    def _end(self, id_: str, now: datetime) -> bool:
        order = self.orders.find(id_)
        if order is None:
            return False
        after = _left(order, now)
        if after is order:
            return False
        money = self.settlement.writes(after, now) if order.status not in ENDED else []
        transact(self.orders.client, [self.orders.change(self.orders.change_to(order, after)), *money])
        return True


def _left(order: Order, now: datetime) -> Order:
    if is_cancelable(order):
        return transitions.canceled(order, OrderFailure.CUSTOMER_LEFT, now)
    return transitions.unaddressed(order, now)
