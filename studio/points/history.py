"""An owner's ledger, newest first, each line with the balance it left."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from studio.dynamo import Page
from studio.errors import ErrorType, StudioError
from studio.pages import checked_limit, decode, encode, invalid_token
from studio.people.model import Person
from studio.people.table import People
from studio.points.ledger import Ledger
from studio.points.model import Entry

_TRIES = 5


@dataclass(frozen=True)
class Line:
    """One movement and the balance after it."""

    entry: Entry
    balance: int


@dataclass(frozen=True)
class History:
    """Reads a ledger. Balances are counted back from today's, so they need no place in the rows."""

    people: People
    ledger: Ledger

    def page(self, person: Person, limit: int | None, token: str | None) -> tuple[list[Line], str | None]:
        """Return one page and the token of the next, which carries the balance to count on from.

        Raises
        ------
        StudioError
            LIMIT_OUT_OF_RANGE, PAGE_TOKEN_INVALID, BUSY.
        """
        name, room = f"pointsHistory {person.id}", checked_limit(limit)
        position = decode(name, token)
        if position is None:
            page, balance = self._first(person, room)
        else:
            balance = position.pop("balance", None)
            if not isinstance(balance, int):
                raise invalid_token()
            page = self.ledger.page(person.id, room, position)
        lines, left = _counted_back(page.rows, balance)
        return lines, encode(name, page.last | {"balance": left} if page.last else None)

    def _first(self, person: Person, room: int) -> tuple[Page, int]:
        """Read the newest lines and the balance they lead to; `moves` tells whether one came in between."""
        for _ in range(_TRIES):
            page = self.ledger.page(person.id, room, None)
            now = self.people.find(person.id)
            if now and now.moves == person.moves:
                return page, now.points
            person = now or person
        raise StudioError(ErrorType.BUSY, "Your points are moving just now. Please try again.")


def _counted_back(rows: list[Mapping[str, Any]] | list[dict[str, Any]], balance: int) -> tuple[list[Line], int]:
    lines: list[Line] = []
    for row in rows:
        entry = Entry.from_item(row)
        lines.append(Line(entry, balance))
        balance -= entry.points
    return lines, balance
