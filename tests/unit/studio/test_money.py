"""An amount is converted exactly and rounded once, half up."""

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from studio.money import Currency, Money
from studio.payments.item import money_from_item, money_to_item

MINORS = st.integers(0, 10**15)
CURRENCIES = st.sampled_from(Currency)
# Every digit that DynamoDB keeps.
RATES = st.decimals("1e-9", "1e9", allow_nan=False, allow_infinity=False).filter(lambda rate: rate > 0)
LONG_RATES = st.integers(1, 10**38 - 1).map(lambda digits: Decimal(digits).scaleb(-29))


def exactly(money: Money, to: Currency, rate: Decimal) -> Fraction:
    """The amount in the other currency's smallest unit, before it is rounded."""
    return Fraction(money.minor) * Fraction(10) ** (to.digits - money.currency.digits) * Fraction(rate)


@pytest.mark.parametrize(
    ("minor", "currency", "to", "rate", "expected"),
    [
        (499, Currency.USD, Currency.VND, "26345.5", 131464),  # 131464.045
        (100, Currency.USD, Currency.VND, "25000.5", 25001),  # half a dong is one
        (2, Currency.USD, Currency.SGD, "1.25", 3),  # 2.5 cents
        (4, Currency.USD, Currency.SGD, "1.125", 5),  # 4.5 cents, where half to even would say 4
        (26345, Currency.VND, Currency.USD, "0.00003795786", 100),
        (1, Currency.VND, Currency.USD, "0.00004", 0),
        (0, Currency.USD, Currency.VND, "25000", 0),
    ],
)
def test_amounts(minor: int, currency: Currency, to: Currency, rate: str, expected: int) -> None:
    assert Money(minor, currency).converted(to, Decimal(rate)) == Money(expected, to)


@given(MINORS, CURRENCIES, CURRENCIES, RATES | LONG_RATES)
def test_what_is_exact_is_rounded_once_half_up(minor: int, currency: Currency, to: Currency, rate: Decimal) -> None:
    money = Money(minor, currency)
    new = money.converted(to, rate)
    assert type(new.minor) is int
    # The only whole number n with n - 1/2 <= exact < n + 1/2.
    assert -Fraction(1, 2) <= exactly(money, to, rate) - new.minor < Fraction(1, 2)


def test_long_numbers_are_not_rounded_on_their_way() -> None:
    """In Decimal's usual 28 digits this would first become 0.5 and then 1."""
    assert Money(10**9, Currency.USD).converted(Currency.SGD, Decimal("4." + "9" * 34 + "e-10")).minor == 0


@given(MINORS, CURRENCIES)
def test_in_its_own_currency_an_amount_stays(minor: int, currency: Currency) -> None:
    assert Money(minor, currency).converted(currency, Decimal(1)) == Money(minor, currency)


@given(MINORS, CURRENCIES, CURRENCIES, st.decimals("1e-6", "1e6", places=9).filter(lambda rate: rate > 0))
def test_there_and_back_differs_by_one_unit_at_most(minor: int, one: Currency, other: Currency, rate: Decimal) -> None:
    """By one of the coarser currency's: what a rounding there is worth here, and the rounding here."""
    money = Money(minor, one)
    back = money.converted(other, rate).converted(one, 1 / rate)
    unit = exactly(Money(1, other), one, 1 / rate)
    assert abs(back.minor - minor) <= max(1, unit)


@given(MINORS, CURRENCIES)
def test_an_amount_is_stored_and_read_as_it_was(minor: int, currency: Currency) -> None:
    assert money_from_item(money_to_item(Money(minor, currency))) == Money(minor, currency)


def test_the_dong_has_no_smaller_unit() -> None:
    assert {currency: currency.digits for currency in Currency} == {"USD": 2, "VND": 0, "SGD": 2}
