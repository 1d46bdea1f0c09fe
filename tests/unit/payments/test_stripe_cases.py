"""Whatever Stripe tells, in whatever order: the points are what the money kept is worth."""

import itertools
from typing import Any

import pytest
import stripe

from studio.dynamo import transact, update
from studio.ledger.model import PointsReason
from studio.payments.checkout import MAX_PENDING
from studio.payments.model import Outcome, Payment, PaymentDecision, PaymentStatus, ReviewReason
from studio.payments.model import PaymentProvider as Provider
from tests.unit.payments.shop import CENTS, Shop, charge, dispute, pending, session, stripe_event
from tests.unit.payments.stripe_api import StripeApi
from tests.unit.world import USER

COMPLETED = "checkout.session.completed"
REFUNDED = "charge.refunded"
DISPUTED = "charge.dispute.created"
CLOSED = "charge.dispute.closed"


def bought(shop: Shop) -> Payment:
    payment = shop.waiting(Provider.STRIPE)
    assert shop.send_stripe(COMPLETED, session(payment))
    return shop.now(payment)


def test_a_paid_session_is_credited_once(shop: Shop) -> None:
    payment = shop.waiting(Provider.STRIPE)
    for _ in range(2):
        assert shop.send_stripe(COMPLETED, session(payment), "evt_1")
    now = shop.now(payment)
    assert (now.status, now.standing, [*now.facts.received]) == (PaymentStatus.PAID, 100, [f"pi_{payment.id}"])
    assert shop.world.person().points == 120
    assert shop.is_sound(payment)


def test_the_same_money_under_another_name_moves_nothing(shop: Shop) -> None:
    payment = bought(shop)
    assert shop.send_stripe(COMPLETED, session(payment), "evt_other")
    assert shop.send_stripe("checkout.session.async_payment_succeeded", session(payment))
    assert shop.now(payment) == payment
    assert shop.world.person().points == 120
    assert {event.outcome for event in shop.events_of(payment)} == {Outcome.APPLIED, Outcome.NOTHING_NEW}


def test_a_bank_that_takes_its_time(shop: Shop, stripe_api: StripeApi) -> None:
    shop.stripe_url = stripe_api.address
    order: dict[str, Any] = {"provider": "STRIPE", "currency": "USD", "clientRequestId": "same"}
    payment = shop.order(**order)
    shop.send_stripe(COMPLETED, session(payment, payment_status="unpaid"))
    now = shop.now(payment)
    assert (now.status, now.pay_url, now.return_url) == (PaymentStatus.PENDING, None, "")
    assert shop.order(**order) == now  # it has no second page to be paid at
    assert len(stripe_api.asked) == 1
    for _ in range(MAX_PENDING):
        assert shop.order()  # it takes the place of none that is to be paid
    for seconds in (4201, 5 * 24 * 3600):
        shop.world.later(seconds)
        shop.reconcile()
    assert shop.now(payment) == now
    shop.send_stripe("checkout.session.async_payment_succeeded", session(payment))
    assert (shop.now(payment).status, shop.world.person().points) == (PaymentStatus.PAID, 120)


def test_a_bank_that_refuses_after_all(shop: Shop) -> None:
    payment = shop.waiting(Provider.STRIPE)
    shop.send_stripe(COMPLETED, session(payment, payment_status="unpaid"))
    shop.world.later(4201)
    assert shop.reconcile().expired == 0
    shop.send_stripe("checkout.session.async_payment_failed", session(payment, payment_status="unpaid"))
    assert (shop.now(payment).status, shop.world.person().points) == (PaymentStatus.FAILED, 20)


def test_an_expired_session(shop: Shop) -> None:
    payment = shop.waiting(Provider.STRIPE)
    shop.send_stripe("checkout.session.expired", session(payment, payment_status="unpaid", payment_intent=None))
    assert shop.now(payment).status == PaymentStatus.EXPIRED


