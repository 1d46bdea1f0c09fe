"""The fields of orders: what can be ordered, and ordering it."""

from infra import attributes
from infra.access import CHECK, GET, GET_MANY, PUT, QUERY, UPDATE, Access
from infra.cognito import LOOK_UP
from infra.declaration import Fields, FunctionSpec
from studio.settings.orders import OrdersApi

FUNCTION = FunctionSpec(
    name="orders-api",
    stack="api",
    handler="resolvers.fields.orders.handler",
    group="api",
    settings=OrdersApi,
    timeout=20,
    trigger=Fields(
        "orders",
        (
            "Query.priceList",
            "Query.quoteOrder",
            "Mutation.createOrder",
            "Query.order",
            "Query.orders",
            "Query.ordersByStatus",
            "Query.orderStatus",
            "Mutation.cancelOrder",
            "Mutation.changeOrderAddress",
            "Mutation.processOrder",
            "Mutation.updateOrderStatus",
            "Subscription.onOrder",
        ),
    ),
    # It never touches images: links to what was ordered are signed by others.
    access=Access(
        tables={
            "People": (GET, UPDATE, CHECK),
            "Documents": (GET,),
            "Photos": (QUERY,),
            "Quotes": (GET, PUT),
            "Requests": (GET, PUT),
            "Orders": (GET, GET_MANY, PUT, UPDATE),
            "OrderDocuments": (PUT,),
            "PrintOrders": (UPDATE,),
            "Jobs": (GET_MANY,),
            "Payments": (GET, UPDATE),
            "Audit": (PUT,),
        },
        indexes={"Orders": ("byCustomer", "byCustomerStatus", "byStatus")},
        changes={"People": attributes.ORDER, "PrintOrders": attributes.WITHDRAW_PRINT},
    ),
    users=LOOK_UP,
)
