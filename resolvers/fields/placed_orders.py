"""The fields of orders that have been made: looking at them, and what may still be done."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from resolvers.fields.graphql import Answer, Fields, caller, selects
from resolvers.shapes import orders as order_shapes
from studio import settings
from studio.audit.table import AuditTrail
from studio.clock import now
from studio.errors import ErrorType, StudioError
from studio.jobs.table import Jobs
from studio.orders.actions import OrderActions
from studio.orders.address import checked_address
from studio.orders.files import OrderFiles
from studio.orders.lists import OrderLists
from studio.orders.model import Order, OrderStatus
from studio.orders.money import OrderMoney
from studio.orders.status import OrderStatuses
from studio.orders.table import Orders
from studio.pages import DEFAULT_LIMIT
from studio.payments.refund import RefundRequester
from studio.payments.table import Payments
from studio.people.model import Role
from studio.people.table import People

if TYPE_CHECKING:
    from studio.inputs import AddressInput

# Links are made by a resolver for each order, and a request may have 50 resolvers.
_MOST_WITH_LINKS = 40
_LINKS = "items/downloads"


@dataclass(frozen=True)
class _Shown:
    """Orders as they are answered: with their files only where the client selected links to them."""

    app: Fields
    files: OrderFiles

    def one(self, found: Order | None) -> Answer | None:
        return self._all([found], "downloads")[0] if found else None

    def page(self, found: list[Order], token: str | None) -> Answer:
        return {"items": self._all(found, _LINKS), "nextToken": token}

    def room(self, limit: int | None) -> int | None:
        wanted = DEFAULT_LIMIT if limit is None else limit
        return min(wanted, _MOST_WITH_LINKS) if selects(self.app, _LINKS) else limit

    def _all(self, found: Sequence[Order], links: str) -> list[Answer]:
        made = self.files.of(found) if selects(self.app, links) else {}
        return [order_shapes.order(each, now(), made.get(each.id, [])) for each in found]


def register(app: Fields, config: settings.OrdersApi, orders: Orders, people: People) -> None:
    """Let an area's function answer the fields of orders that have been made."""
    trail, shown = AuditTrail(config.audit_table), _Shown(app, OrderFiles(Jobs(config.jobs_table)))
    money = OrderMoney(RefundRequester(Payments(config.payments_table), trail))
    _register_lists(app, OrderLists(orders), shown)
    _register_actions(app, OrderActions(orders, money), shown)
    statuses = OrderStatuses(orders, money, people, trail)

    @app.resolver(type_name="Mutation", field_name="updateOrderStatus", role=Role.ADMIN)
    def update_order_status(id: str, status: str, errorMessage: str | None = None) -> Answer | None:  # noqa: A002, N803
        return shown.one(statuses.set(caller(app), id, OrderStatus(status), errorMessage, now()))

    @app.resolver(type_name="Subscription", field_name="onOrder")
    def on_order(customer: str) -> None:
        """Run when a subscription starts: an error here refuses it."""
        if customer != caller(app).sub:
            raise StudioError(ErrorType.UNAUTHORIZED, "You can follow your own orders only.")


def _register_lists(app: Fields, lists: OrderLists, shown: _Shown) -> None:
    @app.resolver(type_name="Query", field_name="order")
    def order(id: str) -> Answer | None:  # noqa: A002 - the schema's name
        return shown.one(lists.visible(caller(app), id))

    @app.resolver(type_name="Query", field_name="orders")
    def orders(status: str | None = None, limit: int | None = None, nextToken: str | None = None) -> Answer:  # noqa: N803
        wanted = OrderStatus(status) if status else None
        return shown.page(*lists.own(caller(app), wanted, shown.room(limit), nextToken))

    @app.resolver(type_name="Query", field_name="ordersByStatus", role=Role.ADMIN)
    def orders_by_status(status: str, limit: int | None = None, nextToken: str | None = None) -> Answer:  # noqa: N803
        return shown.page(*lists.by_status(OrderStatus(status), shown.room(limit), nextToken))

    @app.resolver(type_name="Query", field_name="orderStatus")
    def order_status(id: str) -> Answer | None:  # noqa: A002
        found = lists.of_id(id)
        return order_shapes.view(found) if found else None


def _register_actions(app: Fields, actions: OrderActions, shown: _Shown) -> None:
    @app.resolver(type_name="Mutation", field_name="cancelOrder")
    def cancel_order(id: str) -> Answer | None:  # noqa: A002
        return shown.one(actions.cancel(caller(app), id, now()))

    @app.resolver(type_name="Mutation", field_name="changeOrderAddress")
    def change_order_address(id: str, address: "AddressInput") -> Answer | None:  # noqa: A002
        return shown.one(actions.readdress(caller(app), id, checked_address(address), now()))

    @app.resolver(type_name="Mutation", field_name="processOrder")
    def process_order(id: str) -> Answer | None:  # noqa: A002
        return shown.one(actions.process(caller(app), id, now()))
