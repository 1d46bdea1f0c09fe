"""Where orders at the printer are kept: the PrintOrders table."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import datetime, timedelta

from studio.clock import millis
from studio.dynamo import ConditionFailed, Item, Table, Write, update
from studio.paging import due
from studio.printing.item import progress_to_item, submission_from_item, submission_to_item
from studio.printing.submission import Submission
from studio.printing.withdrawal import OPEN

# How long one question keeps off the next, whatever the printer's callbacks say.
QUIET = timedelta(seconds=5)

_LATER = "attribute_exists(#printerId) AND (attribute_not_exists(#due) OR #due > :due)"
_NOT_JUST_ASKED = f"{_LATER} AND (attribute_not_exists(#askedAt) OR #askedAt <= :quiet)"


class PrintOrders(Table):
    """The PrintOrders table."""

    def new(self, submission: Submission) -> Write:
        """Describe a new order, which the table's stream has submitted."""
        return self.put(submission_to_item(submission), new="id")

    def find(self, id_: str) -> Submission | None:
        """Return an order.

        Raises
        ------
        UnreadableError
        """
        row = self.get({"id": id_})
        return submission_from_item(row) if row else None

    def step(self, before: Submission, after: Submission) -> Submission:
        """Write an order that was changed, and return it as it stands.

        Raises
        ------
        ConditionFailed
            Somebody else changed it, or wants it asked for, since it was read.
        """
        row = progress_to_item(replace(after, version=before.version + 1))
        change = update(
            {"id": before.id},
            condition="#version = :seen",
            values={"seen": before.version},
            set=row,
            remove=[name for name, value in row.items() if value is None],
        )
        return submission_from_item(self.apply(change))

    def due(self, now: datetime) -> Iterator[list[Item]]:
        """Yield, in batches, the rows of orders that the printer is to be asked for."""
        return due(self, OPEN, now)

    def by_printer_id(self, printer_id: str) -> str | None:
        """Return the id of the order that the printer calls so."""
        found = self.query("#printerId = :id", {"id": printer_id}, index="byPrinterId", limit=1)
        return found.rows[0]["id"] if found.rows else None

    def look_again(self, id_: str, now: datetime) -> bool:
        """Have the printer asked for an order it has, and tell whether that is new.

        At once; or, where it was just asked, in a moment: however many want it, that is one question more.
        """
        quiet = {"quiet": millis(now - QUIET)}
        return self._wake(id_, now, _NOT_JUST_ASKED, quiet) or self._wake(id_, now + QUIET, _LATER, {})

    def _wake(self, id_: str, at: datetime, condition: str, values: Mapping[str, int]) -> bool:
        """Make an order due, and let whoever is asking meanwhile see that it was."""
        values = {"due": millis(at), **values}
        change = {"due": millis(at), "open": OPEN}
        try:
            self.apply(update({"id": id_}, condition=condition, values=values, set=change, add={"version": 1}))
        except ConditionFailed:
            return False
        return True
