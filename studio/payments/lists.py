"""Payments and their events as they are looked at: by their owner, and by administrators."""

from dataclasses import dataclass

from studio import ids
from studio.lists import Listed, Source, by_id, listed
from studio.payments.events import PaymentEvents
from studio.payments.item import payment_from_item
from studio.payments.model import Event, Payment, PaymentStatus
from studio.payments.table import Payments
from studio.people.model import Caller

_BY_OWNER, _BY_STATUS = ("id", "owner", "createdAt"), ("id", "status", "createdAt")
_BY_PAYMENT, _BY_DUE = ("id", "paymentId", "at"), ("id", "open", "due")


@dataclass(frozen=True)
class PaymentLists:
    """Finds payments. Somebody else's is None, like one that does not exist."""

    payments: Payments
    events: PaymentEvents

    def visible(self, caller: Caller, id_: str) -> Payment | None:
        """Find a payment the caller may look at: their own, or any for an administrator."""
        row = self.payments.get({"id": ids.checked(id_)})
        return payment_from_item(row) if row and (caller.is_admin or row.get("owner") == caller.sub) else None

    def own(
        self, caller: Caller, status: PaymentStatus | None, limit: int | None, token: str | None
    ) -> Listed[Payment]:
        """Return one page of the caller's payments, of one status or of all, and the token of the next."""
        load = by_id(self.payments.find_many, lambda payment: status in (None, payment.status))
        source = Source(lambda n, start: self.payments.of_owner(caller.sub, n, start), _BY_OWNER, load)
        return listed(f"payments {caller.sub}", source, limit, token)

    def by_status(self, status: PaymentStatus, limit: int | None, token: str | None) -> Listed[Payment]:
        load = by_id(self.payments.find_many)
        source = Source(lambda n, start: self.payments.of_status(status, n, start), _BY_STATUS, load)
        return listed(f"paymentsByStatus {status}", source, limit, token)

    def events_of(self, payment_id: str | None, limit: int | None, token: str | None) -> Listed[Event]:
        """Return one page of the events of a payment, or of those that name none of ours."""
        load = by_id(self.events.find_many)
        if payment_id is None:
            return listed("unmatched", Source(self.events.unmatched, _BY_DUE, load), limit, token)
        id_ = ids.checked(payment_id)
        source = Source(lambda n, start: self.events.of_payment(id_, n, start), _BY_PAYMENT, load)
        return listed(f"paymentEvents {id_}", source, limit, token)
