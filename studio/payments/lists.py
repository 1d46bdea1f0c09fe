"""Payments and their events as they are looked at: by their owner, and by administrators."""

from collections.abc import Callable
from dataclasses import dataclass
from operator import itemgetter

from studio import ids
from studio.dynamo import Item, Page
from studio.pages import checked_limit, decode, encode
from studio.payments.events import PaymentEvents
from studio.payments.item import event_from_item, payment_from_item
from studio.payments.model import Event, Payment, PaymentStatus
from studio.payments.table import Payments
from studio.people.model import Caller
from studio.sweeping import readable

Read = Callable[[int, Item | None], Page]


@dataclass(frozen=True)
class PaymentLists:
    """Finds payments. Somebody else's is None, like one that does not exist."""

    payments: Payments
    events: PaymentEvents

    def visible(self, caller: Caller, id_: str) -> Payment | None:
        """Find a payment the caller may look at: their own, or any for an administrator."""
        row = self.payments.get({"id": ids.checked(id_)})
        return payment_from_item(row) if row and (caller.is_admin or row.get("owner") == caller.sub) else None

    def own(self, caller: Caller, limit: int | None, token: str | None) -> tuple[list[Payment], str | None]:
        """Return one page of the caller's payments and the token of the next."""
        return self._payments(
            f"payments {caller.sub}", lambda n, start: self.payments.of_owner(caller.sub, n, start), limit, token
        )

    def by_status(
        self, status: PaymentStatus, limit: int | None, token: str | None
    ) -> tuple[list[Payment], str | None]:
        return self._payments(
            f"paymentsByStatus {status}", lambda n, start: self.payments.of_status(status, n, start), limit, token
        )

    def events_of(self, payment_id: str | None, limit: int | None, token: str | None) -> tuple[list[Event], str | None]:
        """Return one page of the events of a payment, or of those that name none of ours."""
        if payment_id is None:
            rows, next_ = _page("unmatched", self.events.unmatched, limit, token)
        else:
            id_ = ids.checked(payment_id)
            name = f"paymentEvents {id_}"
            rows, next_ = _page(name, lambda n, start: self.events.of_payment(id_, n, start), limit, token)
        return readable(rows, event_from_item, what="event to read", name=itemgetter("id")), next_

    def _payments(
        self, name: str, read: Read, limit: int | None, token: str | None
    ) -> tuple[list[Payment], str | None]:
        rows, next_ = _page(name, read, limit, token)
        return self.payments.find_many([row["id"] for row in rows]), next_


def _page(name: str, read: Read, limit: int | None, token: str | None) -> tuple[list[Item], str | None]:
    page = read(checked_limit(limit), decode(name, token))
    return page.rows, encode(name, page.last)
