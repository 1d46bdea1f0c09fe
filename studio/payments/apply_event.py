"""Acting on an event: one transaction moves the payment, its owner's points and the event itself, or nothing moves."""

from dataclasses import dataclass, replace
from datetime import datetime

from studio.alarms import Alarm, raise_alarm
from studio.audit.model import Act, AuditRecord
from studio.audit.table import AuditTrail
from studio.dynamo import ConditionFailed, Write, transact, update
from studio.ledger.model import Entry, PointsReason
from studio.ledger.table import Ledger
from studio.optimistic import retry
from studio.payments.events import Event, Outcome, PaymentEvents
from studio.payments.model import Payment
from studio.payments.notice import Notice, NotUnderstoodError
from studio.payments.providers.registry import PROVIDERS
from studio.payments.rules import judged, told
from studio.payments.surprises import alarms, is_surplus
from studio.payments.table import Payments
from studio.people.model import Person
from studio.people.table import People


@dataclass(frozen=True)
class PaymentTransitions:
    """Where a payment and its owner's points move together."""

    payments: Payments
    people: People
    ledger: Ledger
    audit: AuditTrail

    def move(self, before: Payment, after: Payment, owner: Person | None, record: AuditRecord, *beside: Write) -> None:
        """Change a payment, and bring the points credited for it to what it deserves, in one transaction.

        What cannot be taken back because it was spent stays owed: a balance never falls below 0.

        Raises
        ------
        ConditionFailed
            A row is no longer as it was read.
        """
        points = _to_move(after, owner)
        after = _credited(after, points, owner)
        writes = [
            self.payments.change(self.payments.change_to(before, after)),
            self.audit.append(_with_movement(record, before, after, points)),
            *(self._points(before, after, points, owner) if owner and points else []),
            *beside,
        ]
        transact(self.payments.client, writes)

    def _points(self, before: Payment, after: Payment, points: int, owner: Person) -> list[Write]:
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


def left(owner: Person | None) -> bool:
    return owner is None or owner.left_at is not None


def has_room(owner: Person | None, payment: Payment) -> bool:
    return owner is None or owner.has_room(payment.points)


def _to_move(payment: Payment, owner: Person | None) -> int:
    """Return the points to give, or below 0 those to take: at most what the owner has, and none of who has left."""
    if owner is None or owner.left_at:
        return 0
    return max(payment.deserved - payment.held, -owner.points)


def _credited(payment: Payment, points: int, owner: Person | None) -> Payment:
    held = payment.held + points
    standing = min(payment.deserved, held)
    balance = owner.points + points if owner and points else payment.balance
    return replace(payment, standing=standing, owed=held - standing, balance=balance)


def _with_movement(record: AuditRecord, before: Payment, after: Payment, points: int) -> AuditRecord:
    movement = {"status": [before.status, after.status], "points": points, "owed": after.owed}
    return replace(record, details={**record.details, **movement})


class NotOursError(Exception):
    """What a provider signed is not of the payment that it names; the message says why."""


def notice_of(event: Event) -> Notice | None:
    """Read an event; its signature was checked before it was kept. None where it says nothing to us.

    Raises
    ------
    NotUnderstoodError
        It has not the form that is known of it.
    """
    return PROVIDERS[event.provider].read(event.body) if event.body is not None else None


@dataclass(frozen=True)
class EventApplier:
    """Makes of an event what it says."""

    transitions: PaymentTransitions
    events: PaymentEvents

    def act(self, event: Event, now: datetime) -> Outcome | None:
        """Act on an event once; None says that there is no payment that it means, or not yet.

        What can never be acted on is set aside.

        Raises
        ------
        ContendedError
            The rows changed at every try; the event is kept.
        """
        try:
            notice = notice_of(event)
            return self._settled(event, notice, now) if notice else None
        except NotUnderstoodError as error:
            return self.set_aside(event, Outcome.NOT_UNDERSTOOD, str(error))
        except NotOursError as error:
            return self.set_aside(event, Outcome.NOT_OURS, str(error))

    def _settled(self, event: Event, notice: Notice, now: datetime) -> Outcome | None:

        def attempt() -> Outcome | None:
            payment = self._meant(notice)
            if payment is None or (event.provider == payment.provider and notice.is_ahead_of(payment)):
                return None
            _refuse_others(event, notice, payment)
            try:
                return self._apply(event, notice, payment, now)
            except ConditionFailed as failed:
                if done := _outcome_meanwhile(event, failed):
                    return done
                raise

        return retry(attempt)

    def set_aside(self, event: Event, outcome: Outcome | None, cause: str) -> Outcome | None:
        """Give an event up, for somebody to see why."""
        raise_alarm(Alarm.EVENT_UNMATCHED, event=event.id, payment=event.payment_id, cause=cause)
        self.events.give_up(event, outcome, cause)
        return outcome

    def _meant(self, notice: Notice) -> Payment | None:
        """Find the payment that a notice names; only where it names none, the one that its money is known to be of."""
        if notice.payment_id:
            return self.transitions.payments.find(notice.payment_id)
        return self.transitions.payments.of_reference(notice.reference) if notice.reference else None

    def _apply(self, event: Event, notice: Notice, payment: Payment, now: datetime) -> Outcome:
        owner, facts = self.transitions.people.find(payment.owner), told(payment, notice)
        gone = left(owner)
        if facts == payment.facts:
            outcome = _outcome(payment, notice, Outcome.NOTHING_NEW)
            transact(self.events.client, [self.events.handled(event, payment.id, outcome, forget=gone)])
            return outcome
        after = judged(payment, facts, now, owner_left=gone, balance_full=not has_room(owner, payment))
        for alarm in alarms(payment, after, notice):
            raise_alarm(alarm, payment=payment.id, event=event.id, reason=after.review)
        gained = Outcome.NOTHING_NEW if is_surplus(payment, after, notice) else Outcome.APPLIED
        outcome = _outcome(after, notice, gained)
        handled = self.events.handled(event, payment.id, outcome, forget=gone)
        self.transitions.move(payment, after, owner, _record(event, after), handled)
        return outcome


def _refuse_others(event: Event, notice: Notice, payment: Payment) -> None:
    """Refuse what names a payment that it is not of, though it is signed: raises NotOursError."""
    if event.provider != payment.provider:
        raise NotOursError("it names a payment at another provider")
    if not notice.is_of(payment):
        raise NotOursError("it is of another Checkout Session than the payment's")
    if notice.is_of_other_money(payment):
        raise NotOursError("it goes back on another amount than was paid")


def _outcome(payment: Payment, notice: Notice, otherwise: Outcome) -> Outcome:
    return Outcome.WRONG_AMOUNT if notice.is_wrong_for(payment) else otherwise


def _outcome_meanwhile(event: Event, failed: ConditionFailed) -> Outcome | None:
    """Return what came of an event that somebody else acted on in the same moment."""
    for row in failed.refused.values():
        if row.get("id") == event.id:
            return Event.from_item(row).again
    return None


def _record(event: Event, after: Payment) -> AuditRecord:
    return AuditRecord(
        act=Act.PAYMENT_MOVED,
        key=f"{after.id}#{after.version}",
        actor=event.provider,
        subject=after.owner,
        at=after.updated_at,
        details={"paymentId": after.id, "event": event.id},
        source_ip=event.source_ip,
    )
