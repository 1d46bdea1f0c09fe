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
    """How an attempt to pay ended."""

    PAID = "PAID"
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
    # Once the money is there, attempts that failed say nothing any more.
    open_ = paid is None and not notice.is_wrong_for(payment)
    return replace(
        facts,
        paid=paid,
        failed=facts.failed or (open_ and notice.result == Result.FAILED),
        expired=facts.expired or (open_ and notice.result == Result.EXPIRED),
        refunded=max(facts.refunded, notice.refunded),
        disputes=_joined(facts.disputes, notice.disputes),
        reference=facts.reference or notice.reference,
    )


def judged(payment: Payment, facts: Facts, now: datetime, *, owner_left: bool) -> Payment:
    """Return the payment as these facts make it, one version on; its points are not moved yet."""
    review = _review(payment, facts, owner_left=owner_left)
    status = _status(facts, review)
    paid_at = payment.paid_at or (iso(now) if status == PaymentStatus.PAID else None)
    return replace(
        payment,
        facts=facts,
        status=status,
        review=review if status == PaymentStatus.REVIEW else None,
        paid_at=paid_at,
        pay_url=payment.pay_url if status == PaymentStatus.PENDING else None,
        updated_at=iso(now),
        version=payment.version + 1,
    )


def _status(facts: Facts, review: ReviewReason | None) -> PaymentStatus:
    if facts.decision == PaymentDecision.REFUND or facts.all_gone:
        return PaymentStatus.REFUNDED
    if facts.paid:
        return PaymentStatus.REVIEW if review else PaymentStatus.PAID
    if facts.failed:
        return PaymentStatus.FAILED
    return PaymentStatus.EXPIRED if facts.expired else PaymentStatus.PENDING


def _review(payment: Payment, facts: Facts, *, owner_left: bool) -> ReviewReason | None:
    if facts.paid is None or facts.decision:
        return None
    if facts.paid.currency != payment.amount.currency:
        return ReviewReason.WRONG_CURRENCY
    if not facts.paid.is_exactly(payment.amount):
        return ReviewReason.WRONG_AMOUNT
    return ReviewReason.OWNER_LEFT if owner_left and payment.paid_at is None else None


def _more_telling(asked: Money, *amounts: Taken | None) -> Taken | None:
    """Of two amounts that were paid believe the one that was asked for."""
    found = [taken for taken in amounts if taken]
    return max(found, key=lambda taken: (taken.is_exactly(asked), taken.minor, taken.currency), default=None)


def _joined(known: Disputes, new: Disputes) -> Disputes:
    joined = dict(known)
    for name, dispute in new.items():
        joined[name] = max(joined.get(name, dispute), dispute, key=lambda each: each.rank)
    return joined
