"""The audit trail in pages, as administrators read it."""

from collections.abc import Sequence
from dataclasses import dataclass
from operator import itemgetter

from studio.audit.item import record_from_item
from studio.audit.model import AuditRecord
from studio.audit.table import AuditTrail
from studio.dynamo import Item
from studio.lists import Listed, Source, listed, parsed

_KEY = ("day", "record")
_LONGEST_SUBJECT = 128  # a person's id, at Cognito; DynamoDB refuses a key of more than 2,048 bytes


@dataclass(frozen=True)
class AuditLists:
    """Reads the audit records."""

    audit: AuditTrail

    def of_day(self, day: str, limit: int | None, token: str | None) -> Listed[AuditRecord]:
        """Return what was done on a day (YYYY-MM-DD, UTC).

        Raises
        ------
        StudioError
            LIMIT_OUT_OF_RANGE, PAGE_TOKEN_INVALID.
        """
        source = Source(lambda n, start: self.audit.of_day(day, n, start), _KEY, _read)
        return listed(f"auditTrail {day}", source, limit, token)

    def of_subject(self, subject: str, day: str | None, limit: int | None, token: str | None) -> Listed[AuditRecord]:
        """Return what was done to somebody, ever or on one day.

        Raises
        ------
        StudioError
            LIMIT_OUT_OF_RANGE, PAGE_TOKEN_INVALID.
        """
        if len(subject) > _LONGEST_SUBJECT:
            return Listed([], None)
        source = Source(
            lambda n, start: self.audit.of_subject(subject, day, n, start), ("subject", *_KEY), self._behind
        )
        return listed(f"auditTrail {subject} {day}", source, limit, token)

    def _behind(self, keys: list[Item]) -> Sequence[AuditRecord | None]:
        """Read the rows behind an index's keys; they are never removed, though the index may be behind."""
        wanted = [{name: key[name] for name in _KEY} for key in keys]
        found = {tuple(row[name] for name in _KEY): row for row in self.audit.get_many(wanted)}
        return _read([found.get((key["day"], key["record"]), key) for key in keys])


_read = parsed(record_from_item, what="audit record to read", name=itemgetter("record"))
