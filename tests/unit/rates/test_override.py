"""A rate that an administrator sets stands for a day."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest

from studio.audit.item import record_from_item
from studio.audit.model import Act, AuditRecord
from studio.audit.table import AuditTrail
from studio.errors import ErrorType, StudioError
from studio.money import Currency
from studio.rates.model import Rate, RateSource
from studio.rates.override import HELD, RateOverrides
from studio.rates.refresh import Refreshed
from studio.rates.table import Rates
from tests.unit.rates.answers import MIDNIGHT, SGD, USD, VND, known, refresh, rows, with_rates
from tests.unit.world import ADMIN, NOON, World


@pytest.fixture
def trail(world: World) -> AuditTrail:
    return AuditTrail("Audit", world.client)


@pytest.fixture
def rate_overrides(world: World, rates: Rates, trail: AuditTrail) -> RateOverrides:
    world.joined(ADMIN)
    return RateOverrides(rates, trail, world.people)


def records(trail: AuditTrail) -> list[AuditRecord]:
    return [record_from_item(row) for row in trail.of_day("2026-11-20", 100, None).rows]


def test_a_set_rate_stands_for_a_day(rates: Rates, rate_overrides: RateOverrides) -> None:
    refresh(rates, with_rates())
    rate_overrides.set(ADMIN, USD, VND, 40000.5, NOON)
    last = NOON + HELD - timedelta(milliseconds=1)
    assert refresh(rates, with_rates(last, VND=26000), last) == Refreshed(["USD/SGD"], {})
    assert known(rates, VND).rate == Decimal("40000.5")
    assert known(rates, VND).source == RateSource.ADMIN
    after = NOON + HELD
    assert refresh(rates, with_rates(after, VND=41000), after).stored == ["USD/VND", "USD/SGD"]
    assert known(rates, VND) == Rate(USD, VND, Decimal(41000), after, RateSource.PROVIDER)


def test_a_rate_that_is_set_while_the_source_answers_is_not_replaced(
    rates: Rates, rate_overrides: RateOverrides
) -> None:
    refresh(rates, with_rates())
    rate_overrides.set(ADMIN, USD, VND, 40000, NOON)
    later = Rate(USD, VND, Decimal(26000), NOON + timedelta(hours=1), RateSource.PROVIDER)
    assert not rates.offer(later, NOON + timedelta(hours=1))
    assert known(rates, VND).rate == 40000


def test_what_moved_too_far_can_be_set_and_then_goes_on(rates: Rates, rate_overrides: RateOverrides) -> None:
    refresh(rates, with_rates(VND=20000))
    day = NOON + HELD
    rate_overrides.set(ADMIN, USD, VND, 26000, NOON)
    assert refresh(rates, with_rates(day, VND=26100), day).refused == {}
    assert known(rates, VND).rate == 26100


def test_what_was_set_is_recorded_with_what_was_before(
    rates: Rates, rate_overrides: RateOverrides, trail: AuditTrail
) -> None:
    admin = replace(ADMIN, ip="203.0.113.7")
    rate_overrides.set(admin, USD, VND, 26000, NOON)
    rate_overrides.set(admin, USD, VND, 0.000000123, NOON + timedelta(seconds=1))
    second, first = records(trail)
    assert (first.act, first.actor, first.subject) == (Act.RATE_SET, ADMIN.sub, "USD/VND")
    assert first.source_ip == "203.0.113.7"
    assert first.details == {"old": None, "new": "26000"}
    assert second.details == {"old": "26000", "new": "0.000000123"}
    assert first.id != second.id


@pytest.mark.parametrize("number", [0.0, -1.0, float("nan"), float("inf"), 9.9e-10, 1.1e9])
def test_what_can_be_no_rate_is_refused(
    rates: Rates, rate_overrides: RateOverrides, trail: AuditTrail, number: float
) -> None:
    with pytest.raises(StudioError) as error:
        rate_overrides.set(ADMIN, USD, VND, number, NOON)
    assert error.value.type == ErrorType.RATE_OUT_OF_RANGE
    assert (rows(rates), records(trail)) == ([], [])


@pytest.mark.parametrize(("base", "quote"), [(VND, USD), (SGD, VND), (USD, USD), (VND, VND)])
def test_rates_are_set_of_one_dollar_only(
    rates: Rates, rate_overrides: RateOverrides, base: Currency, quote: Currency
) -> None:
    with pytest.raises(StudioError, match="base must be USD") as error:
        rate_overrides.set(ADMIN, base, quote, 2.0, NOON)
    assert error.value.type == ErrorType.CURRENCY_NOT_SUPPORTED
    assert rows(rates) == []


def test_the_record_says_what_the_rate_really_replaced(
    rates: Rates, rate_overrides: RateOverrides, trail: AuditTrail, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The refresh comes between the administrator's look and their write."""
    look = rates.of_dollar

    def interrupted(currency: Currency) -> Rate | None:
        old = look(currency)
        monkeypatch.setattr(rates, "of_dollar", look)
        refresh(rates, with_rates())
        return old

    refresh(rates, with_rates(MIDNIGHT - timedelta(days=1), VND=25000))
    monkeypatch.setattr(rates, "of_dollar", interrupted)
    rate_overrides.set(ADMIN, USD, VND, 26000, NOON)
    (record,) = records(trail)
    assert record.details["old"] == "26345.123456789"
    assert known(rates, VND).rate == 26000
