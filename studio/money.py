"""Money: an integer of a currency's smallest unit. Rates are Decimal, and an amount is rounded once."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Context, Decimal
from enum import StrEnum
from typing import Any

# Room for every digit of a product: DynamoDB keeps 38 of each number. In the usual 28 it would be rounded once before.
_EXACT = Context(prec=80)


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

    def item(self) -> dict[str, Any]:
        return {"minor": self.minor, "currency": self.currency}

    @classmethod
    def from_item(cls, item: Mapping[str, Any]) -> "Money":
        return cls(item["minor"], Currency(item["currency"]))

    def converted(self, to: Currency, rate: Decimal) -> "Money":
        """Return the amount in another currency; `rate` is how much of that one unit (not a cent) of this one is."""
        shifted = Decimal(self.minor).scaleb(to.digits - self.currency.digits, _EXACT)
        return Money(int(_EXACT.multiply(shifted, rate).quantize(Decimal(1), ROUND_HALF_UP, _EXACT)), to)
