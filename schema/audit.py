"""Audit records, as administrators read them."""

import strawberry

from schema.directives import USER
from schema.enums import described
from schema.scalars import AWSJSON, AWSDateTime
from studio.audit.model import Act

described(
    Act,
    "What is recorded.",
    POINTS_GRANTED="An administrator gave points, or took some back.",
    ROLE_SET="An administrator changed somebody's role.",
    DISABLED_SET="An administrator locked somebody out, or let them in again.",
    RATE_SET="An administrator set an exchange rate.",
    PAYMENT_RESOLVED="An administrator ended a payment's review.",
    PAYMENT_REFUND_ASKED="A refund was asked for.",
    PAYMENT_MOVED="A payment changed a balance or an order.",
    ORDER_STATUS_SET="An administrator ended an order.",
    PERSON_LEFT="Somebody closed their account.",
)


@strawberry.type(directives=USER, description="Who did what to whom, when, and from where; only ever added.")
class AuditRecord:
    id: strawberry.ID = strawberry.field(description="The record's own id.")
    act: Act = strawberry.field(description="What was done.")
    actor: strawberry.ID = strawberry.field(description="A person's id, or the name of what acted by itself.")
    subject: strawberry.ID = strawberry.field(description="Whom, or what, it was done to.")
    details: AWSJSON = strawberry.field(description="What changed, as a JSON object of plain values.")
    source_ip: str | None = strawberry.field(
        description="The address that it was asked from; null for what the studio did by itself."
    )
    at: AWSDateTime = strawberry.field(description="When it was done.")


@strawberry.type(directives=USER, description="One page of records, newest first.")
class AuditRecordConnection:
    items: list[AuditRecord] = strawberry.field(description="The records of this page.")
    next_token: str | None = strawberry.field(description="Ask with it for the next page; null on the last one.")
