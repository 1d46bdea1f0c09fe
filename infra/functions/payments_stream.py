"""Follows the Payments table: sends the mail queue what payers are to be informed of, and has refunds asked for."""

from typing import Any

from infra.access import Access
from infra.declaration import FunctionSpec, Streams
from studio.settings.payments import PaymentsStream

# Payments have a version; the rows of transactions, beside them, have none.
_VERSIONED = {"NewImage": {"version": {"N": [{"exists": True}]}}}
_PATTERNS: tuple[dict[str, Any], ...] = ({"eventName": ["MODIFY"], "dynamodb": _VERSIONED},)

FUNCTION = FunctionSpec(
    name="payments-stream",
    stack="jobs",
    handler="resolvers.streams.payments.handler",
    group="api",
    settings=PaymentsStream,
    timeout=30,
    trigger=Streams(("Payments",), "TRIM_HORIZON", _PATTERNS, batch=25, retries=5, max_age=600),
    access=Access(),
    invokes=("payments-reconciler",),
    deployed=lambda stage: stage.mail is not None,
)
