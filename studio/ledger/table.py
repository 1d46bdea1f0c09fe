"""Where point movements are kept: an append-only ledger, one line a movement."""

from collections.abc import Iterable
from operator import itemgetter

from studio.dynamo import Item, Page, Table, Write
from studio.ledger.item import entry_from_item, entry_to_item
from studio.ledger.model import Charge, Entry, PointsReason, entry_id
from studio.sweeping import readable


def read_lines(items: Iterable[Item]) -> list[Entry]:
    """Read lines, but for those that cannot be read: what they moved is then missing, which a check finds."""
    return readable(items, entry_from_item, what="ledger line to read", name=itemgetter("entry"))


class Ledger(Table):
    """The Ledger table: an owner's lines by id, and by time in its local index."""

    def append(self, entry: Entry) -> Write:
        """Describe the new line; refused where the same thing already moved points."""
        return self.put(entry_to_item(entry), new="entry")

    def charged(self, owner: str, job_id: str, points: int, day: str) -> Write:
        """Describe a check, for a transaction, that a job took so many points of its owner on a day."""
        key = {"owner": owner, "entry": entry_id(PointsReason.CHARGE, job_id)}
        return self.check(key, "#points = :points AND begins_with(#at, :day)", {"points": -points, "day": day})

    def charge_of(self, owner: str, job_id: str) -> Charge | None:
        """Return the points that a job took.

        Raises
        ------
        UnreadableError
        """
        item = self.get({"owner": owner, "entry": entry_id(PointsReason.CHARGE, job_id)})
        line = entry_from_item(item) if item else None
        return Charge(-line.points, 0, line.at[:10]) if line else None

    def page(self, owner: str, limit: int, start: Item | None) -> Page:
        """Return an owner's lines, newest first, as of now."""
        return self.query(
            "#owner = :owner", {"owner": owner}, index="byTime", limit=limit, start=start, consistent=True
        )
