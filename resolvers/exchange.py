"""The fields of exchange rates, which the payments' function answers too."""

from resolvers import shape
from resolvers.graphql import Answer, Fields, caller
from studio.audit.table import AuditTrail
from studio.clock import now
from studio.errors import ErrorType, StudioError
from studio.money import Currency
from studio.people.model import Role
from studio.people.table import People
from studio.rates.decree import Decrees
from studio.rates.table import Rates


def register(app: Fields, rates: Rates, trail: AuditTrail, people: People) -> None:
    """Let an area's function answer the rates' fields."""
    decrees = Decrees(rates, trail, people)

    @app.resolver(type_name="Query", field_name="exchangeRate")
    def exchange_rate(base: str, quote: str) -> Answer:
        rate = rates.find(Currency(base), Currency(quote))
        if rate is None:
            raise StudioError(ErrorType.RATE_UNKNOWN, "This exchange rate is not known yet. Please try again later.")
        return shape.exchange_rate(rate, now())

    @app.resolver(type_name="Mutation", field_name="setExchangeRate", role=Role.ADMIN)
    def set_exchange_rate(base: str, quote: str, rate: float) -> Answer:
        moment = now()
        new = decrees.set(caller(app), Currency(base), Currency(quote), rate, moment)
        return shape.exchange_rate(new, moment)
