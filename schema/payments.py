"""Packages of points, payments, and what providers reported of them."""

import strawberry

from schema.directives import PUBLIC, USER, USER_AND_SYSTEM
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

strawberry.enum(Currency, description="ISO 4217.")
strawberry.enum(PaymentProvider, description="Who takes the money; VNPAY takes VND only.")
strawberry.enum(PaymentStatus, description="Money that comes late makes FAILED and EXPIRED PAID all the same.")
strawberry.enum(
    ReviewReason,
    description="Why an administrator has to look at a payment; MONEY_WENT_BACK is of an order that goes on.",
)
strawberry.enum(RefundStatus, description="How far a refund has got that the studio asked the provider for.")
strawberry.enum(PaymentDecision, description="CREDIT gives the points; REFUND says that the money was paid back.")
strawberry.enum(PaymentEventState, description="UNMATCHED is given up: mostly no payment of ours is meant.")


@strawberry.type(directives=PUBLIC, description="An amount.")
class Money:
    minor: int = strawberry.field(description="An integer of the currency's smallest unit: cents; whole dong.")
    currency: Currency


@strawberry.type(directives=PUBLIC, description="Points to buy.")
class PointPackage:
    id: strawberry.ID
    points: int
    prices: list[Money] = strawberry.field(description="One in each currency it is sold in.")


@strawberry.type(directives=USER_AND_SYSTEM, description="One payment.")
class Payment:
    id: strawberry.ID
    owner: strawberry.ID
    provider: PaymentProvider
    status: PaymentStatus
    version: int = strawberry.field(description="Grows by one with every change; drop what is not newer.")
    package_id: strawberry.ID | None
    order_id: strawberry.ID | None
    points: int = strawberry.field(description="What was bought.")
    credited_points: int = strawberry.field(description="What is credited for it now: less after a refund.")
    owed_points: int = strawberry.field(description="What a refund could not take back, because it had been spent.")
    balance: int | None = strawberry.field(description="The owner's balance after points last moved for it.")
    amount: Money
    worth: Money | None = strawberry.field(
        description="The amount in US dollars, at the rate of when it was begun; null where none was known."
    )
    failed_refund: Money | None = strawberry.field(
        description="What was sent back, and came back from the payer's bank: it has to be paid back in another way."
    )
    refund_status: RefundStatus | None = strawberry.field(
        description="How far its refund has got; null where the studio asked for none."
    )
    review_reason: ReviewReason | None
    pay_url: AWSURL | None = strawberry.field(description="Where to pay, while it is to be paid.")
    created_at: AWSDateTime
    updated_at: AWSDateTime
    expires_at: AWSDateTime = strawberry.field(description="When the provider takes no money any more.")
    paid_at: AWSDateTime | None


@strawberry.type(directives=USER, description="One page of payments, newest first.")
class PaymentConnection:
    items: list[Payment]
    next_token: str | None = strawberry.field(description="Ask with it for the next page; null on the last one.")


@strawberry.type(directives=USER, description="What a provider reported, kept before it was acted on.")
class PaymentEvent:
    id: strawberry.ID
    provider: PaymentProvider
    type: str = strawberry.field(description="The provider's own name of it.")
    state: PaymentEventState
    payment_id: strawberry.ID | None
    outcome: str | None = strawberry.field(description="What came of it.")
    cause: str | None = strawberry.field(description="Why it was given up.")
    at: AWSDateTime


@strawberry.type(directives=USER, description="One page of events, newest first.")
class PaymentEventConnection:
    items: list[PaymentEvent]
    next_token: str | None = strawberry.field(description="Ask with it for the next page; null on the last one.")


@strawberry.input(description="A package of points to pay for.")
class CreatePaymentInput:
    client_request_id: strawberry.ID = strawberry.field(
        description="Made by the client; the same id again answers the same payment."
    )
    provider: PaymentProvider
    currency: Currency
    package_id: strawberry.ID | None = strawberry.UNSET
    order_id: strawberry.ID | None = strawberry.UNSET
    return_url: AWSURL | None = strawberry.field(
        default=strawberry.UNSET, description="Where the payer comes back to, on one of the studio's own sites."
    )
