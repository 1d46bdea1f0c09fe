"""The last good rate stays until there is a better one, and an administrator's word stands for a day."""

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread
from typing import Any

import pytest
import urllib3
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from studio.audit.item import record_from_item
from studio.audit.model import Act, AuditRecord
from studio.audit.table import AuditTrail
from studio.errors import ErrorType, StudioError
from studio.money import Currency, Money
from studio.rates.model import Rate, RateSource, cross
from studio.rates.override import HELD, RateOverrides
from studio.rates.refresh import Refresh, Refreshed
from studio.rates.source import MOST_BYTES, BadAnswerError, fetch, read
from studio.rates.table import Rates
from tests.unit.world import ADMIN, NOON, World

USD, VND, SGD = Currency.USD, Currency.VND, Currency.SGD
MIDNIGHT = datetime(2026, 11, 20, tzinfo=UTC)
GOOD: dict[str, Any] = {
    "result": "success",
    "base_code": "USD",
    "time_last_update_unix": int(MIDNIGHT.timestamp()),
    "rates": {"USD": 1, "VND": 26345.123456789, "SGD": 1.2987, "EUR": 0.9},
}


@pytest.fixture
def rates(world: World) -> Rates:
    return Rates("Rates", world.client)


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


# ---- the refresh


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


# ---- the source


class Source(BaseHTTPRequestHandler):
    """Answers what its server's `says` holds."""

    def do_GET(self) -> None:
        status, body = self.server.says  # pyright: ignore[reportAttributeAccessIssue]
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Location", "/elsewhere")
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: Any) -> None: ...  # pyright: ignore[reportIncompatibleMethodOverride]


@pytest.fixture
def source() -> Iterator[Any]:
    with HTTPServer(("127.0.0.1", 0), Source) as server:
        thread = Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        yield server
        server.shutdown()
        thread.join()


def asked(server: Any, *says: Any) -> bytes:
    server.says = says
    with urllib3.PoolManager() as http:
        return fetch(f"http://127.0.0.1:{server.server_port}/v6/latest/USD", http)


def test_what_the_source_says_is_fetched(source: Any) -> None:
    assert asked(source, 200, answer()) == answer()
    assert asked(source, 200, b" " * MOST_BYTES) == b" " * MOST_BYTES


@pytest.mark.parametrize("status", [204, 301, 403, 429, 500])
def test_another_status_is_refused(source: Any, status: int) -> None:
    with pytest.raises(BadAnswerError, match=str(status)):
        asked(source, status, b"" if status == 204 else answer())


def test_too_much_is_refused(source: Any) -> None:
    with pytest.raises(BadAnswerError, match="more than"):
        asked(source, 200, b" " * (MOST_BYTES + 1))


def test_a_source_that_is_away_is_refused(source: Any) -> None:
    port = source.server_port
    source.shutdown()
    source.server_close()
    with urllib3.PoolManager() as http, pytest.raises(BadAnswerError, match="no answer"):
        fetch(f"http://127.0.0.1:{port}/", http)


# ---- pairs that follow


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


# ---- an administrator's word


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
