"""Exchange rates."""

import strawberry

from schema.directives import PUBLIC
from schema.enums import described
from schema.scalars import AWSDateTime
from studio.money import Currency
from studio.rates.model import RateSource

described(
    RateSource,
    "Who said the rate.",
    PROVIDER="The provider of rates.",
    ADMIN="An administrator, for a day.",
)


@strawberry.type(directives=PUBLIC, description="What one unit of a currency is in another.")
class ExchangeRate:
    base: Currency = strawberry.field(description="The currency of which one unit is meant.")
    quote: Currency = strawberry.field(description="The currency in which it is said what that is worth.")
    rate: float = strawberry.field(description="Units of quote for one of base. Inside it is a decimal.")
    as_of: AWSDateTime = strawberry.field(description="When its source said so.")
    age_seconds: int = strawberry.field(description="How old it is now: the last good rate is kept.")
    source: RateSource = strawberry.field(description="Who said it: the provider of rates, or an administrator.")
