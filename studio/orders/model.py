"""What an order is, and which steps it takes."""

from dataclasses import dataclass, field
from enum import StrEnum

from studio.documents.spec import DocumentKind, DocumentSpec, Product
from studio.money import Currency, Money


class OrderStatus(StrEnum):
    """Where an order stands: PENDING until it is paid, PROCESSING until it is fulfilled; the others are ends."""

    PENDING = "PENDING"
    PROCESSING = "PROCESSING"
    COMPLETED = "COMPLETED"
    FAILED = "FAILED"
    CANCELED = "CANCELED"

    @property
    def words(self) -> str:
        """Return what a sentence calls it: an order is so."""
        return (
            "unpaid"
            if self is OrderStatus.PENDING
            else "in progress"
            if self is OrderStatus.PROCESSING
            else self.lower()
        )


ENDED = frozenset({OrderStatus.COMPLETED, OrderStatus.FAILED, OrderStatus.CANCELED})


class OrderItemKind(StrEnum):
    """What is ordered: a document's file, or that file printed and sent."""

    ALBUM_PDF = "ALBUM_PDF"
    ALBUM_PRINT = "ALBUM_PRINT"
    COLLAGE_FILE = "COLLAGE_FILE"
    COLLAGE_PRINT = "COLLAGE_PRINT"

    @property
    def document(self) -> DocumentKind:
        return DocumentKind.ALBUM if self in {self.ALBUM_PDF, self.ALBUM_PRINT} else DocumentKind.COLLAGE

    @property
    def product(self) -> Product:
        """The file that is rendered for it."""
        return Product.PRINT if self.document == DocumentKind.ALBUM else Product.PICTURE

    @property
    def is_printed(self) -> bool:
        return self in {self.ALBUM_PRINT, self.COLLAGE_PRINT}


class OrderStepKind(StrEnum):
    """What has happened to an order, in this order; the last three only where something is printed."""

    PAID = "PAID"
    RENDERED = "RENDERED"
    DELIVERED = "DELIVERED"
    SUBMITTED = "SUBMITTED"
    IN_PRODUCTION = "IN_PRODUCTION"
    SHIPPED = "SHIPPED"


class OrderAction(StrEnum):
    """What its customer can still do with an order."""

    PAY = "PAY"
    CANCEL = "CANCEL"
    CHANGE_ADDRESS = "CHANGE_ADDRESS"


class OrderFailure(StrEnum):
    """Why an order ended FAILED or CANCELED."""

    NOT_PAID = "NOT_PAID"
    CANCELED_BY_CUSTOMER = "CANCELED_BY_CUSTOMER"
    CUSTOMER_LEFT = "CUSTOMER_LEFT"
    MONEY_WENT_BACK = "MONEY_WENT_BACK"
    RENDERING_FAILED = "RENDERING_FAILED"
    PICTURE_UNUSABLE = "PICTURE_UNUSABLE"
    PRINTER_REFUSED = "PRINTER_REFUSED"
    PRINTER_CANCELED = "PRINTER_CANCELED"
    ENDED_BY_ADMIN = "ENDED_BY_ADMIN"


@dataclass(frozen=True)
class Address:
    """Where parcels go. Personal: never logged, never in an event, and gone once nobody needs it."""

    name: str = field(repr=False)
    line1: str = field(repr=False)
    city: str = field(repr=False)
    country: str
    line2: str | None = field(default=None, repr=False)
    region: str | None = field(default=None, repr=False)
    postal_code: str | None = field(default=None, repr=False)
    phone: str | None = field(default=None, repr=False)


@dataclass(frozen=True)
class OrderItem:
    """So many of one thing. `document` is an album's or a collage's id; `pages` are a printed book's, with covers.

    `unit_price` is in the order's currency; `printed_as` is the id of the printer's product.
    """

    kind: OrderItemKind
    document: str
    quantity: int
    unit_price: Money
    pages: int | None = None
    printed_as: str | None = None


@dataclass(frozen=True)
class OrderStep:
    """A step that was taken; `note` may be read by the customer."""

    kind: OrderStepKind
    at: str
    note: str | None = None


@dataclass(frozen=True)
class OrderParcel:
    """A parcel that is on its way."""

    id: str
    shipped_at: str
    carrier: str | None = None
    tracking_number: str | None = None
    tracking_url: str | None = None


@dataclass(frozen=True)
class OrderEvent:
    """A change of an order: the version that it brought, how its status stood from then on, and what else it was."""

    version: int
    status: OrderStatus
    at: str
    note: str | None = None


@dataclass(frozen=True)
class Order:
    """One order.

    Parameters
    ----------
    country
        Where its parcels go, by ISO 3166-1; None where nothing is printed. The address may be gone, this stays.
    total
        What it costs in all. Every amount is in its currency.
    pay_by
        When it ends if it was not paid.
    payment
        The id of the payment that paid it.
    renderings
        The job that renders each file, by the document's id.
    tries
        How many jobs were made for each of them.
    printed
        Whether it was handed to the printer: from then on its customer cannot cancel it.
    due
        When the reconciler looks at it next, in milliseconds; None of what has ended.
    """

    id: str
    customer: str
    status: OrderStatus
    version: int
    items: tuple[OrderItem, ...]
    shipping: Money
    total: Money
    created_at: str
    updated_at: str
    pay_by: str
    country: str | None = None
    address: Address | None = None
    quote: str | None = None
    payment: str | None = None
    steps: tuple[OrderStep, ...] = ()
    parcels: tuple[OrderParcel, ...] = ()
    renderings: dict[str, str] = field(default_factory=dict[str, str])
    tries: dict[str, int] = field(default_factory=dict[str, int])
    printed: bool = False
    failure: OrderFailure | None = None
    note: str | None = None
    due: int | None = None
    history: tuple[OrderEvent, ...] = ()

    @property
    def currency(self) -> Currency:
        return self.total.currency

    @property
    def is_printed(self) -> bool:
        """Whether anything of it is printed."""
        return any(item.kind.is_printed for item in self.items)

    def has(self, step: OrderStepKind) -> bool:
        return any(each.kind == step for each in self.steps)


@dataclass(frozen=True)
class OrderDocument:
    """A document as it was when it was ordered: what is rendered is this, whatever becomes of the document."""

    order: str
    spec: DocumentSpec

    @property
    def id(self) -> str:
        return self.spec.document


@dataclass(frozen=True)
class OrderQuote:
    """A price that holds until `valid_until`, as long as the documents keep the `versions` that it was made of."""

    id: str
    owner: str
    items: tuple[OrderItem, ...]
    shipping: Money
    versions: dict[str, int]
    created_at: str
    valid_until: str
    country: str | None = None
