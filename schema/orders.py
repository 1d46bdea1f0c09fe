"""Orders: albums and collages that are bought, as files or printed and sent."""

import strawberry

from schema.directives import PUBLIC, USER, USER_AND_SYSTEM
from schema.enums import described
from schema.jobs import Download
from schema.payments import Money
from schema.scalars import AWSURL, AWSDateTime, AWSPhone, AWSTimestamp
from studio.money import Currency
from studio.orders.model import OrderAction, OrderItemKind, OrderStatus, OrderStepKind

described(
    OrderItemKind,
    "A file, or the same printed and sent.",
    ALBUM_PDF="An album as a file.",
    ALBUM_PRINT="An album as a printed book.",
    COLLAGE_FILE="A collage as a file.",
    COLLAGE_PRINT="A collage as a print.",
)
described(
    OrderStatus,
    "PENDING until it is paid, PROCESSING until it is fulfilled.",
    PENDING="It waits to be paid.",
    PROCESSING="It is paid and being fulfilled.",
    COMPLETED="All of it was delivered or sent.",
    FAILED="It could not be fulfilled.",
    CANCELED="It was canceled, or not paid in time.",
)
described(
    OrderStepKind,
    "The last three only where something is printed.",
    PAID="It was paid.",
    RENDERED="Its files were made.",
    DELIVERED="Its files can be downloaded.",
    SUBMITTED="The printer has it.",
    IN_PRODUCTION="It is being printed.",
    SHIPPED="A parcel was sent.",
)
described(
    OrderAction,
    "What its customer can still do with an order.",
    PAY="Pay for it, with createPayment.",
    CANCEL="Cancel it, with cancelOrder.",
    CHANGE_ADDRESS="Send it elsewhere, with changeOrderAddress.",
)


@strawberry.type(directives=PUBLIC, description="So many of one thing, at a price each.")
class OrderItem:
    kind: OrderItemKind = strawberry.field(description="A file, or the same printed and sent.")
    album_id: strawberry.ID | None = strawberry.field(
        description="The album it is made of; null for a collage, and in the price list."
    )
    collage_id: strawberry.ID | None = strawberry.field(
        description="The collage it is made of; null for an album, and in the price list."
    )
    quantity: int = strawberry.field(description="How many.")
    unit_price: Money = strawberry.field(description="What one of them costs.")
    product: str | None = strawberry.field(description="What it is printed as.")
    pages: int | None = strawberry.field(description="Of a printed book, with its covers; in the list, the fewest.")
    price_per_two_pages: Money | None = strawberry.field(
        description="In the list: what each two pages cost that a book has beyond the fewest."
    )


@strawberry.type(directives=PUBLIC, description="A step that an order has taken.")
class OrderStep:
    kind: OrderStepKind = strawberry.field(description="What happened.")
    at: AWSDateTime = strawberry.field(description="When it happened.")
    note: str | None = strawberry.field(description="More about it, in words for its customer.")


@strawberry.type(directives=PUBLIC, description="A parcel that is on its way.")
class Parcel:
    carrier: str | None = strawberry.field(description="Who brings it, as far as the printer says.")
    tracking_number: str | None = strawberry.field(
        description="The carrier's number for it, as far as the printer says."
    )
    tracking_url: AWSURL | None = strawberry.field(description="Where to follow it, as far as the printer says.")
    shipped_at: AWSDateTime = strawberry.field(description="When it was sent.")


@strawberry.type(directives=USER_AND_SYSTEM, description="Where parcels go.")
class Address:
    name: str = strawberry.field(description="Who the parcel is for.")
    line1: str = strawberry.field(description="Street and number.")
    line2: str | None = strawberry.field(description="More of the street address; null where there is no more.")
    city: str = strawberry.field(description="City or town.")
    region: str | None = strawberry.field(description="State or province; null where it was not given.")
    postal_code: str | None = strawberry.field(description="Postal code; null where it was not given.")
    country_code: str = strawberry.field(description="ISO 3166-1, two letters.")
    phone: AWSPhone | None = strawberry.field(description="For the carrier; null where it was not given.")


@strawberry.type(directives=USER, description="What would look poor, and may be ordered all the same.")
class OrderWarning:
    album_id: strawberry.ID | None = strawberry.field(description="The album it is about; null where it is a collage.")
    collage_id: strawberry.ID | None = strawberry.field(
        description="The collage it is about; null where it is an album."
    )
    page: int | None = strawberry.field(description="As its foot says; null is a book's cover, or the whole.")
    dpi: int | None = strawberry.field(description="How many dots an inch are printed: below 300 it may look soft.")
    message: str = strawberry.field(description="A sentence for a person.")


