"""Where people are kept: their rows and balances."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from studio.clock import millis
from studio.dynamo import Table, Write, update
from studio.people.model import Person


class People(Table):
    """The People table. A balance only ever changes beside a line of the ledger, in one transaction."""

    def new(self, person: Person) -> Write:
        return self.put(person.item(), new="id")

    def find(self, id_: str) -> Person | None:
        item = self.get({"id": id_})
        return Person.from_item(item) if item else None

    def spend(self, id_: str, points: int, lines: int, now: datetime) -> Write:
        """Describe taking points for new work, which also asks whether the person may generate at all."""
        return self._move(
            id_,
            -points,
            lines,
            "#points >= :points AND #disabled = :no AND #closedUntil <= :now",
            {"points": points, "no": False, "now": millis(now)},
        )

    def credit(self, id_: str, points: int) -> Write:
        return self._move(id_, points, 1, "attribute_exists(#id)", {})

    def debit(self, id_: str, points: int) -> Write:
        return self._move(id_, -points, 1, "#points >= :points", {"points": points})

    def credit_blocked(self, person: Person, points: int, blocks: list[int], closed_until: int) -> Write:
        """Describe a refund that also counts a blocked image; refused where the row changed since it was read."""
        return self.change(
            update(
                {"id": person.id},
                condition="#moves = :moves AND #blocks = :blocks",
                values={"moves": person.moves, "blocks": list(person.blocks)},
                set={"blocks": blocks, "closedUntil": closed_until},
                add={"points": points, "moves": 1 if points else 0},  # a free image has no line in the ledger
            )
        )

    def _move(self, id_: str, points: int, lines: int, condition: str, values: Mapping[str, Any]) -> Write:
        add = {"points": points, "moves": lines}
        return self.change(update({"id": id_}, condition=condition, values=values, add=add))
