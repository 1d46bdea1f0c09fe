"""What the printer calls, and whoever knows the address: it has an order looked at again, and can do nothing else."""

from infra import attributes
from infra.access import UPDATE, Access
from infra.declaration import FunctionSpec, Routes
from studio.settings.printing import PrinterCallbacks

_ROUTE = "PrinterCallback"

FUNCTION = FunctionSpec(
    name="printer-callbacks",
    stack="payments",
    handler="resolvers.webhooks.printer.handler",
    group="api",
    settings=PrinterCallbacks,
    timeout=10,
    # Nobody signs it, so that it keeps no payment's provider waiting.
    trigger=Routes({_ROUTE: "POST /printer"}, open=(_ROUTE,)),
    access=Access(
        tables={"PrintOrders": (UPDATE,)},
        indexes={"PrintOrders": ("byPrinterId",)},
        changes={"PrintOrders": attributes.RECEIVE_CALLBACK},
    ),
)