def test_refunds_take_back_what_they_are_worth(shop: Shop) -> None:
    payment = bought(shop)
    shop.send_stripe(REFUNDED, charge(payment, 333))
    now = shop.now(payment)
    assert (now.status, now.standing, now.balance) == (PaymentStatus.PAID, 66, 86)  # of 999 cents, a third went back
    shop.send_stripe(REFUNDED, charge(payment, 100))  # an older one, late
    assert shop.now(payment) == now
    shop.send_stripe(REFUNDED, charge(payment, CENTS))
    now = shop.now(payment)
    assert (now.status, now.standing, now.owed) == (PaymentStatus.REFUNDED, 0, 0)
    assert shop.world.person().points == 20
    lines = [e for e in shop.world.entries() if e.reason == PointsReason.CLAWBACK]
    assert {(e.id, e.points) for e in lines} == {
        (f"clawback#{payment.id}#3", -34),
        (f"clawback#{payment.id}#4", -66),
    }
    assert shop.is_sound(payment)


def test_what_who_left_pays_anew_after_a_refund_waits_for_a_decision(shop: Shop) -> None:
    payment = bought(shop)
    shop.send_stripe(REFUNDED, charge(payment, CENTS))
    shop.world.people.apply(update({"id": USER.sub}, set={"leftAt": "2026-11-20T12:00:00.000Z"}))
    shop.send_stripe("checkout.session.completed", session(payment, payment_intent="pi_another"))
    assert (shop.now(payment).status, shop.now(payment).review) == (PaymentStatus.REVIEW, ReviewReason.OWNER_LEFT)
    assert shop.world.person().points == 20
    shop.resolve(payment, PaymentDecision.REFUND)
    assert shop.now(payment).status == PaymentStatus.REFUNDED


def test_points_that_were_paid_back_by_hand_and_are_disputed_then_are_looked_at(shop: Shop) -> None:
    payment = shop.waiting(Provider.STRIPE)
    shop.send_stripe(COMPLETED, session(payment, amount_total=500))
    shop.resolve(payment, PaymentDecision.REFUND)
    shop.send_stripe("charge.dispute.created", dispute(payment, "lost", amount=500))
    now = shop.now(payment)
    assert (now.status, now.review, now.standing) == (PaymentStatus.REVIEW, ReviewReason.MONEY_WENT_BACK, 0)
    shop.world.later(1)
    shop.resolve(payment, PaymentDecision.REFUND)
    assert (shop.now(payment).status, shop.world.person().points) == (PaymentStatus.REFUNDED, 20)


def test_a_refund_that_is_told_before_the_payment(shop: Shop) -> None:
    payment = shop.waiting(Provider.STRIPE)
    shop.send_stripe(REFUNDED, charge(payment, CENTS))
    assert shop.now(payment).status == PaymentStatus.PENDING
    shop.send_stripe(COMPLETED, session(payment))
    now = shop.now(payment)
    assert (now.status, now.standing, shop.world.person().points) == (PaymentStatus.REFUNDED, 0, 20)
    assert shop.is_sound(payment)


@pytest.mark.parametrize(
    ("end", "status", "points"),
    [
        ("won", PaymentStatus.PAID, 120),
        ("lost", PaymentStatus.REFUNDED, 20),
        ("prevented", PaymentStatus.REFUNDED, 20),  # by paying the payer back
    ],
)
def test_a_dispute_takes_back_until_it_is_won(shop: Shop, end: str, status: PaymentStatus, points: int) -> None:
    payment = bought(shop)
    shop.send_stripe(DISPUTED, dispute(payment, "needs_response"))
    assert (shop.now(payment).status, shop.world.person().points) == (PaymentStatus.REFUNDED, 20)
    shop.send_stripe(CLOSED, dispute(payment, end))
    shop.send_stripe("charge.dispute.updated", dispute(payment, "under_review"), ago=1)
    assert (shop.now(payment).status, shop.world.person().points) == (status, points)
    assert shop.is_sound(payment)


def test_a_refund_that_prevented_a_dispute_may_be_told_too(shop: Shop) -> None:
    payment = bought(shop)
    shop.send_stripe(CLOSED, dispute(payment, "prevented"))
    shop.send_stripe(REFUNDED, charge(payment, CENTS))
    now = shop.now(payment)
    assert (now.status, now.owed, shop.world.person().points) == (PaymentStatus.REFUNDED, 0, 20)
    assert shop.is_sound(payment)


