"""The rows of the Audit table, and back."""

from collections.abc import Mapping
from typing import Any

from studio import rows
from studio.audit.model import Act, AuditRecord
from studio.rows import small_row


def record_to_item(record: AuditRecord) -> dict[str, Any]:
    return {
        "day": record.day,
        "record": f"{record.at}#{record.id}",
        "id": record.id,
        "act": record.act,
        "key": record.key,
        "actor": record.actor,
        "subject": record.subject,
        "at": record.at,
        "details": dict(record.details),
        "sourceIp": record.source_ip,
    }


def record_from_item(item: Mapping[str, Any]) -> AuditRecord:
    """Read a record's row.

    Raises
    ------
    UnreadableError
    """
    row = small_row(item)
    return AuditRecord(
        act=row.get("act", Act),
        key=row.get("key", rows.text),
        actor=row.get("actor", rows.text),
        subject=row.get("subject", rows.text),
        at=row.get("at", rows.time),
        details=row.get("details", rows.json_map),
        source_ip=row.find("sourceIp", rows.text),
    )
