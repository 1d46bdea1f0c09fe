"""Whatever VNPAY tells, in whatever order: the right answer, and the right points."""

from urllib.parse import urlsplit
from uuid import UUID

import pytest

from studio.alarms import Alarm
from studio.audit.model import Act
from studio.dynamo import transact, update
from studio.ledger.model import PointsReason
from studio.payments.model import (
    Outcome,
    Payment,
    PaymentDecision,
    PaymentEventState,
    PaymentProvider,
    PaymentStatus,
    ReviewReason,
)
from studio.payments.transactions import Taken
from studio.people.model import Caller, Role
from tests.unit.payments.shop import BANK_IP, PRICE, Shop, number, pending
from tests.unit.raised import Raised
from tests.unit.world import USER


def test_a_payment_is_credited_with_everything_that_shows_it(shop: Shop) -> None:
    payment = shop.waiting()
    assert shop.send_ipn(shop.ipn(payment)) == "00"
    now = shop.now(payment)
    assert (now.status, now.standing, now.balance, now.version) == (PaymentStatus.PAID, 100, 120, 2)
    assert now.paid_at == now.updated_at
    assert [*now.facts.received] == [number(payment)]
    entry = next(e for e in shop.world.entries() if e.payment_id)
    assert (entry.id, entry.reason, entry.points) == (f"purchase#{payment.id}", PointsReason.PURCHASE, 100)
    record = shop.audit()[0]
    assert (record.act, record.actor, record.subject) == (Act.PAYMENT_MOVED, "VNPAY", USER.sub)
    assert record.source_ip == BANK_IP
    assert (record.details["status"], record.details["points"]) == (["PENDING", "PAID"], 100)
    row = shop.payments.get({"id": payment.id})
    assert row
    assert not row.keys() & {"open", "due"}  # nobody needs to look again
    event = shop.events_of(payment)[0]
    assert (event.type, event.state, event.outcome) == ("IPN 00", PaymentEventState.HANDLED, Outcome.APPLIED)
    assert shop.is_sound(payment)


def test_the_payers_address_and_way_back_do_not_stay(shop: Shop) -> None:
    back = "https://namo.example/thanks?for=mai"
    payment = shop.order(Caller(USER.sub, Role.USER, "203.0.113.9"), returnUrl=back)
    shop.send_ipn(shop.ipn(payment))
    row = str(shop.payments.get({"id": payment.id}))
    assert "203.0.113.9" not in row
    assert "for=mai" not in row


def test_a_failed_payment_is_confirmed_and_moves_nothing(shop: Shop) -> None:
    payment = shop.waiting()
    assert shop.send_ipn(shop.ipn(payment, vnp_ResponseCode="24", vnp_TransactionStatus="02")) == "00"
    assert shop.now(payment).status == PaymentStatus.FAILED
    assert shop.world.person().points == 20


def test_the_same_notice_again_moves_nothing(shop: Shop) -> None:
    payment = shop.waiting()
    query = shop.ipn(payment)
    assert [shop.send_ipn(query) for _ in range(3)] == ["00", "02", "02"]
    assert shop.world.person().points == 120
    assert len(shop.events_of(payment)) == 1


def test_the_same_money_under_another_name_moves_nothing(shop: Shop) -> None:
    payment = shop.waiting()
    assert shop.send_ipn(shop.ipn(payment)) == "00"
    version = shop.now(payment).version
    assert shop.send_ipn(shop.ipn(payment, vnp_PayDate="20261120190501")) == "02"
    assert (shop.world.person().points, shop.now(payment).version) == (120, version)


def test_money_that_comes_late_is_not_lost(shop: Shop) -> None:
    payment = shop.waiting()
    shop.world.later(3600 + 601)
    assert shop.reconcile().expired == 1
    assert shop.now(payment).status == PaymentStatus.EXPIRED
    assert shop.send_ipn(shop.ipn(payment)) == "00"
    assert (shop.now(payment).status, shop.world.person().points) == (PaymentStatus.PAID, 120)


def test_success_after_failure_is_paid(shop: Shop) -> None:
    payment = shop.waiting()
    shop.send_ipn(shop.ipn(payment, vnp_ResponseCode="51", vnp_TransactionStatus="02"))
    assert shop.send_ipn(shop.ipn(payment)) == "00"
    assert (shop.now(payment).status, shop.world.person().points) == (PaymentStatus.PAID, 120)


def test_failure_after_success_changes_nothing(shop: Shop) -> None:
    payment = shop.waiting()
    shop.send_ipn(shop.ipn(payment))
    assert shop.send_ipn(shop.ipn(payment, vnp_ResponseCode="24", vnp_TransactionStatus="02")) == "02"
    assert (shop.now(payment).status, shop.world.person().points) == (PaymentStatus.PAID, 120)


# Taken at the bank all of them; the second is not booked at VNPAY.
SUSPICIONS = [("07", "00"), ("00", "04"), ("00", "07"), ("07", "07"), ("99", "04")]


