"""The root fields of payments and exchange rates."""

from collections.abc import AsyncGenerator
from typing import Annotated

import strawberry

from schema.arguments import INPUT, Base, Event, Limit, NextToken, Note, OfPayment, Owner, PaymentId, QuoteCurrency
from schema.directives import ADMIN, PUBLIC, SYSTEM, USER, Subscribe
from schema.payments import CreatePaymentInput, Payment, PaymentConnection, PaymentEventConnection, PointPackage
from schema.rates import ExchangeRate
from studio.payments.model import PaymentDecision, PaymentStatus


@strawberry.type
class Queries:
    @strawberry.field(directives=PUBLIC, description="What points cost.")
    def point_packages(self) -> list[PointPackage]: ...

    @strawberry.field(directives=PUBLIC, description="The last good rate of any pair; all go by the US dollar's.")
    def exchange_rate(self, base: Base, quote: QuoteCurrency) -> ExchangeRate: ...

    @strawberry.field(directives=USER, description="The caller's payment (an administrator: anyone's), else null.")
    def payment(self, payment_id: PaymentId) -> Payment | None: ...

    @strawberry.field(directives=USER, description="The caller's payments, newest first.")
    def payments(
        self,
        status: Annotated[
            PaymentStatus | None, strawberry.argument(description="Only those in this status.")
        ] = strawberry.UNSET,
        limit: Limit = strawberry.UNSET,
        next_token: NextToken = strawberry.UNSET,
    ) -> PaymentConnection: ...

    @strawberry.field(directives=ADMIN, description="Everyone's payments in one status, newest first.")
    def payments_by_status(
        self,
        status: Annotated[PaymentStatus, strawberry.argument(description="The status that they are in.")],
        limit: Limit = strawberry.UNSET,
        next_token: NextToken = strawberry.UNSET,
    ) -> PaymentConnection: ...

    @strawberry.field(
        directives=ADMIN,
        description="A payment's events, as its provider sent them; without one, those that name no payment of ours.",
    )
    def payment_events(
        self,
        payment_id: OfPayment = strawberry.UNSET,
        limit: Limit = strawberry.UNSET,
        next_token: NextToken = strawberry.UNSET,
    ) -> PaymentEventConnection: ...


@strawberry.type
class Mutations:
    @strawberry.mutation(directives=USER, description="A payment for a package of points, and where to pay.")
    def create_payment(self, request: Annotated[CreatePaymentInput, INPUT]) -> Payment: ...

    @strawberry.mutation(
        directives=USER,
        description="Ends the caller's payment that waits to be paid, else null: it is EXPIRED, and another may begin."
        " One that ended unpaid is answered as it is. Money that comes all the same counts.",
    )
    def cancel_payment(self, payment_id: PaymentId) -> Payment | None: ...

    @strawberry.mutation(directives=ADMIN, description="Ends a payment's REVIEW.")
    def resolve_payment(
        self,
        payment_id: PaymentId,
        decision: Annotated[PaymentDecision, strawberry.argument(description="What was found.")],
        note: Note,
    ) -> Payment | None: ...

    @strawberry.mutation(
        directives=ADMIN,
        description="Has the provider send all of a payment's money back; what was bought goes as it does. Once.",
    )
    def refund_payment(self, payment_id: PaymentId, note: Note) -> Payment | None: ...

    @strawberry.mutation(
        directives=ADMIN,
        description="Sets how much of quote one US dollar is, for a day, whatever the provider says; base must be USD.",
    )
    def set_exchange_rate(
        self,
        base: Base,
        quote: QuoteCurrency,
        rate: Annotated[float, strawberry.argument(description="Units of quote for one of base.")],
    ) -> ExchangeRate: ...

    @strawberry.mutation(directives=SYSTEM, description="The backend publishes to the subscribers of onPayment.")
    def publish_payment(self, payment: Event) -> Payment | None: ...


@strawberry.type
class Subscriptions:
    @strawberry.subscription(
        directives=(*USER, Subscribe(mutations=["publishPayment"])),
        description="Every change of the caller's payments.",
    )
    def on_payment(self, owner: Owner) -> AsyncGenerator[Payment | None, None]: ...
