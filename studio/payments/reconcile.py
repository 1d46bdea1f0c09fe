"""The safety net of payments: events that nobody could act on yet, and payments whose time has passed."""

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import partial

from aws_lambda_powertools.logging import Logger

from studio import rows
from studio.clock import millis, parse
from studio.dynamo import ConditionFailed, Item
from studio.errors import UnreadableError
from studio.payments.apply_event import EventApplier
from studio.payments.events import PATIENCE, PaymentEvents
from studio.payments.item import event_from_item, payment_from_item
from studio.payments.model import Awaits, Event, Outcome, Payment, PaymentProvider
from studio.payments.providers.protocol import StatusQuery, UnansweredError
from studio.payments.refund_calls import RefundCaller
from studio.payments.rules import transition
from studio.payments.table import Payments
from studio.rows import Row
from studio.sweeping import each, put_off

# So long after its time a payment waits for its provider's answer, and so many queries of a run may go unanswered: each
# may take a quarter of the run's minute, and a refund takes two. Those payments are put off: the next run asks for
# others.
ASK_FOR = timedelta(days=1)
MOST_UNANSWERED = 3
_OF_A_REFUND = 2

log = Logger()


@dataclass
class Reconciled:
    """How many events were handled, put off and given up, how many payments expired, and what could not be helped.

    A payment that its provider was asked about is `learned` of, or `unanswered`. A refund that was asked for, or after,
    is `refunding` where its provider answered.
    """

    handled: int = 0
    put_off: int = 0
    given_up: int = 0
    expired: int = 0
    learned: int = 0
    refunding: int = 0
    unanswered: int = 0
    errors: int = 0


@dataclass(frozen=True)
class PaymentsReconciler:
    """Finishes what a crash, an event that came too early, or one that never came, left behind.

    `queries` are those of the providers that can be asked; `refund_caller` asks for what is to go back.
    """

    payments: Payments
    events: PaymentEvents
    event_applier: EventApplier
    queries: Mapping[PaymentProvider, StatusQuery]
    refund_caller: RefundCaller

    def reconcile(self, now: datetime) -> Reconciled:
        """Look at everything that is due. What cannot be helped is put off and keeps nothing else from its turn."""
        done = Reconciled()
        for batch in self.events.due(now):
            act, wait = partial(self._act, now=now, done=done), partial(self._leave_row, now=now, done=done)
            done.errors += len(each(batch, act, what="event", name=_id, put_off=wait))
        for batch in self.payments.due(now):
            act, wait = partial(self._look, now=now, done=done), partial(self._put_off, now=now)
            done.errors += len(each(batch, act, what="payment", name=_id, put_off=wait))
        return done

    def _act(self, row: Item, now: datetime, done: Reconciled) -> None:
        event = event_from_item(row)
        outcome = self.event_applier.act(event, now)
        if outcome in {Outcome.NOT_OURS, Outcome.NOT_UNDERSTOOD}:
            done.given_up += 1
        elif outcome:
            done.handled += 1
        else:
            self._leave(event, now, done)

    def _leave_row(self, row: Item, now: datetime, done: Reconciled) -> None:
        try:
            event = event_from_item(row)
        except UnreadableError:
            put_off(self.events, row, now)
        else:
            self._leave(event, now, done)

    def _leave(self, event: Event, now: datetime, done: Reconciled) -> None:
        """Put an event off, though not for ever."""
        if now - parse(event.at) >= PATIENCE:
            self.event_applier.set_aside(event, None, "no payment of ours is meant, or it could not be acted on")
            done.given_up += 1
        else:
            self.events.put_off(event, now)
            done.put_off += 1

    def _look(self, row: Item, now: datetime, done: Reconciled) -> None:
        payment = payment_from_item(row)
        match payment.awaits:
            case Awaits.PAYER | Awaits.PAGE_END:
                self._end(row, payment, now, done)
            case Awaits.REFUND | Awaits.REFUND_END:
                self._refund(row, payment, now, done)
            case None:
                pass  # the index is a moment behind

    def _refund(self, row: Item, payment: Payment, now: datetime, done: Reconciled) -> None:
        """Ask for a refund, or how it ended; whoever asks puts it off first."""
        if done.unanswered >= MOST_UNANSWERED:
            return
        try:
            done.refunding += self.refund_caller.call(row, now)
        except UnansweredError as error:
            _log_unanswered(payment, error)
            done.unanswered += _OF_A_REFUND

    def _end(self, row: Item, payment: Payment, now: datetime, done: Reconciled) -> None:
        """End a payment whose time has passed, as its provider says it ended; unpaid where that says nothing."""
        query = self.queries.get(payment.provider)
        if query is None or now - parse(payment.expires_at) >= ASK_FOR:
            return self._expire(payment, now, done)
        if done.unanswered >= MOST_UNANSWERED:
            return None
        try:
            event = query.ask(payment, now)
        except UnansweredError as error:
            _log_unanswered(payment, error)
            done.unanswered += 1
            return self._put_off(row, now)
        if event is None:
            return self._expire(payment, now, done)
        self.event_applier.act(self.events.keep(event), now)
        done.learned += 1
        return self._put_off(row, now)  # unless that ended it

    def _expire(self, payment: Payment, now: datetime, done: Reconciled) -> None:
        expired = transition(payment, replace(payment.facts, expired=True), now, None)
        with suppress(ConditionFailed):  # the money came in this moment
            self.payments.step(payment, expired)
            done.expired += 1

    def _put_off(self, row: Item, now: datetime) -> None:
        """Ask for a payment again after a growing pause, at the latest when its time to be asked for is over."""
        latest = None
        with suppress(UnreadableError):
            latest = millis(parse(Row(row).get("expiresAt", rows.time)) + ASK_FOR)
        put_off(self.payments, row, now, latest)


def _log_unanswered(payment: Payment, error: UnansweredError) -> None:
    log.warning("%s did not answer", payment.provider, extra={"payment": payment.id, "cause": str(error)})


def _id(row: Item) -> str:
    return row["id"]
