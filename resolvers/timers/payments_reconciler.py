"""Every minute: events of payments that nobody could act on yet, and payments whose time has passed."""

from dataclasses import asdict
from typing import Any

import urllib3

from resolvers.timers.report import report
from studio import settings
from studio.audit.table import AuditTrail
from studio.clock import now
from studio.ledger.table import Ledger
from studio.payments.apply_event import EventApplier, PaymentTransitions
from studio.payments.events import PaymentEvents
from studio.payments.reconcile import PaymentsReconciler
from studio.payments.table import Payments
from studio.payments.vnpay_query import VnpayQuery
from studio.people.table import People
from studio.secrets import Secret

config = settings.read(settings.PaymentsReconciler)
_payments = Payments(config.payments_table)
_events = PaymentEvents(config.payment_events_table)
_till = PaymentTransitions(
    _payments, People(config.people_table), Ledger(config.ledger_table), AuditTrail(config.audit_table)
)
_query = VnpayQuery(Secret(config.vnpay_secret), config.vnpay_query_url, urllib3.PoolManager())
_cashier = PaymentsReconciler(_payments, _events, EventApplier(_till, _events), _query.ask)


def handler(_event: dict[str, Any], _context: Any) -> dict[str, int]:
    """Count once and say what was done."""
    return report(asdict(_cashier.count(now())))
