"""What happens to the money of an order that ends without what was ordered: the table in docs/orders.md."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from studio.alarms import Alarm, raise_alarm
from studio.audit.model import Act, AuditRecord
from studio.dynamo import Write
from studio.errors import UnreadableError
from studio.orders.model import Order, OrderFailure, OrderStepKind
from studio.payments.model import Payment, ReviewReason
from studio.payments.refund import RefundRequester
from studio.payments.rules import transition

# Who asks, in the audit trail.
ACTOR = "orders"


class Settlement(StrEnum):
    """What becomes of an order's money: nothing came or it has gone back, it is sent back, or somebody decides."""

    NOTHING = "NOTHING"
    REFUND = "REFUND"
    REVIEW = "REVIEW"


def settlement_of(order: Order, failure: OrderFailure) -> Settlement:
    """Return what is done about the money of an order that ends for this reason, as its steps stand at the end.

    What may have been printed is not taken back, so that somebody has to look.
    """
    if order.payment is None or failure == OrderFailure.MONEY_WENT_BACK:
        return Settlement.NOTHING
    if failure == OrderFailure.PRINTER_REFUSED or not order.printed:
        return Settlement.REFUND
    if failure == OrderFailure.PRINTER_CANCELED and not order.has(OrderStepKind.IN_PRODUCTION):
        return Settlement.REFUND
    return Settlement.REVIEW


@dataclass(frozen=True)
class OrderSettlement:
    """Settles orders' money, each within the transaction that ends the order."""

    refunds: RefundRequester

    def writes(self, order: Order, now: datetime) -> list[Write]:
        """Describe what is done about the money of an order as it ends; refused where its payment changes meanwhile."""
        if order.failure is None or order.payment is None:
            return []
        match settlement_of(order, order.failure):
            case Settlement.REFUND:
                return self.refunds.writes(self._payment(order.payment), _reason(order), ACTOR, now, disputed=True)
            case Settlement.REVIEW:
                return self._review(order, self._payment(order.payment), now)
            case Settlement.NOTHING:
                return []

    def _payment(self, id_: str) -> Payment:
        payment = self.refunds.payments.find(id_)
        if payment is None:
            raise UnreadableError("payment")
        return payment

    def _review(self, order: Order, payment: Payment, now: datetime) -> list[Write]:
        """Describe leaving a payment to an administrator; one that is not paid any more stays as it is."""
        after = transition(payment, payment.facts, now, ReviewReason.ORDER_ENDED)
        if after.status == payment.status:
            return []
        raise_alarm(Alarm.PAYMENT_IN_REVIEW, payment=payment.id, order=order.id, reason=after.review)
        record = AuditRecord(
            act=Act.PAYMENT_MOVED,
            key=f"{after.id}#{after.version}",
            actor=ACTOR,
            subject=after.owner,
            at=after.updated_at,
            details={"paymentId": after.id, "order": order.id, "status": [payment.status, after.status]},
        )
        payments = self.refunds.payments
        return [payments.change(payments.change_to(payment, after)), self.refunds.audit.append(record)]


def _reason(order: Order) -> str:
    return f"order {order.id}: {order.failure}"