def test_a_dispute_that_was_lost_may_be_won_after_all(shop: Shop) -> None:
    stands = {"needs_response": 20, "lost": 20, "appeal_under_review": 20, "won": 120}
    payment = bought(shop)
    for status, points in stands.items():
        shop.world.later(60)
        shop.send_stripe("charge.dispute.updated", dispute(payment, status))
        assert shop.world.person().points == points
    shop.send_stripe(CLOSED, dispute(payment, "lost"), ago=60)
    assert (shop.now(payment).status, shop.world.person().points) == (PaymentStatus.PAID, 120)
    shop.world.later(60)
    shop.send_stripe("charge.dispute.updated", dispute(payment, "appeal_needs_response"))
    assert (shop.now(payment).status, shop.world.person().points) == (PaymentStatus.REFUNDED, 20)
    assert shop.is_sound(payment)


def test_an_inquiry_takes_nothing(shop: Shop) -> None:
    payment = bought(shop)
    shop.send_stripe(DISPUTED, dispute(payment, "warning_needs_response"), "evt_ask")
    assert shop.now(payment) == payment


def test_what_was_spent_is_owed_and_never_below_zero(shop: Shop) -> None:
    payment = bought(shop)
    shop.spend(90)
    shop.send_stripe(DISPUTED, dispute(payment, "needs_response"))
    now = shop.now(payment)
    assert (now.standing, now.owed, now.balance) == (0, 70, 0)
    assert shop.world.person().points == 0
    shop.send_stripe(CLOSED, dispute(payment, "won"))
    now = shop.now(payment)
    # What was not taken back is not given twice.
    assert (now.standing, now.owed, shop.world.person().points) == (100, 0, 30)
    assert shop.is_sound(payment)


def test_who_has_left_is_neither_debited_nor_credited(shop: Shop) -> None:
    payment = bought(shop)
    shop.world.people.apply(update({"id": USER.sub}, set={"leftAt": "2026-11-20T12:00:00.000Z"}))
    shop.send_stripe(DISPUTED, dispute(payment, "needs_response"))
    now = shop.now(payment)
    assert (now.status, now.standing, now.owed, shop.world.person().points) == (PaymentStatus.REFUNDED, 0, 100, 120)
    shop.send_stripe(CLOSED, dispute(payment, "won"))
    now = shop.now(payment)
    assert (now.status, now.standing, now.owed, shop.world.person().points) == (PaymentStatus.PAID, 100, 0, 120)
    assert shop.is_sound(payment)


def test_with_nothing_left_all_is_owed(shop: Shop) -> None:
    payment = bought(shop)
    shop.spend(120)
    shop.send_stripe(REFUNDED, charge(payment, CENTS))
    now = shop.now(payment)
    assert (now.status, now.standing, now.owed) == (PaymentStatus.REFUNDED, 0, 100)
    assert shop.is_sound(payment)


def test_every_order_of_the_same_events_ends_the_same(shop: Shop) -> None:
    ends: set[tuple[str, int, int]] = set()
    for order in itertools.permutations(range(4)):
        payment = shop.waiting(Provider.STRIPE)
        before = shop.world.person().points
        events = [
            (COMPLETED, session(payment)),
            (REFUNDED, charge(payment, 333)),
            (CLOSED, dispute(payment, "lost", amount=333)),
            ("charge.dispute.updated", dispute(payment, "won", amount=333)),
        ]
        for i in order:
            shop.send_stripe(*events[i], ago=9 - i)
        shop.world.later(61)
        shop.reconcile()  # what named the money before its payment was known
        now = shop.now(payment)
        ends.add((now.status, now.standing, shop.world.person().points - before))
    assert ends == {("PAID", 66, 66)}


def test_a_dispute_of_money_that_is_not_known_yet_waits(shop: Shop) -> None:
    payment = shop.waiting(Provider.STRIPE)
    assert shop.send_stripe(DISPUTED, dispute(payment, "needs_response"))
    shop.send_stripe(COMPLETED, session(payment))
    assert shop.world.person().points == 120
    shop.world.later(61)
    assert shop.reconcile().handled == 1
    assert shop.world.person().points == 20
    assert shop.is_sound(payment)


