"""Where audit records are kept: an append-only table, a day's records in order."""

from studio.audit.item import record_to_item
from studio.audit.model import AuditRecord
from studio.dynamo import Item, Page, Table, Write


class AuditTrail(Table):
    """The Audit table. A record is written in the transaction of the act itself: there is no act without one."""

    def append(self, record: AuditRecord) -> Write:
        return self.put(record_to_item(record), new="record")

    def of_day(self, day: str, limit: int, start: Item | None) -> Page:
        return self.query("#day = :day", {"day": day}, limit=limit, start=start, consistent=True)

    def of_subject(self, subject: str, day: str | None, limit: int, start: Item | None) -> Page:
        """Return one page of the keys of what was done to somebody, ever or on a day, newest first."""
        condition, values = "#subject = :subject", {"subject": subject, "day": day}
        on_day = " AND begins_with(#record, :day)" if day else ""
        return self.query(condition + on_day, values, index="bySubject", limit=limit, start=start)
