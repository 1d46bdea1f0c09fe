"""Amounts as printers write them: exact, in the smallest unit of any currency."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from studio.printing.cost import Cost


@pytest.mark.parametrize(
    ("amount", "currency", "minor"),
    [
        ("12.34", "GBP", 1234),
        ("-12.34", "GBP", -1234),
        ("7.5", "USD", 750),
        ("0", "EUR", 0),
        ("10.7400", "GBP", 1074),
        ("250000", "VND", 250000),
        ("250000.00", "VND", 250000),
        ("1.234", "KWD", 1234),
        ("999999999999.99", "USD", 99999999999999),
    ],
)
def test_an_amount_is_read_exactly(amount: str, currency: str, minor: int) -> None:
    assert Cost.parse(amount, currency) == Cost(minor, currency)


@pytest.mark.parametrize(
    ("amount", "currency"),
    [
        ("12.345", "GBP"),
        ("0.5", "VND"),
        ("1e3", "GBP"),
        ("1,000", "GBP"),
        ("+1", "GBP"),
        ("", "GBP"),
        (".5", "GBP"),
        ("1.", "GBP"),
        ("\u0661", "GBP"),
        ("NaN", "GBP"),
        ("Infinity", "GBP"),
        ("9" * 13, "GBP"),
        ("1", "gbp"),
        ("1", "£"),
        ("1", ""),
    ],
)
def test_what_is_no_amount_is_refused(amount: str, currency: str) -> None:
    with pytest.raises(ValueError, match=r"amount|unit"):
        Cost.parse(amount, currency)


@given(st.integers(1 - 10**12, 10**12 - 1))
def test_cents_are_neither_lost_nor_made(minor: int) -> None:
    sign, whole = ("-" if minor < 0 else ""), abs(minor)
    assert Cost.parse(f"{sign}{whole // 100}.{whole % 100:02}", "USD") == Cost(minor, "USD")
    for currency in ("USD", "VND", "KWD"):
        assert Cost.parse(Cost(minor, currency).amount, currency) == Cost(minor, currency)
