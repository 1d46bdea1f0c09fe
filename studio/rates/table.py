"""Where exchange rates are kept: the last good one of each currency, in US dollars."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from studio.clock import iso, now
from studio.dynamo import ConditionFailed, Table, Update, Write, update
from studio.money import Currency
from studio.rates.item import rate_from_item, rate_to_item
from studio.rates.model import BASE, Rate, cross, pair, same


class Rates(Table):
    """The Rates table. Its rows are of one US dollar; all other pairs follow from them."""

    def find(self, base: Currency, quote: Currency) -> Rate | None:
        """Return the last good rate of any pair, None where one of its currencies was never quoted."""
        if base == quote:
            return same(base, now())
        if base == BASE:
            return self.of_dollar(quote)
        of, to = self.of_dollar(base), self.of_dollar(quote)
        return cross(of, to) if of and to else None

    def of_dollar(self, currency: Currency) -> Rate | None:
        """Return what is stored of a currency: how much of it one US dollar is."""
        if currency == BASE:
            return same(BASE, now())
        item = self.get({"pair": pair(BASE, currency)})
        return rate_from_item(item) if item else None

    def offer(self, rate: Rate, now: datetime) -> bool:
        """Store what the refresh was quoted; False where what is there is as new, or is an administrator's and held."""
        free = "attribute_not_exists(#heldUntil) OR #heldUntil <= :now"
        condition = f"attribute_not_exists(#pair) OR (#asOf < :newer AND ({free}))"
        try:
            self.apply(_replaced(rate, condition, {"newer": iso(rate.as_of), "now": iso(now)}))
        except ConditionFailed:
            return False
        return True

    def replace(self, seen: Rate | None, rate: Rate) -> Write:
        """Describe putting one rate in another's place, or in none's; refused where that has changed since."""
        if seen is None:
            return self.change(_replaced(rate, "attribute_not_exists(#pair)", {}))
        condition, values = "#asOf = :seen AND #rate = :was", {"seen": iso(seen.as_of), "was": seen.rate}
        return self.change(_replaced(rate, condition, values))


def _replaced(rate: Rate, condition: str, values: Mapping[str, Any]) -> Update:
    given = {name: value for name, value in rate_to_item(rate).items() if name != "pair"}
    gone = [name for name, value in given.items() if value is None]
    return update({"pair": rate.pair}, condition=condition, values=values, set=given, remove=gone)
