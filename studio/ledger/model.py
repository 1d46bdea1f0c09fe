"""What a point movement is, and what is counted of a day."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any


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


@dataclass(frozen=True)
class Charge:
    """What one job took: points, or one of the free images of a day (YYYY-MM-DD, UTC)."""

    points: int
    free_images: int
    day: str


# What is counted of a day.
COUNTS = ("images", "points", "free")


@dataclass(frozen=True)
class Counts:
    """Images made, points taken for them, and how many of the images were free."""

    images: int = 0
    points: int = 0
    free: int = 0


@dataclass(frozen=True)
class Day:
    """One day's row: attributes `images`, `points`, `free`, and the same by model as `images.<model>`."""

    day: str
    row: Mapping[str, Any]
    none_free: bool = False

    def free_left(self, model: str, allowance: int) -> int:
        """Return how many free images of a model are left of a day's `allowance`."""
        # A row may say less than nothing, which is nothing.
        return 0 if self.none_free else max(0, allowance - max(0, self.of(model).free))

    @property
    def free(self) -> dict[str, int]:
        """What was free, by the row's own attributes."""
        return {name: n for name, n in self.row.items() if name.partition(".")[0] == "free" and n > 0}

    @property
    def total(self) -> Counts:
        return Counts(**{name: self.row.get(name, 0) for name in COUNTS})

    def of(self, model: str) -> Counts:
        return Counts(**{name: self.row.get(f"{name}.{model}", 0) for name in COUNTS})

    @property
    def models(self) -> list[str]:
        return sorted(name.removeprefix("images.") for name in self.row if name.startswith("images."))
