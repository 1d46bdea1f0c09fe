"""Every answer of a provider that is asked to send money back ends where somebody sees it."""

from datetime import timedelta

import pytest

from studio.alarms import Alarm
from studio.payments.model import PaymentDecision, PaymentStatus
from studio.payments.refund_calls import ASK_FOR, FOLLOW_FOR
from studio.payments.refund_request import RefundStatus
from tests.unit.payments.refunds import Mood, Treasury, again, paid, reference, stands
from tests.unit.payments.shop import CENTS, Shop
from tests.unit.raised import Raised


def test_silence_is_asked_again_after_growing_pauses_and_ends_with_somebody(
    shop: Shop, treasury: Treasury, raised: Raised
) -> None:
    payment = paid(shop)
    shop.refund(payment)
    treasury.mood = Mood.AWAY
    begun, asked = shop.world.time, []
    while stands(shop, payment) == (PaymentStatus.PAID, RefundStatus.ASKED):
        assert len(asked) < 99
        shop.reconcile()
        asked.append((shop.world.time - begun).total_seconds())
        row = shop.payments.get({"id": payment.id})
        assert row
        if "due" in row:
            shop.world.later(row["due"] / 1000 - shop.world.time.timestamp())
    assert asked[:5] == [0, 60, 180, 420, 900]
    assert ASK_FOR <= timedelta(seconds=asked[-1]) <= ASK_FOR + timedelta(hours=1)
    now = shop.now(payment)
    assert (now.status, now.review, now.refund_status) == ("REVIEW", "REFUND_REFUSED", RefundStatus.REFUSED)
    assert raised.names() == [Alarm.PAYMENT_IN_REVIEW]
    assert shop.is_sound(payment)
    assert treasury.again == [False, *[True] * (len(treasury.calls) - 1)]
    calls = len(treasury.calls)
    assert again(shop, 99_999) == 0
    assert len(treasury.calls) == calls


def test_an_answer_that_was_lost_is_learned(shop: Shop, treasury: Treasury) -> None:
    payment = paid(shop)
    shop.refund(payment)
    treasury.mood = Mood.LOSES
    assert shop.reconcile().refunding == 0
    treasury.mood = Mood.ANSWERS
    assert again(shop) == 1
    assert stands(shop, payment) == (PaymentStatus.REFUNDED, RefundStatus.DONE)
    assert treasury.sent_of(reference(payment)) == CENTS


def test_what_is_refused_waits_for_an_administrator_who_may_ask_again(
    shop: Shop, treasury: Treasury, raised: Raised
) -> None:
    payment = paid(shop)
    shop.refund(payment)
    treasury.mood = Mood.REFUSES
    shop.reconcile()
    now = shop.now(payment)
    assert (now.status, now.review, now.standing) == ("REVIEW", "REFUND_REFUSED", 0)
    assert raised.names() == [Alarm.PAYMENT_IN_REVIEW]
    shop.refund(payment)
    assert stands(shop, payment) == (PaymentStatus.REVIEW, RefundStatus.ASKED)
    assert again(shop) == 1
    assert stands(shop, payment) == (PaymentStatus.REVIEW, RefundStatus.REFUSED)
    assert raised.names() == [Alarm.PAYMENT_IN_REVIEW]  # anew
    treasury.mood = Mood.ANSWERS
    shop.refund(payment)
    assert again(shop) == 1
    assert stands(shop, payment) == (PaymentStatus.REFUNDED, RefundStatus.DONE)
    assert treasury.sent_of(reference(payment)) == CENTS
    assert shop.is_sound(payment)


@pytest.mark.parametrize(("decision", "status"), [("CREDIT", "PAID"), ("REFUND", "REFUNDED")])
def test_what_is_refused_is_decided_by_hand(shop: Shop, treasury: Treasury, decision: str, status: str) -> None:
    payment = paid(shop)
    shop.refund(payment)
    treasury.mood = Mood.REFUSES
    shop.reconcile()
    resolved = shop.resolve(payment, PaymentDecision(decision))
    assert resolved
    assert (resolved.status, resolved.refund_status) == (status, None)
    treasury.mood = Mood.ANSWERS
    assert again(shop) == 0
    assert treasury.sent == {}
    assert shop.is_sound(payment)


