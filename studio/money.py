"""Money: an integer of a currency's smallest unit. Rates are Decimal, or quotients of such; all is rounded once."""

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from math import floor

_HALF = Fraction(1, 2)


class Currency(StrEnum):
    """The currencies that the studio takes."""

    USD = "USD"
    VND = "VND"
    SGD = "SGD"

    @property
    def digits(self) -> int:
        """How many decimal places the smallest unit is, by ISO 4217: a cent is 2, and the dong has no smaller one."""
        return 0 if self is Currency.VND else 2


@dataclass(frozen=True)
class Money:
    """An amount: `minor` is cents, or whole dong."""

    minor: int
    currency: Currency

    def converted(self, to: Currency, rate: Decimal | Fraction) -> "Money":
        """Return the amount in another currency; `rate` is how much of that one unit (not a cent) of this one is.

        Half of a smallest unit is rounded up.
        """
        exact = self.minor * Fraction(10) ** (to.digits - self.currency.digits) * Fraction(rate)
        return Money(floor(exact + _HALF), to)
