"""What a person used on a day (UTC): images and points, in all and by model, after refunds."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import timedelta
from typing import Any

from studio.clock import parse
from studio.dynamo import Item, Page, Table, Write, update
from studio.jobs.model import Charge

# A day's row outlives every question about it and then goes by itself.
KEEP_DAYS = 400
_COUNTS = ("images", "points", "free")


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

    @property
    def total(self) -> Counts:
        return Counts(**{name: self.row.get(name, 0) for name in _COUNTS})

    def of(self, model: str) -> Counts:
        return Counts(**{name: self.row.get(f"{name}.{model}", 0) for name in _COUNTS})

    @property
    def models(self) -> list[str]:
        return sorted(name.removeprefix("images.") for name in self.row if name.startswith("images."))


class Usage(Table):
    """The Usage table."""

    def day(self, owner: str, day: str) -> Day:
        return Day(day, self.get({"owner": owner, "day": day}) or {})

    def of_owner(self, owner: str, limit: int, start: Item | None) -> Page:
        return self.query("#owner = :owner", {"owner": owner}, limit=limit, start=start, consistent=True)

    def forget(self, row: Item) -> None:
        self.discard({"owner": row["owner"], "day": row["day"]})

    def take(self, owner: str, model: str, charges: list[Charge], free_per_day: int) -> Write:
        """Describe adding some images of one day; refused where its free ones are no longer left."""
        free = sum(charge.free_images for charge in charges)
        points = sum(charge.points for charge in charges)
        most = free_per_day - free if free else None
        return self._add(owner, charges[0].day, model, Counts(len(charges), points, free), most)

    def give_back(self, owner: str, model: str, charge: Charge) -> Write:
        """Describe taking one image off the day it was charged to."""
        return self._add(owner, charge.day, model, Counts(-1, -charge.points, -charge.free_images))

    def _add(self, owner: str, day: str, model: str, counts: Counts, most: int | None = None) -> Write:
        changed = {name: n for name, n in asdict(counts).items() if n}
        last = parse(f"{day}T00:00:00+00:00") + timedelta(days=KEEP_DAYS)
        limited = most is not None
        return self.change(
            update(
                {"owner": owner, "day": day},
                condition="attribute_not_exists(#used) OR #used <= :most" if limited else "",
                names={"used": f"free.{model}"} if limited else None,
                values={"most": most} if limited else None,
                set={"expiresAt": int(last.timestamp())},
                add=changed | {f"{name}.{model}": n for name, n in changed.items()},
            )
        )
