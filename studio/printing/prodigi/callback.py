"""Prodigi's callbacks (https://www.prodigi.com/print-api/docs/reference/#callbacks): CloudEvents, which nobody signs.

Whoever knows the address can send one. So a callback only says which order to ask for; all else comes from the API,
which answers for orders of our own account alone. The documentation shows the order both as `data.order` and as `data`.
"""

import json
from typing import Any

from studio.printing.prodigi.values import is_order_id

_LARGEST = 256_000
_VERSION = "1.0"
_TYPE = "com.prodigi.order."


def order_of(body: bytes) -> str | None:
    """Return the order that an event is about; None where it is no event of an order, or says two things at once."""
    event = _object(body)
    kind = event.get("type")
    if event.get("specversion") != _VERSION or not isinstance(kind, str) or not kind.startswith(_TYPE):
        return None
    named = event.get("subject")
    data = event.get("data")
    if not is_order_id(named) or not isinstance(data, dict):
        return None
    order = data.get("order", data)
    return named if isinstance(order, dict) and order.get("id") == named else None


def _object(body: bytes) -> dict[str, Any]:
    if len(body) > _LARGEST:
        return {}
    try:
        event: Any = json.loads(body)
    except (ValueError, RecursionError):
        return {}
    return event if isinstance(event, dict) else {}
