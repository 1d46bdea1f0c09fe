"""The reconciler of orders at the printer: asks for what is due, and submits what was left behind."""

from infra import attributes
from infra.access import GET, GET_MANY, UPDATE, Access
from infra.declaration import FunctionSpec, Schedule
from studio.settings.printing import Printing

FUNCTION = FunctionSpec(
    name="printing-reconciler",
    stack="jobs",
    handler="resolvers.timers.printing_reconciler.handler",
    group="api",
    settings=Printing,
    timeout=120,  # two runs may overlap, and find no two orders at the printer for one of ours
    trigger=Schedule(),
    access=Access(
        tables={"PrintOrders": (GET, GET_MANY, UPDATE)},
        indexes={"PrintOrders": ("open",)},
        changes={"PrintOrders": attributes.PRINT},
    ),
    variables=lambda stage: {"PRINTER_URL": stage.printer_url},
)
