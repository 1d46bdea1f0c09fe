"""What a payment is, and what its state is worth."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from studio.money import Money


class PaymentProvider(StrEnum):
    """Who takes the money."""

    VNPAY = "VNPAY"
    STRIPE = "STRIPE"


class PaymentStatus(StrEnum):
    """Where a payment stands.

    PENDING becomes PAID, FAILED, EXPIRED or REVIEW. Money that comes after all makes FAILED and EXPIRED PAID too. PAID
    becomes REFUNDED when all of it went back, and PAID again where a dispute is won. REVIEW waits for an administrator.
    While a bank transfer is under way it stays PENDING, however long that takes.
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
class Taken:
    """An amount as a provider tells it: in the currency's smallest unit, and the currency may be none of ours."""

    minor: int
    currency: str

    def is_exactly(self, money: Money) -> bool:
        return (self.minor, self.currency) == (money.minor, money.currency)

    def item(self) -> dict[str, Any]:
        return {"minor": self.minor, "currency": self.currency}


class DisputeState(StrEnum):
    """How a dispute stands; of those told of one moment, a later one outranks an earlier."""

    HELD = "HELD"
    WON = "WON"
    LOST = "LOST"


@dataclass(frozen=True)
class Dispute:
    """What the payer's bank took back, at first for the time of the dispute; `at` is the second it stood so."""

    taken: Taken
    state: DisputeState
    at: int

    @property
    def rank(self) -> tuple[int, int, int, str]:
        """The newest outranks all: even a lost dispute may be won later, and the other way round."""
        return self.at, list(DisputeState).index(self.state), self.taken.minor, self.taken.currency

    def of(self, paid: Taken) -> int:
        """Return how much of what was paid it is; told in another currency it counts as all of it."""
        return self.taken.minor if self.taken.currency == paid.currency else paid.minor

    def item(self) -> dict[str, Any]:
        return {**self.taken.item(), "state": self.state, "at": self.at}

    @classmethod
    def from_item(cls, item: Mapping[str, Any]) -> "Dispute":
        return cls(Taken(item["minor"], item["currency"]), DisputeState(item["state"]), item.get("at", 0))


Disputes = Mapping[str, Dispute]


def _no_disputes() -> Disputes:
    return {}


@dataclass(frozen=True)
class Facts:
    """What is known of the money. Facts are only ever added to, so the order in which they were told is forgotten.

    Parameters
    ----------
    paid
        What the provider took.
    suspected
        What it took from the payer, but holds for a suspicion.
    promised
        The payer's bank has been told to pay, which may take days.
    failed, expired
        It took nothing: it said so, or nothing was heard in time.
    refunded
        How much was sent back, in the currency's smallest unit.
    disputes
        By the provider's name of each.
    reference
        The provider's own name of the money: Stripe's payment intent, VNPAY's transaction number.
    decision
        What an administrator made of it.
    """

    paid: Taken | None = None
    suspected: Taken | None = None
    promised: bool = False
    failed: bool = False
    expired: bool = False
    refunded: int = 0
    disputes: Disputes = field(default_factory=_no_disputes)
    reference: str | None = None
    decision: PaymentDecision | None = None

    @property
    def gone(self) -> int:
        """How much of what was paid is not ours, or not now."""
        if self.paid is None:
            return 0
        disputed = sum(each.of(self.paid) for each in self.disputes.values() if each.state != DisputeState.WON)
        return self.refunded + disputed

    @property
    def all_gone(self) -> bool:
        return self.paid is not None and 0 < self.gone >= self.paid.minor

    def item(self) -> dict[str, Any]:
        return {
            "paid": self.paid.item() if self.paid else None,
            "suspected": self.suspected.item() if self.suspected else None,
            "promised": self.promised,
            "failed": self.failed,
            "expired": self.expired,
            "refunded": self.refunded,
            "disputes": {name: each.item() for name, each in self.disputes.items()},
            "reference": self.reference,
            "decision": self.decision,
        }

    @classmethod
    def from_item(cls, item: Mapping[str, Any]) -> "Facts":
        paid, suspected, decision = item.get("paid"), item.get("suspected"), item.get("decision")
        return cls(
            paid=Taken(**paid) if paid else None,
            suspected=Taken(**suspected) if suspected else None,
            promised=item.get("promised", False),
            failed=item["failed"],
            expired=item["expired"],
            refunded=item["refunded"],
            disputes={name: Dispute.from_item(each) for name, each in item["disputes"].items()},
            reference=item.get("reference"),
            decision=PaymentDecision(decision) if decision else None,
        )