def suspected(shop: Shop) -> Payment:
    payment = shop.waiting()
    assert shop.send_ipn(shop.ipn(payment, vnp_ResponseCode="07", vnp_TransactionStatus="07")) == "00"
    return shop.now(payment)


@pytest.mark.parametrize(("code", "status"), SUSPICIONS)
def test_money_that_is_suspected_waits_for_somebody_to_decide(shop: Shop, code: str, status: str) -> None:
    payment = shop.waiting()
    query = shop.ipn(payment, vnp_ResponseCode=code, vnp_TransactionStatus=status)
    assert [shop.send_ipn(query) for _ in range(2)] == ["00", "02"]
    now = shop.now(payment)
    assert (now.status, now.review) == (PaymentStatus.REVIEW, ReviewReason.SUSPECTED)
    assert (now.facts.suspected, now.facts.received) == (Taken(PRICE, "VND"), {})
    assert shop.world.person().points == 20
    assert shop.send_ipn(shop.ipn(payment, vnp_ResponseCode="24", vnp_TransactionStatus="02")) == "00"
    assert shop.now(payment).review == ReviewReason.SUSPECTED


def test_what_was_suspected_and_is_paid_after_all(shop: Shop, raised: Raised) -> None:
    payment = suspected(shop)
    assert shop.send_ipn(shop.ipn(payment)) == "00"
    assert shop.send_ipn(shop.ipn(payment, vnp_ResponseCode="07", vnp_TransactionStatus="04")) == "02"
    now = shop.now(payment)
    assert (now.status, now.review, shop.world.person().points) == (PaymentStatus.PAID, None, 120)
    assert shop.is_sound(payment)
    assert raised.names() == [Alarm.PAYMENT_IN_REVIEW]


def test_who_credits_what_is_suspected_takes_it_as_paid(shop: Shop, raised: Raised) -> None:
    payment = suspected(shop)
    shop.resolve(payment, PaymentDecision.CREDIT)
    assert (shop.now(payment).status, shop.world.person().points) == (PaymentStatus.PAID, 120)
    shop.send_ipn(shop.ipn(payment))
    assert (shop.now(payment).status, shop.world.person().points) == (PaymentStatus.PAID, 120)
    assert shop.is_sound(payment)
    assert raised.names() == [Alarm.PAYMENT_IN_REVIEW]


def test_what_was_suspected_and_paid_back_stays_so(shop: Shop) -> None:
    payment = suspected(shop)
    shop.resolve(payment, PaymentDecision.REFUND)
    assert shop.now(payment).status == PaymentStatus.REFUNDED
    shop.send_ipn(shop.ipn(payment))
    assert (shop.now(payment).status, shop.world.person().points) == (PaymentStatus.REFUNDED, 20)


def test_what_is_not_finished_changes_nothing(shop: Shop) -> None:
    payment = shop.waiting()
    assert shop.send_ipn(shop.ipn(payment, vnp_TransactionStatus="01")) == "02"
    assert shop.now(payment) == payment
    assert shop.send_ipn(shop.ipn(payment)) == "00"


def test_money_that_came_twice_is_told_of(shop: Shop, raised: Raised) -> None:
    payment = shop.waiting()
    shop.send_ipn(shop.ipn(payment))
    shop.send_ipn(shop.ipn(payment, vnp_PayDate="20261120190501"))  # the same money
    assert raised.names() == []
    assert shop.send_ipn(shop.ipn(payment, vnp_TransactionNo="14422575")) == "02"
    assert (shop.now(payment).status, shop.world.person().points) == (PaymentStatus.PAID, 120)
    assert len(shop.events_of(payment)) == 3
    assert [(line["alarm"], line["payment"]) for line in raised.lines()] == [(Alarm.PAID_TWICE, payment.id)]
    assert shop.is_sound(payment)


def test_a_notice_before_the_payment_waits_for_its_repeat(shop: Shop) -> None:
    payment = pending(PaymentProvider.VNPAY, USER, shop.world.time)
    query = shop.ipn(payment)
    assert shop.send_ipn(query) == "01"
    assert shop.events_of(payment)[0].state == PaymentEventState.RECEIVED
    transact(shop.client, [shop.payments.new(payment)])
    assert shop.send_ipn(query) == "00"
    assert shop.is_sound(payment)
    assert shop.world.person().points == 120


def test_a_notice_before_the_payment_is_found_by_the_reconciler(shop: Shop) -> None:
    payment = pending(PaymentProvider.VNPAY, USER, shop.world.time)
    query = shop.ipn(payment)
    shop.send_ipn(query)
    transact(shop.client, [shop.payments.new(payment)])
    shop.world.later(61)
    assert shop.reconcile().handled == 1
    assert shop.world.person().points == 120
    assert shop.send_ipn(query) == "02"


