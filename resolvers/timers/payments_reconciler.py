"""Every minute: events of payments that nobody could act on yet, payments whose time has passed, money to send back.

A call with a payment's id asks for its refund at once.
"""

from dataclasses import asdict
from typing import Any

from aws_lambda_powertools.logging import Logger

from resolvers.timers.report import report
from studio.audit.table import AuditTrail
from studio.clock import now
from studio.orders.goods_registry import goods_of
from studio.payments.apply_event import EventApplier
from studio.payments.events import PaymentEvents
from studio.payments.providers.protocol import UnansweredError
from studio.payments.providers.registry import PROVIDERS
from studio.payments.reconcile import PaymentsReconciler
from studio.payments.refund_calls import RefundCaller
from studio.payments.table import Payments
from studio.payments.transitions import PaymentTransitions
from studio.people.table import People
from studio.settings import payments as settings
from studio.settings.environment import read_settings

config = read_settings(settings.PaymentsReconciler)
_payments = Payments(config.payments_table)
_events = PaymentEvents(config.payment_events_table)
_transitions = PaymentTransitions(
    _payments, People(config.people_table), AuditTrail(config.audit_table), goods_of(config)
)
_queries = {name: query for name, provider in PROVIDERS.items() if (query := provider.status_query(config))}
_refunds = {name: refunds for name, provider in PROVIDERS.items() if (refunds := provider.refunds(config))}
_event_applier = EventApplier(_transitions, _events)
_refund_caller = RefundCaller(_payments, _events, _event_applier, _refunds)
_reconciler = PaymentsReconciler(_payments, _events, _event_applier, _queries, _refund_caller)
log = Logger()


def handler(event: dict[str, Any], _context: Any) -> dict[str, int]:
    """Count once and say what was done."""
    if payment_id := event.get("payment"):
        return {"refunding": _refund(payment_id)}
    return report(asdict(_reconciler.reconcile(now())))


def _refund(payment_id: str) -> int:
    """Ask for one payment's refund; what gets no answer now is asked for again by the clock."""
    try:
        return int(_refund_caller.one(payment_id, now()))
    except UnansweredError as error:
        log.warning("no answer to a refund", extra={"payment": payment_id, "cause": str(error)})
        return 0
