"""What a point movement is."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from studio import rows
from studio.rows import Row


class PointsReason(StrEnum):
    """Why a balance changed."""

    SIGN_UP = "SIGN_UP"
    CHARGE = "CHARGE"
    REFUND = "REFUND"
    PURCHASE = "PURCHASE"
    GRANT = "GRANT"
    CLAWBACK = "CLAWBACK"


def entry_id(reason: PointsReason, thing: str) -> str:
    return f"{reason.lower()}#{thing}"


@dataclass(frozen=True)
class Entry:
    """One line of the ledger: never changed, never removed.

    The id is made from the reason and the thing it is for (`charge#<job>`), so one thing moves points once.
    """

    owner: str
    reason: PointsReason
    thing: str
    points: int
    at: str
    job_id: str | None = None
    note: str | None = None
    payment_id: str | None = None

    @property
    def id(self) -> str:
        return entry_id(self.reason, self.thing)

    def item(self) -> dict[str, Any]:
        return {
            "owner": self.owner,
            "entry": self.id,
            "reason": self.reason,
            "thing": self.thing,
            "points": self.points,
            "at": self.at,
            "jobId": self.job_id,
            "note": self.note,
            "paymentId": self.payment_id,
        }

    @classmethod
    def from_item(cls, item: Mapping[str, Any]) -> "Entry":
        row = Row(item)
        return cls(
            owner=row.get("owner", rows.text),
            reason=row.get("reason", PointsReason),
            thing=row.get("thing", rows.text),
            points=row.get("points", rows.total),
            at=row.get("at", rows.time),
            job_id=row.find("jobId", rows.text),
            note=row.find("note", rows.text),
            payment_id=row.find("paymentId", rows.text),
        )


@dataclass(frozen=True)
class Charge:
    """What one job took: points, or one of the free images of a day (YYYY-MM-DD, UTC)."""

    points: int
    free_images: int
    day: str

    @classmethod
    def from_item(cls, item: Any) -> "Charge":
        row = rows.row(item)
        return cls(row.get("points", rows.integer), row.get("free_images", rows.integer), row.get("day", rows.text))
