"""The fields of orders: what they would cost, making them, looking at them, and what may still be done."""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from resolvers.fields.graphql import Answer, Fields, caller, follow_own, handler_of, selects
from resolvers.shapes import orders as order_shapes
from resolvers.shapes.base import connection
from studio.albums.table import Documents, Photos
from studio.audit.table import AuditTrail
from studio.clock import now
from studio.jobs.table import Jobs
from studio.lists import Listed
from studio.money import Currency
from studio.orders.actions import OrderActions
from studio.orders.address import checked_address
from studio.orders.create import OrderCreator
from studio.orders.files import OrderFiles
from studio.orders.lists import OrderLists
from studio.orders.model import Order, OrderStatus
from studio.orders.offer import OfferMaker
from studio.orders.price_list import PRICE_LIST
from studio.orders.quote import QuoteRequest, Quoting
from studio.orders.settlement import OrderSettlement
from studio.orders.table import OrderDocuments, Orders, Quotes
from studio.orders.update_status import OrderStatusUpdater
from studio.page_tokens import checked_limit
from studio.payments.refund import RefundRequester
from studio.payments.table import Payments
from studio.people.guard import Guard
from studio.people.join import UserDirectory
from studio.people.model import Role
from studio.people.table import People
from studio.printing.withdrawal import Withdrawals
from studio.requests.table import Requests
from studio.settings import orders as settings
from studio.settings.environment import read_settings

if TYPE_CHECKING:
    from studio.inputs import AddressInput, CreateOrderInput, OrderQuoteInput

# Links are made by a resolver for each order, and a request may have 50 resolvers.
_MOST_WITH_LINKS = 40
_LINKS = "items/downloads"

app = Fields()
config = read_settings(settings.OrdersApi)
_people, _orders, _quotes = People(config.people_table), Orders(config.orders_table), Quotes(config.quotes_table)
_trail = AuditTrail(config.audit_table)
_offers = OfferMaker(Documents(config.documents_table), Photos(config.photos_table), _people)
_quoting = Quoting(_offers, _quotes)
_creator = OrderCreator(
    _orders,
    OrderDocuments(config.order_documents_table),
    _quotes,
    Requests(config.requests_table),
    _offers,
    config.payment_seconds,
)
_lists, _files = OrderLists(_orders), OrderFiles(Jobs(config.jobs_table))
_settlement = OrderSettlement(RefundRequester(Payments(config.payments_table), _trail))
_actions = OrderActions(_orders, _settlement)
_status_updater = OrderStatusUpdater(_orders, _settlement, _people, _trail, Withdrawals(config.print_orders_table))


@app.resolver(type_name="Query", field_name="priceList")
def price_list(currency: str) -> list[Answer]:
    return [order_shapes.list_price(price, Currency(currency)) for price in PRICE_LIST]


@app.resolver(type_name="Query", field_name="quoteOrder")
def quote_order(input: "OrderQuoteInput") -> Answer:  # noqa: A002 - the schema's name
    return order_shapes.quote(*_quoting.quote(caller(app), QuoteRequest.of(input), now()))


@app.resolver(type_name="Mutation", field_name="createOrder")
def create_order(input: "CreateOrderInput") -> Answer:  # noqa: A002
    moment = now()
    return order_shapes.order(_creator.create(caller(app), input, moment), moment)


@app.resolver(type_name="Query", field_name="order")
def order(id: str) -> Answer | None:  # noqa: A002
    return _shown(_lists.visible(caller(app), id))


@app.resolver(type_name="Query", field_name="orders")
def orders(status: str | None = None, limit: int | None = None, nextToken: str | None = None) -> Answer:  # noqa: N803
    wanted = OrderStatus(status) if status else None
    return _page(_lists.own(caller(app), wanted, _room(limit), nextToken))


@app.resolver(type_name="Query", field_name="ordersByStatus", role=Role.ADMIN)
def orders_by_status(status: str, limit: int | None = None, nextToken: str | None = None) -> Answer:  # noqa: N803
    return _page(_lists.by_status(OrderStatus(status), _room(limit), nextToken))


@app.resolver(type_name="Query", field_name="orderStatus")
def order_status(id: str) -> Answer | None:  # noqa: A002
    found = _lists.of_id(id)
    return order_shapes.view(found) if found else None


@app.resolver(type_name="Mutation", field_name="cancelOrder")
def cancel_order(id: str) -> Answer | None:  # noqa: A002
    return _shown(_actions.cancel(caller(app), id, now()))


@app.resolver(type_name="Mutation", field_name="changeOrderAddress")
def change_order_address(id: str, address: "AddressInput") -> Answer | None:  # noqa: A002
    return _shown(_actions.readdress(caller(app), id, checked_address(address), now()))


@app.resolver(type_name="Mutation", field_name="processOrder")
def process_order(id: str) -> Answer | None:  # noqa: A002
    return _shown(_actions.process(caller(app), id, now()))


@app.resolver(type_name="Mutation", field_name="updateOrderStatus", role=Role.ADMIN)
def update_order_status(id: str, status: str, errorMessage: str | None = None) -> Answer | None:  # noqa: A002, N803
    return _shown(_status_updater.update(caller(app), id, OrderStatus(status), errorMessage, now()))


@app.resolver(type_name="Subscription", field_name="onOrder")
def on_order(customer: str) -> None:
    follow_own(app, customer, "your own orders")


def _room(limit: int | None) -> int | None:
    return min(checked_limit(limit), _MOST_WITH_LINKS) if selects(app, _LINKS) else limit


def _page(page: Listed[Order]) -> Answer:
    return connection(page, _shape_of(page.items, _LINKS))


def _shown(found: Order | None) -> Answer | None:
    return _shape_of([found], "downloads")(found) if found else None


def _shape_of(found: Sequence[Order], links: str) -> Callable[[Order], Answer]:
    """Return the shape of these orders: with their files, only where the client selected links to them."""
    made = _files.of(found) if selects(app, links) else {}
    return lambda each: order_shapes.order(each, now(), made.get(each.id, []))


_second_factor = UserDirectory(config.user_pool_id).has_second_factor if config.second_factor else None
handler: Callable[[Answer, Any], Answer] = handler_of(app, Guard(_people, has_second_factor=_second_factor))
