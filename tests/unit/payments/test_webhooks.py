"""The webhook API, as API Gateway hands requests to it."""

import base64
import hashlib
import json
import re
from dataclasses import replace
from types import ModuleType, SimpleNamespace
from typing import Any

import pytest

from studio.alarms import Alarm
from studio.payments.model import Outcome, PaymentEventState, PaymentStatus
from studio.payments.model import PaymentProvider as Provider
from studio.payments.providers.stripe.webhook import StripeWebhook
from studio.payments.providers.vnpay.webhook import VnpayWebhook
from tests.unit.payments.shop import VNPAY_KEYS, Shop, session, signed, stripe_event
from tests.unit.payments.test_fields import ENVIRONMENT
from tests.unit.raised import Raised
from tests.unit.resolvers.conftest import Load, load

__all__ = ["load"]


@pytest.fixture
def api(load: Load, shop: Shop, monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    module = load("resolvers.webhooks.payments", **ENVIRONMENT)
    webhooks = {
        Provider.VNPAY: VnpayWebhook(shop.vnpay_vault.secret()),
        Provider.STRIPE: StripeWebhook(shop.webhook_vault.secret(), live=False),
    }
    monkeypatch.setattr(module, "_receiver", shop.receiver)
    monkeypatch.setattr(module, "_webhooks", webhooks)
    monkeypatch.setattr(module, "_payments", shop.payments)
    return module


def request(
    api: ModuleType, route: str, query: str = "", body: str | None = None, *, binary: bool = False, **headers: str
) -> tuple[int, Any, dict[str, str]]:
    method, path = route.split()
    event = {
        "version": "2.0",
        "routeKey": route,
        "rawPath": path,
        "rawQueryString": query,
        "headers": {name.replace("_", "-"): value for name, value in headers.items()},
        "requestContext": {"http": {"method": method, "path": path, "sourceIp": "203.0.113.7"}},
        "isBase64Encoded": binary,
    }
    answer = api.handler(event | ({"body": body} if body is not None else {}), None)
    kind = answer["headers"]["content-type"]
    return answer["statusCode"], json.loads(answer["body"]) if "json" in kind else answer["body"], answer["headers"]


def test_vnpay_is_answered_in_its_own_words(api: ModuleType, shop: Shop) -> None:
    payment, other = shop.waiting(), shop.waiting()
    query = shop.ipn(payment)
    answers = [
        (query, "00", "Confirm Success"),
        (query, "02", "Order already confirmed"),
        (shop.ipn(payment, vnp_TxnRef="1"), "01", "Order not found"),
        (shop.ipn(other, vnp_Amount="100"), "04", "Invalid amount"),
        (query.replace("NCB", "ACB"), "97", "Invalid signature"),
        ("", "97", "Invalid signature"),
    ]
    for query_, code, message in answers:
        status, body, _ = request(api, "GET /vnpay/ipn", query_)
        assert (status, body) == (200, {"RspCode": code, "Message": message})


def test_a_fault_of_ours_is_told_as_such_and_nothing_of_it_is_logged(
    api: ModuleType, shop: Shop, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, raised: Raised
) -> None:
    def fail(*_: Any) -> None:
        raise RuntimeError("DynamoDB is away")

    monkeypatch.setattr(type(shop.events), "keep", fail)
    query = shop.ipn(shop.waiting())
    assert request(api, "GET /vnpay/ipn", query)[1] == {"RspCode": "99", "Message": "Unknown error"}
    body = stripe_event("checkout.session.completed", session(shop.waiting(Provider.STRIPE)), "evt_1").decode()
    header = shop.stripe_header(body.encode())
    assert request(api, "POST /stripe/webhook", body=body, stripe_signature=header)[0] == 500
    printed = raised.capsys.readouterr().out
    assert printed.count(Alarm.PROVIDER_NOT_ANSWERED) == 2
    logged = caplog.text + printed
    assert "could not be acted on" in logged
    for secret in (query[-40:], header, "evt_1", VNPAY_KEYS["hashSecret"], "whsec_1"):
        assert secret not in logged


@pytest.mark.parametrize("binary", [False, True])
def test_stripe_is_believed_by_the_bytes_of_its_body(api: ModuleType, shop: Shop, binary: bool) -> None:
    payment = shop.waiting(Provider.STRIPE)
    thing = session(payment, customer_details={"name": "Trần Thị Bưởi"})
    event = {"id": "evt_1", "object": "event", "type": "checkout.session.completed", "livemode": False}
    body = json.dumps({**event, "data": {"object": thing}}, ensure_ascii=False, indent=2)
    header = shop.stripe_header(body.encode())
    sent = base64.b64encode(body.encode()).decode() if binary else body
    assert request(api, "POST /stripe/webhook", body=sent, binary=binary, stripe_signature="t=1,v1=0")[0] == 400
    assert request(api, "POST /stripe/webhook", body=sent, binary=binary)[0] == 400
    assert shop.now(payment).status == PaymentStatus.PENDING
    assert request(api, "POST /stripe/webhook", body=sent, binary=binary, stripe_signature=header)[0] == 200
    assert shop.now(payment).status == PaymentStatus.PAID


NO_EVENTS = ["", "{}", "[]", "null", "1", '{"object": "charge"}', "\x00", "[" * 100_000, "1" * 5000]


@pytest.mark.parametrize("body", NO_EVENTS, ids=range(len(NO_EVENTS)))
def test_what_is_signed_and_no_event_is_kept_and_not_told_again(
    api: ModuleType, shop: Shop, raised: Raised, body: str
) -> None:
    header = shop.stripe_header(body.encode())
    assert request(api, "POST /stripe/webhook", body=body)[0] == 400
    assert shop.events_of() == []
    assert request(api, "POST /stripe/webhook", body=body, stripe_signature=header)[0] == 200
    [event] = shop.events_of()
    assert (event.body, event.state, event.outcome) == (body, PaymentEventState.UNMATCHED, Outcome.NOT_UNDERSTOOD)
    assert event.cause in {"it is no JSON", "it is no event"}
    assert raised.names() == [Alarm.EVENT_UNMATCHED]


@pytest.mark.parametrize("route", ["POST /vnpay/ipn", "GET /", "GET /stripe/webhook", "$default"])
def test_there_is_no_other_route(api: ModuleType, route: str) -> None:
    event = {"routeKey": route, "headers": {}, "requestContext": {"http": {}}}
    assert api.handler(event, None)["statusCode"] == 404


@pytest.mark.parametrize(
    ("codes", "title"),
    [
        (("00", "00"), "The bank has your payment"),
        (("24", "02"), "No payment was made"),
        (("07", "00"), "You can close this page"),
        (("00", "04"), "You can close this page"),
        (("00", "01"), "You can close this page"),
        (("OK", "00"), "You can close this page"),
    ],
)
def test_the_way_back_shows_what_is_signed(api: ModuleType, shop: Shop, codes: tuple[str, str], title: str) -> None:
    payment = shop.waiting()
    query = shop.ipn(payment, vnp_ResponseCode=codes[0], vnp_TransactionStatus=codes[1])
    status, page, headers = request(api, "GET /return", query)
    assert (status, headers["content-type"]) == (200, "text/html; charset=utf-8")
    assert f"<h1>{title}</h1>" in page
    assert shop.now(payment) == payment
    assert shop.events_of(payment) == []


@pytest.mark.parametrize("query", ["", "vnp_ResponseCode=24&vnp_SecureHash=0", "result=canceled&paymentId=<b>"])
def test_the_way_back_says_nothing_of_what_is_not_signed(api: ModuleType, query: str) -> None:
    _, page, _ = request(api, "GET /return", query)
    assert "If you have paid, your points arrive as soon as we are told." in page
    assert "<small>" not in page
    assert "<b>" not in page


def test_the_way_back_takes_the_way_there_for_no_news(api: ModuleType, shop: Shop) -> None:
    asked = (shop.order().pay_url or "").partition("?")[2]
    assert request(api, "GET /return", asked)[1] == request(api, "GET /return")[1]


def test_the_page_runs_and_loads_nothing_and_escapes_what_it_shows(api: ModuleType) -> None:
    params = {"vnp_TxnRef": "<script>alert(1)</script>&\"'", "vnp_ResponseCode": "00", "vnp_TransactionStatus": "00"}
    _, page, headers = request(api, "GET /return", signed(dict(params), VNPAY_KEYS))
    assert "&lt;script&gt;alert(1)&lt;/script&gt;&amp;&quot;&#x27;" in page
    assert "<script" not in page
    assert re.findall(r"\b(?:src|href|style|on\w+)=\S*", page) == [
        'href="https://namo.example/?a=1&amp;b=2">Back'  # the studio's own address
    ]
    style = page.partition("<style>")[2].partition("</style>")[0]
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    policy = headers["content-security-policy"]
    assert policy.startswith(f"default-src 'none'; style-src 'sha256-{digest}';")
    assert "unsafe" not in policy


def test_the_way_back_says_the_new_points_once_the_payment_is_paid(api: ModuleType, shop: Shop) -> None:
    payment = shop.waiting()
    query = shop.ipn(payment)
    _, page, headers = request(api, "GET /return", query)
    assert "points have been added" not in page  # the bank says it is paid; nothing is credited yet
    assert headers["refresh"] == f"1; url=?{query}&look="
    shop.send_ipn(query)
    balance = shop.now(payment).balance
    _, page, headers = request(api, "GET /return", query)
    assert f"100 points have been added. You have {balance} points now." in page
    assert f"<br>100 điểm đã được cộng. Hiện bạn có {balance} điểm." in page
    assert "refresh" not in headers


def test_of_a_way_back_that_nobody_signed_the_row_is_believed_and_no_balance_told(api: ModuleType, shop: Shop) -> None:
    payment = shop.waiting()
    for result in ("done", "canceled"):
        _, page, headers = request(api, "GET /return", f"paymentId={payment.id}&result={result}")
        assert "<h1>You can close this page</h1>" in page
        assert headers["refresh"] == f"1; url=?paymentId={payment.id}&result={result}&look="
    shop.send_ipn(shop.ipn(payment))
    _, page, _ = request(api, "GET /return", f"paymentId={payment.id}&result=canceled")
    assert "<h1>Thank you, it is paid</h1><p>100 points have been added.</p>" in page
    unsigned = shop.ipn(payment, vnp_ResponseCode="24", vnp_TransactionStatus="02").replace("vnp_SecureHash=", "x=")
    assert "You can close this page" in request(api, "GET /return", unsigned)[1]


@pytest.mark.parametrize(
    ("status", "title"),
    [
        (PaymentStatus.FAILED, "No payment was made"),
        (PaymentStatus.EXPIRED, "This payment has ended"),
        (PaymentStatus.REFUNDED, "The money went back"),
        (PaymentStatus.REVIEW, "We are looking at this payment"),
    ],
)
def test_the_way_back_says_how_a_payment_ended(api: ModuleType, shop: Shop, status: PaymentStatus, title: str) -> None:
    payment = shop.waiting()
    shop.payments.step(payment, replace(payment, status=status, version=2))
    _, page, headers = request(api, "GET /return", shop.ipn(payment))  # whatever the bank signed before
    assert f"<h1>{title}</h1>" in page
    assert page.count(' lang="vi"') == 2
    assert "refresh" not in headers


def test_a_page_that_waits_looks_again_less_and_less_and_then_no_more(api: ModuleType, shop: Shop) -> None:
    query, pauses = shop.ipn(shop.waiting()), list[int]()
    while again := request(api, "GET /return", query)[2].get("refresh"):
        pause, query = again.split("; url=?")
        pauses.append(int(pause))
        assert VnpayWebhook(shop.vnpay_vault.secret()).verify_return(query)
    assert pauses == [1, 2, 4, 8, 16, 30, 30, 30]
    failed = shop.ipn(shop.waiting(), vnp_ResponseCode="24", vnp_TransactionStatus="02")
    assert "refresh" not in request(api, "GET /return", failed)[2]


def test_the_way_back_of_an_order_speaks_of_no_points(api: ModuleType, shop: Shop) -> None:
    payment = shop.waiting()
    paid = replace(payment, status=PaymentStatus.PAID, goods="orderId", points=0, version=2)
    shop.payments.step(payment, paid)
    _, page, _ = request(api, "GET /return", shop.ipn(payment))
    assert "Your order is on its way to being made." in page
    assert "points" not in page


def test_where_the_payment_cannot_be_asked_for_what_is_signed_is_said(
    api: ModuleType, shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(_: str) -> None:
        raise ConnectionError

    payment = shop.waiting()
    monkeypatch.setattr(api, "_payments", SimpleNamespace(find=broken))
    status, page, headers = request(api, "GET /return", shop.ipn(payment))
    assert (status, "The bank has your payment" in page, "refresh" in headers) == (200, True, False)


def test_without_vnpays_keys_the_way_back_still_shows(api: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    def absent() -> None:
        raise KeyError

    monkeypatch.setattr(api._webhooks[Provider.VNPAY].secret, "accepted", absent)
    status, page, _ = request(api, "GET /return", "vnp_SecureHash=x")
    assert (status, "You can close this page" in page) == (200, True)
