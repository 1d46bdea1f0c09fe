"""What an exchange rate is, and which can be one."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from typing import Any

from studio import rows
from studio.clock import iso, parse
from studio.money import Currency
from studio.rows import Row

# The provider's base: what is stored is how much one of it is in each other currency.
BASE = Currency.USD
LEAST, MOST = Decimal("1e-9"), Decimal("1e9")


class RateSource(StrEnum):
    """Who said the rate: the stage's provider of rates, or an administrator."""

    PROVIDER = "PROVIDER"
    ADMIN = "ADMIN"


@dataclass(frozen=True)
class Rate:
    """One unit of `base` is `rate` units of `quote`, as its source said at `as_of`.

    `held_until` is for an administrator's: until then the refresh leaves it alone. `quotient` is the rate of a cross
    rate, whose digits may have no end.
    """

    base: Currency
    quote: Currency
    rate: Decimal
    as_of: datetime
    source: RateSource
    held_until: datetime | None = None
    quotient: Fraction | None = None

    @property
    def factor(self) -> Fraction:
        """The rate without a rounding, to convert amounts by."""
        return self.quotient or Fraction(self.rate)

    @property
    def pair(self) -> str:
        return pair(self.base, self.quote)

    def held(self, now: datetime) -> bool:
        """Tell whether an administrator's word still stands against the refresh."""
        return self.held_until is not None and now < self.held_until

    def item(self) -> dict[str, Any]:
        return {
            "pair": self.pair,
            "base": self.base,
            "quote": self.quote,
            "rate": self.rate,
            "asOf": iso(self.as_of),
            "source": self.source,
            "heldUntil": iso(self.held_until) if self.held_until else None,
        }

    @classmethod
    def from_item(cls, item: Mapping[str, Any]) -> "Rate":
        """Read a rate's row.

        Raises
        ------
        UnreadableError
        """
        row = Row(item)
        return cls(
            base=row.get("base", Currency),
            quote=row.get("quote", Currency),
            rate=row.get("rate", _sane),
            as_of=row.get("asOf", _moment),
            source=row.get("source", RateSource),
            held_until=row.find("heldUntil", _moment),
        )


def _sane(value: Any) -> Decimal:
    rate = rows.decimal(value)
    if not sane(rate):
        raise ValueError("no rate")
    return rate


def _moment(value: Any) -> datetime:
    return parse(rows.time(value))


def pair(base: Currency, quote: Currency) -> str:
    return f"{base}/{quote}"


def sane(rate: Decimal) -> bool:
    """Tell whether a number can be a rate at all."""
    return rate.is_finite() and LEAST <= rate <= MOST


def same(currency: Currency, now: datetime) -> Rate:
    """Return what a currency is in itself."""
    return Rate(currency, currency, Decimal(1), now, RateSource.PROVIDER)


def cross(of: Rate, to: Rate) -> Rate:
    """Return what one unit of `of.quote` is in `to.quote`, both being known in the same base: as old as the older."""
    source = RateSource.ADMIN if RateSource.ADMIN in {of.source, to.source} else RateSource.PROVIDER
    quotient = to.factor / of.factor
    return Rate(of.quote, to.quote, to.rate / of.rate, min(of.as_of, to.as_of), source, quotient=quotient)
