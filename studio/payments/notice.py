"""What one event of a payment provider says, in the same words for all of them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from studio.money import Money
from studio.payments.model import Payment
from studio.payments.refund_request import RefundProgress
from studio.payments.transactions import Dispute, Refund, Refunded, Taken, Transaction, Transactions


class NotUnderstoodError(Exception):
    """What a provider signed has not the form that is known of it; the message says why, and holds nothing of it."""


class Result(StrEnum):
    """What came of an attempt to pay."""

    PAID = "PAID"
    SUSPECTED = "SUSPECTED"
    PROMISED = "PROMISED"
    FAILED = "FAILED"
    EXPIRED = "EXPIRED"


@dataclass(frozen=True)
class Notice:
    """What one event of a provider says, whichever provider it is.

    It means the payment `payment_id`, or else the one whose money has this `reference`. `refunded` is all that went
    back so far of what was `charged`, `refunds` and `disputes` are single ones. `session` is the provider's page where
    it was paid. `progress` is what the provider answered to a refund that we asked for.
    """

    payment_id: str | None
    reference: str | None = None
    amount: Taken | None = None
    result: Result | None = None
    refunded: Refunded | None = None
    refunds: Mapping[str, Refund] = field(default_factory=dict[str, Refund])
    disputes: Mapping[str, Dispute] = field(default_factory=dict[str, Dispute])
    session: str | None = None
    charged: Taken | None = None
    progress: RefundProgress | None = None

    @property
    def takes_back(self) -> bool:
        """Whether it speaks of money that goes back."""
        return bool(self.refunded or self.refunds or self.disputes)

    @property
    def transactions(self) -> Transactions:
        """What it says of money, by the provider's name of it."""
        paid = self.amount if self.result == Result.PAID else None
        if self.reference is None or not (paid or self.takes_back):
            return {}
        return {self.reference: Transaction(paid, self.refunded, self.refunds, self.disputes)}

    @property
    def claims(self) -> list[str]:
        """The transactions that it says the payment was paid by, or may have been: none of them pays another one."""
        return [self.reference] if self.reference and self.result in {Result.PAID, Result.SUSPECTED} else []

    def is_of(self, payment: Payment) -> bool:
        """Tell whether it is of the page that was made for a payment, as far as both are known."""
        return None in (self.session, payment.session) or self.session == payment.session

    def is_ahead_of(self, payment: Payment) -> bool:
        """Tell whether it goes back on money of another amount than was asked for, of which no event came yet."""
        paid, charged = _paid(payment, self.reference), self.charged
        return paid is None and charged is not None and _differs(charged, payment.amount)

    def is_of_other_money(self, payment: Payment) -> bool:
        """Tell whether it goes back on another charge than was paid, or gives more back than came."""
        paid = _paid(payment, self.reference)
        if paid is None:
            return False
        back = (each.taken for each in self.refunds.values())
        other = self.charged is not None and _differs(self.charged, paid)
        return other or any(each.currency == paid.currency and each.minor > paid.minor for each in back)

    def is_wrong_for(self, payment: Payment) -> bool:
        """Tell whether it speaks of another amount than was asked for."""
        return self.amount is not None and not self.amount.is_exactly(payment.amount)


def _paid(payment: Payment, reference: str | None) -> Taken | None:
    found = payment.facts.transactions.get(reference or "")
    return found.paid if found else None


def _differs(charged: Taken, paid: Taken | Money) -> bool:
    """Tell whether a charge is of another amount; what it is in another currency is not compared."""
    return charged.currency == paid.currency and charged.minor != paid.minor
