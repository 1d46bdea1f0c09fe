"""What a source of rates answers, and what becomes of it."""

import json
from datetime import UTC, datetime
from typing import Any

from studio.money import Currency
from studio.rates.model import Rate
from studio.rates.refresh import Refresh, Refreshed
from studio.rates.table import Rates
from tests.unit.world import NOON

USD, VND, SGD = Currency.USD, Currency.VND, Currency.SGD
MIDNIGHT = datetime(2026, 11, 20, tzinfo=UTC)
GOOD: dict[str, Any] = {
    "result": "success",
    "base_code": "USD",
    "time_last_update_unix": int(MIDNIGHT.timestamp()),
    "rates": {"USD": 1, "VND": 26345.123456789, "SGD": 1.2987, "EUR": 0.9},
}


def answer(**other: Any) -> bytes:
    return json.dumps({**GOOD, **other}).encode()


def with_rates(at: datetime = MIDNIGHT, **other: Any) -> bytes:
    return answer(time_last_update_unix=int(at.timestamp()), rates={**GOOD["rates"], **other})


def refresh(rates: Rates, body: bytes, now: datetime = NOON) -> Refreshed:
    return Refresh(rates, lambda: body).run(now)


def known(rates: Rates, quote: Currency, base: Currency = USD) -> Rate:
    rate = rates.find(base, quote)
    assert rate
    return rate


def rows(rates: Rates) -> list[Any]:
    return sorted(rates.client.scan(TableName="Rates")["Items"], key=str)
