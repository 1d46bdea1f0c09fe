"""Exchange rates."""

import strawberry

from schema.directives import PUBLIC
from schema.scalars import AWSDateTime
from studio.money import Currency
from studio.rates.model import RateSource

strawberry.enum(RateSource, description="Who said the rate.")


@strawberry.type(directives=PUBLIC, description="What one unit of a currency is in another.")
class ExchangeRate:
    base: Currency
    quote: Currency
    rate: float = strawberry.field(description="Units of quote for one of base. Inside it is a decimal.")
    as_of: AWSDateTime = strawberry.field(description="When its source said so.")
    age_seconds: int = strawberry.field(description="How old it is now: the last good rate is kept.")
    source: RateSource
