"""The arguments that many root fields have."""

from typing import Annotated

import strawberry

from schema.scalars import AWSDate

# Python's own names are left alone: clients see these.
INPUT = strawberry.argument(name="input")
FILTER = strawberry.argument(name="filter")

Id = Annotated[strawberry.ID, strawberry.argument(name="id")]
OptionalId = Annotated[strawberry.ID | None, strawberry.argument(name="id")]
Owner = Annotated[strawberry.ID, strawberry.argument(description="The caller's own id; anything else is refused.")]
Limit = Annotated[
    int | None,
    strawberry.argument(
        description="1 to 100, default 20. A page is full as long as there is more. It comes short, with its token,"
        " only where very little matches, once some 5,000 were looked at, and where one answer (5 MB) cannot hold more."
    ),
]
Day = Annotated[AWSDate | None, strawberry.argument(description="Default today, UTC.")]
