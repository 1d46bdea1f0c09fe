"""A signature says who wrote a text. What it says must fit the payment that it names, or it changes nothing."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

import pytest

from studio.alarms import Alarm
from studio.errors import UnreadableError
from studio.payments.model import (
    Outcome,
    Payment,
    PaymentDecision,
    PaymentEventState,
    PaymentProvider,
    PaymentStatus,
    ReviewReason,
)
from tests.unit.payments.shop import CENTS, PRICE, VNPAY_KEYS, Shop, charge, dispute, number, refund, session
from tests.unit.payments.stripe_api import StripeApi
from tests.unit.raised import Raised

COMPLETED = "checkout.session.completed"
Make = Callable[[Payment], dict[str, Any]]


def is_set_aside(shop: Shop, outcome: Outcome) -> bool:
    """Tell whether the one event that was given up says why."""
    [event] = shop.events_of()
    return (event.state, event.outcome, bool(event.cause)) == (PaymentEventState.UNMATCHED, outcome, True)


def test_vnpay_settles_no_payment_at_stripe(shop: Shop, raised: Raised) -> None:
    payment = shop.waiting(PaymentProvider.STRIPE)
    amount = str(payment.amount.minor * 100)
    query = shop.ipn(payment, vnp_Amount=amount, vnp_CurrCode="USD")
    assert [shop.send_ipn(query) for _ in range(2)] == ["01", "01"]
    assert shop.now(payment) == payment
    assert is_set_aside(shop, Outcome.NOT_OURS)
    assert raised.names() == [Alarm.EVENT_UNMATCHED] * 2


@pytest.mark.parametrize("kind", [COMPLETED, "checkout.session.async_payment_succeeded"])
def test_stripe_settles_no_payment_at_vnpay(shop: Shop, kind: str) -> None:
    payment = shop.waiting()
    assert shop.send_stripe(kind, session(payment))
    assert shop.now(payment) == payment
    assert is_set_aside(shop, Outcome.NOT_OURS)


def test_stripe_takes_back_nothing_that_vnpay_brought(shop: Shop) -> None:
    payment = shop.waiting()
    shop.send_ipn(shop.ipn(payment))
    paid = shop.now(payment)
    shop.send_stripe("charge.refunded", charge(payment, PRICE))
    shop.send_stripe("refund.created", refund(payment, "succeeded", PRICE, payment_intent=number(payment)))
    shop.send_stripe("charge.dispute.created", dispute(payment, "lost", payment_intent=number(payment)))
    assert shop.now(payment) == paid
    assert is_set_aside(shop, Outcome.NOT_OURS)
    shop.world.later(3 * 24 * 3600)
    assert shop.reconcile().given_up == 2  # nothing that Stripe knows paid by such a name
    assert shop.now(payment) == paid


@pytest.mark.parametrize("code", ["OTHER001", None])
def test_a_notice_of_another_terminal_is_not_ours(shop: Shop, raised: Raised, code: str | None) -> None:
    payment = shop.waiting()
    query = shop.ipn(payment, vnp_TmnCode=code)
    assert [shop.send_ipn(query) for _ in range(2)] == ["01", "01"]
    assert shop.now(payment) == payment
    assert is_set_aside(shop, Outcome.NOT_OURS)
    assert set(raised.names()) == {Alarm.EVENT_UNMATCHED}


def test_the_terminal_before_a_rotation_is_still_ours(shop: Shop) -> None:
    payment = shop.waiting()
    query = shop.ipn(payment)
    shop.vnpay_vault.rotate(tmnCode="NAMO0002", hashSecret="B" * 32)
    assert shop.send_ipn(query) == "00"


@pytest.mark.parametrize("currency", ["USD", "XXX", "vnd", "Đ"])
def test_vnpays_money_in_another_currency_goes_to_review(shop: Shop, currency: str) -> None:
    payment = shop.waiting()
    assert shop.send_ipn(shop.ipn(payment, vnp_CurrCode=currency)) == "04"
    assert (shop.now(payment).review, shop.world.person().points) == (ReviewReason.WRONG_CURRENCY, 20)


@pytest.mark.parametrize(
    "write",
    [
        str.upper,
        lambda ref: f"{{{ref}}}",
        lambda ref: f"urn:uuid:{UUID(ref)}",
        lambda ref: str(UUID(ref)),
        lambda ref: str(UUID(ref)).upper(),
        lambda ref: f" {ref}",
        lambda ref: f"{ref}\n",
        lambda ref: f"{ref[:31]}\N{FULLWIDTH DIGIT ONE}",
    ],
)
def test_a_payment_has_one_reference_at_vnpay(shop: Shop, write: Callable[[str], str]) -> None:
    payment = shop.waiting()
    assert shop.send_ipn(shop.ipn(payment, vnp_TxnRef=write(UUID(payment.id).hex))) == "01"
    assert shop.now(payment) == payment
    assert shop.events_of(payment) == []


def test_a_transactions_row_is_no_payment(shop: Shop) -> None:
    payment = shop.waiting()
    shop.send_ipn(shop.ipn(payment))
    assert shop.send_ipn(shop.ipn(payment, vnp_TxnRef=f"VNPAY#{number(payment)}", vnp_TransactionNo="9")) == "01"


@pytest.mark.parametrize("status", ["unpaid", "no_payment_required", "processing", "PAID", "", None, True, 1])
@pytest.mark.parametrize("kind", [COMPLETED, "checkout.session.async_payment_succeeded"])
def test_only_paid_is_paid(shop: Shop, kind: str, status: Any) -> None:
    payment = shop.waiting(PaymentProvider.STRIPE)
    assert shop.send_stripe(kind, session(payment, payment_status=status))
    now = shop.now(payment)
    assert (now.status, now.facts.received, shop.world.person().points) == (PaymentStatus.PENDING, {}, 20)
    assert now.facts.promised == (kind == COMPLETED and status == "unpaid")
    assert now.facts.promised or is_set_aside(shop, Outcome.NOT_UNDERSTOOD)


def test_an_event_of_another_account_is_not_ours(shop: Shop) -> None:
    payment = shop.waiting(PaymentProvider.STRIPE)
    assert shop.send_stripe(COMPLETED, session(payment), account="acct_other")
    assert shop.now(payment) == payment
    assert shop.events_of() == shop.events_of(payment) == []


@pytest.mark.parametrize("version", ["2019-05-16", "2026-10-28.endive", "2031-01-01.tomorrow", None])
def test_what_we_read_is_alike_in_all_versions_of_stripes_api(shop: Shop, version: str | None) -> None:
    payment = shop.waiting(PaymentProvider.STRIPE)
    assert shop.send_stripe(COMPLETED, session(payment), api_version=version)
    assert shop.now(payment).status == PaymentStatus.PAID


def test_another_session_settles_nothing(shop: Shop, stripe_api: StripeApi, raised: Raised) -> None:
    shop.stripe_url = stripe_api.address
    payment = shop.order(provider="STRIPE", currency="USD")
    assert shop.send_stripe(COMPLETED, session(payment, id="cs_other"))
    assert shop.now(payment) == payment
    assert is_set_aside(shop, Outcome.NOT_OURS)
    assert raised.names() == [Alarm.EVENT_UNMATCHED]
    assert shop.send_stripe(COMPLETED, session(payment))
    assert shop.is_sound(payment)
    assert shop.world.person().points == 120


def test_a_session_that_was_made_for_another_payment_settles_neither(shop: Shop) -> None:
    payment, other = (shop.waiting(PaymentProvider.STRIPE) for _ in range(2))
    assert shop.send_stripe(COMPLETED, session(payment, client_reference_id=other.id))
    assert [shop.now(each) for each in (payment, other)] == [payment, other]
    assert is_set_aside(shop, Outcome.NOT_UNDERSTOOD)


def test_an_event_told_again_with_another_content_changes_nothing(shop: Shop) -> None:
    payment, other = (shop.waiting(PaymentProvider.STRIPE) for _ in range(2))
    for paid in (payment, other):
        assert shop.send_stripe(COMPLETED, session(paid), "evt_1")
    assert shop.send_stripe("charge.refunded", charge(payment, CENTS), "evt_1")
    assert (shop.now(payment).status, shop.now(other)) == (PaymentStatus.PAID, other)


# ---- money of a second transaction


def paid_twice(shop: Shop) -> Payment:
    payment = shop.waiting(PaymentProvider.STRIPE)
    assert shop.send_stripe(COMPLETED, session(payment, payment_intent="pi_1"))
    assert shop.send_stripe(COMPLETED, session(payment, payment_intent="pi_2"))
    return shop.now(payment)


@pytest.mark.parametrize("back", ["pi_1", "pi_2"])
def test_of_money_that_came_twice_one_may_go_back(shop: Shop, raised: Raised, back: str) -> None:
    payment = paid_twice(shop)
    assert raised.names() == [Alarm.PAID_TWICE]
    shop.send_stripe("charge.refunded", charge(payment, CENTS, payment_intent=back))
    assert (shop.now(payment).status, shop.world.person().points) == (PaymentStatus.PAID, 120)
    assert shop.is_sound(payment)
    rest = {"pi_1": "pi_2", "pi_2": "pi_1"}[back]
    shop.send_stripe("charge.refunded", charge(payment, CENTS, payment_intent=rest))
    assert (shop.now(payment).status, shop.world.person().points) == (PaymentStatus.REFUNDED, 20)
    assert shop.is_sound(payment)


def goes_back(shop: Shop, payment: Payment, by: str, of: str) -> None:
    """Tell of a refund or a dispute, neither of which names the payment."""
    if by == "dispute":
        shop.send_stripe("charge.dispute.created", dispute(payment, "needs_response", id=f"dp_{of}", payment_intent=of))
    else:
        shop.send_stripe("refund.created", refund(payment, "succeeded", CENTS, id=f"re_{of}", payment_intent=of))


@pytest.mark.parametrize("first", ["pi_1", "pi_2"])
@pytest.mark.parametrize("by", ["dispute", "refund"])
def test_what_goes_back_of_either_transaction_is_found_by_it(shop: Shop, raised: Raised, first: str, by: str) -> None:
    payment = paid_twice(shop)
    goes_back(shop, payment, by, first)
    assert (shop.now(payment).status, shop.world.person().points) == (PaymentStatus.PAID, 120)
    goes_back(shop, payment, by, {"pi_1": "pi_2", "pi_2": "pi_1"}[first])
    assert (shop.now(payment).status, shop.world.person().points) == (PaymentStatus.REFUNDED, 20)
    assert {event.state for event in shop.events_of(payment)} == {PaymentEventState.HANDLED}
    assert raised.names() == [Alarm.PAID_TWICE]
    assert shop.is_sound(payment)


def test_a_refund_of_money_that_is_not_known_takes_nothing(shop: Shop, raised: Raised) -> None:
    payment = shop.waiting(PaymentProvider.STRIPE)
    shop.send_stripe(COMPLETED, session(payment))
    shop.send_stripe("charge.refunded", charge(payment, CENTS, payment_intent="pi_unknown"))
    assert (shop.now(payment).status, shop.world.person().points) == (PaymentStatus.PAID, 120)
    assert raised.names() == [Alarm.REFUND_UNMATCHED]


def test_the_wrong_money_beside_the_right_is_too_much(shop: Shop, raised: Raised) -> None:
    payment = shop.waiting(PaymentProvider.STRIPE)
    shop.send_stripe(COMPLETED, session(payment, payment_intent="pi_1", amount_total=500))
    shop.send_stripe(COMPLETED, session(payment, payment_intent="pi_2"))
    assert (shop.now(payment).status, shop.world.person().points) == (PaymentStatus.PAID, 120)
    assert raised.names() == [Alarm.PAYMENT_IN_REVIEW, Alarm.PAID_TWICE]
    shop.send_stripe("charge.refunded", charge(payment, 500, amount=500, payment_intent="pi_1"))
    assert (shop.now(payment).status, shop.world.person().points) == (PaymentStatus.PAID, 120)
    shop.send_stripe("charge.refunded", charge(payment, CENTS, payment_intent="pi_2"))
    assert (shop.now(payment).status, shop.world.person().points) == (PaymentStatus.REFUNDED, 20)


def test_who_pays_anew_after_a_refund_gets_the_points(shop: Shop, raised: Raised) -> None:
    payment = shop.waiting(PaymentProvider.STRIPE)
    shop.send_stripe(COMPLETED, session(payment, payment_intent="pi_1"))
    shop.send_stripe("charge.refunded", charge(payment, CENTS, payment_intent="pi_1"))
    shop.send_stripe(COMPLETED, session(payment, payment_intent="pi_2"))
    assert (shop.now(payment).status, shop.world.person().points) == (PaymentStatus.PAID, 120)
    assert raised.names() == []
    assert shop.is_sound(payment)


# ---- one transaction, said of two payments


@pytest.mark.parametrize("kind", [COMPLETED, "checkout.session.async_payment_succeeded"])
@pytest.mark.parametrize("amount", [CENTS, 500])
def test_an_intent_pays_one_payment(shop: Shop, raised: Raised, kind: str, amount: int) -> None:
    payment, other = (shop.waiting(PaymentProvider.STRIPE) for _ in range(2))
    shop.send_stripe(COMPLETED, session(payment, payment_intent="pi_1", amount_total=amount))
    raised.names()
    assert shop.send_stripe(kind, session(other, payment_intent="pi_1"))
    assert shop.now(other) == other
    assert is_set_aside(shop, Outcome.NOT_OURS)
    assert raised.names() == [Alarm.EVENT_UNMATCHED]
    assert shop.world.person().points == (120 if amount == CENTS else 20)


@pytest.mark.parametrize("code", ["00", "07"])
def test_a_number_pays_one_payment_even_where_it_is_suspected(shop: Shop, raised: Raised, code: str) -> None:
    payment, other = shop.waiting(), shop.waiting()
    shop.send_ipn(shop.ipn(payment, vnp_ResponseCode=code, vnp_TransactionStatus=code))
    raised.names()
    query = shop.ipn(other, vnp_TransactionNo=number(payment))
    assert [shop.send_ipn(query) for _ in range(2)] == ["01", "01"]
    assert shop.now(other) == other
    assert is_set_aside(shop, Outcome.NOT_OURS)
    assert raised.names() == [Alarm.EVENT_UNMATCHED] * 2
    if code == "07":
        shop.resolve(payment, PaymentDecision.CREDIT)
        assert shop.send_ipn(shop.ipn(other, vnp_TransactionNo=number(payment), vnp_BankCode="ACB")) == "01"
    assert shop.world.person().points == 120


def test_what_goes_back_of_one_payments_money_is_not_said_of_another(shop: Shop) -> None:
    payment, other = (shop.waiting(PaymentProvider.STRIPE) for _ in range(2))
    for each in (payment, other):
        shop.send_stripe(COMPLETED, session(each))
    shop.send_stripe("charge.refunded", charge(other, CENTS, payment_intent=f"pi_{payment.id}"))
    assert [shop.now(each).status for each in (payment, other)] == [PaymentStatus.PAID] * 2
    assert is_set_aside(shop, Outcome.NOT_OURS)


@pytest.mark.parametrize("money", [{"paymentId": 7}, {"paymentId": None}, {}])
def test_a_transactions_row_that_cannot_be_read_is_waited_for(shop: Shop, money: dict[str, Any]) -> None:
    payment = shop.waiting(PaymentProvider.STRIPE)
    shop.payments.insert({"id": "STRIPE#pi_1", **money}, new="id")
    with pytest.raises(UnreadableError):
        shop.send_stripe(COMPLETED, session(payment, payment_intent="pi_1"))
    assert shop.now(payment) == payment
    assert [event.state for event in shop.events_of(payment)] == [PaymentEventState.RECEIVED]


# ---- refunds that fail


@pytest.mark.parametrize("kind", ["refund.failed", "refund.updated", "charge.refund.updated"])
@pytest.mark.parametrize("status", ["failed", "canceled"])
@pytest.mark.parametrize("minor", [333, CENTS])
def test_a_refund_that_fails_gives_the_points_back(
    shop: Shop, raised: Raised, kind: str, status: str, minor: int
) -> None:
    payment = shop.waiting(PaymentProvider.STRIPE)
    shop.send_stripe(COMPLETED, session(payment))
    shop.send_stripe("charge.refunded", charge(payment, minor))
    taken = 120 - shop.world.person().points
    assert taken > 0
    assert raised.names() == []
    for event in (kind, kind, "refund.updated"):
        shop.world.later(60)
        shop.send_stripe(event, refund(payment, status, minor))
    now = shop.now(payment)
    assert (now.status, now.standing, now.owed, shop.world.person().points) == (PaymentStatus.PAID, 100, 0, 120)
    assert now.failed_refund
    assert now.failed_refund.minor == minor
    back = [e for e in shop.world.entries() if e.id == f"purchase#{payment.id}#4"]
    assert [(e.points, e.payment_id) for e in back] == [(taken, payment.id)]
    assert raised.names() == [Alarm.REFUND_FAILED]
    assert shop.is_sound(payment)


def test_a_refund_that_fails_before_it_was_told_of_takes_nothing(shop: Shop) -> None:
    payment = shop.waiting(PaymentProvider.STRIPE)
    shop.send_stripe(COMPLETED, session(payment))
    shop.send_stripe("refund.failed", refund(payment, "failed", CENTS))
    shop.send_stripe("refund.created", refund(payment, "pending", CENTS), ago=60)
    shop.send_stripe("charge.refunded", charge(payment, CENTS), ago=60)
    assert (shop.now(payment).status, shop.world.person().points) == (PaymentStatus.PAID, 120)
    assert shop.is_sound(payment)


def test_one_refund_of_several_fails(shop: Shop) -> None:
    payment = shop.waiting(PaymentProvider.STRIPE)
    shop.send_stripe(COMPLETED, session(payment))
    steps: list[tuple[str, dict[str, Any], int]] = [
        ("charge.refunded", charge(payment, 333), 86),
        ("refund.created", refund(payment, "pending", 333, id="re_1"), 86),
        ("refund.created", refund(payment, "succeeded", 333, id="re_2"), 53),
        ("charge.refunded", charge(payment, 666), 53),
        ("refund.failed", refund(payment, "failed", 333, id="re_1"), 86),
        ("charge.refunded", charge(payment, 666), 53),  # of re_2 and of one more: what failed is left out
        ("charge.refund.updated", refund(payment, "failed", 333, id="re_1"), 53),
    ]
    for kind, thing, points in steps:
        shop.world.later(60)
        shop.send_stripe(kind, thing)
        assert shop.world.person().points == points
        assert shop.is_sound(payment)


def test_a_refund_that_is_told_before_its_payment_and_fails(shop: Shop) -> None:
    payment = shop.waiting(PaymentProvider.STRIPE)
    for status in ("pending", "failed"):
        shop.send_stripe("refund.updated", refund(payment, status, CENTS))
    shop.send_stripe("charge.refunded", charge(payment, CENTS), ago=1)
    shop.send_stripe(COMPLETED, session(payment))
    assert shop.now(payment).status == PaymentStatus.REFUNDED  # as far as it is known
    shop.world.later(61)
    assert shop.reconcile().handled == 2
    assert (shop.now(payment).status, shop.world.person().points) == (PaymentStatus.PAID, 120)
    assert shop.is_sound(payment)


def test_a_refund_of_another_product_is_not_kept_for_ever(shop: Shop, raised: Raised) -> None:
    payment = shop.waiting(PaymentProvider.STRIPE)
    shop.send_stripe("refund.failed", refund(payment, "failed", 5, payment_intent="pi_other"), "evt_1")
    shop.world.later(3 * 24 * 3600)
    assert shop.reconcile().given_up == 1
    assert raised.names() == [Alarm.EVENT_UNMATCHED]
    row = shop.events.get({"id": "STRIPE#evt_1"})
    assert row
    assert row["expiresAt"] > shop.world.time.timestamp()


def test_our_own_events_stay(shop: Shop) -> None:
    payment = shop.waiting(PaymentProvider.STRIPE)
    shop.send_stripe(COMPLETED, session(payment, payment_status="odd"), "evt_1")
    shop.send_ipn(shop.ipn(shop.waiting(), vnp_TransactionNo=None))
    rows = [shop.events.get({"id": event.id}) for event in shop.events_of()]
    assert len(rows) == 2
    assert VNPAY_KEYS["tmnCode"] in str(rows)
