"""The exchange rates' fields and their refresh."""

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from resolvers.fields import rates as rate_fields
from resolvers.fields.graphql import Fields, handler_of
from studio.audit.table import AuditTrail
from studio.clock import parse
from studio.people.guard import Guard
from studio.rates.source import BadAnswerError
from studio.rates.table import Rates
from tests.unit.resolvers.conftest import Load
from tests.unit.resolvers.events import appsync
from tests.unit.world import ADMIN, World

DOLLAR_IN_DONG = {"base": "USD", "quote": "VND"}
Run = Callable[..., Any]


@pytest.fixture
def ask(world: World) -> Run:
    world.joined(ADMIN)
    app = Fields()
    rate_fields.register(app, Rates("Rates", world.client), AuditTrail("Audit", world.client), world.people)
    handler = handler_of(app, Guard(world.people))
    return lambda *event: handler(appsync(*event), None)


@pytest.fixture
def refresh(load: Load, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Run the scheduled function on an answer of its source."""

    def run(**rates: Any) -> Any:
        at = (datetime.now(UTC) - timedelta(hours=1)).timestamp()
        said = {"result": "success", "base_code": "USD", "time_last_update_unix": int(at), "rates": rates}
        monkeypatch.setattr("studio.rates.source.fetch", lambda *_: json.dumps(said).encode())
        return load("resolvers.timers.rates").handler({}, None)

    return run


def test_a_rate_says_its_age_and_source(ask: Run, refresh: Run) -> None:
    assert refresh(VND=26345.5, SGD=1.29) == {"stored": ["USD/VND", "USD/SGD"]}
    rate = ask("Query.exchangeRate", DOLLAR_IN_DONG, None)["data"]
    assert (rate["base"], rate["quote"], rate["rate"], rate["source"]) == ("USD", "VND", 26345.5, "PROVIDER")
    assert type(rate["rate"]) is float
    assert rate["ageSeconds"] >= 3600
    assert parse(rate["asOf"]) < datetime.now(UTC) - timedelta(minutes=59)


def test_a_rate_nobody_told_is_unknown(ask: Run) -> None:
    assert ask("Query.exchangeRate", DOLLAR_IN_DONG)["error"]["type"] == "RATE_UNKNOWN"


def test_an_administrator_sets_a_rate(ask: Run) -> None:
    rate = ask("Mutation.setExchangeRate", {**DOLLAR_IN_DONG, "rate": 26000}, ADMIN)["data"]
    assert (rate["rate"], rate["source"], rate["ageSeconds"]) == (26000.0, "ADMIN", 0)
    assert ask("Query.exchangeRate", {"base": "VND", "quote": "USD"})["data"]["rate"] == pytest.approx(1 / 26000)


def test_a_rate_out_of_range_is_refused(ask: Run) -> None:
    answer = ask("Mutation.setExchangeRate", {**DOLLAR_IN_DONG, "rate": 0}, ADMIN)
    assert answer["error"]["type"] == "RATE_OUT_OF_RANGE"


def test_a_refused_currency_fails_the_run_and_is_logged(
    ask: Run, refresh: Run, caplog: pytest.LogCaptureFixture
) -> None:
    with pytest.raises(RuntimeError, match="VND"):
        refresh(VND=-1, SGD=1.29)
    assert [record.getMessage() for record in caplog.records if record.levelname == "ERROR"] == ["rates refused"]
    assert ask("Query.exchangeRate", {"base": "USD", "quote": "SGD"})["data"]["rate"] == 1.29
    assert ask("Query.exchangeRate", DOLLAR_IN_DONG)["error"]["type"] == "RATE_UNKNOWN"


def test_a_source_that_is_away_fails_the_run(load: Load) -> None:
    with pytest.raises(BadAnswerError):
        load("resolvers.timers.rates").handler({}, None)
