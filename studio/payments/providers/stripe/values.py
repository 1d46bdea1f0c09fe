"""Values as Stripe writes them, each read as what it has to be: a signature says who wrote it, not that it is right."""

import re
from collections.abc import Mapping
from typing import Any

from studio import ids
from studio.payments.notice import NotUnderstoodError
from studio.payments.transactions import Taken

Values = Mapping[str, Any]

_TEXT = re.compile(r"[!-~]{1,255}")
_CURRENCY = re.compile(r"[a-z]{3}")
# Stripe's largest charge has twelve digits; a moment this late is in the year 2286.
_MOST, _LATEST = 10**12, 10**10


def text(values: Values, name: str) -> str:
    """Return a name of Stripe's."""
    value = values.get(name)
    if not isinstance(value, str) or not _TEXT.fullmatch(value):
        raise NotUnderstoodError(f"{name} is no name")
    return value


def taken(values: Values, name: str) -> Taken:
    """Return an amount in the currency beside it."""
    currency = values.get("currency")
    if not isinstance(currency, str) or not _CURRENCY.fullmatch(currency):
        raise NotUnderstoodError("currency is none")
    return Taken(_number(values, name, _MOST), currency.upper())


def moment(event: Values) -> int:
    """Return the second in which what an event reports happened."""
    return _number(event, "created", _LATEST)


def payment_id(thing: Values) -> str | None:
    """Return the payment of ours that a thing was made for; what is no id of ours is another product's."""
    metadata = thing.get("metadata") or {}
    if not isinstance(metadata, dict):
        raise NotUnderstoodError("metadata is no object")
    id_ = metadata.get("paymentId")
    return id_ if isinstance(id_, str) and ids.is_id(id_) else None


def _number(values: Values, name: str, most: int) -> int:
    value = values.get(name)
    if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value <= most:
        raise NotUnderstoodError(f"{name} is no whole number that it could be")
    return value
