"""A change of a payment: one transaction writes the payment, what it buys, and the audit record, or nothing."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from studio.audit.model import AuditRecord
from studio.audit.table import AuditTrail
from studio.dynamo import Write, transact
from studio.payments.goods import Delivery, Goods
from studio.payments.model import Payment
from studio.payments.table import Payments
from studio.people.model import Person
from studio.people.table import People


@dataclass(frozen=True)
class PaymentTransitions:
    """Where a payment and what it buys move together."""

    payments: Payments
    people: People
    audit: AuditTrail
    goods: Mapping[str, Goods]

    def move(self, before: Payment, after: Payment, owner: Person | None, record: AuditRecord, *beside: Write) -> None:
        """Change a payment, and deliver or take back what it buys as it is worth now, in one transaction.

        Raises
        ------
        ConditionFailed
            A row is no longer as it was read.
        """
        delivery = self.goods_of(after).deliver(before, after, owner)
        writes = [
            self.payments.change(self.payments.change_to(before, delivery.payment)),
            self.audit.append(_with_delivery(record, before, delivery)),
            *delivery.writes,
            *beside,
        ]
        transact(self.payments.client, writes)

    def goods_of(self, payment: Payment) -> Goods:
        return self.goods[payment.goods]


def _with_delivery(record: AuditRecord, before: Payment, delivery: Delivery) -> AuditRecord:
    movement = {"status": [before.status, delivery.payment.status], **delivery.details}
    return replace(record, details={**record.details, **movement})