def test_what_was_credited_by_hand_and_is_refused_then_is_not_overlooked(shop: Shop, treasury: Treasury) -> None:
    payment = shop.waiting()
    shop.send_ipn(shop.ipn(payment, vnp_Amount="100"))
    shop.resolve(payment, PaymentDecision.CREDIT)
    shop.refund(payment)
    treasury.mood = Mood.REFUSES
    shop.reconcile()
    assert stands(shop, payment) == (PaymentStatus.REVIEW, RefundStatus.REFUSED)
    assert shop.is_sound(payment)


def test_a_provider_that_cannot_be_asked_leaves_it_to_an_administrator(shop: Shop, raised: Raised) -> None:
    payment = paid(shop)
    shop.refund(payment)
    assert shop.reconcile().refunding == 1
    assert stands(shop, payment) == (PaymentStatus.REVIEW, RefundStatus.REFUSED)
    assert raised.names() == [Alarm.PAYMENT_IN_REVIEW]


def test_of_a_suspected_transaction_the_number_is_not_known(shop: Shop, treasury: Treasury) -> None:
    payment = shop.waiting()
    shop.send_ipn(shop.ipn(payment, vnp_ResponseCode="07", vnp_TransactionStatus="07"))
    shop.resolve(payment, PaymentDecision.CREDIT)
    shop.refund(payment)
    assert shop.reconcile().refunding == 1
    assert stands(shop, payment) == (PaymentStatus.REVIEW, RefundStatus.REFUSED)
    assert treasury.calls == []


def test_a_refund_under_way_counts_as_sent_back_and_is_followed_to_its_end(shop: Shop, treasury: Treasury) -> None:
    payment = paid(shop)
    shop.refund(payment)
    treasury.mood = Mood.HOLDS
    shop.reconcile()
    assert stands(shop, payment) == (PaymentStatus.REFUNDED, RefundStatus.UNDER_WAY)
    assert shop.world.person().points == 20
    assert again(shop) == 0
    assert again(shop, 600) == 1
    assert stands(shop, payment)[1] == RefundStatus.UNDER_WAY
    treasury.ended |= {id_ for _, id_ in treasury.sent}
    assert again(shop, 2 * 3600) == 1
    assert stands(shop, payment) == (PaymentStatus.REFUNDED, RefundStatus.DONE)
    assert again(shop, 99_999) == 0
    assert len(shop.events_of(payment)) == 3  # the purchase, and two different answers


def test_a_refund_that_comes_back_to_us_is_for_an_administrator(shop: Shop, treasury: Treasury, raised: Raised) -> None:
    payment = paid(shop)
    shop.refund(payment)
    treasury.mood = Mood.HOLDS
    shop.reconcile()
    treasury.returned |= {id_ for _, id_ in treasury.sent}
    assert again(shop, 601) == 1
    now = shop.now(payment)
    assert (now.status, now.review, now.refund_status) == ("REVIEW", "REFUND_REFUSED", RefundStatus.REFUSED)
    assert now.failed_refund == payment.amount
    assert set(raised.names()) == {Alarm.PAYMENT_IN_REVIEW, Alarm.REFUND_FAILED}
    assert shop.is_sound(payment)


def test_an_end_that_is_never_told_rings(shop: Shop, treasury: Treasury, raised: Raised) -> None:
    payment = paid(shop)
    shop.refund(payment)
    treasury.mood = Mood.HOLDS
    shop.reconcile()
    assert again(shop, FOLLOW_FOR.total_seconds()) == 1
    assert stands(shop, payment) == (PaymentStatus.REFUNDED, RefundStatus.DONE)
    assert raised.names() == [Alarm.REFUND_UNFINISHED]
    assert again(shop, 99_999) == 0
