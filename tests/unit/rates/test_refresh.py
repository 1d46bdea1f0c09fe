"""The last good rate stays until there is a better one."""

import json
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from studio.rates.model import Rate, RateSource
from studio.rates.refresh import Refreshed
from studio.rates.source import BadAnswerError, read
from studio.rates.table import Rates
from tests.unit.rates.answers import GOOD, MIDNIGHT, SGD, USD, VND, answer, known, refresh, rows, with_rates
from tests.unit.world import NOON


def test_an_answer_becomes_the_last_good_rates(rates: Rates) -> None:
    assert refresh(rates, answer()) == Refreshed(["USD/VND", "USD/SGD"], {})
    assert known(rates, VND) == Rate(USD, VND, Decimal("26345.123456789"), MIDNIGHT, RateSource.PROVIDER)
    assert known(rates, SGD).rate == Decimal("1.2987")


def test_numbers_are_read_digit_by_digit(rates: Rates) -> None:
    body = answer().replace(b"26345.123456789", b"26345.1234567890123456789").replace(b"1.2987", b"1.3" + b"3" * 50)
    assert refresh(rates, body).refused == {}
    assert known(rates, VND).rate == Decimal("26345.1234567890123456789")
    assert known(rates, SGD).rate == Decimal("1." + "3" * 27)


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"<html>busy</html>",
        b"\xff\xfe",
        b"null",
        b"[]",
        b"7",
        b"[" * 50_000,
        answer()[:-10],
        answer(result="error"),
        answer(result=None),
        answer(base_code="EUR"),
        answer(base_code=None),
        answer(rates=None),
        answer(rates=[1, 2]),
        answer(time_last_update_unix=None),
        answer(time_last_update_unix="1763596800"),
        answer(time_last_update_unix=True),
        answer(time_last_update_unix=0),
        answer(time_last_update_unix=-1),
        answer(time_last_update_unix=float("nan")),
        answer(time_last_update_unix=int(NOON.timestamp()) + 1),
        answer().replace(str(GOOD["time_last_update_unix"]).encode(), b"1e99999999999999999999"),
    ],
)
def test_a_bad_answer_changes_nothing(rates: Rates, body: bytes) -> None:
    refresh(rates, with_rates(MIDNIGHT - timedelta(days=1)))
    before = rows(rates)
    with pytest.raises(BadAnswerError):
        refresh(rates, body)
    assert rows(rates) == before


@pytest.mark.parametrize(
    "number",
    [None, "26000", True, [], 0, -26000, 1e-10, 1e10, float("nan"), float("inf"), 26345 * 1.21, 26345 * 0.79],
    ids=str,
)
def test_one_bad_currency_does_not_spoil_the_others(rates: Rates, number: Any) -> None:
    refresh(rates, with_rates(MIDNIGHT - timedelta(days=1)))
    done = refresh(rates, with_rates(VND=number, SGD=1.31))
    assert done.stored == ["USD/SGD"]
    assert done.refused.keys() == {"VND"}
    assert known(rates, VND).as_of == MIDNIGHT - timedelta(days=1)
    assert known(rates, SGD).rate == Decimal("1.31")


def test_a_currency_that_is_missing_is_refused(rates: Rates) -> None:
    done = refresh(rates, answer(rates={"SGD": 1.3}))
    assert (done.stored, done.refused) == (["USD/SGD"], {"VND": "not a rate"})
    assert rates.find(USD, VND) is None


def test_a_number_beyond_all_bounds_is_one_bad_currency(rates: Rates) -> None:
    body = answer().replace(b"26345.123456789", b"1e99999999999999999999")
    assert refresh(rates, body).refused == {"VND": "not a rate"}


@pytest.mark.parametrize("number", [25000 * 1.2, 25000 * 0.8])
def test_a_fifth_more_or_less_is_taken(rates: Rates, number: float) -> None:
    refresh(rates, with_rates(MIDNIGHT - timedelta(days=1), VND=25000))
    assert refresh(rates, with_rates(VND=number)).refused == {}
    assert known(rates, VND).rate == Decimal(str(number))


def test_a_row_that_cannot_be_read_spoils_no_other(rates: Rates) -> None:
    rates.insert({"pair": "USD/VND", "rate": "a lot"}, new="pair")
    done = refresh(rates, answer())
    assert (done.stored, [*done.refused]) == (["USD/SGD"], ["VND"])


@pytest.mark.parametrize("at", [MIDNIGHT, MIDNIGHT - timedelta(seconds=1)])
def test_what_is_not_newer_replaces_nothing(rates: Rates, at: datetime) -> None:
    refresh(rates, with_rates())
    assert refresh(rates, with_rates(at, VND=26000)) == Refreshed([], {})
    assert known(rates, VND).rate == Decimal("26345.123456789")


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
        lambda inner: st.lists(inner) | st.dictionaries(st.sampled_from([*GOOD, "VND", "SGD"]), inner),
    )
)
def test_whatever_comes_is_read_or_refused(value: Any) -> None:
    for said in (value, {**GOOD, "rates": value}, {**GOOD, "rates": {"VND": value}}):
        try:
            rate = read(json.dumps(said).encode(), NOON).rate(VND)
        except BadAnswerError:
            continue
        assert rate.rate.is_finite()
        assert rate.rate > 0