@dataclass(frozen=True)
class Payment:
    """One payment. Rows are never removed: they are the studio's books.

    Parameters
    ----------
    points
        What the package holds.
    standing
        The points that are credited for it now: 0 to `points`.
    owed
        Points that a refund or a dispute could not take back, because they had been spent.
    pay_url
        Where to pay, while it is to be paid; VNPAY's holds the payer's address, so it does not stay.
    return_url
        Where the payer comes back to; empty once it is not to be paid any more, as it is the client's own text.
    balance
        Its owner's points after they last moved for it.
    paid_at
        When it first became PAID.
    worth
        The amount in US dollars at the rate of the day it was made; None where no rate was known.
    version
        Grows by one with every change.
    """

    id: str
    owner: str
    provider: PaymentProvider
    status: PaymentStatus
    package_id: str
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
    paid_at: str | None = None
    review: ReviewReason | None = None
    worth: Money | None = None

    @property
    def is_to_be_paid(self) -> bool:
        """Whether it waits for its payer, and not for a bank."""
        return self.status == PaymentStatus.PENDING and not self.facts.promised

    @property
    def held(self) -> int:
        """The points that its owner has of it, as the ledger's lines add up."""
        return self.standing + self.owed

    @property
    def deserved(self) -> int:
        """The points that the money kept is worth: none unless PAID, and less a part that went back, rounded down."""
        paid = self.facts.paid
        if self.status != PaymentStatus.PAID or paid is None:
            return 0
        if not self.facts.gone:
            return self.points
        return self.points * max(0, paid.minor - self.facts.gone) // paid.minor

    def item(self) -> dict[str, Any]:
        return {
            "id": self.id,
            "owner": self.owner,
            "provider": self.provider,
            "status": self.status,
            "packageId": self.package_id,
            "points": self.points,
            "amount": self.amount.item(),
            "createdAt": self.created_at,
            "updatedAt": self.updated_at,
            "expiresAt": self.expires_at,
            "returnUrl": self.return_url,
            "version": self.version,
            "standing": self.standing,
            "owed": self.owed,
            "balance": self.balance,
            **self.facts.item(),
            "payUrl": self.pay_url,
            "paidAt": self.paid_at,
            "review": self.review,
            "worth": self.worth.item() if self.worth else None,
        }

    @classmethod
    def from_item(cls, item: Mapping[str, Any]) -> "Payment":
        return cls(
            id=item["id"],
            owner=item["owner"],
            provider=PaymentProvider(item["provider"]),
            status=PaymentStatus(item["status"]),
            package_id=item["packageId"],
            points=item["points"],
            amount=Money.from_item(item["amount"]),
            created_at=item["createdAt"],
            updated_at=item["updatedAt"],
            expires_at=item["expiresAt"],
            return_url=item["returnUrl"],
            version=item["version"],
            standing=item["standing"],
            owed=item["owed"],
            balance=item.get("balance"),
            facts=Facts.from_item(item),
            pay_url=item.get("payUrl"),
            paid_at=item.get("paidAt"),
            review=ReviewReason(item["review"]) if item.get("review") else None,
            worth=Money.from_item(item["worth"]) if item.get("worth") else None,
        )
