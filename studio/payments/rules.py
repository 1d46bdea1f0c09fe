"""How what a provider says changes a payment: facts are added, and the status follows from them."""

from dataclasses import replace
from datetime import datetime

from studio.clock import iso
from studio.money import Money
from studio.payments.model import Facts, Payment, PaymentDecision, PaymentStatus, ReviewReason
from studio.payments.notice import Notice, Result
from studio.payments.refund_request import RefundRequests, RefundStatus
from studio.payments.transactions import Taken, Transaction, Transactions

_NOT_IN_REVIEW = frozenset({PaymentStatus.PAID, PaymentStatus.REFUNDED})


def add_notice(payment: Payment, notice: Notice) -> Facts:
    """Return the payment's facts with those of a notice; adding it again, or in another order, changes nothing."""
    facts = payment.facts
    transactions = _joined(facts.transactions, notice.transactions, payment.amount)
    paid = any(each.paid for each in transactions.values())
    # Once the money is there, other attempts say nothing any more.
    open_ = not paid and not notice.is_wrong_for(payment)
    return replace(
        facts,
        transactions=transactions,
        suspected=_more_credible(payment.amount, facts.suspected, _suspected(notice)) if not paid else facts.suspected,
        promised=facts.promised or (open_ and notice.result == Result.PROMISED),
        failed=facts.failed or (open_ and notice.result == Result.FAILED),
        expired=facts.expired or (open_ and notice.result == Result.EXPIRED),
        refund_requests=_followed(facts.refund_requests, notice, transactions),
    )


def _followed(refunds: RefundRequests, notice: Notice, transactions: Transactions) -> RefundRequests:
    """Return the refunds that were asked for as the notice, and then the money itself, shows them."""
    said = {name: each.joined(notice.progress) if notice.progress else each for name, each in refunds.items()}
    return {name: each.followed(transactions.get(name, Transaction())) for name, each in said.items()}


def _suspected(notice: Notice) -> Taken | None:
    return notice.amount if notice.result == Result.SUSPECTED else None


def add_decision(facts: Facts, decision: PaymentDecision, overruled: ReviewReason | None) -> Facts:
    """Return the facts with an administrator's decision: who delivers believes what was suspected.

    It ends what was refused, too. `overruled` is what the goods say against it.
    """
    open_ = {name: each for name, each in facts.refund_requests.items() if each.status != RefundStatus.REFUSED}
    decided = replace(facts, decision=decision, overruled=overruled, refund_requests=open_)
    return replace(decided, disputed=decided.disputes)


def transition(payment: Payment, facts: Facts, now: datetime, reason: ReviewReason | None) -> Payment:
    """Return the payment as these facts make it, one version on; what it buys is not delivered yet.

    `reason` is why its goods need an administrator.
    """
    review = _review(payment, facts, reason)
    status = _status(facts, review)
    after = replace(
        payment,
        facts=facts,
        status=status,
        review=review if status == PaymentStatus.REVIEW else None,
        paid_at=payment.paid_at or (iso(now) if status == PaymentStatus.PAID else None),
        updated_at=iso(now),
        version=payment.version + 1,
    )
    return after if after.is_to_be_paid else replace(after, pay_url=None, return_url="")


def _status(facts: Facts, review: ReviewReason | None) -> PaymentStatus:
    if review:
        return PaymentStatus.REVIEW
    if facts.is_paid_back or (facts.received and not facts.kept):
        return PaymentStatus.REFUNDED
    if facts.received:
        return PaymentStatus.PAID
    if facts.failed:
        return PaymentStatus.FAILED
    return PaymentStatus.EXPIRED if facts.expired or facts.canceled else PaymentStatus.PENDING


def _review(payment: Payment, facts: Facts, reason: ReviewReason | None) -> ReviewReason | None:
    if facts.is_paid_back:
        return ReviewReason.MONEY_WENT_BACK if facts.is_disputed_anew else None
    if facts.is_refund_refused:
        return ReviewReason.REFUND_REFUSED  # whatever was decided before it was asked for
    if facts.decision:
        came_back = facts.decision == PaymentDecision.REFUND and facts.kept
        reason = (ReviewReason.MONEY_WENT_BACK if came_back else None) if reason in {None, facts.overruled} else reason
    elif not facts.received:
        return ReviewReason.SUSPECTED if facts.suspected else None
    elif facts.kept and (wrong := _wrong_money(payment, facts)):
        return wrong
    # What is on its way back already needs nobody.
    return None if facts.refund and payment.status in _NOT_IN_REVIEW else reason


def _wrong_money(payment: Payment, facts: Facts) -> ReviewReason | None:
    """Return why another amount than was asked for needs an administrator."""
    kept = [each.paid for each in facts.kept if each.paid]
    if any(paid.is_exactly(payment.amount) for paid in kept):
        return None
    same = any(paid.currency == payment.amount.currency for paid in kept)
    return ReviewReason.WRONG_AMOUNT if same else ReviewReason.WRONG_CURRENCY


def _more_credible(asked: Money, *amounts: Taken | None) -> Taken | None:
    """Of two amounts that were taken believe the one that was asked for."""
    found = [taken for taken in amounts if taken]
    return max(found, key=lambda taken: (taken.is_exactly(asked), taken.minor, taken.currency), default=None)


def _joined(known: Transactions, new: Transactions, asked: Money) -> Transactions:
    joined = {name: known.get(name, Transaction()).joined(each, asked) for name, each in new.items()}
    return {**known, **joined}
