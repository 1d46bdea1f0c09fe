"""What is printed here, where it is sent, and what that costs: all invented, but in the form of Prodigi's."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Any, Final

Json = dict[str, Any]


@dataclass(frozen=True)
class Product:
    """A product: its price in US cents, and of a book its pages and the price of one beyond the least."""

    sku: str
    description: str
    inches: tuple[Decimal, Decimal]
    cents: int
    pages: range | None = None
    cents_a_page: int = 0

    def price(self, pages: int | None) -> int:
        more = (pages or 0) - self.pages.start if self.pages else 0
        return self.cents + self.cents_a_page * max(more, 0)


_BOOK = (Decimal("11.69"), Decimal("8.27"))
_PRODUCTS = (
    Product("BOOK-FE-A4-L-HARD-G", "Hardcover photo book, A4 landscape, gloss", _BOOK, 1348, range(24, 301, 2), 25),
    Product("GLOBAL-FAP-8X10", 'Fine art print, 8x10"', (Decimal(8), Decimal(10)), 600),
    Product("GLOBAL-FAP-8X12", 'Fine art print, 8x12"', (Decimal(8), Decimal(12)), 700),
    Product("GLOBAL-FAP-10X10", 'Fine art print, 10x10"', (Decimal(10), Decimal(10)), 800),
)
PRODUCTS: Final = {product.sku: product for product in _PRODUCTS}
COUNTRIES: Final = frozenset(
    {"AU", "CA", "CH", "DE", "ES", "FR", "GB", "HK", "IE", "IT", "JP", "KR", "NL", "NZ", "PL", "SG", "TH", "US", "VN"}
)
# US cents for the first item, by method; each further one costs a third.
METHODS: Final[Mapping[str, int]] = {"Budget": 600, "Standard": 900, "Express": 2400, "Overnight": 4500}
# Units for a dollar, and how many decimal places they have.
CURRENCIES: Final[Mapping[str, tuple[Decimal, int]]] = {
    "USD": (Decimal(1), 2),
    "GBP": (Decimal("0.75"), 2),
    "EUR": (Decimal("0.86"), 2),
    "SGD": (Decimal("1.29"), 2),
    "VND": (Decimal(26300), 0),
}
_DPI = 300


def money(cents: int, currency: str) -> Json:
    """Write US cents as an amount of a currency."""
    rate, digits = CURRENCIES[currency]
    amount = (Decimal(cents) * rate / 100).quantize(Decimal(1).scaleb(-digits), ROUND_HALF_UP)
    return {"amount": str(amount), "currency": currency}


def shipping(method: str, copies: int) -> int:
    """Return what the way of so many copies costs, in US cents."""
    first = METHODS[method]
    return first + first * (copies - 1) // 3


def details(product: Product) -> Json:
    """Return what Prodigi's product details show."""
    width, height = product.inches
    area = {"horizontalResolution": round(width * _DPI), "verticalResolution": round(height * _DPI)}
    variant = {"attributes": {}, "shipsTo": sorted(COUNTRIES), "printAreaSizes": {"default": area}}
    return {
        "sku": product.sku,
        "description": product.description,
        "productDimensions": {"width": float(width), "height": float(height), "units": "in"},
        "attributes": {},
        "printAreas": {"default": {"required": True}},
        "variants": [variant],
    }
