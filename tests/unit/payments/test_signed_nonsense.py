"""Whatever a provider signs is answered, and no fault of ours: nothing that was signed is told for days."""

import json
import random
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from studio.payments.model import Payment, PaymentProvider
from studio.payments.providers.vnpay.signature import canonical, signature
from tests.unit.fault_injection import unreachable
from tests.unit.payments.shop import VNPAY_KEYS, Shop, charge, dispute, refund, session, stripe_event
from tests.unit.world import World

ANSWERS = {"00", "01", "02", "04", "97", "99"}
SAME_TABLES = settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
HUGE = [10**12 + 1, 10**40, 10**400, -1, 1e308, float("nan"), float("inf"), 0.5]
ODD = ["", " ", "\0", "x" * 3000, "\ud800", "Đ", "🙂", "paid", "1", "2026-13-45", "0" * 5000]
LEAF = st.sampled_from([None, True, False, [], {}, *HUGE, *ODD]) | st.integers() | st.text(max_size=5)
JSON = st.recursive(LEAF, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner))
KINDS = [
    ("checkout.session.completed", session),
    ("checkout.session.async_payment_succeeded", session),
    ("checkout.session.async_payment_failed", session),
    ("checkout.session.expired", session),
    ("charge.refunded", lambda payment: charge(payment, 5)),
    ("refund.failed", lambda payment: refund(payment, "failed", 5)),
    ("charge.refund.updated", lambda payment: refund(payment, "pending", 5)),
    ("charge.dispute.created", lambda payment: dispute(payment, "lost")),
]
GONE = object()


@pytest.fixture
def stripe_payment(shop: Shop) -> Payment:
    return shop.waiting(PaymentProvider.STRIPE)


def send(shop: Shop, body: bytes) -> bool:
    return shop.receive_stripe(body, shop.stripe_header(body))


def places(value: Any, path: tuple[str, ...] = ()) -> list[tuple[str, ...]]:
    """Return the paths of all that an event holds."""
    inner = [place for name in value for place in places(value[name], (*path, name))] if isinstance(value, dict) else []
    return [path, *inner] if path else inner


def changed(event: dict[str, Any], path: tuple[str, ...], value: Any) -> None:
    for name in path[:-1]:
        event = event[name]
    if value is GONE:
        del event[path[-1]]
    else:
        event[path[-1]] = value


@SAME_TABLES
@given(kind=st.sampled_from(KINDS), pick=st.integers(0, 99), value=JSON | st.just(GONE))
def test_an_event_with_one_thing_wrong(
    shop: Shop, stripe_payment: Payment, kind: tuple[str, Any], pick: int, value: Any
) -> None:
    event = json.loads(stripe_event(kind[0], kind[1](stripe_payment)))
    paths = places(event)
    changed(event, paths[pick % len(paths)], value)
    assert send(shop, json.dumps(event).encode())
    assert shop.is_sound(stripe_payment)
    assert shop.reconcile().errors == 0


@SAME_TABLES
@given(event=JSON)
def test_any_json(shop: Shop, event: Any) -> None:
    assert send(shop, json.dumps(event).encode())
    assert shop.reconcile().errors == 0


@SAME_TABLES
@given(body=st.binary(max_size=40))
def test_any_bytes(shop: Shop, body: bytes) -> None:
    signable = body.decode(errors="replace").encode()
    assert send(shop, signable)
    assert not shop.receive_stripe(b"\xff" + body, shop.stripe_header(signable))


@SAME_TABLES
@given(
    name=st.sampled_from(
        [
            "vnp_Amount",
            "vnp_TxnRef",
            "vnp_TmnCode",
            "vnp_TransactionNo",
            "vnp_TransactionStatus",
            "vnp_ResponseCode",
            "vnp_PayDate",
            "vnp_CurrCode",
        ]
    ),
    value=st.none() | st.sampled_from([each for each in ODD if each.isascii()]) | st.text(max_size=5),
)
def test_a_notice_with_one_thing_wrong(shop: Shop, name: str, value: str | None) -> None:
    payment = shop.waiting()
    assert shop.send_ipn(shop.ipn(payment, **{name: value})) in ANSWERS
    assert shop.is_sound(payment)
    assert shop.reconcile().errors == 0


@SAME_TABLES
@given(parameters=st.dictionaries(st.text(max_size=8).map("vnp_{}".format), st.text(max_size=8)))
def test_any_parameters(shop: Shop, parameters: dict[str, str]) -> None:
    query = f"{canonical(parameters)}&vnp_SecureHash={signature(parameters, VNPAY_KEYS)}"
    assert shop.send_ipn(query) in ANSWERS


def test_an_event_that_no_row_can_hold_is_kept_in_part(shop: Shop, stripe_payment: Payment) -> None:
    noise = random.Random(1).randbytes(300_000).hex()
    body = stripe_event("checkout.session.completed", session(stripe_payment, noise=noise))
    assert send(shop, body)
    [event] = shop.events_of()
    assert event.cause == "it is no JSON"  # any more
    assert shop.is_sound(stripe_payment)


def test_while_we_are_away_the_provider_is_asked_to_tell_again(
    world: World, shop: Shop, stripe_payment: Payment, monkeypatch: pytest.MonkeyPatch
) -> None:
    body = stripe_event("checkout.session.completed", session(stripe_payment), "evt_1")
    with monkeypatch.context() as patch:
        patch.setattr(world.client, "transact_write_items", unreachable)
        with pytest.raises(ConnectionError):
            send(shop, body)
    assert send(shop, body)
    assert shop.world.person().points == 120
