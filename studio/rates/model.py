"""What an exchange rate is, and which can be one."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction

from studio.money import Currency

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
