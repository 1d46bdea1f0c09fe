"""Every minute: orders that nobody paid in time, and those whose fulfilment was cut off."""

from dataclasses import asdict
from typing import Any

from resolvers.fulfilment import fulfilment
from resolvers.timers.report import report
from studio.clock import now
from studio.orders.reconcile import OrdersReconciler
from studio.orders.table import Orders
from studio.settings import orders as settings
from studio.settings.environment import read_settings

config = read_settings(settings.OrdersReconciler)
_reconciler = OrdersReconciler(Orders(config.orders_table), fulfilment(config).advance)


def handler(_event: dict[str, Any], _context: Any) -> dict[str, int]:
    """Look once and say what was done."""
    return report(asdict(_reconciler.reconcile(now())))
