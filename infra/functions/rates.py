"""The refresh of exchange rates."""

from infra.access import GET, UPDATE, Access
from infra.declaration import FunctionSpec, Schedule
from studio.settings.payments import Rates

FUNCTION = FunctionSpec(
    name="rates",
    stack="payments",
    handler="resolvers.timers.rates.handler",
    group="api",
    settings=Rates,
    timeout=30,
    trigger=Schedule(every=3600),
    access=Access(tables={"Rates": (GET, UPDATE)}),
)
