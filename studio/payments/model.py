"""What a payment is, and what its state is worth."""

from dataclasses import dataclass, field
from enum import StrEnum

from studio.money import Money
from studio.payments.refund_request import RefundRequest, RefundRequests, RefundStatus
from studio.payments.transactions import DisputeState, Taken, Transaction, Transactions


class PaymentProvider(StrEnum):
    """Who takes the money."""

    VNPAY = "VNPAY"
    STRIPE = "STRIPE"


class PaymentStatus(StrEnum):
    """Where a payment stands.

    PENDING becomes PAID, FAILED, EXPIRED (canceled: before its time) or REVIEW. Money that comes after all makes FAILED
    and EXPIRED PAID too. PAID becomes REFUNDED when all of it went back, and PAID again where a dispute is won. REVIEW
    waits for an administrator. While a bank transfer is under way it stays PENDING, however long that takes.
    """

    PENDING = "PENDING"
    PAID = "PAID"
    FAILED = "FAILED"
    EXPIRED = "EXPIRED"
    REFUNDED = "REFUNDED"
    REVIEW = "REVIEW"


class ReviewReason(StrEnum):
    """Why an administrator has to look at a payment."""

    WRONG_AMOUNT = "WRONG_AMOUNT"
    WRONG_CURRENCY = "WRONG_CURRENCY"
    OWNER_LEFT = "OWNER_LEFT"
    SUSPECTED = "SUSPECTED"
    BALANCE_FULL = "BALANCE_FULL"
    ORDER_PAID_ALREADY = "ORDER_PAID_ALREADY"
    ORDER_ENDED = "ORDER_ENDED"
    MONEY_WENT_BACK = "MONEY_WENT_BACK"
    REFUND_REFUSED = "REFUND_REFUSED"


class Awaits(StrEnum):
    """What a payment's time to be looked at is for.

    Its payer, the end of the page of one that was canceled, a refund to be asked for, or how that ended.
    """

    PAYER = "PAYER"
    PAGE_END = "PAGE_END"
    REFUND = "REFUND"
    REFUND_END = "REFUND_END"


class PaymentDecision(StrEnum):
    """What an administrator makes of a payment in REVIEW: its points are given, or it was paid back by hand."""

    CREDIT = "CREDIT"
    REFUND = "REFUND"


class PaymentEventState(StrEnum):
    """How far a provider's event has got: kept, acted on, or given up, mostly because no payment of ours is meant."""

    RECEIVED = "RECEIVED"
    HANDLED = "HANDLED"
    UNMATCHED = "UNMATCHED"


@dataclass(frozen=True)
class Facts:
    """What is known of the money. Facts are only ever added to, so the order in which they came is forgotten.

    Parameters
    ----------
    transactions
        By the provider's own name of each.
    suspected
        What the provider took from the payer, but holds for a suspicion.
    promised
        The payer's bank has been instructed to pay, which may take days.
    failed, expired
        The provider took nothing: it said so, or no event came in time.
    canceled
        Its payer said that they will not pay. Its page may still be open.
    decision, overruled
        What an administrator made of it, and what its goods said against that then: what they say later is news.
    disputed
        The disputes that had taken money when that was decided: one that is new or won since is news, too.
    refund_requests
        What its provider is asked to send back, by transaction.
    """

    transactions: Transactions = field(default_factory=dict[str, Transaction])
    suspected: Taken | None = None
    promised: bool = False
    failed: bool = False
    expired: bool = False
    canceled: bool = False
    decision: PaymentDecision | None = None
    overruled: ReviewReason | None = None
    disputed: frozenset[str] = frozenset()
    refund_requests: RefundRequests = field(default_factory=dict[str, RefundRequest])

    @property
    def received(self) -> Transactions:
        """The transactions that were paid; what is only suspected is one where an administrator believes it."""
        paid = {name: each for name, each in self.transactions.items() if each.paid}
        if not paid and self.suspected and self.decision == PaymentDecision.CREDIT:
            return {"": Transaction(paid=self.suspected)}
        return paid

    @property
    def kept(self) -> list[Transaction]:
        """Those of which something is still ours."""
        return [each for each in self.received.values() if not each.is_gone]

    @property
    def disputes(self) -> frozenset[str]:
        """The disputes that take money now, by the provider's name of each."""
        known = (dispute for each in self.received.values() for dispute in each.disputes.items())
        return frozenset(name for name, each in known if each.state != DisputeState.WON)

    @property
    def is_paid_back(self) -> bool:
        """Whether a decision says that the money was paid back, and no dispute has brought it here since."""
        return self.decision == PaymentDecision.REFUND and self.disputed <= self.disputes

    @property
    def is_disputed_anew(self) -> bool:
        """Whether a dispute has taken money since it was decided about."""
        return not self.disputes <= self.disputed

    @property
    def refund(self) -> RefundRequest | None:
        """The refund that its provider is to be asked for next, or of which the end is not known yet."""
        return next(iter(self.refunds), None)

    @property
    def refunds(self) -> list[RefundRequest]:
        """The refunds that its provider is to be asked for, and those of which the end is not known yet.

        Nothing is asked back of money that was paid back by hand, or that is gone for now, as in a dispute.
        """
        if self.is_paid_back:
            return []
        received = self.received
        asked = [
            each
            for name, each in self.refund_requests.items()
            if each.status == RefundStatus.ASKED and name in received and not received[name].is_gone
        ]
        under_way = [each for each in self.refund_requests.values() if each.status == RefundStatus.UNDER_WAY]
        return [*asked, *under_way]

    @property
    def is_refund_refused(self) -> bool:
        """Whether money is kept that was to go back, and did not."""
        received = self.received
        refused = (name for name, each in self.refund_requests.items() if each.is_refused)
        return any(name in received and not received[name].is_gone for name in refused)


