"""The ledger of points, as its owner reads it."""

import strawberry

from schema.directives import USER
from schema.scalars import AWSDateTime
from studio.ledger.model import PointsReason

strawberry.enum(PointsReason, description="Why a balance changed.")


@strawberry.type(directives=USER, description="One change of a balance. Entries are only ever added.")
class PointsEntry:
    id: strawberry.ID
    points: int = strawberry.field(description="Added, or taken where negative.")
    balance: int = strawberry.field(description="The balance after this entry.")
    reason: PointsReason
    job_id: strawberry.ID | None
    payment_id: strawberry.ID | None
    note: str | None
    at: AWSDateTime


@strawberry.type(directives=USER, description="One page of the ledger, newest first.")
class PointsEntryConnection:
    items: list[PointsEntry]
    next_token: str | None = strawberry.field(description="Ask with it for the next page; null on the last one.")


@strawberry.input(description="A gift of points, or a correction.")
class GrantPointsInput:
    client_request_id: strawberry.ID = strawberry.field(
        description="Made by the client; the same id again grants once."
    )
    user_id: strawberry.ID
    points: int = strawberry.field(description="Negative takes back, never below 0.")
    note: str = strawberry.field(description="Shown to the person in their history.")
