"""Orders, and what can be ordered."""

from resolvers.shapes.base import Shape, money
from studio.money import Currency
from studio.orders.price_list import ListPrice


def list_price(price: ListPrice, currency: Currency) -> Shape:
    """Return an OrderItem of no document."""
    product = price.product
    return {
        "kind": price.kind,
        "albumId": None,
        "collageId": None,
        "quantity": 1,
        "unitPrice": money(price.prices[currency]),
        "product": product.id if product else None,
        "pages": product.pages.least if product and product.pages else None,
        "pricePerTwoPages": money(price.pair[currency]) if price.pair else None,
    }