@strawberry.type(directives=USER, description="A price that stands until it ends, or a document in it changes.")
class OrderQuote:
    id: strawberry.ID = strawberry.field(description="createOrder takes it as quoteId.")
    items: list[OrderItem] = strawberry.field(description="What was asked for, with prices.")
    shipping: Money = strawberry.field(description="What sending it costs; 0 where nothing is sent.")
    total_price: Money = strawberry.field(description="All items and shipping.")
    valid_until: AWSDateTime = strawberry.field(description="Until when the price stands.")
    warnings: list[OrderWarning] = strawberry.field(description="What would look poor; empty where nothing would.")


@strawberry.type(directives=USER_AND_SYSTEM, description="One order.")
class Order:
    id: strawberry.ID = strawberry.field(description="Names the order in every other request.")
    customer: strawberry.ID = strawberry.field(description="The id of the person who ordered.")
    status: OrderStatus = strawberry.field(description="Where it stands.")
    items: list[OrderItem] = strawberry.field(description="What is ordered.")
    shipping: Money = strawberry.field(description="What sending it costs; 0 where nothing is sent.")
    total_price: Money = strawberry.field(description="All items and shipping.")
    address: Address | None = strawberry.field(
        description="Null where nothing is printed, once it is not needed, and in events."
    )
    steps: list[OrderStep] = strawberry.field(description="What has happened to it so far, in order.")
    parcels: list[Parcel] = strawberry.field(description="What is on its way, once it is.")
    actions: list[OrderAction] = strawberry.field(description="What its customer can do with it now.")
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
    created_at: AWSDateTime = strawberry.field(description="When it was ordered.")
    updated_at: AWSDateTime = strawberry.field(description="When it last changed.")


@strawberry.type(directives=PUBLIC, description="How an order stands, for whoever holds its id.")
class OrderView:
    id: strawberry.ID = strawberry.field(description="The order's id.")
    status: OrderStatus = strawberry.field(description="Where it stands.")
    version: int = strawberry.field(description="Grows with every change, and may skip numbers.")
    steps: list[OrderStep] = strawberry.field(description="Without notes.")
    parcels: list[Parcel] = strawberry.field(description="What is on its way, once it is.")
    updated_at: AWSDateTime = strawberry.field(description="When it last changed.")


@strawberry.type(directives=USER, description="One page of orders, newest first.")
class OrderConnection:
    items: list[Order] = strawberry.field(description="The orders of this page.")
    next_token: str | None = strawberry.field(description="Ask with it for the next page; null on the last one.")


@strawberry.input(description="So many of one thing: of an album, or of a collage.")
class OrderItemInput:
    kind: OrderItemKind = strawberry.field(description="A file, or the same printed and sent.")
    album_id: strawberry.ID | None = strawberry.field(default=strawberry.UNSET, description="For ALBUM_ kinds.")
    collage_id: strawberry.ID | None = strawberry.field(default=strawberry.UNSET, description="For COLLAGE_ kinds.")
    quantity: int = strawberry.field(description="1 to 20; of a file 1.")


@strawberry.input(description="What is to be priced.")
class OrderQuoteInput:
    items: list[OrderItemInput] = strawberry.field(description="1 to 10.")
    currency: Currency = strawberry.field(description="In which it is priced.")
    country_code: str | None = strawberry.field(
        default=strawberry.UNSET, description="ISO 3166-1, two letters: where parcels go; needed where there are any."
    )


@strawberry.input(description="Where parcels go.")
class AddressInput:
    name: str = strawberry.field(description="1 to 100 characters.")
    line1: str = strawberry.field(description="1 to 100 characters.")
    line2: str | None = strawberry.field(
        default=strawberry.UNSET, description="More of the street address; 100 characters at most."
    )
    city: str = strawberry.field(description="City or town, 1 to 100 characters.")
    region: str | None = strawberry.field(default=strawberry.UNSET, description="A state or province.")
    postal_code: str | None = strawberry.field(
        default=strawberry.UNSET, description="Needed where the country has postal codes."
    )
    country_code: str = strawberry.field(description="ISO 3166-1, two letters.")
    phone: AWSPhone | None = strawberry.field(default=strawberry.UNSET, description="For the carrier.")


@strawberry.input(description="What is to be ordered.")
class CreateOrderInput:
    client_request_id: strawberry.ID = strawberry.field(
        description="Made by the client; the same id again answers the same order."
    )
    items: list[OrderItemInput] = strawberry.field(description="1 to 10.")
    currency: Currency = strawberry.field(description="In which it is paid.")
    quote_id: strawberry.ID | None = strawberry.field(
        default=strawberry.UNSET, description="Of a quote for the same: its price is charged."
    )
    address: AddressInput | None = strawberry.field(
        default=strawberry.UNSET, description="Needed where something is printed, and only there."
    )
