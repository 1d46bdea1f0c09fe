"""The fields of orders: what can be ordered, and ordering it."""

from infra import attributes
from infra.access import GET, GET_MANY, PUT, QUERY, UPDATE, Access
from infra.declaration import Fields, FunctionSpec
from studio.settings import OrdersApi

FUNCTION = FunctionSpec(
    name="orders-api",
    stack="api",
    handler="resolvers.fields.orders.handler",
    group="api",
    settings=OrdersApi,
    timeout=20,
    trigger=Fields("orders", ("Query.priceList", "Query.quoteOrder", "Mutation.createOrder")),
    # It never touches images: links to what was ordered are signed by others.
    access=Access(
        tables={
            "People": (GET, UPDATE),
            "Documents": (GET,),
            "Photos": (QUERY,),
            "Quotes": (GET, PUT),
            "Requests": (GET, PUT),
            "Orders": (GET, GET_MANY, PUT),
            "OrderDocuments": (PUT,),
        },
        changes={"People": attributes.ORDER},
    ),
)