def test_an_event_before_the_payment(shop: Shop) -> None:
    payment = pending(Provider.STRIPE, USER, shop.world.time)
    assert shop.send_stripe(COMPLETED, session(payment), "evt_1")
    transact(shop.client, [shop.payments.new(payment)])
    assert shop.send_stripe(COMPLETED, session(payment), "evt_1")
    assert shop.world.person().points == 120


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"amount_total": CENTS - 1}, ReviewReason.WRONG_AMOUNT),
        ({"currency": "sgd"}, ReviewReason.WRONG_CURRENCY),
        ({"currency": "eur"}, ReviewReason.WRONG_CURRENCY),
    ],
)
def test_other_money_goes_to_review(shop: Shop, changes: dict[str, object], reason: ReviewReason) -> None:
    payment = shop.waiting(Provider.STRIPE)
    assert shop.send_stripe(COMPLETED, session(payment, **changes))
    now = shop.now(payment)
    assert (now.status, now.review, shop.world.person().points) == (PaymentStatus.REVIEW, reason, 20)
    shop.resolve(payment, PaymentDecision.CREDIT)
    assert (shop.now(payment).status, shop.world.person().points) == (PaymentStatus.PAID, 120)
    assert shop.is_sound(payment)


def test_a_refund_ends_a_review_by_itself(shop: Shop) -> None:
    payment = shop.waiting(Provider.STRIPE)
    shop.send_stripe(COMPLETED, session(payment, amount_total=500))
    shop.send_stripe(REFUNDED, charge(payment, 500, amount=500))
    assert (shop.now(payment).status, shop.now(payment).review) == (PaymentStatus.REFUNDED, None)


@pytest.mark.parametrize(
    ("kind", "changes", "livemode"),
    [
        (COMPLETED, {}, True),
        (COMPLETED, {"metadata": {}}, False),
        (COMPLETED, {"metadata": None}, False),
        (COMPLETED, {"metadata": {"paymentId": "another product's"}}, False),
        (REFUNDED, {"object": "charge", "metadata": {}, "amount_refunded": 5}, False),
        ("refund.failed", {"object": "refund", "payment_intent": None}, False),
        (DISPUTED, {"object": "dispute", "payment_intent": None, "status": "lost"}, False),
        ("customer.created", {}, False),
    ],
)
def test_what_is_not_our_concern_is_ignored(shop: Shop, kind: str, changes: dict[str, object], livemode: bool) -> None:
    payment = shop.waiting(Provider.STRIPE)
    assert shop.send_stripe(kind, session(payment, **changes), "evt_1", livemode=livemode)
    assert shop.events.get({"id": "STRIPE#evt_1"}) is None
    assert shop.now(payment) == payment


def test_a_bad_signature_leaves_no_trace(shop: Shop) -> None:
    payment = shop.waiting(Provider.STRIPE)
    body = stripe_event(COMPLETED, session(payment))
    good = shop.stripe_header(body)
    old = stripe.WebhookSignature.generate_signature_header(body.decode(), "whsec_1", 1_700_000_000)
    other = stripe.WebhookSignature.generate_signature_header(body.decode(), "whsec_2")
    for text, header in ((body + b" ", good), (body, None), (body, ""), (body, "t=x"), (body, old), (body, other)):
        assert not shop.receive_stripe(text, header)
    assert not shop.receive_stripe(b"\xff", good)
    assert not shop.receive_stripe(body, f"{good},v1=é")
    assert shop.events_of(payment) == []
    assert shop.receive_stripe(body, good)


def test_what_was_signed_before_a_rotation_is_still_good(shop: Shop) -> None:
    payment = shop.waiting(Provider.STRIPE)
    body = stripe_event(COMPLETED, session(payment))
    header = shop.stripe_header(body)
    shop.webhook_vault.rotate(webhookSecret="whsec_2")
    assert shop.receive_stripe(body, header)
    assert shop.world.person().points == 120