@pytest.mark.parametrize("reference", ["order-7", UUID(int=7).hex, ""])
def test_an_order_that_is_not_ours(shop: Shop, reference: str) -> None:
    payment = shop.waiting()
    shop.send_ipn(shop.ipn(payment))  # the other one is said to be of the same money
    assert shop.send_ipn(shop.ipn(payment, vnp_TxnRef=reference)) == "01"
    assert shop.world.person().points == 120


def test_what_was_tampered_with_leaves_no_trace(shop: Shop) -> None:
    payment = shop.waiting()
    assert shop.send_ipn(shop.ipn(payment).replace("vnp_BankCode=NCB", "vnp_BankCode=ACB")) == "97"
    assert shop.events_of(payment) == []
    assert shop.now(payment) == payment


def test_our_own_pay_url_is_no_notice(shop: Shop) -> None:
    payment = shop.order()
    assert shop.send_ipn(urlsplit(payment.pay_url or "").query) == "97"
    assert shop.events_of(payment) == []
    assert shop.now(payment) == payment


def test_the_wrong_amount_goes_to_review(shop: Shop) -> None:
    payment = shop.waiting()
    query = shop.ipn(payment, vnp_Amount=str(PRICE * 100 - 100))
    assert [shop.send_ipn(query) for _ in range(2)] == ["04", "04"]
    now = shop.now(payment)
    assert (now.status, now.review) == (PaymentStatus.REVIEW, ReviewReason.WRONG_AMOUNT)
    assert (now.standing, shop.world.person().points) == (0, 20)
    assert [row["id"] for row in shop.payments.of_status(PaymentStatus.REVIEW, 10, None).rows] == [payment.id]


def test_the_amount_is_checked_before_the_result(shop: Shop) -> None:
    payment = shop.waiting()
    query = shop.ipn(payment, vnp_Amount="100", vnp_ResponseCode="24", vnp_TransactionStatus="02")
    assert shop.send_ipn(query) == "04"
    assert shop.now(payment) == payment


def test_the_right_amount_after_a_wrong_one_is_paid(shop: Shop) -> None:
    payment = shop.waiting()
    shop.send_ipn(shop.ipn(payment, vnp_Amount="100"))
    assert shop.send_ipn(shop.ipn(payment)) == "00"
    assert (shop.now(payment).status, shop.now(payment).review) == (PaymentStatus.PAID, None)
    assert shop.send_ipn(shop.ipn(payment, vnp_Amount="200")) == "04"
    assert shop.is_sound(payment)
    assert shop.world.person().points == 120


@pytest.mark.parametrize("wrong", [{"vnp_Amount": "100"}, {"vnp_CurrCode": "USD"}])
def test_the_right_amount_by_another_transaction_ends_the_review(
    shop: Shop, raised: Raised, wrong: dict[str, str]
) -> None:
    payment = shop.waiting()
    assert shop.send_ipn(shop.ipn(payment, **wrong, vnp_TransactionNo="1")) == "04"
    query = shop.ipn(payment)
    assert [shop.send_ipn(query) for _ in range(2)] == ["00", "02"]
    assert (shop.now(payment).status, shop.now(payment).review) == (PaymentStatus.PAID, None)
    assert shop.world.person().points == 120
    assert raised.names() == [Alarm.PAYMENT_IN_REVIEW, Alarm.PAID_TWICE]  # the wrong money is still to be paid back
    assert shop.send_ipn(shop.ipn(payment, vnp_TransactionNo="3")) == "02"
    assert shop.is_sound(payment)


@pytest.mark.parametrize("decision", PaymentDecision)
def test_the_right_amount_after_a_decision_brings_no_points(
    shop: Shop, raised: Raised, decision: PaymentDecision
) -> None:
    payment = shop.waiting()
    shop.send_ipn(shop.ipn(payment, vnp_Amount="100", vnp_TransactionNo="1"))
    shop.resolve(payment, decision)
    points = shop.world.person().points
    assert shop.send_ipn(shop.ipn(payment)) == "02"
    assert (shop.world.person().points, raised.names()[-1]) == (points, Alarm.PAID_TWICE)
    assert shop.is_sound(payment)


def test_money_of_somebody_who_left_goes_to_review(shop: Shop) -> None:
    payment = shop.waiting()
    shop.world.people.apply(update({"id": USER.sub}, set={"leftAt": "2026-11-20T12:00:00.000Z"}))
    assert shop.send_ipn(shop.ipn(payment)) == "00"
    assert shop.now(payment).review == ReviewReason.OWNER_LEFT
    assert shop.world.person().points == 20
    resolved = shop.resolve(payment, PaymentDecision.REFUND)
    assert resolved
    assert resolved.status == PaymentStatus.REFUNDED


def test_a_disabled_person_gets_what_they_paid_for(shop: Shop) -> None:
    payment = shop.waiting()
    shop.world.people.apply(update({"id": USER.sub}, set={"disabled": True}))
    assert shop.send_ipn(shop.ipn(payment)) == "00"
    assert shop.world.person().points == 120
