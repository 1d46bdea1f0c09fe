"""The rows of the Rates table, and back."""

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any

from studio import rows
from studio.clock import iso, parse
from studio.money import Currency
from studio.rates.model import Rate, RateSource, sane
from studio.rows import Row


def rate_to_item(rate: Rate) -> dict[str, Any]:
    return {
        "pair": rate.pair,
        "base": rate.base,
        "quote": rate.quote,
        "rate": rate.rate,
        "asOf": iso(rate.as_of),
        "source": rate.source,
        "heldUntil": iso(rate.held_until) if rate.held_until else None,
    }


def rate_from_item(item: Mapping[str, Any]) -> Rate:
    """Read a rate's row.

    Raises
    ------
    UnreadableError
    """
    row = Row(item)
    return Rate(
        base=row.get("base", Currency),
        quote=row.get("quote", Currency),
        rate=row.get("rate", _rate),
        as_of=row.get("asOf", _time),
        source=row.get("source", RateSource),
        held_until=row.find("heldUntil", _time),
    )


def _rate(value: Any) -> Decimal:
    rate = rows.decimal(value)
    if not sane(rate):
        raise ValueError("no rate")
    return rate


def _time(value: Any) -> datetime:
    return parse(rows.time(value))
