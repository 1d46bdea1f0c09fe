"""Prodigi, asked: what came of an order, what is refused, what is asked again."""

from datetime import timedelta
from email.utils import format_datetime
from typing import Any

import pytest
import urllib3
from time_machine import Traveller, travel

from studio.alarms import Alarm
from studio.printing.model import PrintStatus
from studio.printing.protocol import (
    AnswerNotUnderstoodError,
    PrinterUnavailableError,
    PrintRefusedError,
    Refusal,
)
from studio.printing.request import PrintRequest
from tests.unit.printing.wire import BOOK, MD5, ORDER, RECIPIENT, Response, answering, documented, placed
from tests.unit.raised import Raised
from tests.unit.world import NOON

CREATED = {"outcome": "Created", "order": placed()}
FOUND = {"outcome": "Ok", "order": documented()}


def refused(**failures: str) -> Response:
    """Return a refusal in the form that clients have recorded; `a__b` is the field `a.b`."""
    named = {
        field.replace("__", "."): [{"code": code, "providedValue": "14 test place"}] for field, code in failures.items()
    }
    return Response({"outcome": "ValidationFailed", "failures": named, "traceParent": "00-f6-96-00"}, status=400)


@pytest.mark.parametrize("outcome", ["Created", "created", "CreatedWithIssues", "AlreadyExists", "OnHold"])
def test_an_order_that_stands_is_placed(outcome: str) -> None:
    assert answering({"outcome": outcome, "order": placed()}).prodigi.submit(ORDER) == "ord_1"


@pytest.mark.parametrize("body", [{"order": {"id": "ord_1"}}, {"id": "ord_1"}, {"order": {"id": "ord_1"}, "id": None}])
def test_of_an_order_on_hold_only_the_id_is_answered(body: Any) -> None:
    assert answering({"outcome": "OnHold", **body}).prodigi.submit(ORDER) == "ord_1"


@pytest.mark.parametrize(
    "other",
    [
        {"merchantReference": "order-2"},
        {"items": [{"sku": BOOK.product.sku, "copies": 1, "assets": [{"md5Hash": MD5}]}]},
        {"items": [{"sku": BOOK.product.sku, "copies": 2, "assets": [{"md5Hash": "0" * 32}]}]},
        {"items": [{"sku": "GLOBAL-FAP-10X10", "copies": 2, "assets": [{"md5Hash": MD5}]}]},
        {"items": [{"sku": BOOK.product.sku, "copies": 2, "assets": [{"md5Hash": MD5}]}] * 2},
        {"items": [{"sku": BOOK.product.sku, "copies": "2", "assets": []}]},
    ],
)
def test_an_order_of_the_same_key_that_is_another_one_is_not_ours(other: Any) -> None:
    with pytest.raises(PrintRefusedError) as refusal:
        answering({"outcome": "AlreadyExists", "order": placed(**other)}).prodigi.submit(ORDER)
    assert refusal.value.refusal == Refusal.KEY_REUSED


def test_what_an_order_does_not_show_makes_no_other_one() -> None:
    item = {"sku": BOOK.product.sku, "copies": 2, "assets": [{"md5Hash": None}]}
    shown = placed(items=[item], merchantReference=None)
    assert answering({"outcome": "AlreadyExists", "order": shown}).prodigi.submit(ORDER) == "ord_1"


def test_case_makes_no_other_order() -> None:
    item = {"sku": BOOK.product.sku.lower(), "copies": 2, "assets": [{"md5Hash": MD5.upper()}]}
    assert answering({"outcome": "AlreadyExists", "order": placed(items=[item])}).prodigi.submit(ORDER) == "ord_1"


def test_an_address_without_a_postal_code_is_refused_before_it_is_sent() -> None:
    shop = answering()
    homeless = RECIPIENT.__class__(name="a", line1="b", city="c", country="HK")
    with pytest.raises(PrintRefusedError) as refusal:
        shop.prodigi.submit(
            PrintRequest(key="k", reference="r", method=ORDER.method, recipient=homeless, items=ORDER.items)
        )
    assert refusal.value.refusal == Refusal.ADDRESS
    assert shop.http.asked == []


