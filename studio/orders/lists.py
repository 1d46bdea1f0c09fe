"""Orders as they are looked at: by their customer, and by administrators."""

from collections.abc import Callable
from dataclasses import dataclass

from studio import ids
from studio.dynamo import Item, Page
from studio.orders.item import order_from_item
from studio.orders.model import Order, OrderStatus
from studio.orders.table import Orders
from studio.pages import checked_limit, decode, encode
from studio.people.model import Caller

Read = Callable[[int, Item | None], Page]


@dataclass(frozen=True)
class OrderLists:
    """Finds orders. Somebody else's is None, like one that does not exist."""

    orders: Orders

    def visible(self, caller: Caller, id_: str) -> Order | None:
        """Find an order the caller may look at: their own, or any for an administrator."""
        row = self.orders.get({"id": ids.checked(id_)})
        return order_from_item(row) if row and (caller.is_admin or row.get("customer") == caller.sub) else None

    def own(
        self, caller: Caller, status: OrderStatus | None, limit: int | None, token: str | None
    ) -> tuple[list[Order], str | None]:
        """Return one page of the caller's orders, newest first, and the token of the next; of one status or of all."""
        customer, orders = caller.sub, self.orders

        def read(room: int, start: Item | None) -> Page:
            if status is None:
                return orders.of_customer(customer, room, start)
            return orders.of_customer_in(customer, status, room, start)

        return self._page(f"orders {customer} {status}", read, limit, token)

    def by_status(self, status: OrderStatus, limit: int | None, token: str | None) -> tuple[list[Order], str | None]:
        return self._page(
            f"ordersByStatus {status}", lambda room, start: self.orders.of_status(status, room, start), limit, token
        )

    def of_id(self, id_: str) -> Order | None:
        """Find an order for whoever holds its id."""
        return self.orders.find(ids.checked(id_))

    def _page(self, name: str, read: Read, limit: int | None, token: str | None) -> tuple[list[Order], str | None]:
        page = read(checked_limit(limit), decode(name, token))
        return self.orders.find_many([row["id"] for row in page.rows]), encode(name, page.last)
