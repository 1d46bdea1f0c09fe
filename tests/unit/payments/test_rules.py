"""Facts are only added to: their order, and how often they are told, make no difference. No tables here."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from studio.clock import iso
from studio.payments.item import payment_from_item, payment_to_item
from studio.payments.model import (
    Awaits,
    Facts,
    Payment,
    PaymentDecision,
    PaymentProvider,
    PaymentStatus,
    ReviewReason,
)
from studio.payments.notice import Notice, Result
from studio.payments.points import PointsGoods, deserved
from studio.payments.refund_request import RefundProgress, RefundRequest, RefundStatus
from studio.payments.rules import add_decision, add_notice, transition
from studio.payments.transactions import Dispute, DisputeState, Refund, Refunded, RefundState, Taken, Transaction
from tests.unit.payments.shop import CENTS, pending
from tests.unit.world import NOON, USER

# No writes are asked of it here.
GOODS = PointsGoods(None, None)  # pyright: ignore[reportArgumentType]
PAYMENT = pending(PaymentProvider.STRIPE, USER, NOON)
RIGHT = Taken(CENTS, "USD")
AMOUNTS = st.sampled_from([RIGHT, Taken(CENTS - 1, "USD"), Taken(CENTS, "SGD"), Taken(CENTS, "EUR"), Taken(0, "USD")])
MINOR = st.integers(0, CENTS + 5)
TAKEN = st.builds(Taken, MINOR, st.sampled_from(["USD", "EUR"]))
DISPUTES = st.dictionaries(
    st.sampled_from(["dp_1", "dp_2"]),
    st.builds(Dispute, TAKEN, st.sampled_from(DisputeState), st.integers(0, 2)),
    max_size=2,
)
REFERENCES = st.sampled_from(["pi_1", "pi_2"])
WHEN = st.integers(0, 2)
MADE = st.dictionaries(
    st.sampled_from(["re_1", "re_2"]),
    st.builds(Refund, TAKEN, st.sampled_from(RefundState), WHEN),
    max_size=2,
)
SESSIONS = st.builds(Notice, st.just(PAYMENT.id), REFERENCES, AMOUNTS, st.sampled_from([None, *Result]))
REFUNDED = st.builds(Notice, st.just(PAYMENT.id), REFERENCES, refunded=st.builds(Refunded, TAKEN, WHEN))
REFUNDS = st.builds(Notice, st.none(), REFERENCES, refunds=MADE)
DISPUTED = st.builds(Notice, st.none(), REFERENCES, disputes=DISPUTES)
NOTICES = st.lists(st.one_of(SESSIONS, REFUNDED, REFUNDS, DISPUTED), max_size=7)


def after(notices: list[Notice], payment: Payment = PAYMENT) -> Payment:
    for notice in notices:
        payment = transition(payment, add_notice(payment, notice), NOON, None)
    return payment


def added_up(notices: list[Notice]) -> tuple[object, ...]:
    end = after(notices)
    # Of no account once the money is there.
    facts = replace(end.facts, suspected=None, promised=False, failed=False, expired=False)
    return end.status, end.review, deserved(end), facts if end.facts.received else end.facts


@given(NOTICES.flatmap(lambda notices: st.tuples(st.just(notices), st.permutations(notices))))
def test_every_order_ends_the_same(orders: tuple[list[Notice], list[Notice]]) -> None:
    first, second = orders
    assert added_up(first) == added_up(second)


REQUEST = RefundRequest("r1", "pi_1", RIGHT, "its order failed", "orders", iso(NOON))
ASKED_BACK = replace(
    PAYMENT,
    status=PaymentStatus.PAID,
    facts=Facts({"pi_1": Transaction(RIGHT)}, refund_requests={"pi_1": REQUEST}),
)
# A refund's amount never changes at a provider.
WHOLE = st.dictionaries(st.just("re_1"), st.builds(Refund, st.just(RIGHT), st.sampled_from(RefundState), WHEN))
PROGRESS = st.builds(
    Notice,
    st.just(PAYMENT.id),
    st.just("pi_1"),
    refunds=WHOLE,
    progress=st.builds(RefundProgress, st.sampled_from(["r1", "r0"]), st.sampled_from(RefundStatus), st.just("why")),
)
WHOLES = st.builds(Notice, st.none(), st.just("pi_1"), refunds=WHOLE)
ANSWERS = st.lists(st.one_of(PROGRESS, WHOLES, DISPUTED), max_size=6)
# What the provider's own event shows to be sent back need not be followed, and may be all the same.
SENT_BACK = {RefundStatus.UNDER_WAY, RefundStatus.DONE}


@given(ANSWERS.flatmap(lambda notices: st.tuples(st.just(notices), st.permutations(notices))))
def test_answers_to_a_refund_end_the_same_in_every_order(orders: tuple[list[Notice], list[Notice]]) -> None:
    first, second = (after(notices, ASKED_BACK) for notices in orders)
    assert (first.status, first.review) == (second.status, second.review)
    assert first.refund_status == second.refund_status or {first.refund_status, second.refund_status} == SENT_BACK
    assert first.facts.transactions == second.facts.transactions


@given(ANSWERS)
def test_money_that_was_to_go_back_and_did_not_is_never_overlooked(notices: list[Notice]) -> None:
    end = after(notices, ASKED_BACK)
    kept = [each for name, each in end.facts.received.items() if name == "pi_1" and not each.is_gone]
    if end.refund_status == RefundStatus.REFUSED and kept:
        assert (end.status, end.review) == (PaymentStatus.REVIEW, ReviewReason.REFUND_REFUSED)
    if end.refund_status == RefundStatus.ASKED and kept:
        assert end.awaits == Awaits.REFUND
    if end.refund_status == RefundStatus.UNDER_WAY:
        assert end.awaits == Awaits.REFUND_END


@given(NOTICES, NOTICES)
def test_whatever_is_told_again_changes_no_fact(notices: list[Notice], more: list[Notice]) -> None:
    end = after(notices + more)
    assert all(add_notice(end, notice) == end.facts for notice in notices)


@given(NOTICES)
def test_a_payment_is_worth_what_its_money_is(notices: list[Notice]) -> None:
    end = after(notices)
    facts = end.facts
    exact = [each for each in facts.kept if each.paid == RIGHT]
    assert 0 <= deserved(end) <= end.points
    assert (end.status == PaymentStatus.PAID) == bool(exact)
    assert deserved(end) == max((end.points * (CENTS - each.gone) // CENTS for each in exact), default=0)
    assert (end.status == PaymentStatus.REVIEW) == (end.review is not None)
    taken = bool(facts.received) or facts.suspected is not None
    assert taken == (end.status in {"PAID", "REVIEW", "REFUNDED"})
    assert (end.review == ReviewReason.SUSPECTED) == (not facts.received and facts.suspected is not None)
    assert bool(end.return_url) == end.is_to_be_paid


@given(NOTICES, NOTICES)
def test_what_goes_back_of_one_transaction_takes_nothing_of_another(notices: list[Notice], back: list[Notice]) -> None:
    first = Notice(PAYMENT.id, "pi_first", RIGHT, Result.PAID)
    others = [notice for notice in back if notice.takes_back]
    end = after([*notices, first, *others])
    assert (end.status, deserved(end)) == (PaymentStatus.PAID, end.points)


@given(st.lists(REFUNDED | REFUNDS, max_size=5), st.integers(0, CENTS))
def test_refunds_that_all_failed_take_nothing(notices: list[Notice], minor: int) -> None:
    end = after([Notice(PAYMENT.id, "pi_1", RIGHT, Result.PAID), *notices])
    names = {name for each in end.facts.transactions.values() for name in each.refunds}
    failed = {name: Refund(Taken(minor, "USD"), RefundState.FAILED, 3) for name in names}
    nothing = Notice(None, "pi_1", refunded=Refunded(Taken(0, "USD"), 3), refunds=failed)
    last = after([nothing, replace(nothing, reference="pi_2")], end)
    assert (last.status, deserved(last)) == (PaymentStatus.PAID, last.points)


@given(NOTICES, NOTICES, st.sampled_from(PaymentDecision))
def test_a_decision_holds_whatever_is_told_later(
    notices: list[Notice], later: list[Notice], decision: PaymentDecision
) -> None:
    end = after(notices)
    taken = end.facts.received or end.facts.suspected
    decided = transition(end, add_decision(end.facts, decision, None), NOON, None)
    last = after(later, decided)
    if decision == PaymentDecision.REFUND:
        assert (last.status, last.review) == disputed_since(decided, last)
        assert deserved(last) == 0
    elif taken:
        assert last.status in {PaymentStatus.PAID, PaymentStatus.REFUNDED}


def disputed_since(decided: Payment, last: Payment) -> tuple[PaymentStatus, ReviewReason | None]:
    """Say how what was paid back stands: a dispute that took it again, or brought it back, has to be seen."""
    then, now = (taken_by_disputes(each) for each in (decided, last))
    if (now - then and then <= now) or (then - now and last.facts.kept):
        return PaymentStatus.REVIEW, ReviewReason.MONEY_WENT_BACK
    return PaymentStatus.REFUNDED, None


def taken_by_disputes(payment: Payment) -> set[str]:
    known = (each for one in payment.facts.received.values() for each in one.disputes.items())
    return {name for name, each in known if each.state != DisputeState.WON}


@given(NOTICES, st.none() | st.sampled_from(PaymentDecision))
def test_the_row_holds_all_of_it(notices: list[Notice], decision: PaymentDecision | None) -> None:
    end = after(notices)
    if decision:
        end = transition(end, add_decision(end.facts, decision, None), NOON, None)
    stored = {name: value for name, value in payment_to_item(end).items() if value is not None}
    assert payment_from_item(stored) == end


@given(NOTICES)
def test_once_credited_it_stays_the_owners_though_they_leave(notices: list[Notice]) -> None:
    facts = Facts({"pi_0": Transaction(paid=RIGHT)})
    paid = replace(PAYMENT, facts=facts, status=PaymentStatus.PAID, paid_at=iso(NOON), standing=PAYMENT.points)
    end = after(notices, paid)
    left = transition(end, end.facts, NOON, GOODS.review_reason(end, end.facts, None))
    assert (left.status, deserved(left)) == (end.status, deserved(end))


def test_a_dispute_told_in_another_currency_is_of_all_of_it() -> None:
    paid = Notice(PAYMENT.id, "pi_1", RIGHT, Result.PAID)
    disputed = Notice(None, "pi_1", disputes={"dp_1": Dispute(Taken(1, "EUR"), DisputeState.HELD, 0)})
    for notices in ([paid, disputed], [disputed, paid]):
        assert after(notices).status == PaymentStatus.REFUNDED
