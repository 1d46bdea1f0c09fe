"""Follows the PrintOrders table: submits new orders to the printer, and asks for those that it called about."""

from typing import Any

from infra import attributes
from infra.access import GET, UPDATE, Access
from infra.declaration import FunctionSpec, Streams
from studio.settings.printing import Printing

_OPEN = {"NewImage": {"open": {"S": ["open"]}}}
_PATTERNS: tuple[dict[str, Any], ...] = ({"eventName": ["INSERT", "MODIFY"], "dynamodb": _OPEN},)

FUNCTION = FunctionSpec(
    name="printing-stream",
    stack="jobs",
    handler="resolvers.streams.printing.handler",
    group="api",
    settings=Printing,
    timeout=300,  # the printer may take a while for each
    trigger=Streams(("PrintOrders",), "TRIM_HORIZON", _PATTERNS, batch=10, retries=2, max_age=600),
    access=Access(tables={"PrintOrders": (GET, UPDATE)}, changes={"PrintOrders": attributes.PRINT}),
    variables=lambda stage: {"PRINTER_URL": stage.printer_url},
)
