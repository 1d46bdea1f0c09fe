"""Pages: templates whose values are escaped, and amounts as people write them."""

from functools import cache
from html import escape
from pathlib import Path
from string import Template
from typing import Final

from aiohttp import web

FOLDER: Final = Path(__file__).with_name("pages")
# Stripe's amounts have no decimals in these currencies.
WHOLE: Final = frozenset(
    {"bif", "clp", "djf", "gnf", "jpy", "kmf", "krw", "mga", "pyg", "rwf", "ugx", "vnd", "vuv", "xaf", "xof", "xpf"}
)


class Safe(str):
    """Text that is HTML already."""

    __slots__ = ()


@cache
def _template(name: str) -> Template:
    return Template((FOLDER / name).read_text())


def fill(name: str, /, **values: object) -> Safe:
    """Fill a template of the folder `pages`; what is not Safe is escaped."""
    escaped = {key: value if isinstance(value, Safe) else escape(str(value)) for key, value in values.items()}
    return Safe(_template(name).substitute(escaped))


def join(parts: list[Safe]) -> Safe:
    return Safe("".join(parts))


def frame(title: str, note: str, body: Safe, *, look: str, lang: str = "en") -> Safe:
    """Put a body into the page that all have in common; `note` says that no money moves."""
    style = Safe((FOLDER / "style.css").read_text())
    return fill("frame.html", title=title, note=note, body=body, look=look, lang=lang, style=style)


def page(html: Safe) -> web.Response:
    return web.Response(text=html, content_type="text/html", headers={"Cache-Control": "no-store"})


def money(amount: int, currency: str, thousands: str = ",") -> str:
    """Write an amount of the smallest unit."""
    whole, cents = (amount, "") if currency in WHOLE else (amount // 100, f".{amount % 100:02}")
    return f"{whole:,}".replace(",", thousands) + f"{cents} {currency.upper()}"
