"""The refresh: what the source says becomes the last good rate, unless something speaks against it."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from studio.money import Currency
from studio.rates.model import BASE, Rate
from studio.rates.source import BadAnswerError, Quotation, read
from studio.rates.table import Rates
from studio.sweeping import each

# Currencies of ours move by less within years. More is a mistake of the source, or an event that a person decides on.
MOST_MOVED = Decimal("0.2")


@dataclass(frozen=True)
class Refreshed:
    """The pairs that got a new rate, and those that were refused one, each with why; the others stand as they were."""

    stored: Sequence[str]
    refused: Mapping[str, str]


@dataclass(frozen=True)
class Refresh:
    """Asks the source by `fetch`, and keeps of its answer what is good."""

    rates: Rates
    fetch: Callable[[], bytes]

    def run(self, now: datetime) -> Refreshed:
        """Refresh every currency on its own: a bad one does not spoil the others.

        Raises
        ------
        BadAnswerError
            The whole answer cannot be used; every last good rate stays.
        """
        quotation = read(self.fetch(), now)
        stored: list[str] = []
        refused: dict[str, str] = {}

        def refresh(currency: Currency) -> None:
            try:
                stored.extend(self._one(quotation, currency, now))
            except BadAnswerError as error:
                refused[currency] = str(error)

        currencies = [currency for currency in Currency if currency != BASE]
        failed = each(currencies, refresh, what="exchange rate", name=str)
        return Refreshed(stored, refused | dict.fromkeys(failed, "it could not be stored"))

    def _one(self, quotation: Quotation, currency: Currency, now: datetime) -> list[str]:
        last = self.rates.of_dollar(currency)
        if last and last.held(now):
            return []
        rate = quotation.rate(currency)
        if last and _moved(last, rate) > MOST_MOVED:
            raise BadAnswerError(f"moved by more than {MOST_MOVED:.0%} from {last.rate:f} to {rate.rate:f}")
        return [rate.pair] if self.rates.offer(rate, now) else []


def _moved(last: Rate, rate: Rate) -> Decimal:
    return abs(rate.rate - last.rate) / last.rate
