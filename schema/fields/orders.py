"""The root fields of orders."""

from collections.abc import AsyncGenerator
from typing import Annotated

import strawberry

from schema.arguments import INPUT, Event, Limit, NextToken, OrderId, Owner
from schema.directives import ADMIN, PUBLIC, SYSTEM, USER, Subscribe
from schema.orders import (
    AddressInput,
    CreateOrderInput,
    Order,
    OrderConnection,
    OrderItem,
    OrderQuote,
    OrderQuoteInput,
    OrderView,
)
from studio.money import Currency
from studio.orders.model import OrderStatus


@strawberry.type
class Queries:
    @strawberry.field(directives=PUBLIC, description="What can be ordered costs; sending what is printed comes on top.")
    def price_list(
        self, currency: Annotated[Currency, strawberry.argument(description="In which the prices are.")]
    ) -> list[OrderItem]: ...

    @strawberry.field(directives=USER, description="What an order would cost, for 48 hours, and what would look poor.")
    def quote_order(self, request: Annotated[OrderQuoteInput, INPUT]) -> OrderQuote: ...

    @strawberry.field(directives=USER, description="The caller's order (an administrator: anyone's), else null.")
    def order(self, order_id: OrderId) -> Order | None: ...

    @strawberry.field(
        directives=USER,
        description="The caller's orders, newest first; with `downloads` at most 40 a page, whatever the limit.",
    )
    def orders(
        self,
        status: Annotated[
            OrderStatus | None, strawberry.argument(description="Only those in this status.")
        ] = strawberry.UNSET,
        limit: Limit = strawberry.UNSET,
        next_token: NextToken = strawberry.UNSET,
    ) -> OrderConnection: ...

    @strawberry.field(directives=ADMIN, description="Everyone's orders in one status, newest first.")
    def orders_by_status(
        self,
        status: Annotated[OrderStatus, strawberry.argument(description="The status that they are in.")],
        limit: Limit = strawberry.UNSET,
        next_token: NextToken = strawberry.UNSET,
    ) -> OrderConnection: ...

    @strawberry.field(directives=PUBLIC, description="How an order stands, for whoever holds its unguessable id.")
    def order_status(self, order_id: OrderId) -> OrderView | None: ...


@strawberry.type
class Mutations:
    @strawberry.mutation(
        directives=USER, description="An order of albums and collages as they are now; it is paid with createPayment."
    )
    def create_order(self, request: Annotated[CreateOrderInput, INPUT]) -> Order: ...

    @strawberry.mutation(
        directives=USER, description="Ends an order while its `actions` say so; what was paid for it goes back."
    )
    def cancel_order(self, order_id: OrderId) -> Order | None: ...

    @strawberry.mutation(
        directives=USER, description="Sends an order elsewhere in its country, while its `actions` say so."
    )
    def change_order_address(
        self, order_id: OrderId, address: Annotated[AddressInput, strawberry.argument(description="Where it is to go.")]
    ) -> Order | None: ...

    @strawberry.mutation(
        directives=USER, description="Has a paid order looked at now, which happens by itself. Safe to repeat."
    )
    def process_order(self, order_id: OrderId) -> Order | None: ...

    @strawberry.mutation(
        directives=ADMIN,
        description="Ends an order: PENDING becomes CANCELED; PROCESSING becomes COMPLETED, FAILED or CANCELED.",
    )
    def update_order_status(
        self,
        order_id: OrderId,
        status: Annotated[OrderStatus, strawberry.argument(description="What it becomes.")],
        error_message: Annotated[
            str | None, strawberry.argument(description="What its customer reads, and the audit trail keeps.")
        ] = strawberry.UNSET,
    ) -> Order | None: ...

    @strawberry.mutation(directives=SYSTEM, description="The backend tells the subscribers of onOrder.")
    def publish_order(self, order: Event) -> Order | None: ...


@strawberry.type
class Subscriptions:
    @strawberry.subscription(
        directives=(*USER, Subscribe(mutations=["publishOrder"])),
        description="Every change of the caller's orders, without address and downloads.",
    )
    def on_order(self, customer: Owner) -> AsyncGenerator[Order | None, None]: ...
