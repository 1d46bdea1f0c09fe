"""Where point movements are kept: an append-only ledger, one line a movement."""

from studio.dynamo import Item, Page, Table, Write
from studio.points.model import Entry


class Ledger(Table):
    """The Ledger table: an owner's lines by id, and by time in its local index."""

    def append(self, entry: Entry) -> Write:
        """Describe the new line; refused where the same thing already moved points."""
        return self.put(entry.item(), new="entry")

    def page(self, owner: str, limit: int, start: Item | None) -> Page:
        """Return an owner's lines, newest first, as of now."""
        return self.query(
            "#owner = :owner", {"owner": owner}, index="byTime", limit=limit, start=start, consistent=True
        )
