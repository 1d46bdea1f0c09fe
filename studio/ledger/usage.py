"""What a person used on a day (UTC): images and points, in all and by model, after refunds."""

from collections.abc import Mapping
from dataclasses import asdict
from datetime import timedelta

from studio.clock import parse
from studio.dynamo import Item, Page, Table, Write, update
from studio.ledger.item import day_from_item
from studio.ledger.model import Charge, Counts, Day

# A day's row outlives every question about it and then goes by itself.
KEEP_DAYS = 400
# In the place of a day: the row that says of its owner that no day has free images for them.
_NO_DAY = "none-free"


class Usage(Table):
    """The Usage table."""

    def day(self, owner: str, day: str) -> Day:
        found = {row["day"]: row for row in self.get_many([{"owner": owner, "day": each} for each in (day, _NO_DAY)])}
        return day_from_item(day, found.get(day, {}), none_free=_NO_DAY in found)

    def carry(self, owner: str, day: str, used: Mapping[str, int]) -> Write:
        """Describe beginning a day with what was free already for whoever had the same address before."""
        return self.put({"owner": owner, "day": day, "expiresAt": _end(day), **used}, new="day")

    def give_none_free(self, owner: str) -> Write:
        """Describe that somebody has no free images on any day."""
        return self.put({"owner": owner, "day": _NO_DAY}, new="day")

    def unchanged(self, owner: str, day: Day) -> Write:
        """Describe the check that a day's free images are as they were read."""
        seen = day.row.get("free")
        condition = "#free = :seen" if seen is not None else "attribute_not_exists(#free)"
        return self.check({"owner": owner, "day": day.day}, condition, {"seen": seen} if seen is not None else {})

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
        limited = most is not None
        return self.change(
            update(
                {"owner": owner, "day": day},
                condition="attribute_not_exists(#used) OR #used <= :most" if limited else "",
                names={"used": f"free.{model}"} if limited else None,
                values={"most": most} if limited else None,
                set={"expiresAt": _end(day)},
                add=changed | {f"{name}.{model}": n for name, n in changed.items()},
            )
        )


def _end(day: str) -> int:
    return int((parse(f"{day}T00:00:00+00:00") + timedelta(days=KEEP_DAYS)).timestamp())
