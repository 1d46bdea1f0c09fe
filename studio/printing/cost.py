"""What a printer asks for: an integer of the smallest unit of any currency, which the studio need not take itself."""

import re
from dataclasses import dataclass
from decimal import Decimal

# How many decimal places the smallest unit is, by ISO 4217; all others have two.
_DIGITS = {
    **dict.fromkeys(("BIF", "CLP", "DJF", "GNF", "ISK", "JPY", "KMF", "KRW", "PYG", "RWF", "UGX", "UYI"), 0),
    **dict.fromkeys(("VND", "VUV", "XAF", "XOF", "XPF"), 0),
    **dict.fromkeys(("BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND"), 3),
}
_CURRENCY = re.compile(r"[A-Z]{3}")
_AMOUNT = re.compile(r"-?[0-9]{1,12}(?:\.[0-9]{1,8})?")


@dataclass(frozen=True, order=True)
class Cost:
    """An amount: `minor` is cents, or whole dong. Less than nothing is money back."""

    minor: int
    currency: str

    @classmethod
    def parse(cls, amount: str, currency: str) -> "Cost":
        """Read an amount as `12.34`. Raises ValueError, also for a part of a smallest unit: no money is rounded."""
        if not _CURRENCY.fullmatch(currency) or not _AMOUNT.fullmatch(amount):
            raise ValueError("no amount")
        minor = Decimal(amount).scaleb(_digits(currency))
        if minor != int(minor):
            raise ValueError("a part of a smallest unit")
        return cls(int(minor), currency)

    @property
    def amount(self) -> str:
        """Write it as `12.34`."""
        return str(Decimal(self.minor).scaleb(-_digits(self.currency)))


def _digits(currency: str) -> int:
    return _DIGITS.get(currency, 2)
