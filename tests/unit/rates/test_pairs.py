"""Every pair follows from the rates of one dollar."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from studio.money import Currency, Money
from studio.rates.model import Rate, RateSource, cross
from studio.rates.override import HELD
from studio.rates.table import Rates
from tests.unit.rates.answers import MIDNIGHT, SGD, USD, VND, known, refresh, with_rates
from tests.unit.world import NOON


def test_an_inverse_and_a_cross_follow(rates: Rates) -> None:
    refresh(rates, with_rates(VND=25000, SGD=1.25))
    assert known(rates, base=VND, quote=USD).rate == Decimal("0.00004")
    assert known(rates, base=SGD, quote=VND).rate == Decimal(20000)
    assert known(rates, base=VND, quote=SGD).rate == Decimal("0.00005")


def test_a_cross_is_as_old_as_the_older(rates: Rates) -> None:
    refresh(rates, with_rates(MIDNIGHT - timedelta(days=1), VND=25000))
    refresh(rates, with_rates(VND=None, SGD=1.25))
    assert known(rates, base=SGD, quote=VND).as_of == MIDNIGHT - timedelta(days=1)
    assert known(rates, SGD).as_of == MIDNIGHT


def test_nothing_is_known_before_it_was_told(rates: Rates) -> None:
    assert rates.find(USD, VND) is None
    assert rates.find(VND, USD) is None
    refresh(rates, with_rates(VND=None))
    assert rates.find(VND, SGD) is None
    assert rates.find(SGD, VND) is None


@pytest.mark.parametrize("currency", Currency)
def test_a_currency_is_one_of_itself_now(rates: Rates, currency: Currency) -> None:
    before = datetime.now(UTC)
    rate = known(rates, currency, currency)
    assert (rate.rate, rate.base, rate.quote) == (1, currency, currency)
    assert before <= rate.as_of <= datetime.now(UTC)


SANE = st.decimals("1e-9", "1e9", places=9).filter(lambda rate: rate > 0)


@given(SANE, SANE)
def test_crosses_are_exact_to_28_digits(one: Decimal, other: Decimal) -> None:
    of = Rate(USD, SGD, one, MIDNIGHT, RateSource.PROVIDER)
    to = replace(of, quote=VND, rate=other, source=RateSource.ADMIN)
    made = cross(of, to)
    assert (made.base, made.quote, made.source) == (SGD, VND, RateSource.ADMIN)
    assert abs(Fraction(made.rate) * Fraction(one) / Fraction(other) - 1) <= Fraction(1, 10**27)


@pytest.mark.parametrize(
    ("price", "rate", "cents"),
    [
        (Money(1299, SGD), 1.2, 1083),  # 10.825 exactly, though the rate has no last digit
        (Money(5799, SGD), 1.2, 4833),
        (Money(3_999_000, VND), 29_760, 13438),
    ],
)
def test_an_amount_at_a_cross_rate_is_rounded_once(rates: Rates, price: Money, rate: float, cents: int) -> None:
    refresh(rates, with_rates(**{str(price.currency): rate}))  # pyright: ignore[reportArgumentType]
    assert price.converted(USD, known(rates, base=price.currency, quote=USD).factor) == Money(cents, USD)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=20)
@given(SANE)
def test_a_stored_rate_keeps_every_digit(rates: Rates, number: Decimal) -> None:
    rates.client.delete_item(TableName="Rates", Key={"pair": {"S": "USD/VND"}})
    rate = Rate(USD, VND, number, MIDNIGHT, RateSource.ADMIN, MIDNIGHT + HELD)
    assert rates.offer(rate, NOON)
    assert rates.of_dollar(VND) == rate
