"""Fulfilment, as both functions that bring orders on have it: at once by the table's stream, and by the clock."""

from studio.albums.render import RenderTimes
from studio.audit.table import AuditTrail
from studio.jobs.table import Jobs
from studio.orders.fulfil import Fulfilment
from studio.orders.render import OrderRenderer
from studio.orders.settlement import OrderSettlement
from studio.orders.table import OrderDocuments, Orders
from studio.payments.refund import RefundRequester
from studio.payments.table import Payments
from studio.printing.table import PrintOrders
from studio.settings import orders as settings


def fulfilment(config: settings.Fulfilling) -> Fulfilment:
    """Return the use case on a stage's tables."""
    times = RenderTimes(config.job_ttl_days, config.deadline_seconds, config.lease_seconds)
    return Fulfilment(
        Orders(config.orders_table),
        OrderRenderer(Jobs(config.jobs_table), OrderDocuments(config.order_documents_table), times),
        PrintOrders(config.print_orders_table),
        OrderSettlement(RefundRequester(Payments(config.payments_table), AuditTrail(config.audit_table))),
    )
