"""What an order's items cost, and sending them."""

from collections.abc import Sequence

from studio.money import Currency, Money
from studio.orders.model import OrderItemKind
from studio.orders.price_list import PRICE_LIST, SHIPPING, STEP_GRAMS, ListPrice, Zone
from studio.printing.products import Product

# Of paper, by area: Prodigi's photo books have 200 g/m² inside (see products.py), and its fine art prints too.
_PAPER = 200
# Of a book's cover and its box, and of a print's tube or boards: ours.
_BINDING_GRAMS = 500
_PACKING_GRAMS = 150


def unit_price(kind: OrderItemKind, product: Product | None, pages: int | None, currency: Currency) -> Money:
    """Return what one of them costs; `pages` are a book's, with its covers."""
    listed = _listed(kind, product)
    price = listed.prices[currency]
    if listed.pair is None or product is None or product.pages is None or pages is None:
        return price
    pairs = (max(pages, product.pages.least) - product.pages.least + 1) // 2
    return Money(price.minor + pairs * listed.pair[currency].minor, currency)


def shipping_price(zone: Zone, grams: int, currency: Currency) -> Money:
    """Return what sending so much costs; nothing costs nothing."""
    if grams == 0:
        return Money(0, currency)
    price, steps = SHIPPING[zone], -(-grams // STEP_GRAMS)
    return Money(price.first[currency].minor + (steps - 1) * price.further[currency].minor, currency)


def grams(product: Product, pages: int | None) -> int:
    """Return what one weighs, packed."""
    sheet = -(-_PAPER * int(product.width_mm * product.height_mm) // 1_000_000)
    return _BINDING_GRAMS + sheet * pages // 2 if pages else _PACKING_GRAMS + sheet


def total(amounts: Sequence[Money], currency: Currency) -> Money:
    return Money(sum(amount.minor for amount in amounts), currency)


def _listed(kind: OrderItemKind, product: Product | None) -> ListPrice:
    return next(each for each in PRICE_LIST if (each.kind, each.product) == (kind, product))
