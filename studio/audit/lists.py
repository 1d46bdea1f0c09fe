"""The audit trail in pages, as administrators read it."""

from collections.abc import Mapping
from dataclasses import dataclass
from operator import itemgetter

from studio.audit.item import record_from_item
from studio.audit.model import AuditRecord
from studio.audit.table import AuditTrail
from studio.dynamo import Item
from studio.pages import checked_limit, decode, encode
from studio.sweeping import readable

_LONGEST_SUBJECT = 128  # a person's id, at Cognito; DynamoDB refuses a key of more than 2,048 bytes


@dataclass(frozen=True)
class AuditPage:
    """One page of records, newest first, and the token of the next."""

    items: list[AuditRecord]
    next_token: str | None


@dataclass(frozen=True)
class AuditLists:
    """Reads the audit records."""

    audit: AuditTrail

    def of_day(self, day: str, limit: int | None, token: str | None) -> AuditPage:
        """Return what was done on a day (YYYY-MM-DD, UTC).

        Raises
        ------
        StudioError
            LIMIT_OUT_OF_RANGE, PAGE_TOKEN_INVALID.
        """
        name = f"auditTrail {day}"
        page = self.audit.of_day(day, checked_limit(limit), decode(name, token))
        return AuditPage(_read(page.rows), encode(name, page.last))

    def of_subject(self, subject: str, day: str | None, limit: int | None, token: str | None) -> AuditPage:
        """Return what was done to somebody, ever or on one day.

        Raises
        ------
        StudioError
            LIMIT_OUT_OF_RANGE, PAGE_TOKEN_INVALID.
        """
        if len(subject) > _LONGEST_SUBJECT:
            return AuditPage([], None)
        name = f"auditTrail {subject} {day}"
        page = self.audit.of_subject(subject, day, checked_limit(limit), decode(name, token))
        return AuditPage(self._rows(page.rows), encode(name, page.last))

    def _rows(self, keys: list[Item]) -> list[AuditRecord]:
        """Read the rows of an index's keys, in their order."""
        found = self.audit.get_many([_key(each) for each in keys])
        return _read(sorted(found, key=itemgetter("record"), reverse=True))


def _read(rows: list[Item]) -> list[AuditRecord]:
    return readable(rows, record_from_item, what="audit record to read", name=itemgetter("record"))


def _key(item: Mapping[str, str]) -> dict[str, str]:
    return {"day": item["day"], "record": item["record"]}
