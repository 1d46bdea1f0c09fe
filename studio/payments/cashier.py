"""The safety net of payments: events that nobody could act on yet, and payments that were never paid."""

import logging
from dataclasses import dataclass, replace
from datetime import datetime

from studio.clock import parse
from studio.dynamo import ConditionFailed
from studio.payments.events import PATIENCE, Event, PaymentEvents
from studio.payments.model import Payment, PaymentStatus
from studio.payments.rules import judged
from studio.payments.settle import Settlement
from studio.payments.table import Payments

_log = logging.getLogger(__name__)


@dataclass
class Counted:
    """How many events were handled, put off and given up, how many payments expired, and what could not be helped."""

    handled: int = 0
    put_off: int = 0
    given_up: int = 0
    expired: int = 0
    errors: int = 0


@dataclass(frozen=True)
class Cashier:
    """Finishes what a crash, or an event that came too early, left behind."""

    payments: Payments
    events: PaymentEvents
    settlement: Settlement

    def count(self, now: datetime) -> Counted:
        """Look at everything that is due. What cannot be helped stays due and keeps nothing else from its turn."""
        done = Counted()
        for events in self.events.due(now):
            for event in events:
                self._act(event, now, done)
        for payments in self.payments.due(now):
            for payment in payments:
                self._expire(payment, now, done)
        return done

    def _act(self, event: Event, now: datetime, done: Counted) -> None:
        try:
            if self.settlement.act(event, now):
                done.handled += 1
            elif now - parse(event.at) >= PATIENCE:
                self.events.give_up(event)
                done.given_up += 1
            else:
                self.events.put_off(event, now)
                done.put_off += 1
        except Exception:  # noqa: BLE001 - logged; the event stays due
            _log.exception("event %s could not be acted on", event.id)
            self.events.put_off(event, now)
            done.errors += 1

    def _expire(self, payment: Payment, now: datetime, done: Counted) -> None:
        if payment.status != PaymentStatus.PENDING:
            return  # the index is a moment behind
        expired = judged(payment, replace(payment.facts, expired=True), now, owner_left=False)
        try:
            self.payments.step(payment, expired)
            done.expired += 1
        except ConditionFailed:
            pass  # the money came in this moment
        except Exception:  # noqa: BLE001 - logged; the payment stays due
            _log.exception("payment %s could not expire", payment.id)
            done.errors += 1
