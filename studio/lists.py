"""Lists in pages, wherever they come from: a page is full as long as there is more, and the last has no token.

What an index finds may be gone, unreadable or not asked for, so a page's rows are gone through until it is full, and
one more is found, which stays for the next page.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import accumulate
from math import ceil
from typing import Generic, NamedTuple, Protocol, TypeVar

from studio.dynamo import Item, Page
from studio.page_tokens import checked_limit, decode, encode
from studio.sweeping import readable

# What one BatchGetItem reads, and how often it is read for a page: what matches little is gone through 5,000 rows at a
# time, some seconds.
_BATCH = 100
_MOST_READS = 50
# An answer of Lambda's to AppSync has 5 MB at most (docs.aws.amazon.com/general/latest/gr/appsync.html).
_ANSWER = 4_900_000


class _Named(Protocol):
    @property
    def id(self) -> str: ...


T = TypeVar("T")
N = TypeVar("N", bound=_Named)

Read = Callable[[int, Item | None], Page]
Load = Callable[[list[Item]], Sequence[T | None]]
Condition = Callable[[T], bool]
Fitting = Callable[[Sequence[T]], int]


@dataclass(frozen=True)
class Source(Generic[T]):
    """What a list goes through, in its order: the rows of a table, or the keys that an index holds.

    `key` names what says where one of them is. `load` returns what each of them stands for: None for what is not there,
    or not in the list.
    """

    read: Read
    key: Sequence[str]
    load: Load[T]

    def position(self, row: Item) -> Item:
        return {name: row[name] for name in self.key}


class Listed(NamedTuple, Generic[T]):
    """One page of a list, and the token of the next: None on the last."""

    items: list[T]
    next_token: str | None


def listed(
    name: str,
    source: Source[T],
    limit: int | None,
    token: str | None,
    fitting: Fitting[T] | None = None,
) -> Listed[T]:
    """Return one page of a list; `name` tells it from every other, so it names whose it is.

    `fitting` says how many of those found one answer can hold, where that may be fewer than were asked for.

    Raises
    ------
    StudioError
        LIMIT_OUT_OF_RANGE, PAGE_TOKEN_INVALID.
    """
    items, last = fill(source, checked_limit(limit), decode(name, token), fitting)
    return Listed(items, encode(name, last))


def fill(
    source: Source[T], room: int, start: Item | None, fitting: Fitting[T] | None = None
) -> tuple[list[T], Item | None]:
    """Return what a source holds from a position on, `room` of it at most, and where it ends if there is more.

    After so many reads a page comes as it is by then, with the position of the last row that was looked at.
    """
    found: list[tuple[T, Item]] = []
    looked = 0
    for _ in range(_MOST_READS):
        size = _next_size(room + 1 - len(found), looked, len(found))
        page = source.read(size, start)
        loaded = zip(source.load(page.rows), page.rows, strict=True)
        found += [(item, row) for item, row in loaded if item is not None]
        looked, start = looked + len(page.rows), page.last
        if len(found) > room or start is None:
            break
    items = [item for item, _ in found]
    most = min(room, fitting(items)) if fitting and items else room
    return items[:most], source.position(found[most - 1][1]) if len(items) > most else start


def _next_size(missing: int, looked: int, found: int) -> int:
    """Return how many rows to read for what is missing, going by how many of those before were found."""
    return min(_BATCH, ceil(missing * looked / max(found, 1)) if looked else missing)


def within_answer(size: Callable[[T], int]) -> Fitting[T]:
    """Return how many items, at least one, an answer can hold, of which each takes so many bytes."""

    def fitting(items: Sequence[T]) -> int:
        return max(1, sum(total <= _ANSWER for total in accumulate(map(size, items))))

    return fitting


def by_id(find_many: Callable[[Sequence[str]], list[N]], keep: Condition[N] = lambda _: True) -> Load[N]:
    """Read the rows behind an index's keys; of those that are there, and can be read, `keep` says which are meant."""

    def load(keys: list[Item]) -> Sequence[N | None]:
        found = {each.id: each for each in find_many([key["id"] for key in keys]) if keep(each)}
        return [found.get(key["id"]) for key in keys]

    return load


def parsed(parse: Callable[[Item], T], *, what: str, name: Callable[[Item], str]) -> Load[T]:
    """Read rows themselves, but for those that cannot be read."""

    def load(rows: list[Item]) -> Sequence[T | None]:
        return [next(iter(readable([row], parse, what=what, name=name)), None) for row in rows]

    return load
