"""Where orders are kept: the Orders table with its lists, OrderDocuments with what is to be rendered, and Quotes."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from operator import itemgetter

from studio.clock import millis
from studio.dynamo import Item, Page, Table, Update, Write, update
from studio.orders.item import (
    OPEN,
    list_of,
    order_document_from_item,
    order_document_to_item,
    order_from_item,
    order_to_item,
    quote_from_item,
    quote_to_item,
)
from studio.orders.model import Order, OrderDocument, OrderQuote, OrderStatus
from studio.paging import due, index_pages, pages, rows_of
from studio.sweeping import readable

_BATCH = 25


class Orders(Table):
    """The Orders table."""

    def new(self, order: Order) -> Write:
        return self.put(order_to_item(order), new="id")

    def find(self, id_: str) -> Order | None:
        row = self.get({"id": id_})
        return order_from_item(row) if row else None

    def find_many(self, ids: Sequence[str]) -> list[Order]:
        """Return the orders that exist and can be read, in the order of their ids."""
        return readable(rows_of(self, ids), order_from_item, what="order to read", name=itemgetter("id"))

    def change_to(self, before: Order, after: Order) -> Update:
        """Describe writing an order that was changed; refused where it is no longer as it was read."""
        row = order_to_item(after)
        return update(
            {"id": before.id},
            condition="#version = :seen",
            values={"seen": before.version},
            set={name: value for name, value in row.items() if name != "id"},
            remove=[name for name, value in row.items() if value is None],
        )

    def step(self, before: Order, after: Order) -> Order:
        """Write a change of an order alone.

        Raises
        ------
        ConditionFailed
            Somebody else changed the order first.
        """
        return order_from_item(self.apply(self.change_to(before, after)))

    def look_again(self, id_: str, now: datetime) -> Update:
        """Describe that there is something new for an order that is being fulfilled: its stream sets it off."""
        return update(
            {"id": id_},
            condition="#status = :processing",
            values={"processing": OrderStatus.PROCESSING},
            set={"due": millis(now), "open": OPEN},
        )

    def ids_of(self, customer: str) -> list[str]:
        """Return the ids of all orders of one customer."""
        batches = index_pages(self, "#customer = :customer", {"customer": customer}, "byCustomer")
        return [row["id"] for rows in batches for row in rows]

    def of_customer(self, customer: str, limit: int, start: Item | None) -> Page:
        condition, values = "#customer = :customer", {"customer": customer}
        return self.query(condition, values, index="byCustomer", limit=limit, start=start)

    def of_customer_in(self, customer: str, status: OrderStatus, limit: int, start: Item | None) -> Page:
        values = {"list": list_of(customer, status)}
        return self.query("#list = :list", values, index="byCustomerStatus", limit=limit, start=start)

    def of_status(self, status: OrderStatus, limit: int, start: Item | None) -> Page:
        return self.query("#status = :status", {"status": status}, index="byStatus", limit=limit, start=start)

    def due(self, now: datetime) -> Iterator[list[Item]]:
        """Yield, in batches, the rows of orders that have not ended and are to be looked at."""
        return due(self, OPEN, now)


class OrderDocuments(Table):
    """The OrderDocuments table: a partition for each order. It is personal, and goes with the order's end."""

    def new(self, document: OrderDocument) -> Write:
        return self.put(order_document_to_item(document), new="id")

    def of_order(self, order: str) -> list[OrderDocument]:
        """Return what is to be rendered for an order.

        Raises
        ------
        UnreadableError
        """
        return [order_document_from_item(row) for row in self._rows(order)]

    def remove_all(self, order: str) -> None:
        for row in self._rows(order):
            self.discard({"order": order, "id": row["id"]})

    def _rows(self, order: str) -> list[Item]:
        def read(start: Item | None) -> Page:
            return self.query("#order = :order", {"order": order}, limit=_BATCH, start=start, consistent=True)

        return [row for rows_ in pages(read) for row in rows_]


class Quotes(Table):
    """The Quotes table: a partition for each person."""

    def add(self, quote: OrderQuote) -> None:
        self.insert(quote_to_item(quote), new="id")

    def find(self, owner: str, id_: str) -> OrderQuote | None:
        """Return a quote of this person's; what is expired may be there yet."""
        row = self.get({"owner": owner, "id": id_})
        return quote_from_item(row) if row else None

    def remove_all(self, owner: str) -> None:
        for row in self._rows(owner):
            self.discard({"owner": owner, "id": row["id"]})

    def _rows(self, owner: str) -> list[Item]:
        def read(start: Item | None) -> Page:
            return self.query("#owner = :owner", {"owner": owner}, limit=_BATCH, start=start)

        return [row for rows_ in pages(read) for row in rows_]
