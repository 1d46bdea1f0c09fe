"""The fields of orders."""

from collections.abc import Callable
from typing import Any

from resolvers.fields.graphql import Answer, Fields, handler_of
from resolvers.shapes import orders as order_shapes
from studio import settings
from studio.money import Currency
from studio.orders.price_list import PRICE_LIST
from studio.people.guard import Guard
from studio.people.table import People

app = Fields()
config = settings.read(settings.OrdersApi)


@app.resolver(type_name="Query", field_name="priceList")
def price_list(currency: str) -> list[Answer]:
    return [order_shapes.list_price(price, Currency(currency)) for price in PRICE_LIST]


handler: Callable[[Answer, Any], Answer] = handler_of(app, Guard(People(config.people_table)))
