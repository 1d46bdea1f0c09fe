"""Acting on an event: one transaction writes the payment, what it buys and the event itself, or nothing."""

from dataclasses import dataclass
from datetime import datetime

from studio import ids
from studio.alarms import Alarm, raise_alarm
from studio.audit.model import Act, AuditRecord
from studio.dynamo import ConditionFailed, transact
from studio.optimistic import retry
from studio.payments import refund_answer
from studio.payments.alarms import alarms, is_surplus
from studio.payments.events import PaymentEvents
from studio.payments.goods import is_here
from studio.payments.item import event_from_item
from studio.payments.model import Event, Outcome, Payment
from studio.payments.notice import Notice, NotUnderstoodError
from studio.payments.providers.registry import PROVIDERS
from studio.payments.rules import add_notice, transition
from studio.payments.transitions import PaymentTransitions


class NotOursError(Exception):
    """What a provider signed is not of the payment that it names; the message says why."""


def notice_of(event: Event) -> Notice | None:
    """Read an event; its signature was checked before it was kept, or it answers us. None where it says nothing to us.

    Raises
    ------
    NotUnderstoodError
        It has not the form that is known of it.
    """
    if event.body is None:
        return None
    return refund_answer.read(event) if refund_answer.is_answer(event) else PROVIDERS[event.provider].read(event.body)


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
            return self._applied(event, notice, now) if notice else None
        except NotUnderstoodError as error:
            return self.set_aside(event, Outcome.NOT_UNDERSTOOD, str(error))
        except NotOursError as error:
            return self.set_aside(event, Outcome.NOT_OURS, str(error))

    def _applied(self, event: Event, notice: Notice, now: datetime) -> Outcome | None:

        def attempt() -> Outcome | None:
            payment = self._payment_of(event, notice)
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

    def _payment_of(self, event: Event, notice: Notice) -> Payment | None:
        """Find the payment that a notice names; only where it names none, the one that its transaction paid."""
        payments = self.transitions.payments
        paid = payments.paid_by(event.provider, notice.reference) if notice.reference else None
        named = notice.payment_id or paid
        if paid not in (None, named):
            raise NotOursError("its transaction paid another payment")
        return payments.find(named) if named and ids.is_id(named) else None

    def _apply(self, event: Event, notice: Notice, payment: Payment, now: datetime) -> Outcome:
        owner, facts = self.transitions.people.find(payment.owner), add_notice(payment, notice)
        gone = not is_here(owner)
        claims = [self.transitions.payments.claim(payment, name) for name in notice.claims]
        if facts == payment.facts:
            outcome = _outcome(payment, notice, Outcome.NOTHING_NEW)
            transact(self.events.client, [self.events.handled(event, payment.id, outcome, forget=gone), *claims])
            return outcome
        reason = self.transitions.goods_of(payment).review_reason(payment, facts, owner)
        after = transition(payment, facts, now, reason)
        for alarm in alarms(payment, after, notice):
            raise_alarm(alarm, payment=payment.id, event=event.id, reason=after.review)
        outcome = _outcome(after, notice, _gained(payment, after, notice))
        handled = self.events.handled(event, payment.id, outcome, forget=gone)
        self.transitions.move(payment, after, owner, _record(event, after), handled, *claims)
        return outcome


def _refuse_others(event: Event, notice: Notice, payment: Payment) -> None:
    """Refuse what names a payment that it is not of, though it is signed: raises NotOursError."""
    if event.provider != payment.provider:
        raise NotOursError("it names a payment at another provider")
    if not notice.is_of(payment):
        raise NotOursError("it is of another Checkout Session than the payment's")
    if notice.is_of_other_money(payment):
        raise NotOursError("it goes back on another amount than was paid")


def _gained(before: Payment, after: Payment, notice: Notice) -> Outcome:
    """Say whether money brought something: the right amount ends a REVIEW, even beside a wrong one that came before."""
    in_vain = is_surplus(before, after, notice) and after.status == before.status
    return Outcome.NOTHING_NEW if in_vain else Outcome.APPLIED


def _outcome(payment: Payment, notice: Notice, otherwise: Outcome) -> Outcome:
    return Outcome.WRONG_AMOUNT if notice.is_wrong_for(payment) else otherwise


def _outcome_meanwhile(event: Event, failed: ConditionFailed) -> Outcome | None:
    """Return what came of an event that somebody else acted on in the same moment."""
    for row in failed.refused.values():
        if row.get("id") == event.id:
            return event_from_item(row).again
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
