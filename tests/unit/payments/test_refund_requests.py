"""Money is asked back once, by whom it may be, and only what is here."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from studio.alarms import Alarm
from studio.audit.model import Act
from studio.clock import iso
from studio.dynamo import ConditionFailed, transact, update
from studio.errors import ErrorType, StudioError
from studio.mail.model import MailKind
from studio.mail.payments import mails_of
from studio.payments.model import PaymentDecision, PaymentEventState, PaymentProvider, PaymentStatus
from studio.payments.refund import refunding
from studio.payments.refund_request import RefundStatus
from tests.unit.fault_injection import Meanwhile
from tests.unit.payments.refunds import Mood, Treasury, again, paid, reference, stands
from tests.unit.payments.shop import CENTS, PRICE, Shop, charge, dispute, pending, refund, session
from tests.unit.raised import Raised
from tests.unit.world import ADMIN, USER

each_provider = pytest.mark.parametrize("provider", PaymentProvider)


def refused(act: Callable[[], object]) -> ErrorType:
    with pytest.raises(StudioError) as error:
        act()
    return error.value.type


@each_provider
def test_what_is_asked_back_goes_back(shop: Shop, treasury: Treasury, provider: PaymentProvider) -> None:
    payment = paid(shop, provider)
    asked = shop.refund_requester.ask(payment.id, "its order failed", "orders", shop.world.time)
    assert asked
    assert (asked.version, stands(shop, payment)) == (payment.version + 1, (PaymentStatus.PAID, RefundStatus.ASKED))
    record = shop.audit()[-1]
    assert (record.act, record.actor, record.subject) == (Act.PAYMENT_REFUND_ASKED, "orders", USER.sub)
    assert record.details == {
        "paymentId": payment.id,
        "reason": "its order failed",
        "amounts": [f"{payment.amount.minor} {payment.amount.currency}"],
    }
    assert shop.reconcile().refunding == 1
    assert stands(shop, payment) == (PaymentStatus.REFUNDED, RefundStatus.DONE)
    assert treasury.sent_of(reference(payment)) == payment.amount.minor
    assert shop.world.person().points == 20
    assert shop.is_sound(payment)
    event = shop.events_of(payment)[0]
    assert (event.type, event.state) == ("refund call DONE", PaymentEventState.HANDLED)
    assert again(shop, 9999) == 0


def test_one_payment_is_asked_for_alone_and_at_once(shop: Shop, treasury: Treasury) -> None:
    payments = [paid(shop) for _ in range(2)]
    for payment in payments:
        shop.refund(payment)
    assert shop.refund_caller.one(payments[0].id, shop.world.time)
    assert [stands(shop, each)[0] for each in payments] == [PaymentStatus.REFUNDED, PaymentStatus.PAID]
    assert not shop.refund_caller.one(payments[0].id, shop.world.time)
    assert not shop.refund_caller.one(pending(PaymentProvider.STRIPE, USER, shop.world.time).id, shop.world.time)
    assert len(treasury.calls) == 1


def test_asked_again_nothing_changes(shop: Shop, treasury: Treasury) -> None:
    payment = paid(shop)
    first = shop.refund_requester.ask(payment.id, "its order failed", "orders", shop.world.time)
    assert shop.refund_requester.ask(payment.id, "another reason", "orders", shop.world.later(5)) == first
    assert shop.refund(payment) == first
    shop.reconcile()
    gone = shop.now(payment)
    assert shop.refund_requester.ask(payment.id, "its order failed", "orders", shop.world.time) == gone
    assert shop.refund(payment) == gone
    assert len(treasury.calls) == 1
    assert len([each for each in shop.audit() if each.act == Act.PAYMENT_REFUND_ASKED]) == 1


def test_it_can_be_a_part_of_another_transaction(shop: Shop, treasury: Treasury) -> None:
    payment = paid(shop)
    writes = shop.refund_requester.writes(payment, "its order failed", "orders", shop.world.time)
    mark = shop.transitions.people.change(update({"id": USER.sub}, set={"name": "seen"}))
    transact(shop.client, [mark, *writes])
    assert stands(shop, payment) == (PaymentStatus.PAID, RefundStatus.ASKED)
    with pytest.raises(ConditionFailed):  # the payment is no longer as it was read: neither is written
        transact(shop.client, [mark, *writes])
    assert shop.refund_requester.writes(shop.now(payment), "again", "orders", shop.world.time) == []
    assert treasury.calls == []


def test_an_event_that_comes_in_the_same_moment_is_not_overwritten(shop: Shop, treasury: Treasury) -> None:
    payment = paid(shop)
    slow = replace(
        shop,
        client=Meanwhile(shop.client, lambda: shop.send_stripe("refund.created", refund(payment, "succeeded", 400))),
    )
    assert slow.refund_requester.ask(payment.id, "its order failed", "orders", shop.world.time)
    shop.reconcile()
    assert treasury.sent_of(reference(payment)) == CENTS - 400
    assert stands(shop, payment) == (PaymentStatus.REFUNDED, RefundStatus.DONE)


@pytest.mark.parametrize("way", ["pending", "failed", "suspected", "refunded", "disputed", "by hand"])
def test_where_nothing_is_here_nothing_is_asked_back(shop: Shop, treasury: Treasury, way: str) -> None:
    payment = shop.waiting(
        PaymentProvider.VNPAY if way in {"failed", "suspected", "by hand"} else PaymentProvider.STRIPE
    )
    codes = {"failed": "24", "suspected": "07"}
    if way in codes:
        shop.send_ipn(shop.ipn(payment, vnp_ResponseCode=codes[way], vnp_TransactionStatus=codes[way]))
    if way in {"refunded", "disputed"}:
        shop.send_stripe("checkout.session.completed", session(payment))
        kind, thing = (
            ("charge.refunded", charge(payment, CENTS))
            if way == "refunded"
            else (
                "charge.dispute.created",
                dispute(payment, "needs_response"),
            )
        )
        shop.send_stripe(kind, thing)
    if way == "by hand":
        shop.send_ipn(shop.ipn(payment, vnp_Amount="100"))
        shop.resolve(payment, PaymentDecision.REFUND)
    before = shop.now(payment)
    assert refused(lambda: shop.refund(payment)) == ErrorType.PAYMENT_NOT_REFUNDABLE
    assert refunding(before, "why", "orders", shop.world.time) is before
    assert shop.refund_requester.ask(payment.id, "why", "orders", shop.world.time) == before
    assert again(shop) == 0
    assert treasury.calls == []


def test_an_administrator_asks_with_a_note_and_never_of_their_own(shop: Shop) -> None:
    payment = paid(shop)
    shop.world.joined(ADMIN)
    asked = shop.refund(payment, " the print was torn ")
    assert asked
    assert (shop.audit()[-1].actor, shop.audit()[-1].details["reason"]) == (ADMIN.sub, "the print was torn")
    assert refused(lambda: shop.refund(payment, " ")) == ErrorType.NOTE_MALFORMED
    shop.send_ipn(shop.ipn(own := shop.waiting(caller=ADMIN)))
    assert refused(lambda: shop.refund(own)) == ErrorType.USER_IS_SELF
    assert shop.refund(pending(PaymentProvider.STRIPE, USER, shop.world.time)) is None


def test_points_that_were_spent_meanwhile_are_owed(shop: Shop, treasury: Treasury) -> None:
    payment = paid(shop)
    shop.refund(payment)
    shop.spend(90)
    shop.reconcile()
    now = shop.now(payment)
    assert (now.status, now.standing, now.owed, shop.world.person().points) == (PaymentStatus.REFUNDED, 0, 70, 0)
    assert shop.is_sound(payment)


def test_what_came_otherwise_than_it_should_goes_back_too(shop: Shop, treasury: Treasury, raised: Raised) -> None:
    payment = shop.waiting()
    shop.send_ipn(shop.ipn(payment, vnp_Amount=str((PRICE - 1) * 100)))
    shop.refund(payment)
    assert refused(lambda: shop.resolve(payment, PaymentDecision.REFUND)) == ErrorType.REFUND_UNDER_WAY
    assert refused(lambda: shop.resolve(payment, PaymentDecision.CREDIT)) == ErrorType.REFUND_UNDER_WAY
    shop.reconcile()
    assert treasury.sent_of(reference(payment)) == PRICE - 1
    assert stands(shop, payment) == (PaymentStatus.REFUNDED, RefundStatus.DONE)
    assert raised.names() == [Alarm.PAYMENT_IN_REVIEW]


def test_of_a_payment_that_was_paid_twice_both_go_back(shop: Shop, treasury: Treasury) -> None:
    payment = paid(shop)
    shop.send_stripe("checkout.session.completed", session(payment, payment_intent="pi_second"))
    shop.refund(payment)
    assert shop.reconcile().refunding == 1
    assert again(shop) == 1
    assert (treasury.sent_of(reference(payment)), treasury.sent_of("pi_second")) == (CENTS, CENTS)
    assert stands(shop, payment) == (PaymentStatus.REFUNDED, RefundStatus.DONE)


# ---- what others say meanwhile


@pytest.mark.parametrize("kind", ["charge.refunded", "refund.updated"])
def test_what_was_sent_back_by_hand_at_the_provider_is_not_asked_for(shop: Shop, treasury: Treasury, kind: str) -> None:
    payment = paid(shop)
    shop.refund(payment)
    whole = charge(payment, CENTS) if kind == "charge.refunded" else refund(payment, "succeeded", CENTS)
    shop.send_stripe(kind, whole)
    assert stands(shop, payment) == (PaymentStatus.REFUNDED, RefundStatus.DONE)
    assert again(shop) == 0
    assert treasury.calls == []


def test_a_webhook_that_says_so_first_is_the_same_refund(shop: Shop, treasury: Treasury) -> None:
    payment = paid(shop)
    shop.refund(payment)
    treasury.mood = Mood.LOSES
    shop.reconcile()
    [(_, id_)] = treasury.sent
    shop.send_stripe("refund.created", refund(payment, "pending", CENTS, id=f"re_{id_}"))
    shop.send_stripe("charge.refunded", charge(payment, CENTS))
    assert stands(shop, payment) == (PaymentStatus.REFUNDED, RefundStatus.DONE)
    assert again(shop, 9999) == 0
    shop.send_stripe("refund.failed", refund(payment, "failed", CENTS, id=f"re_{id_}"), ago=-1)
    assert stands(shop, payment) == (PaymentStatus.REVIEW, RefundStatus.REFUSED)
    assert shop.is_sound(payment)


def test_money_that_a_dispute_holds_is_not_asked_back_until_it_is_won(shop: Shop, treasury: Treasury) -> None:
    payment = paid(shop)
    shop.refund(payment)
    shop.send_stripe("charge.dispute.created", dispute(payment, "needs_response"))
    assert again(shop) == 0
    shop.world.later(timedelta(days=60).total_seconds())
    shop.send_stripe("charge.dispute.closed", dispute(payment, "won"))
    assert stands(shop, payment) == (PaymentStatus.PAID, RefundStatus.ASKED)
    assert again(shop) == 1
    assert stands(shop, payment) == (PaymentStatus.REFUNDED, RefundStatus.DONE)
    assert treasury.sent_of(reference(payment)) == CENTS


def test_who_left_is_paid_back_and_forgotten(shop: Shop, treasury: Treasury) -> None:
    payment = paid(shop)
    shop.world.people.apply(update({"id": USER.sub}, set={"leftAt": iso(shop.world.time)}))
    shop.refund_requester.ask(payment.id, "its order failed", "orders", shop.world.time)
    shop.reconcile()
    assert stands(shop, payment) == (PaymentStatus.REFUNDED, RefundStatus.DONE)
    assert shop.events_of(payment)[0].body is None


def test_its_payer_hears_nothing_of_a_refusal_until_the_money_goes_back(shop: Shop, treasury: Treasury) -> None:
    payment = paid(shop)
    shop.refund(payment)
    treasury.mood = Mood.REFUSES
    shop.reconcile()
    held = shop.now(payment)
    assert [*mails_of(payment, held)] == []
    resolved = shop.resolve(payment, PaymentDecision.REFUND)
    assert resolved
    assert [mail.kind for mail in mails_of(held, resolved)] == [MailKind.PAYMENT_REFUNDED]


def test_its_payer_is_written_to_once(shop: Shop, treasury: Treasury) -> None:
    payment = paid(shop)
    asked = shop.refund(payment)
    assert asked
    shop.reconcile()
    assert [mail.kind for mail in mails_of(payment, asked)] == []
    [mail] = mails_of(asked, shop.now(payment))
    assert (mail.kind, mail.facts["returned"]) == (MailKind.PAYMENT_REFUNDED, payment.amount)
