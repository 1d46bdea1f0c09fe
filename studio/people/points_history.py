"""An owner's ledger, newest first, each line with the balance it left."""

from collections.abc import Sequence
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
from studio.lists import Listed, Load, Source, fill, parsed
from studio.optimistic import retry
from studio.page_tokens import checked_limit, decode, encode, invalid_token
from studio.paging import pages
from studio.people.model import Person
from studio.people.table import People
from studio.rows import Row

_ROWS = 1000
_BY_TIME = ("owner", "entry", "at")


@dataclass(frozen=True)
class HistoryLine:
    """One movement and the balance after it."""

    entry: Entry
    balance: int

    @property
    def before(self) -> int:
        return self.balance - self.entry.points


@dataclass(frozen=True)
class PointsHistory:
    """Reads a ledger. Balances are counted back from today's, so they need no place in the rows."""

    people: People
    ledger: Ledger

    def page(self, person: Person, limit: int | None, token: str | None) -> Listed[HistoryLine]:
        """Return one page and the token of the next, which carries the balance to count on from, and as of which line.

        Raises
        ------
        StudioError
            LIMIT_OUT_OF_RANGE, PAGE_TOKEN_INVALID.
        """
        name, room = f"pointsHistory {person.id}", checked_limit(limit)
        position = decode(name, token) or {}
        counted = position.pop("moves", None), position.pop("balance", None)

        def attempt() -> Listed[HistoryLine]:
            nonlocal person
            load = _counted_back(self._balance(person, position, *counted))
            source = Source(lambda n, start: self.ledger.page(person.id, n, start), _BY_TIME, load)
            lines, last = fill(source, room, position)
            now = self.people.find(person.id)
            if now and now.moves == person.moves:  # no line came in between
                return Listed(lines, encode(name, last | _going_on(person, lines, last) if last else None))
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


def _going_on(person: Person, lines: Sequence[HistoryLine], last: Item) -> Item:
    """Return the balance to go on from, which is known where the page ends with a line that could be read."""
    known = lines and lines[-1].entry.id == last["entry"]
    return {"moves": person.moves, "balance": lines[-1].before} if known else {}


def _counted_back(balance: int) -> Load[HistoryLine]:
    """Return the reader of lines that come one after the other, which gives each the balance that it left.

    One that cannot be read is left out, and counted as far as its points can be read.
    """
    read = parsed(entry_from_item, what="ledger line to read", name=itemgetter("entry"))

    def load(rows: list[Item]) -> list[HistoryLine | None]:
        nonlocal balance
        lines: list[HistoryLine | None] = []
        for row, entry in zip(rows, read(rows), strict=True):
            lines.append(HistoryLine(entry, balance) if entry else None)
            balance -= _points(row)
        return lines

    return load


def _points(item: Item) -> int:
    """Return the points of a line, be it as it may otherwise."""
    with suppress(UnreadableError):
        return Row(item).get("points", rows.total)
    return 0
