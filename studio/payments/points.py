"""Points as goods: a balance and a line of the ledger move with the payment."""

from dataclasses import dataclass, replace
from datetime import datetime

from studio.dynamo import Write, update
from studio.ledger.model import Entry, PointsReason
from studio.ledger.table import Ledger
from studio.payments.goods import Delivery, is_here
from studio.payments.model import Facts, Payment, PaymentDecision, PaymentStatus, ReviewReason
from studio.payments.packages import Package, named
from studio.payments.transactions import Transaction
from studio.people.model import Caller, Person
from studio.people.table import People

# The argument of createPayment that names a package; and what is bought where it names nothing.
PACKAGE = "packageId"


@dataclass(frozen=True)
class PointsGoods:
    """Packages of points. What of them is delivered stands on the payment's row: `standing`, `owed` and `balance`."""

    people: People
    ledger: Ledger

    def offer(self, caller: Caller, id_: str | None, now: datetime) -> Package:
        del caller, now
        return named(id_)

    def title(self, payment: Payment) -> str:
        return f"{payment.points:,} points"

    def room(self, payment: Payment) -> int:
        return payment.points

    def undeliverable(self, payment: Payment, owner: Person | None) -> ReviewReason | None:
        if not is_here(owner):
            return ReviewReason.OWNER_LEFT
        return None if owner.has_room(payment.points) else ReviewReason.BALANCE_FULL

    def review_reason(self, payment: Payment, facts: Facts, owner: Person | None) -> ReviewReason | None:
        """What was credited once comes back whatever the balance is meanwhile; what is owed needs nobody."""
        if not facts.kept:
            return None
        reason = self.undeliverable(payment, owner)
        delivered = held(payment) if reason == ReviewReason.OWNER_LEFT else payment.paid_at
        return None if delivered else reason

    def deliver(self, before: Payment, after: Payment, owner: Person | None) -> Delivery:
        """What cannot be taken back because it was spent stays owed: a balance never falls below 0."""
        points = _to_move(after, owner)
        after = _credited(after, points, owner)
        writes = self._writes(before, after, points, owner) if owner and points else []
        return Delivery(after, writes, {"points": points, "owed": after.owed})

    def _writes(self, before: Payment, after: Payment, points: int, owner: Person) -> list[Write]:
        # The first credit is the purchase itself; whatever comes later is named by the change that moved it.
        thing = after.id if before.paid_at is None else f"{after.id}#{after.version}"
        reason = PointsReason.PURCHASE if points > 0 else PointsReason.CLAWBACK
        entry = Entry(owner.id, reason, thing, points, after.updated_at, payment_id=after.id)
        return [self._balance(owner, points), self.ledger.append(entry)]

    def _balance(self, owner: Person, points: int) -> Write:
        """Describe the move of a balance that is as it was read, of somebody who has not left since."""
        condition = "#points = :read AND attribute_not_exists(#leftAt)"
        add = {"points": points, "moves": 1}
        return self.people.change(update({"id": owner.id}, condition=condition, values={"read": owner.points}, add=add))


def held(payment: Payment) -> int:
    """Return the points that its owner has of a payment, as the ledger's lines add up."""
    return payment.standing + payment.owed


def deserved(payment: Payment) -> int:
    """Return the points that the money kept is worth: none unless PAID; by the transaction of which most is kept."""
    if payment.status != PaymentStatus.PAID:
        return 0
    counted = (each for each in payment.facts.kept if _counts(payment, each))
    return max((each.worth(payment.points) for each in counted), default=0)


def _counts(payment: Payment, transaction: Transaction) -> bool:
    """Tell whether points are given for it: another amount than was asked for needs an administrator."""
    paid = transaction.paid
    return paid is not None and (paid.is_exactly(payment.amount) or payment.facts.decision == PaymentDecision.CREDIT)


def _to_move(payment: Payment, owner: Person | None) -> int:
    """Return the points to give, or below 0 those to take: at most what the owner has, and none of who has left."""
    if not is_here(owner):
        return 0
    return max(deserved(payment) - held(payment), -owner.points)


def _credited(payment: Payment, points: int, owner: Person | None) -> Payment:
    held_ = held(payment) + points
    standing = min(deserved(payment), held_)
    balance = owner.points + points if owner and points else payment.balance
    return replace(payment, standing=standing, owed=held_ - standing, balance=balance)
