"""The arguments that many root fields have."""

from typing import Annotated

import strawberry

from schema.scalars import AWSJSON, AWSDate, AWSEmail
from studio.money import Currency

# Python's own names are left alone: clients see these.
INPUT = strawberry.argument(
    name="input", description="What is asked for. Nothing is done or charged unless all of it is accepted."
)
FILTER = strawberry.argument(name="filter", description="Which are wanted; left out: all.")

JobId = Annotated[strawberry.ID, strawberry.argument(name="id", description="The job's id.")]
OptionalJobId = Annotated[
    strawberry.ID | None, strawberry.argument(name="id", description="One job's id; left out: all of the caller's.")
]
OfJob = Annotated[strawberry.ID, strawberry.argument(description="The job's id.")]
UploadId = Annotated[strawberry.ID, strawberry.argument(name="id", description="The upload's id.")]
OfUpload = Annotated[strawberry.ID, strawberry.argument(description="The upload's id.")]
AlbumId = Annotated[strawberry.ID, strawberry.argument(name="id", description="The album's id.")]
CollageId = Annotated[strawberry.ID, strawberry.argument(name="id", description="The collage's id.")]
OrderId = Annotated[strawberry.ID, strawberry.argument(name="id", description="The order's id.")]
PaymentId = Annotated[strawberry.ID, strawberry.argument(name="id", description="The payment's id.")]
OfPayment = Annotated[
    strawberry.ID | None,
    strawberry.argument(description="The payment's id; left out: events that name no payment of ours."),
]
OptionalPersonId = Annotated[
    strawberry.ID | None, strawberry.argument(name="id", description="The person's id; either this or email.")
]
Email = Annotated[AWSEmail | None, strawberry.argument(description="Their address; either this or id.")]
OfPerson = Annotated[strawberry.ID, strawberry.argument(description="The person's id.")]
RequestId = Annotated[
    strawberry.ID, strawberry.argument(description="Made by the client; the same id again answers the same job.")
]
Event = Annotated[AWSJSON, strawberry.argument(description="What is published, as JSON.")]
Note = Annotated[str, strawberry.argument(description="Why, for the audit trail.")]
Base = Annotated[Currency, strawberry.argument(description="The currency of which one unit is meant.")]
QuoteCurrency = Annotated[Currency, strawberry.argument(description="The currency that says what it is worth.")]
NextToken = Annotated[
    str | None, strawberry.argument(description="The nextToken of the page before; left out for the first page.")
]
Owner = Annotated[strawberry.ID, strawberry.argument(description="The caller's own id; anything else is refused.")]
Limit = Annotated[
    int | None,
    strawberry.argument(
        description="1 to 100, default 20. A page is full as long as there is more. It comes short, with its token,"
        " only where very little matches, once some 5,000 were looked at, and where one answer (5 MB) cannot hold more."
    ),
]
Day = Annotated[AWSDate | None, strawberry.argument(description="Default today, UTC.")]
