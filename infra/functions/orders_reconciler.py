"""The reconciler of orders: ends those that nobody paid, and goes on with those whose fulfilment was cut off."""

from infra.access import FULFIL, GET, GET_MANY, UPDATE, Access
from infra.declaration import FunctionSpec, Schedule
from studio.settings.orders import OrdersReconciler

FUNCTION = FunctionSpec(
    name="orders-reconciler",
    stack="jobs",
    handler="resolvers.timers.orders_reconciler.handler",
    group="api",
    settings=OrdersReconciler,
    timeout=55,  # shorter than its schedule's minute, so that two runs do not overlap
    trigger=Schedule(),
    access=Access(
        tables={**FULFIL, "Orders": (GET, GET_MANY, UPDATE)},
        indexes={"Orders": ("open",)},
    ),
)
