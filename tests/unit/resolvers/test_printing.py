"""The printer's callbacks, and what has orders taken further: by the table's stream, and by the clock."""

import base64
import json
from dataclasses import replace
from datetime import timedelta
from types import ModuleType
from typing import Any
from urllib.parse import parse_qs, urlsplit

import boto3
import pytest

from resolvers.timers.report import LeftOverError
from studio.clock import millis
from studio.printing.protocol import PrinterUnavailableError
from studio.printing.submission import Submission
from tests.unit.printing.printer import Printer, sign
from tests.unit.printing.submissions import found, ordered, print_orders
from tests.unit.printing.wire import EVENT, URL, FakeHttp, Response, placed
from tests.unit.resolvers.conftest import Load
from tests.unit.world import World


@pytest.fixture
def callbacks(load: Load) -> ModuleType:
    return load("resolvers.webhooks.printer")


def call(callbacks: ModuleType, body: bytes, *, binary: bool = False) -> int:
    text = base64.b64encode(body).decode() if binary else body.decode()
    event = {"routeKey": "POST /printer", "body": text, "isBase64Encoded": binary}
    return callbacks.handler(event, None)["statusCode"]


def callback(printer_id: str = "ord_1") -> bytes:
    data = {"order": {"id": printer_id, "status": {"stage": "Complete"}, "recipient": {"name": "Lan"}}}
    return json.dumps(EVENT | {"subject": printer_id, "data": data}).encode()


@pytest.fixture
def submitted(world: World) -> Submission:
    """An order that the printer has had for an hour."""
    before, now = ordered(world), world.time
    taken = replace(before, printer_id="ord_1", asked_at=millis(now), due=millis(now) + 7_200_000, recipient=None)
    after = print_orders(world).step(before, taken)
    world.later(3600)
    return after


@pytest.mark.parametrize("binary", [True, False])
def test_a_callback_has_its_order_looked_at_again_and_says_nothing_of_it(
    callbacks: ModuleType, world: World, submitted: Submission, *, binary: bool
) -> None:
    assert call(callbacks, callback(), binary=binary) == 200
    woken = replace(submitted, due=millis(world.time), version=submitted.version + 1)
    assert found(print_orders(world)) == woken


def test_a_callback_of_nobodys_order_is_answered_and_forgotten(
    callbacks: ModuleType, world: World, submitted: Submission
) -> None:
    assert call(callbacks, callback("ord_2")) == 200
    assert found(print_orders(world)) == submitted


@pytest.mark.parametrize(
    "body", [b"", b"{}", b"[", b"null", b"[" * 100_000, callback()[:-1], callback().replace(b"1.0", b"0.3", 1)]
)
def test_what_is_no_callback_is_a_bad_request(
    callbacks: ModuleType, world: World, submitted: Submission, body: bytes
) -> None:
    assert call(callbacks, body) == 400
    assert found(print_orders(world)) == submitted


def test_what_is_too_large_is_not_read(callbacks: ModuleType, world: World, submitted: Submission) -> None:
    body = json.dumps(json.loads(callback()) | {"more": "x" * 300_000}).encode()
    assert call(callbacks, body) == 400
    assert found(print_orders(world)) == submitted


def test_of_a_flood_one_callback_counts(callbacks: ModuleType, world: World, submitted: Submission) -> None:
    assert {call(callbacks, callback()) for _ in range(50)} == {200}
    assert found(print_orders(world)).version == submitted.version + 1


def test_nothing_of_a_callback_is_logged_but_its_order(
    callbacks: ModuleType, submitted: Submission, capsys: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    del submitted
    call(callbacks, callback())
    assert "Lan" not in caplog.text + capsys.readouterr().out


# ---- the stream and the clock


@pytest.fixture
def printer() -> Printer:
    return Printer()


def asking(load: Load, name: str, printer: Printer, monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """Return a function whose printer is this one."""
    module = load(name)
    monkeypatch.setattr(module, "_printing", replace(module._printing, printer=printer, sign=sign))
    return module


def records(*ids: str) -> dict[str, Any]:
    change = {"SequenceNumber": "1"}
    return {"Records": [{"eventName": "MODIFY", "dynamodb": {**change, "Keys": {"id": {"S": id_}}}} for id_ in ids]}


def test_the_stream_submits_what_is_new(
    load: Load, world: World, printer: Printer, monkeypatch: pytest.MonkeyPatch
) -> None:
    stream = asking(load, "resolvers.streams.printing", printer, monkeypatch)
    ordered(world)
    assert stream.handler(records("order-1", "order-1", "order-2"), None) == {"batchItemFailures": []}
    assert (printer.asked, found(print_orders(world)).printer_id) == (1, "ord_1")


def test_where_the_printer_is_away_the_stream_waits_for_it_once(
    load: Load, world: World, printer: Printer, monkeypatch: pytest.MonkeyPatch
) -> None:
    stream = asking(load, "resolvers.streams.printing", printer, monkeypatch)
    for number in range(3):
        ordered(world, id_=f"order-{number}")
    printer.errors = [PrinterUnavailableError("no answer")]
    assert stream.handler(records("order-0", "order-1", "order-2"), None) == {"batchItemFailures": []}
    assert printer.asked == 1
    clock = asking(load, "resolvers.timers.printing_reconciler", printer, monkeypatch)
    assert clock.handler({}, None) == {"asked": 2, "unanswered": 0, "errors": 0}


def test_a_row_that_cannot_be_read_holds_up_no_other_and_rings(
    load: Load, world: World, printer: Printer, monkeypatch: pytest.MonkeyPatch
) -> None:
    ordered(world)
    ordered(world, id_="order-2")
    table = print_orders(world)
    row = table.get({"id": "order-1"}) or {}
    table.discard({"id": "order-1"})
    table.insert(row | {"method": "PIGEON"}, new="id")
    stream = asking(load, "resolvers.streams.printing", printer, monkeypatch)
    assert stream.handler(records("order-1", "order-2"), None) == {"batchItemFailures": []}
    assert [*printer.requests] == ["order-2"]
    clock = asking(load, "resolvers.timers.printing_reconciler", printer, monkeypatch)
    with pytest.raises(LeftOverError):
        clock.handler({}, None)


def test_the_printer_is_asked_with_our_key_and_gets_links_that_last(
    load: Load, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    boto3.client("secretsmanager").create_secret(Name="namo/test/printer", SecretString='{"apiKey": "a-key"}')
    stream = load("resolvers.streams.printing", PRINTER_URL=URL)
    http = FakeHttp([Response({"outcome": "Created", "order": placed(merchantReference="order-1")})])
    monkeypatch.setattr(stream._printing.printer.api, "_http", http)
    ordered(world)
    stream.handler(records("order-1"), None)
    (asked,) = http.asked
    assert (asked.path, asked.headers["X-API-Key"]) == ("/orders", "a-key")
    assert asked.body["callbackUrl"] == "https://hooks.namo.example/printer"
    (asset,) = asked.body["items"][0]["assets"]
    url = urlsplit(asset["url"])
    assert (url.netloc, url.path) == ("files.namo.example", "/results/documents/a/album.pdf")
    lasts = int(parse_qs(url.query)["expires"][0]) - world.time.timestamp()
    assert timedelta(days=7).total_seconds() <= lasts < timedelta(days=14).total_seconds()
    assert found(print_orders(world)).printer_id == "ord_1"
