"""The fields of orders."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from resolvers.fields import placed_orders
from resolvers.fields.graphql import Answer, Fields, caller, handler_of
from resolvers.shapes import orders as order_shapes
from studio import settings
from studio.albums.table import Documents, Photos
from studio.clock import now
from studio.money import Currency
from studio.orders.create import OrderCreator
from studio.orders.offer import OfferMaker
from studio.orders.price_list import PRICE_LIST
from studio.orders.quote import QuoteRequest, Quoting
from studio.orders.table import OrderDocuments, Orders, Quotes
from studio.people.guard import Guard
from studio.people.join import UserDirectory
from studio.people.table import People
from studio.requests.table import Requests

if TYPE_CHECKING:
    from studio.inputs import CreateOrderInput, OrderQuoteInput

app = Fields()
config = settings.read(settings.OrdersApi)
_people, _orders, _quotes = People(config.people_table), Orders(config.orders_table), Quotes(config.quotes_table)
placed_orders.register(app, config, _orders, _people)
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


_second_factor = UserDirectory(config.user_pool_id).has_second_factor if config.second_factor else None
handler: Callable[[Answer, Any], Answer] = handler_of(app, Guard(_people, has_second_factor=_second_factor))
