"""The bank's pages, and amounts as people write them."""

from pathlib import Path
from typing import Final

from local.pages import Safe, Templates
from local.pages import frame as common_frame

# Stripe's amounts have no decimals in these currencies.
WHOLE: Final = frozenset(
    {"bif", "clp", "djf", "gnf", "jpy", "kmf", "krw", "mga", "pyg", "rwf", "ugx", "vnd", "vuv", "xaf", "xof", "xpf"}
)
fill = Templates(Path(__file__).with_name("pages")).fill


def frame(title: str, note: str, body: Safe, *, look: str, lang: str = "en") -> Safe:
    """Put a body into the page that all have in common; `note` says that no money moves."""
    return common_frame(title, fill("note.html", note=note), body, look=look, lang=lang)


def money(amount: int, currency: str, thousands: str = ",") -> str:
    """Write an amount of the smallest unit."""
    whole, cents = (amount, "") if currency in WHOLE else (amount // 100, f".{amount % 100:02}")
    return f"{whole:,}".replace(",", thousands) + f"{cents} {currency.upper()}"
