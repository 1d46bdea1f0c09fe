"""Orders as they are looked at: by their customer, and by administrators."""

from dataclasses import dataclass

from studio import ids
from studio.lists import Listed, Load, Source, by_id, listed
from studio.orders.item import order_from_item
from studio.orders.model import Order, OrderStatus
from studio.orders.table import Orders
from studio.people.model import Caller

_BY_CUSTOMER, _BY_STATUS = ("id", "customer", "createdAt"), ("id", "status", "createdAt")
_BY_CUSTOMER_STATUS = ("id", "list", "createdAt")


@dataclass(frozen=True)
class OrderLists:
    """Finds orders. Somebody else's is None, like one that does not exist."""

    orders: Orders

    def visible(self, caller: Caller, id_: str) -> Order | None:
        """Find an order the caller may look at: their own, or any for an administrator."""
        row = self.orders.get({"id": ids.checked(id_)})
        return order_from_item(row) if row and (caller.is_admin or row.get("customer") == caller.sub) else None

    def own(self, caller: Caller, status: OrderStatus | None, limit: int | None, token: str | None) -> Listed[Order]:
        """Return one page of the caller's orders, newest first, and the token of the next; of one status or of all."""
        customer, orders = caller.sub, self.orders
        if status is None:
            source = Source(lambda n, start: orders.of_customer(customer, n, start), _BY_CUSTOMER, self._load)
        else:
            source = Source(
                lambda n, start: orders.of_customer_in(customer, status, n, start), _BY_CUSTOMER_STATUS, self._load
            )
        return listed(f"orders {customer} {status}", source, limit, token)

    def by_status(self, status: OrderStatus, limit: int | None, token: str | None) -> Listed[Order]:
        source = Source(lambda n, start: self.orders.of_status(status, n, start), _BY_STATUS, self._load)
        return listed(f"ordersByStatus {status}", source, limit, token)

    @property
    def _load(self) -> Load[Order]:
        return by_id(self.orders.find_many)

    def of_id(self, id_: str) -> Order | None:
        """Find an order for whoever holds its id."""
        return self.orders.find(ids.checked(id_))
