"""How what a provider tells changes a payment: facts are added, and the status follows from them."""

from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum

from studio.clock import iso
from studio.money import Money
from studio.payments.model import (
    Disputes,
    Facts,
    Payment,
    PaymentDecision,
    PaymentStatus,
    ReviewReason,
    Taken,
)


class Result(StrEnum):
    """What came of an attempt to pay."""

    PAID = "PAID"
    SUSPECTED = "SUSPECTED"
    PROMISED = "PROMISED"
    FAILED = "FAILED"
    EXPIRED = "EXPIRED"


def _no_disputes() -> Disputes:
    return {}


@dataclass(frozen=True)
class Notice:
    """What one event of a provider says, whichever provider it is.

    It means the payment `payment_id`, or else the one whose money has this `reference`. `refunded` is all that went
    back so far.
    """

    payment_id: str | None
    reference: str | None = None
    amount: Taken | None = None
    result: Result | None = None
    refunded: int = 0
    disputes: Disputes = field(default_factory=_no_disputes)

    def is_wrong_for(self, payment: Payment) -> bool:
        """Tell whether it speaks of another amount than was asked for."""
        return self.amount is not None and not self.amount.is_exactly(payment.amount)


def told(payment: Payment, notice: Notice) -> Facts:
    """Return the payment's facts with those of a notice; telling it again, or in another order, makes no difference."""
    facts = payment.facts
    paid = _more_telling(payment.amount, facts.paid, notice.amount if notice.result == Result.PAID else None)
    suspected = notice.amount if paid is None and notice.result == Result.SUSPECTED else None
    # Once the money is there, other attempts say nothing any more.
    open_ = paid is None and not notice.is_wrong_for(payment)
    return replace(
        facts,
        paid=paid,
        suspected=_more_telling(payment.amount, facts.suspected, suspected),
        promised=facts.promised or (open_ and notice.result == Result.PROMISED),
        failed=facts.failed or (open_ and notice.result == Result.FAILED),
        expired=facts.expired or (open_ and notice.result == Result.EXPIRED),
        refunded=max(facts.refunded, notice.refunded),
        disputes=_joined(facts.disputes, notice.disputes),
        reference=facts.reference or notice.reference,
    )


def decided(facts: Facts, decision: PaymentDecision) -> Facts:
    """Return the facts with an administrator's decision: who gives the points believes what was suspected."""
    believed = facts.suspected if decision == PaymentDecision.CREDIT else None
    return replace(facts, decision=decision, paid=facts.paid or believed)


def judged(payment: Payment, facts: Facts, now: datetime, *, owner_left: bool, balance_full: bool = False) -> Payment:
    """Return the payment as these facts make it, one version on; its points are not moved yet."""
    review = _review(payment, facts, owner_left=owner_left, balance_full=balance_full)
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
    if facts.decision == PaymentDecision.REFUND or facts.all_gone:
        return PaymentStatus.REFUNDED
    if review:
        return PaymentStatus.REVIEW
    if facts.paid:
        return PaymentStatus.PAID
    if facts.failed:
        return PaymentStatus.FAILED
    return PaymentStatus.EXPIRED if facts.expired else PaymentStatus.PENDING


def _review(payment: Payment, facts: Facts, *, owner_left: bool, balance_full: bool) -> ReviewReason | None:
    if facts.decision:
        return None
    if facts.paid is None:
        return ReviewReason.SUSPECTED if facts.suspected else None
    if facts.paid.currency != payment.amount.currency:
        return ReviewReason.WRONG_CURRENCY
    if not facts.paid.is_exactly(payment.amount):
        return ReviewReason.WRONG_AMOUNT
    # What was credited once stays its owner's.
    return None if payment.paid_at else _undeliverable(owner_left=owner_left, balance_full=balance_full)


def _undeliverable(*, owner_left: bool, balance_full: bool) -> ReviewReason | None:
    if owner_left:
        return ReviewReason.OWNER_LEFT
    return ReviewReason.BALANCE_FULL if balance_full else None


def _more_telling(asked: Money, *amounts: Taken | None) -> Taken | None:
    """Of two amounts that were paid believe the one that was asked for."""
    found = [taken for taken in amounts if taken]
    return max(found, key=lambda taken: (taken.is_exactly(asked), taken.minor, taken.currency), default=None)


def _joined(known: Disputes, new: Disputes) -> Disputes:
    joined = dict(known)
    for name, dispute in new.items():
        joined[name] = max(joined.get(name, dispute), dispute, key=lambda each: each.rank)
    return joined
