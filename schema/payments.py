"""Packages of points, payments, and what providers reported of them."""

import strawberry

from schema.directives import PUBLIC, USER, USER_AND_SYSTEM
from schema.enums import described
from schema.scalars import AWSURL, AWSDateTime
from studio.money import Currency
from studio.payments.model import (
    PaymentDecision,
    PaymentEventState,
    PaymentProvider,
    PaymentStatus,
    ReviewReason,
)
from studio.payments.refund_request import RefundStatus

described(
    Currency,
    "ISO 4217.",
    USD="US dollar; minor counts cents.",
    VND="Vietnamese dong; minor counts whole dong.",
    SGD="Singapore dollar; minor counts cents.",
)
described(
    PaymentProvider,
    "Who takes the money.",
    VNPAY="Takes VND only.",
    STRIPE="Takes cards and more, in every currency of the packages.",
)
described(
    PaymentStatus,
    "Money that comes late makes FAILED and EXPIRED PAID all the same.",
    PENDING="It waits for its payer.",
    PAID="The money came, and what was bought is given.",
    FAILED="The provider took nothing.",
    EXPIRED="It was not paid in time, or was canceled.",
    REFUNDED="All the money went back.",
    REVIEW="An administrator has to look at it.",
)
described(
    ReviewReason,
    "Why an administrator has to look at a payment.",
    WRONG_AMOUNT="Another amount was paid.",
    WRONG_CURRENCY="It was paid in another currency.",
    OWNER_LEFT="Its payer had closed their account.",
    SUSPECTED="The provider took the money and looks into it.",
    BALANCE_FULL="The balance has no room for the points.",
    ORDER_PAID_ALREADY="Another payment had paid the order.",
    ORDER_ENDED="The order had ended.",
    MONEY_WENT_BACK="The money went back of an order that goes on.",
    REFUND_REFUSED="The provider refused a refund that the studio asked for.",
)
described(
    RefundStatus,
    "How far a refund has got that the studio asked the provider for.",
    ASKED="It is to be asked for.",
    UNDER_WAY="The provider has taken it on.",
    DONE="The money went back.",
    REFUSED="The provider refused it.",
)
described(
    PaymentDecision,
    "What an administrator makes of a payment in REVIEW.",
    CREDIT="What was bought is given.",
    REFUND="The money was paid back.",
)
described(
    PaymentEventState,
    "How far an event has got.",
    RECEIVED="Kept, and still to be acted on.",
    HANDLED="Acted on.",
    UNMATCHED="Given up: mostly no payment of ours is meant.",
)


@strawberry.type(directives=PUBLIC, description="An amount.")
class Money:
    minor: int = strawberry.field(description="An integer of the currency's smallest unit: cents; whole dong.")
    currency: Currency = strawberry.field(description="The currency that minor counts.")


@strawberry.type(directives=PUBLIC, description="Points to buy.")
class PointPackage:
    id: strawberry.ID = strawberry.field(description="createPayment takes it as packageId.")
    points: int = strawberry.field(description="How many points it is.")
    prices: list[Money] = strawberry.field(description="One in each currency it is sold in.")


@strawberry.type(directives=USER_AND_SYSTEM, description="One payment.")
class Payment:
    id: strawberry.ID = strawberry.field(description="Names the payment in every other request.")
    owner: strawberry.ID = strawberry.field(description="The id of the person who pays.")
    provider: PaymentProvider = strawberry.field(description="Who takes the money.")
    status: PaymentStatus = strawberry.field(description="Where it stands.")
    version: int = strawberry.field(description="Grows by one with every change; drop what is not newer.")
    package_id: strawberry.ID | None = strawberry.field(
        description="The package that is bought; null where an order is paid."
    )
    order_id: strawberry.ID | None = strawberry.field(
        description="The order that is paid; null where points are bought."
    )
    points: int = strawberry.field(description="What was bought.")
    credited_points: int = strawberry.field(description="What is credited for it now: less after a refund.")
    owed_points: int = strawberry.field(description="What a refund could not take back, because it had been spent.")
    balance: int | None = strawberry.field(description="The owner's balance after points last moved for it.")
    amount: Money = strawberry.field(description="What is to be paid.")
    worth: Money | None = strawberry.field(
        description="The amount in US dollars, at the rate of when it was begun; null where none was known."
    )
    failed_refund: Money | None = strawberry.field(
        description="What was sent back, and came back from the payer's bank: it has to be paid back in another way."
    )
    refund_status: RefundStatus | None = strawberry.field(
        description="How far its refund has got; null where the studio asked for none."
    )
    review_reason: ReviewReason | None = strawberry.field(description="Why it is in REVIEW; null where it is not.")
    pay_url: AWSURL | None = strawberry.field(description="Where to pay, while it is to be paid.")
    created_at: AWSDateTime = strawberry.field(description="When it was begun.")
    updated_at: AWSDateTime = strawberry.field(description="When it last changed.")
    expires_at: AWSDateTime = strawberry.field(description="When the provider takes no money any more.")
    paid_at: AWSDateTime | None = strawberry.field(description="When the money came; null before.")


@strawberry.type(directives=USER, description="One page of payments, newest first.")
class PaymentConnection:
    items: list[Payment] = strawberry.field(description="The payments of this page.")
    next_token: str | None = strawberry.field(description="Ask with it for the next page; null on the last one.")


@strawberry.type(directives=USER, description="What a provider reported, kept before it was acted on.")
class PaymentEvent:
    id: strawberry.ID = strawberry.field(description="The event's own id.")
    provider: PaymentProvider = strawberry.field(description="Who reported it.")
    type: str = strawberry.field(description="The provider's own name of it.")
    state: PaymentEventState = strawberry.field(description="How far it has got.")
    payment_id: strawberry.ID | None = strawberry.field(
        description="The payment it is about; null where none of ours is."
    )
    outcome: str | None = strawberry.field(description="What came of it.")
    cause: str | None = strawberry.field(description="Why it was given up.")
    at: AWSDateTime = strawberry.field(description="When it arrived.")


@strawberry.type(directives=USER, description="One page of events, newest first.")
class PaymentEventConnection:
    items: list[PaymentEvent] = strawberry.field(description="The events of this page.")
    next_token: str | None = strawberry.field(description="Ask with it for the next page; null on the last one.")


@strawberry.input(description="A package of points to pay for.")
class CreatePaymentInput:
    client_request_id: strawberry.ID = strawberry.field(
        description="Made by the client; the same id again answers the same payment."
    )
    provider: PaymentProvider = strawberry.field(description="Who is to take the money.")
    currency: Currency = strawberry.field(description="In which it is paid; the provider must take it.")
    package_id: strawberry.ID | None = strawberry.field(
        default=strawberry.UNSET, description="The package to buy, from pointPackages; either this or orderId."
    )
    order_id: strawberry.ID | None = strawberry.field(
        default=strawberry.UNSET, description="The caller's order to pay for; either this or packageId."
    )
    return_url: AWSURL | None = strawberry.field(
        default=strawberry.UNSET, description="Where the payer comes back to, on one of the studio's own sites."
    )