@pytest.mark.parametrize(
    ("answer", "kind"),
    [
        (refused(recipient__address__line1="Required"), Refusal.ADDRESS),
        (refused(destinationCountryCode="NotSupported"), Refusal.ADDRESS),
        (refused(idempotencyKey="AlreadyUsed"), Refusal.KEY_REUSED),
        (Response({"outcome": "validationFailed", "failures": {"items[0].assets[0].url": [{}]}}, 400), Refusal.FILE),
        (Response({"outcome": "validationFailed", "failures": {"Items[0].Sku": [{}]}}, 400), Refusal.PRODUCT),
        (refused(shippingMethod="NotKnown"), Refusal.REQUEST),
        (refused(shippingMethod="NotKnown", items="Empty", recipient__name="Required"), Refusal.ADDRESS),
        (Response({"outcome": "ValidationFailed"}, 400), Refusal.REQUEST),
        (Response({"outcome": "ValidationFailed", "failures": ["all"]}, 400), Refusal.REQUEST),
        (Response({"outcome": "invalidContentType"}, 415), Refusal.REQUEST),
    ],
)
def test_each_refusal_by_its_field(answer: Response, kind: Refusal) -> None:
    shop = answering(answer)
    with pytest.raises(PrintRefusedError) as refusal:
        shop.prodigi.submit(ORDER)
    assert refusal.value.refusal == kind
    assert len(shop.http.asked) == 1


def test_a_refusal_names_fields_and_codes_and_nothing_that_was_sent() -> None:
    with pytest.raises(PrintRefusedError) as refusal:
        answering(refused(recipient__address__line1="Required", shippingMethod="NotKnown")).prodigi.submit(ORDER)
    assert refusal.value.details == ("recipient.address.line1: Required", "shippingMethod: NotKnown")
    assert refusal.value.trace == "00-f6-96-00"
    assert "14 test place" not in str(refusal.value)


def test_hostile_failures_are_not_repeated() -> None:
    failures = {"items[0].sku": [{"code": "a code\n with lines"}, 7, None], "<script>": [{"code": "x"}], "a": 3}
    body = {"outcome": "ValidationFailed", "failures": failures, "traceParent": "no\ntrace"}
    with pytest.raises(PrintRefusedError) as refusal:
        answering(Response(body, 400)).prodigi.submit(ORDER)
    assert set(refusal.value.details) == {"items[0].sku: no code"}
    assert refusal.value.trace is None


@pytest.mark.parametrize("status", [401, 403])
def test_credentials_that_are_refused_wake_somebody(status: int, raised: Raised) -> None:
    with pytest.raises(PrintRefusedError) as refusal:
        answering(Response(b"", status)).prodigi.find("ord_1")
    assert refusal.value.refusal == Refusal.CREDENTIALS
    assert raised.names() == [Alarm.PROVIDER_REFUSES]


def test_an_order_is_found() -> None:
    shop = answering(FOUND)
    order = shop.prodigi.find("ord_840796")
    assert order is not None
    assert order.status == PrintStatus.IN_PROGRESS
    assert (shop.http.asked[0].method, shop.http.asked[0].path) == ("GET", "/orders/ord_840796")


@pytest.mark.parametrize("outcome", ["entityNotFound", "NotFound"])
def test_an_order_that_is_not_there(outcome: str) -> None:
    gone = Response({"outcome": outcome}, 404)
    assert answering(gone).prodigi.find("ord_1") is None
    for ask in (answering(gone).prodigi.actions, answering(gone).prodigi.cancel):
        with pytest.raises(PrintRefusedError) as refusal:
            ask("ord_1")
        assert refusal.value.refusal == Refusal.UNKNOWN_ORDER


def test_another_order_than_was_asked_for_is_not_believed() -> None:
    with pytest.raises(AnswerNotUnderstoodError):
        answering(FOUND).prodigi.find("ord_2")


@pytest.mark.parametrize("id_", ["", "1", "ord_", "ord_1/actions/cancel", "ord_1?x", "ord_\u0661", "ORD_1"])
def test_what_is_no_order_s_id_is_never_asked_for(id_: str) -> None:
    for ask in (answering().prodigi.find, answering().prodigi.actions, answering().prodigi.cancel):
        with pytest.raises(ValueError, match="no id"):
            ask(id_)


@pytest.mark.parametrize("outcome", ["Cancelled", "failedToCancel", "ActionNotAvailable"])
@pytest.mark.parametrize("stage", ["Cancelled", "InProgress"])
def test_only_the_order_says_whether_it_is_canceled(outcome: str, stage: str) -> None:
    shop = answering({"outcome": outcome}, {"outcome": "Ok", "order": documented(id="ord_1", status__stage=stage)})
    canceled = shop.prodigi.cancel("ord_1").status == PrintStatus.CANCELED
    assert canceled == (stage == "Cancelled")
    assert [(asked.method, asked.path) for asked in shop.http.asked] == [
        ("POST", "/orders/ord_1/actions/cancel"),
        ("GET", "/orders/ord_1"),
    ]


