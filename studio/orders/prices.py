"""What an order's items cost, and sending them."""

from collections.abc import Sequence

from studio.money import Currency, Money
from studio.orders.countries import COUNTRIES
from studio.orders.model import OrderItem, OrderItemKind
from studio.orders.price_list import PRICE_LIST, SHIPPING, STEP_GRAMS, ListPrice, Zone
from studio.printing.products import PRODUCTS, Product

# Of a square metre of paper: Prodigi's photo books have 200 g inside (see products.py); we take its prints to be alike.
_PAPER_GRAMS = 200
# Of a book's cover and its box, and of a print's tube or boards: ours.
_BINDING_GRAMS = 500
_PACKING_GRAMS = 150


def unit_price(kind: OrderItemKind, product: Product | None, pages: int | None, currency: Currency) -> Money:
    """Return what one of them costs; `pages` are a book's, with its covers."""
    listed = _listed(kind, product)
    price = listed.prices[currency]
    if listed.pair is None or product is None or product.pages is None or pages is None:
        return price
    pairs = -(-max(pages - product.pages.least, 0) // 2)
    return Money(price.minor + pairs * listed.pair[currency].minor, currency)


def shipping_price(items: Sequence[OrderItem], country: str | None, currency: Currency) -> Money:
    """Return what it costs to send what is printed of these."""
    weight = sum(item.quantity * grams(PRODUCTS[item.printed_as], item.pages) for item in items if item.printed_as)
    return parcel_price(COUNTRIES[country].zone, weight, currency) if country and weight else Money(0, currency)


def parcel_price(zone: Zone, weight: int, currency: Currency) -> Money:
    """Return what it costs to send so many grams."""
    price, further = SHIPPING[zone], -(-weight // STEP_GRAMS) - 1
    return Money(price.first[currency].minor + further * price.further[currency].minor, currency)


def grams(product: Product, pages: int | None) -> int:
    """Return what one weighs, packed."""
    sheet = -(-_PAPER_GRAMS * round(product.width_mm * product.height_mm) // 1_000_000)
    return _BINDING_GRAMS + sheet * pages // 2 if pages else _PACKING_GRAMS + sheet


def total_price(items: Sequence[OrderItem], shipping: Money) -> Money:
    goods = sum(item.quantity * item.unit_price.minor for item in items)
    return Money(goods + shipping.minor, shipping.currency)


def _listed(kind: OrderItemKind, product: Product | None) -> ListPrice:
    return next(each for each in PRICE_LIST if (each.kind, each.product) == (kind, product))