@dataclass(frozen=True)
class Payment:
    """One payment. Rows are never removed: they are the studio's books.

    Parameters
    ----------
    goods
        What it buys: the argument of createPayment that names it, as `packageId`.
    goods_id
        Which one of these it buys.
    points
        What a package of points holds; 0 of other goods.
    standing
        The points that are credited for it now: 0 to `points`.
    owed
        Points that a refund or a dispute could not take back, because they had been spent.
    pay_url
        Where to pay, while it is to be paid; it may hold the payer's address, so it does not stay.
    return_url
        Where the payer comes back to; empty once it is not to be paid any more, as it is the client's own text.
    balance
        Its owner's points after they last moved for it.
    paid_at
        When it first became PAID.
    session
        The provider's own name of the page where it is paid.
    worth
        The amount in US dollars at the rate of the day it was made; None where no rate was known.
    version
        Grows by one with every change.
    """

    id: str
    owner: str
    provider: PaymentProvider
    status: PaymentStatus
    goods: str
    goods_id: str
    points: int
    amount: Money
    created_at: str
    updated_at: str
    expires_at: str
    return_url: str
    version: int = 1
    standing: int = 0
    owed: int = 0
    balance: int | None = None
    facts: Facts = field(default_factory=Facts)
    pay_url: str | None = None
    session: str | None = None
    paid_at: str | None = None
    review: ReviewReason | None = None
    worth: Money | None = None

    @property
    def is_to_be_paid(self) -> bool:
        """Whether it waits for its payer, and not for a bank."""
        return self.status == PaymentStatus.PENDING and not self.facts.promised

    @property
    def awaits(self) -> Awaits | None:
        """What it is looked at for, when its time has come."""
        if self.is_to_be_paid:
            return Awaits.PAYER
        if self.status == PaymentStatus.EXPIRED and not self.facts.expired:
            return Awaits.PAGE_END
        refund = self.facts.refund
        if refund is None:
            return None
        return Awaits.REFUND if refund.status == RefundStatus.ASKED else Awaits.REFUND_END

    @property
    def refund_status(self) -> RefundStatus | None:
        """How far what was asked back has got: of several refunds, the one that needs most to be seen to."""
        found = {each.status for each in self.facts.refund_requests.values()}
        order = (RefundStatus.REFUSED, RefundStatus.ASKED, RefundStatus.UNDER_WAY, RefundStatus.DONE)
        return next((status for status in order if status in found), None)

    @property
    def failed_refund(self) -> Money | None:
        """What was sent back, and came back to us."""
        failed = sum(each.failed for each in self.facts.transactions.values())
        return Money(failed, self.amount.currency) if failed else None


class Outcome(StrEnum):
    """What came of an event."""

    APPLIED = "applied"
    NOTHING_NEW = "nothing new"
    WRONG_AMOUNT = "wrong amount"
    NOT_OURS = "not ours"
    NOT_UNDERSTOOD = "not understood"


@dataclass(frozen=True)
class Event:
    """One event as it was received.

    Parameters
    ----------
    body
        The signed text, as the provider's folder reads it. None once its payment's owner has left.
    tries
        How often it was acted on in vain.
    cause
        Why it was given up.
    """

    provider: PaymentProvider
    name: str
    type: str
    body: str | None
    at: str
    payment_id: str | None = None
    source_ip: str | None = None
    state: PaymentEventState = PaymentEventState.RECEIVED
    outcome: Outcome | None = None
    tries: int = 0
    cause: str | None = None

    @property
    def id(self) -> str:
        return f"{self.provider}#{self.name}"

    @property
    def again(self) -> Outcome:
        """What comes of it when it comes again, once it was handled."""
        return Outcome.WRONG_AMOUNT if self.outcome == Outcome.WRONG_AMOUNT else Outcome.NOTHING_NEW
