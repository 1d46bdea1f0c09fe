"""Amounts, numbers and times as each language writes them."""

import re
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from studio.mail.wording import money, number, written
from studio.money import Currency, Money
from studio.people.model import Language

EN, VI = Language.EN, Language.VI
NBSP = "\u00a0"


@pytest.mark.parametrize(
    ("minor", "currency", "english", "vietnamese"),
    [
        (999, "USD", "$9.99", f"9,99{NBSP}US$"),
        (5, "USD", "$0.05", f"0,05{NBSP}US$"),
        (15_999_00, "USD", "$15,999.00", f"15.999,00{NBSP}US$"),
        (249_000, "VND", "₫249,000", f"249.000{NBSP}₫"),
        (0, "VND", "₫0", f"0{NBSP}₫"),
        (3_999_000, "VND", "₫3,999,000", f"3.999.000{NBSP}₫"),
        (1_299, "SGD", f"SGD{NBSP}12.99", f"12,99{NBSP}SGD"),
        (-1_299, "SGD", f"-SGD{NBSP}12.99", f"-12,99{NBSP}SGD"),
    ],
)
def test_money(minor: int, currency: Currency, english: str, vietnamese: str) -> None:
    amount = Money(minor, Currency(currency))
    assert (money(amount, EN), money(amount, VI)) == (english, vietnamese)


@given(st.integers(-(10**15), 10**15), st.sampled_from(Currency))
def test_an_amount_is_written_to_its_smallest_unit_and_read_back(minor: int, currency: Currency) -> None:
    """Nothing is rounded or lost: the digits and the sign are those of the amount."""
    for language, point in ((EN, "."), (VI, ",")):
        text = money(Money(minor, currency), language)
        digits = int("".join(re.findall(r"\d", text))) * (-1 if text.startswith("-") else 1)
        assert digits == minor
        assert text.count(point if currency.digits else "#") == (1 if currency.digits else 0)
        groups = re.findall(r"\d+", text)[: -1 if currency.digits else None]
        assert all(len(group) == 3 for group in groups[1:])


@given(st.integers(-(10**15), 10**15))
def test_a_number_is_grouped_by_thousands(value: int) -> None:
    assert number(value, EN).replace(",", "") == number(value, VI).replace(".", "") == str(value)


def test_a_time_is_the_readers() -> None:
    late = datetime(2026, 12, 31, 17, 5, tzinfo=UTC)
    assert written(late, EN) == "31 December 2026, 17:05 UTC"
    assert written(late, VI) == "00:05 ngày 1/1/2027 (giờ Việt Nam)"
