"""Every minute: events of payments that nobody could act on yet, and payments whose time has passed."""

from dataclasses import asdict
from typing import Any

from resolvers.timers.report import report
from studio import settings
from studio.audit.table import AuditTrail
from studio.clock import now
from studio.orders.goods_registry import goods_of
from studio.payments.apply_event import EventApplier
from studio.payments.events import PaymentEvents
from studio.payments.providers.registry import PROVIDERS
from studio.payments.reconcile import PaymentsReconciler
from studio.payments.table import Payments
from studio.payments.transitions import PaymentTransitions
from studio.people.table import People

config = settings.read(settings.PaymentsReconciler)
_payments = Payments(config.payments_table)
_events = PaymentEvents(config.payment_events_table)
_transitions = PaymentTransitions(
    _payments, People(config.people_table), AuditTrail(config.audit_table), goods_of(config)
)
_queries = {name: query for name, provider in PROVIDERS.items() if (query := provider.status_query(config))}
_reconciler = PaymentsReconciler(_payments, _events, EventApplier(_transitions, _events), _queries)


def handler(_event: dict[str, Any], _context: Any) -> dict[str, int]:
    """Count once and say what was done."""
    return report(asdict(_reconciler.reconcile(now())))
