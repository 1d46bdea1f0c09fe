"""The safety net of payments: events that nobody could act on yet, and payments whose time has passed."""

import logging
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from urllib.parse import urlencode

from studio.alarms import Alarm, raise_alarm
from studio.clock import iso, parse
from studio.dynamo import ConditionFailed
from studio.payments.events import PATIENCE, Event, PaymentEvents
from studio.payments.model import Payment, PaymentProvider
from studio.payments.rules import judged
from studio.payments.settle import Settlement
from studio.payments.table import Payments
from studio.payments.vnpay import Parameters, digest
from studio.payments.vnpay_query import UnansweredError

# So long after its time a payment waits for an answer of VNPAY, and so many may be without one in a row: each may take
# a quarter of a minute, of which a count has one.
ASKED_FOR = timedelta(days=1)
MOST_UNANSWERED = 3

Ask = Callable[[Payment, datetime], Parameters | None]

_log = logging.getLogger(__name__)


@dataclass
class Counted:
    """How many events were handled, put off and given up, how many payments expired, and what could not be helped.

    Payments are `learned` of and `unanswered` that VNPAY was asked about, and told the end of or did not.
    """

    handled: int = 0
    put_off: int = 0
    given_up: int = 0
    expired: int = 0
    learned: int = 0
    unanswered: int = 0
    errors: int = 0


@dataclass(frozen=True)
class Cashier:
    """Finishes what a crash, an event that came too early, or one that never came, left behind; `ask` asks VNPAY."""

    payments: Payments
    events: PaymentEvents
    settlement: Settlement
    ask: Ask

    def count(self, now: datetime) -> Counted:
        """Look at everything that is due. What cannot be helped stays due and keeps nothing else from its turn."""
        done = Counted()
        for events in self.events.due(now):
            for event in events:
                self._act(event, now, done)
        for payments in self.payments.due(now):
            for payment in payments:
                self._close(payment, now, done)
        return done

    def _act(self, event: Event, now: datetime, done: Counted) -> None:
        try:
            if self.settlement.act(event, now):
                done.handled += 1
                return
        except Exception:  # noqa: BLE001 - logged; the event waits for another try
            _log.exception("event %s could not be acted on", event.id)
            done.errors += 1
        try:
            self._leave(event, now, done)
        except Exception:  # noqa: BLE001 - logged; the event stays due
            _log.exception("event %s could not be put off", event.id)
            done.errors += 1

    def _leave(self, event: Event, now: datetime, done: Counted) -> None:
        """Put an event off, though not for ever."""
        if now - parse(event.at) >= PATIENCE:
            raise_alarm(Alarm.EVENT_UNMATCHED, event=event.id, payment=event.payment_id)
            self.events.give_up(event)
            done.given_up += 1
        else:
            self.events.put_off(event, now)
            done.put_off += 1

    def _close(self, payment: Payment, now: datetime, done: Counted) -> None:
        """End a payment whose time has passed, as VNPAY says it ended, or unpaid."""
        if not payment.is_to_be_paid:
            return  # the index is a moment behind
        asks = payment.provider == PaymentProvider.VNPAY and now - parse(payment.expires_at) < ASKED_FOR
        if asks and done.unanswered >= MOST_UNANSWERED:
            return
        try:
            told = self.ask(payment, now) if asks else None
            if told:
                self._learn(payment, told, now)
                done.learned += 1
            else:
                self._expire(payment, now)
                done.expired += 1
        except ConditionFailed:
            pass  # the money came in this moment
        except UnansweredError as error:
            _log.warning("VNPAY did not say what became of %s: %s", payment.id, error)
            done.unanswered += 1
        except Exception:  # noqa: BLE001 - logged; the payment stays due
            _log.exception("payment %s could not be closed", payment.id)
            done.errors += 1

    def _learn(self, payment: Payment, told: Parameters, now: datetime) -> None:
        """Keep VNPAY's answer as if it had been a notice, and act on it."""
        event = Event(
            provider=PaymentProvider.VNPAY,
            name=digest(told),
            type=f"querydr {told['vnp_TransactionStatus']}",
            body=urlencode(told),
            at=iso(now),
            payment_id=payment.id,
        )
        self.settlement.act(self.events.keep(event), now)

    def _expire(self, payment: Payment, now: datetime) -> None:
        expired = judged(payment, replace(payment.facts, expired=True), now, owner_left=False)
        self.payments.step(payment, expired)
