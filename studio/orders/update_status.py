"""How an administrator ends an order."""

from dataclasses import dataclass
from datetime import datetime

from studio import ids
from studio.audit.model import Act, AuditRecord
from studio.audit.note import checked_note
from studio.audit.table import AuditTrail
from studio.dynamo import ConditionFailed, Write, transact
from studio.errors import ErrorType, StudioError
from studio.optimistic import retry
from studio.orders import transitions
from studio.orders.model import Order, OrderFailure, OrderStatus
from studio.orders.settlement import OrderSettlement
from studio.orders.table import Orders
from studio.orders.transitions import NotPossibleError
from studio.people.guard import refuse_acting
from studio.people.model import Caller
from studio.people.table import People
from studio.printing.withdrawal import Withdrawals


@dataclass(frozen=True)
class OrderStatusUpdater:
    """Ends orders. Only money makes one PROCESSING."""

    orders: Orders
    settlement: OrderSettlement
    people: People
    audit: AuditTrail
    withdrawals: Withdrawals

    def update(self, admin: Caller, id_: str, status: OrderStatus, note: str | None, now: datetime) -> Order | None:
        """End an order, and see to its money; its customer reads the note. None where there is no such order.

        Raises
        ------
        StudioError
            ID_MALFORMED, NOTE_MALFORMED, USER_IS_SELF, ORDER_STATUS_NOT_POSSIBLE.
        """
        ids.checked(id_)
        note = checked_note(note) if note is not None else None

        def attempt() -> Order | None:
            order = self.orders.find(id_)
            if order is None:
                return None
            after = _after(admin, order, status, note, now)
            try:
                self._write(admin, order, after, now)
            except ConditionFailed as failed:
                refuse_acting(failed, admin)
                raise
            return after

        return retry(attempt)

    def _write(self, admin: Caller, before: Order, after: Order, now: datetime) -> None:
        writes = [
            self.orders.change(self.orders.change_to(before, after)),
            self.people.acting(admin),
            self.audit.append(_record(admin, before, after)),
            *self.settlement.writes(after, now),
            *self._withdrawal(after, now),
        ]
        transact(self.orders.client, writes)

    def _withdrawal(self, order: Order, now: datetime) -> list[Write]:
        """Describe that nothing is to be printed, unless what is printed is to be the customer's."""
        return [self.withdrawals.withdraw(order.id, now)] if order.printed and order.failure else []


def _after(admin: Caller, order: Order, status: OrderStatus, note: str | None, now: datetime) -> Order:
    if order.customer == admin.sub:
        raise StudioError(ErrorType.USER_IS_SELF, "Another administrator has to decide about your own order.")
    try:
        return _ended(order, status, note, now)
    except NotPossibleError as error:
        message = f"This order is {order.status.words}: it cannot be set to {status.words}, as {error}."
        raise StudioError(ErrorType.ORDER_STATUS_NOT_POSSIBLE, message) from None


def _ended(order: Order, status: OrderStatus, note: str | None, now: datetime) -> Order:
    match status:
        case OrderStatus.COMPLETED if transitions.is_delivered(order):
            return transitions.completed(order, now, note)
        case OrderStatus.COMPLETED:
            raise NotPossibleError("what was ordered is not delivered")  # and its money would be kept
        case OrderStatus.FAILED:
            return transitions.failed(order, OrderFailure.ENDED_BY_ADMIN, now, note)
        case OrderStatus.CANCELED:
            return transitions.canceled(order, OrderFailure.ENDED_BY_ADMIN, now, note)
        case _:
            raise NotPossibleError("that is no end")


def _record(admin: Caller, before: Order, after: Order) -> AuditRecord:
    details = {"orderId": after.id, "status": [before.status, after.status]}
    return AuditRecord(
        act=Act.ORDER_STATUS_SET,
        key=f"{after.id}#{after.version}",
        actor=admin.sub,
        subject=after.customer,
        at=after.updated_at,
        details={**details, **({"note": after.note} if after.note else {})},
        source_ip=admin.ip,
    )
