"""Orders: albums and collages that are bought, as files or printed and sent."""

import strawberry

from schema.directives import PUBLIC, USER, USER_AND_SYSTEM
from schema.jobs import Download
from schema.payments import Money
from schema.scalars import AWSURL, AWSDateTime, AWSPhone, AWSTimestamp
from studio.money import Currency
from studio.orders.model import OrderAction, OrderItemKind, OrderStatus, OrderStepKind

strawberry.enum(OrderItemKind, description="A file, or the same printed and sent.")
strawberry.enum(OrderStatus, description="PENDING until it is paid, PROCESSING until it is fulfilled.")
strawberry.enum(OrderStepKind, description="The last three only where something is printed.")
strawberry.enum(OrderAction, description="What its customer can still do with an order.")


@strawberry.type(directives=PUBLIC, description="So many of one thing, at a price each.")
class OrderItem:
    kind: OrderItemKind
    album_id: strawberry.ID | None
    collage_id: strawberry.ID | None
    quantity: int
    unit_price: Money
    product: str | None = strawberry.field(description="What it is printed as.")
    pages: int | None = strawberry.field(description="Of a printed book, with its covers; in the list, the fewest.")
    price_per_two_pages: Money | None = strawberry.field(
        description="In the list: what each two pages cost that a book has beyond the fewest."
    )


@strawberry.type(directives=PUBLIC, description="A step that an order has taken.")
class OrderStep:
    kind: OrderStepKind
    at: AWSDateTime
    note: str | None


@strawberry.type(directives=PUBLIC, description="A parcel that is on its way.")
class Parcel:
    carrier: str | None
    tracking_number: str | None
    tracking_url: AWSURL | None
    shipped_at: AWSDateTime


@strawberry.type(directives=USER_AND_SYSTEM, description="Where parcels go.")
class Address:
    name: str
    line1: str
    line2: str | None
    city: str
    region: str | None
    postal_code: str | None
    country_code: str
    phone: AWSPhone | None


@strawberry.type(directives=USER, description="What would look poor, and may be ordered all the same.")
class OrderWarning:
    album_id: strawberry.ID | None
    collage_id: strawberry.ID | None
    page: int | None = strawberry.field(description="As its foot says; null is a book's cover, or the whole.")
    dpi: int | None = strawberry.field(description="How many dots an inch are printed: below 300 it may look soft.")
    message: str = strawberry.field(description="A sentence for a person.")


@strawberry.type(directives=USER, description="A price that stands until it ends, or a document in it changes.")
class OrderQuote:
    id: strawberry.ID
    items: list[OrderItem]
    shipping: Money
    total_price: Money
    valid_until: AWSDateTime
    warnings: list[OrderWarning]


@strawberry.type(directives=USER_AND_SYSTEM, description="One order.")
class Order:
    id: strawberry.ID
    customer: strawberry.ID
    status: OrderStatus
    items: list[OrderItem]
    shipping: Money
    total_price: Money
    address: Address | None = strawberry.field(
        description="Null where nothing is printed, once it is not needed, and in events."
    )
    steps: list[OrderStep]
    parcels: list[Parcel]
    actions: list[OrderAction]
    downloads: list[Download] = strawberry.field(
        description="Its files, once it is delivered. Empty in events: ask `order` for links."
    )
    error_message: str | None = strawberry.field(
        description="Why it failed, or was canceled by others, in a sentence for a person."
    )
    version: int = strawberry.field(
        description="Grows with every change, and may skip numbers; drop what is not newer."
    )
    expires_at: AWSTimestamp | None = strawberry.field(description="When it ends if it is not paid by then.")
    created_at: AWSDateTime
    updated_at: AWSDateTime


@strawberry.type(directives=PUBLIC, description="How an order stands, for whoever holds its id.")
class OrderView:
    id: strawberry.ID
    status: OrderStatus
    version: int = strawberry.field(description="Grows with every change, and may skip numbers.")
    steps: list[OrderStep] = strawberry.field(description="Without notes.")
    parcels: list[Parcel]
    updated_at: AWSDateTime


@strawberry.type(directives=USER, description="One page of orders, newest first.")
class OrderConnection:
    items: list[Order]
    next_token: str | None = strawberry.field(description="Ask with it for the next page; null on the last one.")


@strawberry.input(description="So many of one thing: of an album, or of a collage.")
class OrderItemInput:
    kind: OrderItemKind
    album_id: strawberry.ID | None = strawberry.field(default=strawberry.UNSET, description="For ALBUM_ kinds.")
    collage_id: strawberry.ID | None = strawberry.field(default=strawberry.UNSET, description="For COLLAGE_ kinds.")
    quantity: int = strawberry.field(description="1 to 20; of a file 1.")


@strawberry.input(description="What is to be priced.")
class OrderQuoteInput:
    items: list[OrderItemInput] = strawberry.field(description="1 to 10.")
    currency: Currency
    country_code: str | None = strawberry.field(
        default=strawberry.UNSET, description="ISO 3166-1, two letters: where parcels go; needed where there are any."
    )


@strawberry.input(description="Where parcels go.")
class AddressInput:
    name: str = strawberry.field(description="1 to 100 characters.")
    line1: str = strawberry.field(description="1 to 100 characters.")
    line2: str | None = strawberry.UNSET
    city: str
    region: str | None = strawberry.field(default=strawberry.UNSET, description="A state or province.")
    postal_code: str | None = strawberry.UNSET
    country_code: str = strawberry.field(description="ISO 3166-1, two letters.")
    phone: AWSPhone | None = strawberry.field(default=strawberry.UNSET, description="For the carrier.")


@strawberry.input(description="What is to be ordered.")
class CreateOrderInput:
    client_request_id: strawberry.ID = strawberry.field(
        description="Made by the client; the same id again answers the same order."
    )
    items: list[OrderItemInput] = strawberry.field(description="1 to 10.")
    currency: Currency
    quote_id: strawberry.ID | None = strawberry.field(
        default=strawberry.UNSET, description="Of a quote for the same: its price is charged."
    )
    address: AddressInput | None = strawberry.field(
        default=strawberry.UNSET, description="Needed where something is printed, and only there."
    )
