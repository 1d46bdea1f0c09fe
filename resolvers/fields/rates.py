"""The fields of exchange rates, which the payments' function answers too."""

from resolvers.fields.graphql import Answer, Fields, caller
from resolvers.shapes import rates as rate_shapes
from studio.audit.table import AuditTrail
from studio.clock import now
from studio.errors import ErrorType, StudioError
from studio.money import Currency
from studio.people.model import Role
from studio.people.table import People
from studio.rates.override import RateOverrides
from studio.rates.table import Rates


def register(app: Fields, rates: Rates, trail: AuditTrail, people: People) -> None:
    """Let an area's function answer the rates' fields."""
    rate_overrides = RateOverrides(rates, trail, people)

    @app.resolver(type_name="Query", field_name="exchangeRate")
    def exchange_rate(base: str, quote: str) -> Answer:
        rate = rates.find(Currency(base), Currency(quote))
        if rate is None:
            raise StudioError(ErrorType.RATE_UNKNOWN, "This exchange rate is not known yet. Please try again later.")
        return rate_shapes.exchange_rate(rate, now())

    @app.resolver(type_name="Mutation", field_name="setExchangeRate", role=Role.ADMIN)
    def set_exchange_rate(base: str, quote: str, rate: float) -> Answer:
        moment = now()
        new = rate_overrides.set(caller(app), Currency(base), Currency(quote), rate, moment)
        return rate_shapes.exchange_rate(new, moment)
