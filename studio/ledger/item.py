"""The rows of the Ledger and Usage tables, and back."""

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from studio import rows
from studio.ledger.model import COUNTS, Charge, Day, Entry, PointsReason
from studio.rows import Row


def entry_to_item(entry: Entry) -> dict[str, Any]:
    return {
        "owner": entry.owner,
        "entry": entry.id,
        "reason": entry.reason,
        "thing": entry.thing,
        "points": entry.points,
        "at": entry.at,
        "jobId": entry.job_id,
        "note": entry.note,
        "paymentId": entry.payment_id,
    }


def entry_from_item(item: Mapping[str, Any]) -> Entry:
    """Read a line of the ledger.

    Raises
    ------
    UnreadableError
    """
    row = Row(item)
    return Entry(
        owner=row.get("owner", rows.text),
        reason=row.get("reason", PointsReason),
        thing=row.get("thing", rows.text),
        points=row.get("points", rows.total),
        at=row.get("at", rows.time),
        job_id=row.find("jobId", rows.text),
        note=row.find("note", rows.text),
        payment_id=row.find("paymentId", rows.text),
    )


def charge_to_item(charge: Charge) -> dict[str, Any]:
    return asdict(charge)


def charge_from_item(item: Any) -> Charge:
    row = rows.row(item)
    return Charge(row.get("points", rows.integer), row.get("free_images", rows.integer), row.get("day", rows.text))


def day_from_item(day: str, item: Mapping[str, Any], *, none_free: bool = False) -> Day:
    """Read what a day's row counts.

    Raises
    ------
    UnreadableError
    """
    row = Row(item)
    counts = {name: row.get(name, rows.total) for name in item if name.partition(".")[0] in COUNTS}
    return Day(day, counts, none_free)
