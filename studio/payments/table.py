"""Where payments are kept: the Payments table and its lists.

Beside them it holds a row for each transaction at a provider, which says which payment that one paid: it has no other
attributes, so that no index lists it.
"""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from operator import itemgetter

from studio import rows
from studio.clock import millis, parse
from studio.dynamo import ConditionFailed, Item, Page, Table, Update, Write, update
from studio.paging import due, index_pages, rows_of
from studio.payments.item import payment_from_item, payment_to_item
from studio.payments.model import Awaits, Payment, PaymentProvider, PaymentStatus
from studio.rows import Row
from studio.sweeping import pause, readable, tries_of

OPEN = "open"  # the one value of the sparse index's partition key: present while it awaits something
_TURN = ("open", "due", "tries")

# A notice may be under way when the provider stops taking money.
GRACE = timedelta(minutes=10)
# A refund is asked for at once, then after growing pauses: the first outlasts whoever asks. How it ends takes days.
_PAUSES = {
    Awaits.REFUND: (timedelta(minutes=1), timedelta(hours=1)),
    Awaits.REFUND_END: (timedelta(minutes=10), timedelta(hours=12)),
}


class Payments(Table):
    """The Payments table."""

    def new(self, payment: Payment) -> Write:
        waits = {"open": OPEN, "due": millis(parse(payment.expires_at) + GRACE)}
        return self.put({**payment_to_item(payment), **waits}, new="id")

    def find(self, id_: str) -> Payment | None:
        item = self.get({"id": id_})
        return payment_from_item(item) if item else None

    def find_many(self, ids: Sequence[str]) -> list[Payment]:
        """Return the payments that exist and can be read, in the order of their ids."""
        return readable(rows_of(self, ids), payment_from_item, what="payment to read", name=itemgetter("id"))

    def paid_by(self, provider: PaymentProvider, reference: str) -> str | None:
        """Return the id of the payment that a transaction paid, by the provider's own name of it."""
        row = self.get({"id": _transaction(provider, reference)})
        return Row(row).get("paymentId", rows.text) if row else None

    def claim(self, payment: Payment, reference: str) -> Write:
        """Describe that a transaction paid this payment; refused where it paid another one."""
        return self.change(
            update(
                {"id": _transaction(payment.provider, reference)},
                condition="attribute_not_exists(#paymentId) OR #paymentId = :payment",
                values={"payment": payment.id},
                set={"paymentId": payment.id},
            )
        )

    def change_to(self, before: Payment, after: Payment) -> Update:
        """Describe writing a payment that was changed; refused where it is no longer as it was read."""
        row = payment_to_item(after)
        gone = [name for name, value in row.items() if value is None]
        turn = _first_turn(after) if before.awaits != after.awaits else {}
        return update(
            {"id": before.id},
            condition="#version = :seen",
            values={"seen": before.version},
            set={**{name: value for name, value in row.items() if name != "id"}, **turn},
            remove=gone if after.awaits else [*gone, *_TURN],
        )

    def take_turn(self, row: Item, awaits: Awaits, now: datetime) -> bool:
        """Put off what is about to be asked of a provider, so that nobody else asks meanwhile.

        False where somebody does already, or the payment has changed. The row's `tries` then say that it may have been
        asked, whatever becomes of whoever took the turn.
        """
        tries = tries_of(row) + 1
        seen = {"due": row["due"], "version": row["version"]}
        try:
            self.apply(
                update(
                    {"id": row["id"]},
                    condition="#due = :due AND #version = :version",
                    values=seen,
                    set={"due": millis(now + pause(tries, *_PAUSES[awaits])), "tries": tries},
                )
            )
        except ConditionFailed:
            return False
        return True

    def step(self, before: Payment, after: Payment) -> Payment:
        """Write a change that moves no points.

        Raises
        ------
        ConditionFailed
            Somebody else changed the payment first.
        """
        return payment_from_item(self.apply(self.change_to(before, after)))

    def ids_of(self, owner: str) -> list[str]:
        """Return the ids of all payments of one owner."""
        batches = index_pages(self, "#owner = :owner", {"owner": owner}, "byOwner")
        return [row["id"] for rows in batches for row in rows]

    def of_owner(self, owner: str, limit: int, start: Item | None) -> Page:
        return self.query("#owner = :owner", {"owner": owner}, index="byOwner", limit=limit, start=start)

    def of_status(self, status: PaymentStatus, limit: int, start: Item | None) -> Page:
        return self.query("#status = :status", {"status": status}, index="byStatus", limit=limit, start=start)

    def due(self, now: datetime) -> Iterator[list[Item]]:
        """Yield, in batches, the rows of the payments whose time to be looked at has come."""
        return due(self, OPEN, now)


def _first_turn(payment: Payment) -> dict[str, str | int]:
    """Return when what a payment awaits now is looked at first; its time to pay is set when it begins."""
    match payment.awaits:
        case Awaits.REFUND:
            due = parse(payment.updated_at)
        case Awaits.REFUND_END:
            due = parse(payment.updated_at) + _PAUSES[Awaits.REFUND_END][0]
        case _:
            return {}
    return {"open": OPEN, "due": millis(due), "tries": 0}


def _transaction(provider: PaymentProvider, reference: str) -> str:
    """Return the key of a transaction's row, which is no id of a payment."""
    return f"{provider}#{reference}"
