"""What is ordered of a printer."""

from dataclasses import dataclass, field
from enum import StrEnum

from studio.printing.cost import Cost
from studio.printing.products import Product


class ShippingMethod(StrEnum):
    """How fast, and how dear, parcels travel."""

    BUDGET = "BUDGET"
    STANDARD = "STANDARD"
    STANDARD_PLUS = "STANDARD_PLUS"
    EXPRESS = "EXPRESS"
    OVERNIGHT = "OVERNIGHT"


class PrintAction(StrEnum):
    """What can still be done to an order at the printer."""

    CANCEL = "CANCEL"
    CHANGE_RECIPIENT = "CHANGE_RECIPIENT"
    CHANGE_SHIPPING = "CHANGE_SHIPPING"


@dataclass(frozen=True, kw_only=True)
class QuoteItem:
    """So many copies of a product; `pages` of a book, all of them, with its covers."""

    product: Product
    copies: int
    pages: int | None = None


@dataclass(frozen=True, kw_only=True)
class PrintItem(QuoteItem):
    """The same with the file to print, and what the customer pays for it, which customs ask of parcels from abroad.

    The link to the file is signed, so neither it nor an address is ever shown.
    """

    reference: str
    url: str = field(repr=False)
    md5: str
    price: Cost | None = None


@dataclass(frozen=True, kw_only=True)
class Recipient:
    """Whom parcels go to."""

    name: str = field(repr=False)
    line1: str = field(repr=False)
    line2: str | None = field(default=None, repr=False)
    city: str = field(repr=False)
    region: str | None = field(default=None, repr=False)
    postal_code: str | None = field(default=None, repr=False)
    country: str
    phone: str | None = field(default=None, repr=False)
    email: str | None = field(default=None, repr=False)


@dataclass(frozen=True, kw_only=True)
class PrintRequest:
    """An order to be placed. Of one `key` there is one order, however often it is submitted; `reference` is our id."""

    key: str
    reference: str
    method: ShippingMethod
    recipient: Recipient
    items: tuple[PrintItem, ...]


@dataclass(frozen=True)
class Quote:
    """What one shipping method costs: the goods, their way and the taxes, all in one currency."""

    method: ShippingMethod
    goods: Cost
    shipping: Cost
    tax: Cost
    parcels: int

    @property
    def total(self) -> Cost:
        return Cost(self.goods.minor + self.shipping.minor + self.tax.minor, self.goods.currency)
