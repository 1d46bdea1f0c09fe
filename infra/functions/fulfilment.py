"""Fulfils orders that were paid, step by step, and writes to their customers."""

from typing import Any

from infra.access import FULFIL, Access
from infra.declaration import FunctionSpec, Streams
from studio.settings.orders import Fulfilment

_STATUSES = ("PROCESSING", "COMPLETED", "FAILED", "CANCELED")
# Changes of an order that was paid, or has ended; and of one at the printer, once he has it, or refuses it.
_PATTERNS: tuple[dict[str, Any], ...] = (
    {"eventName": ["MODIFY"], "dynamodb": {"NewImage": {"status": {"S": list(_STATUSES)}}}},
    {"eventName": ["MODIFY"], "dynamodb": {"NewImage": {"printerId": {"S": [{"exists": True}]}}}},
    {"eventName": ["MODIFY"], "dynamodb": {"NewImage": {"refusal": {"M": {"refusal": {"S": [{"exists": True}]}}}}}},
)

FUNCTION = FunctionSpec(
    name="fulfilment",
    stack="jobs",
    handler="resolvers.streams.orders.handler",
    group="api",
    settings=Fulfilment,
    timeout=60,
    # The reconciler of orders finds by its row what was given up here.
    trigger=Streams(("Orders", "PrintOrders"), "TRIM_HORIZON", _PATTERNS, batch=10, retries=5, max_age=600),
    access=Access(tables=FULFIL),
    variables=lambda stage: {} if stage.mail else {"MAIL_QUEUE": ""},
)
