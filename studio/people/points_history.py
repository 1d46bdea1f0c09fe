"""An owner's ledger, newest first, each line with the balance it left."""

from contextlib import suppress
from dataclasses import dataclass
from itertools import chain
from operator import itemgetter

from studio import rows
from studio.dynamo import ConditionFailed, Item
from studio.errors import UnreadableError
from studio.ledger.item import entry_from_item
from studio.ledger.model import Entry
from studio.ledger.table import Ledger
from studio.optimistic import retry
from studio.pages import checked_limit, decode, encode, invalid_token
from studio.paging import pages
from studio.people.model import Person
from studio.people.table import People
from studio.rows import Row
from studio.sweeping import each

_ROWS = 1000


@dataclass(frozen=True)
class HistoryLine:
    """One movement and the balance after it."""

    entry: Entry
    balance: int


@dataclass(frozen=True)
class PointsHistory:
    """Reads a ledger. Balances are counted back from today's, so they need no place in the rows."""

    people: People
    ledger: Ledger

    def page(self, person: Person, limit: int | None, token: str | None) -> tuple[list[HistoryLine], str | None]:
        """Return one page and the token of the next, which carries the balance to count on from, and as of which line.

        Raises
        ------
        StudioError
            LIMIT_OUT_OF_RANGE, PAGE_TOKEN_INVALID.
        """
        name, room = f"pointsHistory {person.id}", checked_limit(limit)
        position = decode(name, token) or {}
        counted = position.pop("moves", None), position.pop("balance", None)

        def attempt() -> tuple[list[HistoryLine], str | None]:
            nonlocal person
            balance = self._balance(person, position, *counted)
            page = self.ledger.page(person.id, room, position)
            now = self.people.find(person.id)
            if now and now.moves == person.moves:  # no line came in between
                lines, left = _counted_back(page.rows, balance)
                on = {"moves": person.moves, "balance": left}
                return lines, encode(name, page.last | on if page.last else None)
            person = now or person
            raise ConditionFailed({})

        return retry(attempt)

    def _balance(self, person: Person, position: Item, moves: int | None, balance: int | None) -> int:
        """Return the balance to count on from: the one the token carries, unless lines came since, maybe below it."""
        if not position:
            return person.points
        if moves == person.moves and isinstance(balance, int):
            return balance
        return person.points - self._newer(person.id, position)

    def _newer(self, owner: str, position: Item) -> int:
        """Sum the lines down to the last of the page before."""
        total = 0
        for row in chain.from_iterable(pages(lambda start: self.ledger.page(owner, _ROWS, start))):
            total += _points(row)
            if row["entry"] == position.get("entry"):
                return total
        raise invalid_token()


def _counted_back(items: list[Item], balance: int) -> tuple[list[HistoryLine], int]:
    """Return the lines with their balances, and what was there before them; one that cannot be read is left out."""
    lines: list[HistoryLine] = []

    def count(row: Item) -> None:
        nonlocal balance
        after, balance = balance, balance - _points(row)
        lines.append(HistoryLine(entry_from_item(row), after))

    each(items, count, what="ledger line to read", name=itemgetter("entry"))
    return lines, balance


def _points(item: Item) -> int:
    """Return the points of a line, be it as it may otherwise."""
    with suppress(UnreadableError):
        return Row(item).get("points", rows.total)
    return 0
