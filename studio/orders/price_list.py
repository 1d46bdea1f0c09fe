"""The prices of what we sell, and of sending it, as data: in cents of the US and the Singapore dollar, and in dong.

All figures are ours: a price is fixed in each currency and follows no exchange rate. They leave room above what
`local/printer/catalogue.py` asks, whose figures are invented too: Prodigi tells its prices to who has an account, at
`POST /v4.0/quotes`. A test compares them.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from studio.money import Currency, Money
from studio.orders.model import OrderItemKind
from studio.printing.products import ALBUM, PRODUCTS, Product

Prices = Mapping[Currency, Money]


def _prices(cents: int, dong: int, sgd_cents: int) -> Prices:
    amounts = {Currency.USD: cents, Currency.VND: dong, Currency.SGD: sgd_cents}
    return {currency: Money(minor, currency) for currency, minor in amounts.items()}


@dataclass(frozen=True)
class ListPrice:
    """The price of one; a book's is that of the fewest pages, and `pair` that of each two beyond them."""

    kind: OrderItemKind
    prices: Prices
    product: Product | None = None
    pair: Prices | None = None


class Zone(StrEnum):
    """Countries that cost the same to send to."""

    NEAR = "NEAR"
    PACIFIC = "PACIFIC"
    EUROPE = "EUROPE"
    AMERICA = "AMERICA"


@dataclass(frozen=True)
class ShippingPrice:
    """The price of a parcel of up to so many grams, and of each further step of as many that is begun."""

    first: Prices
    further: Prices


PRICE_LIST: Final = (
    ListPrice(OrderItemKind.ALBUM_PDF, _prices(499, 129_000, 649)),
    ListPrice(OrderItemKind.COLLAGE_FILE, _prices(199, 49_000, 259)),
    ListPrice(OrderItemKind.ALBUM_PRINT, _prices(2_499, 659_000, 3_249), ALBUM, pair=_prices(99, 26_000, 129)),
    ListPrice(OrderItemKind.COLLAGE_PRINT, _prices(1_299, 342_000, 1_689), PRODUCTS["PRINT_8X10"]),
    ListPrice(OrderItemKind.COLLAGE_PRINT, _prices(1_399, 369_000, 1_819), PRODUCTS["PRINT_8X12"]),
    ListPrice(OrderItemKind.COLLAGE_PRINT, _prices(1_499, 399_000, 1_949), PRODUCTS["PRINT_10X10"]),
)

STEP_GRAMS: Final = 500
SHIPPING: Final[Mapping[Zone, ShippingPrice]] = {
    Zone.NEAR: ShippingPrice(_prices(1_099, 289_000, 1_429), _prices(349, 92_000, 459)),
    Zone.PACIFIC: ShippingPrice(_prices(1_299, 342_000, 1_689), _prices(449, 119_000, 589)),
    Zone.EUROPE: ShippingPrice(_prices(1_199, 316_000, 1_559), _prices(399, 105_000, 519)),
    Zone.AMERICA: ShippingPrice(_prices(1_299, 342_000, 1_689), _prices(449, 119_000, 589)),
}
