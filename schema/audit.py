"""Audit records, as administrators read them."""

import strawberry

from schema.directives import USER
from schema.scalars import AWSJSON, AWSDateTime
from studio.audit.model import Act

strawberry.enum(Act, description="What is recorded.")


@strawberry.type(directives=USER, description="Who did what to whom, when, and from where; only ever added.")
class AuditRecord:
    id: strawberry.ID
    act: Act
    actor: strawberry.ID = strawberry.field(description="A person's id, or the name of what acted by itself.")
    subject: strawberry.ID = strawberry.field(description="Whom, or what, it was done to.")
    details: AWSJSON
    source_ip: str | None
    at: AWSDateTime


@strawberry.type(directives=USER, description="One page of records, newest first.")
class AuditRecordConnection:
    items: list[AuditRecord]
    next_token: str | None = strawberry.field(description="Ask with it for the next page; null on the last one.")