TIMEOUT = urllib3.exceptions.ReadTimeoutError(None, "/", "late")  # pyright: ignore[reportArgumentType]
REFUSED = urllib3.exceptions.NewConnectionError(None, "refused")  # pyright: ignore[reportArgumentType]


@pytest.mark.parametrize(
    "trouble",
    [
        TIMEOUT,
        REFUSED,
        urllib3.exceptions.ProtocolError("gone"),
        Response({"outcome": "timedOut"}, 500),
        Response(b"<html>", 502),
        Response(b"", 429),
    ],
)
def test_what_passes_is_asked_again_with_the_same_words(trouble: Any) -> None:
    shop = answering(trouble, trouble, CREATED)
    assert shop.prodigi.submit(ORDER) == "ord_1"
    one, two, three = shop.http.asked
    assert one.body == two.body == three.body
    assert one.body["idempotencyKey"] == "5b1f"
    assert shop.pauses == [0.5, 1.5]


def test_what_does_not_pass_is_for_later() -> None:
    shop = answering(TIMEOUT, Response(b"", 503), Response(b"", 503, {"Retry-After": "3"}), CREATED)
    with pytest.raises(PrinterUnavailableError) as away:
        shop.prodigi.submit(ORDER)
    assert away.value.retry_after == 3
    assert len(shop.http.asked) == 3


def test_a_short_wait_that_is_asked_for_is_waited() -> None:
    shop = answering(Response(b"", 429, {"Retry-After": "4"}), FOUND)
    assert shop.prodigi.find("ord_840796") is not None
    assert shop.pauses == [4]


def test_a_long_wait_is_for_whoever_asks() -> None:
    shop = answering(Response(b"", 429, {"Retry-After": "120"}))
    with pytest.raises(PrinterUnavailableError) as away:
        shop.prodigi.find("ord_1")
    assert away.value.retry_after == 120
    assert shop.pauses == []


@pytest.fixture
def noon() -> Any:
    with travel(NOON, tick=False) as clock:
        yield clock


def test_a_wait_until_a_moment_is_counted_by_the_clock(noon: Traveller) -> None:
    then = format_datetime(NOON + timedelta(minutes=2), usegmt=True)
    shop = answering(Response(b"", 429, {"Retry-After": then}), Response(b"", 429, {"Retry-After": then}), FOUND)
    with pytest.raises(PrinterUnavailableError) as away:
        shop.prodigi.find("ord_840796")
    assert away.value.retry_after == 120
    noon.shift(timedelta(minutes=3))
    assert shop.prodigi.find("ord_840796") is not None
    assert shop.pauses == [0.5]


@pytest.mark.parametrize(
    "header", ["soon", "-5", "1.5", "", "Fri, 99 Foo 2026", "\u0663", "Mon, 01 Jan 0001 00:00:00 -0000"]
)
def test_a_wait_that_cannot_be_read_is_none(header: str) -> None:
    shop = answering(Response(b"", 503, {"Retry-After": header}), FOUND)
    assert shop.prodigi.find("ord_840796") is not None
    assert shop.pauses == [0.5]


def test_nobody_is_made_to_wait_for_ever() -> None:
    with pytest.raises(PrinterUnavailableError) as away:
        answering(Response(b"", 429, {"Retry-After": "9" * 18})).prodigi.find("ord_1")
    assert away.value.retry_after == 24 * 3600


@pytest.mark.parametrize(
    "answer",
    [
        Response(b"<html>busy</html>"),
        Response(b"[" * 100_000),
        Response(b'{"outcome": "Ok", "filler": "' + b"x" * 2_000_000 + b'"}'),
        Response([]),
        Response({}),
        Response({"outcome": 7}),
        Response({"outcome": "Perhaps", "order": documented()}),
        Response({"outcome": "Ok"}),
        Response({"outcome": "Ok", "order": []}),
        Response({"outcome": "Ok", "order": documented()}, status=201),
        Response(b"", status=302, headers={"Location": "https://elsewhere.example"}),
        Response({"outcome": "endpointDoesNotExist"}, status=404),
        Response(b"not found", status=404),
        Response(b"bad request", status=400),
    ],
)
def test_an_answer_of_another_form_is_for_somebody_to_look_at(answer: Response) -> None:
    shop = answering(answer)
    with pytest.raises(AnswerNotUnderstoodError):
        shop.prodigi.find("ord_840796")
    assert len(shop.http.asked) == 1
