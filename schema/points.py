"""The ledger of points, as its owner reads it."""

import strawberry

from schema.directives import USER
from schema.enums import described
from schema.scalars import AWSDateTime
from studio.ledger.model import PointsReason

described(
    PointsReason,
    "Why a balance changed.",
    SIGN_UP="The gift for coming.",
    CHARGE="A job was charged.",
    REFUND="A job's points came back.",
    PURCHASE="Points were bought.",
    GRANT="An administrator gave points, or took some back; also a correction of the ledger.",
    CLAWBACK="A payment's money went back, and its points with it; also a correction of the ledger.",
)


@strawberry.type(directives=USER, description="One change of a balance. Entries are only ever added.")
class PointsEntry:
    id: strawberry.ID = strawberry.field(description="The entry's own id.")
    points: int = strawberry.field(description="Added, or taken where negative.")
    balance: int = strawberry.field(description="The balance after this entry.")
    reason: PointsReason = strawberry.field(description="Why the balance changed.")
    job_id: strawberry.ID | None = strawberry.field(
        description="The job that was charged or refunded; null for other reasons."
    )
    payment_id: strawberry.ID | None = strawberry.field(
        description="The payment that it is of; null for other reasons."
    )
    note: str | None = strawberry.field(description="What was said of it; null where nothing was.")
    at: AWSDateTime = strawberry.field(description="When it changed.")


@strawberry.type(directives=USER, description="One page of the ledger, newest first.")
class PointsEntryConnection:
    items: list[PointsEntry] = strawberry.field(description="The entries of this page.")
    next_token: str | None = strawberry.field(description="Ask with it for the next page; null on the last one.")


@strawberry.input(description="A gift of points, or a correction.")
class GrantPointsInput:
    client_request_id: strawberry.ID = strawberry.field(
        description="Made by the client; the same id again grants once."
    )
    user_id: strawberry.ID = strawberry.field(description="Who gets the points, or gives them back.")
    points: int = strawberry.field(description="Negative takes back, never below 0.")
    note: str = strawberry.field(description="Shown to the person in their history.")
