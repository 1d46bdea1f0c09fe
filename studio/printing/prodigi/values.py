"""Values as Prodigi writes them, each read as what it has to be.

Its documentation writes outcomes both as `created` and `Created`, and steps both as `Complete` and `Completed`; SKUs
are answered in other case than they were sent. So names of states are compared without case.
"""

import re
from collections.abc import Mapping
from contextlib import suppress
from datetime import UTC, datetime
from typing import Any

from studio import text as texts
from studio.clock import iso
from studio.printing.cost import Cost
from studio.printing.protocol import AnswerNotUnderstoodError

Values = Mapping[str, Any]

_LONGEST = 200
_MOST = 200  # parts of an order that are read
# An id has three letters, by its kind, and a number (https://www.prodigi.com/print-api/docs/reference/#id-format).
_ORDER_ID = re.compile(r"ord_[0-9]{1,20}")
_TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,9})?(?:Z|[+-]\d\d:\d\d)?", re.ASCII)
_URL = re.compile(r"https?://[\x21-\x7e]{1,1000}", re.ASCII)


def is_order_id(text: object) -> bool:
    return isinstance(text, str) and _ORDER_ID.fullmatch(text) is not None


def part(values: Values, name: str) -> Values:
    """Return an object; what is missing, or null, is an empty one."""
    value = values.get(name)
    if value is None:
        return {}
    if not isinstance(value, dict):
        raise AnswerNotUnderstoodError(f"{name} is no object")
    return value


def parts(values: Values, name: str) -> list[Values]:
    """Return a list of objects; what is missing, or null, is an empty one."""
    value = values.get(name)
    if value is None:
        return []
    if not isinstance(value, list) or len(value) > _MOST or not all(isinstance(each, dict) for each in value):
        raise AnswerNotUnderstoodError(f"{name} is no list of objects")
    return value


def text(values: Values, name: str) -> str:
    value = found_text(values, name)
    if value is None:
        raise AnswerNotUnderstoodError(f"{name} is missing")
    return value


def found_text(values: Values, name: str) -> str | None:
    """Return a text that can be kept and shown; None where there is none."""
    value = values.get(name)
    if value is None or value == "":
        return None
    if not isinstance(value, str) or texts.flaw_of_name(value, _LONGEST):
        raise AnswerNotUnderstoodError(f"{name} is no text")
    return value


def state(values: Values, name: str) -> str:
    """Return the name of a state, without case."""
    return text(values, name).lower()


def url(values: Values, name: str) -> str | None:
    """Return an address that people may be sent to; anything else is left out, as nothing depends on it."""
    value = values.get(name)
    return value if isinstance(value, str) and _URL.fullmatch(value) else None


def moment(values: Values, name: str) -> str | None:
    """Return a time as the studio writes it; Prodigi's are UTC, whether they say so or not."""
    value = values.get(name)
    if value is None:
        return None
    if isinstance(value, str) and _TIME.fullmatch(value):
        with suppress(ValueError, OverflowError):
            read = datetime.fromisoformat(value)
            return iso(read if read.tzinfo else read.replace(tzinfo=UTC))
    raise AnswerNotUnderstoodError(f"{name} is no time")


def cost(values: Values, name: str) -> Cost:
    """Return an amount, which Prodigi writes as a text: `{"amount": "10.74", "currency": "GBP"}`."""
    value = part(values, name)
    amount, currency = value.get("amount"), value.get("currency")
    if isinstance(amount, str) and isinstance(currency, str):
        with suppress(ValueError):
            return Cost.parse(amount, currency)
    raise AnswerNotUnderstoodError(f"{name} is no amount")
