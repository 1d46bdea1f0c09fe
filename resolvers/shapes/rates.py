"""Exchange rates."""

from datetime import datetime

from resolvers.shapes.base import Shape, graphql_int
from studio.clock import iso
from studio.rates.model import Rate


def exchange_rate(rate: Rate, now: datetime) -> Shape:
    return {
        "base": rate.base,
        "quote": rate.quote,
        "rate": float(rate.rate),
        "asOf": iso(rate.as_of),
        "ageSeconds": graphql_int(max(0, int((now - rate.as_of).total_seconds()))),
        "source": rate.source,
    }
