"""Going through all that a query finds, page by page, and from an index to the rows behind it."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from studio.clock import millis
from studio.dynamo import Item, Page, Table

_BATCH = 100  # what one BatchGetItem reads


def pages(read: Callable[[Item | None], Page]) -> Iterator[list[Item]]:
    """Yield the rows of each page to the end; `read` returns the page that begins at a position."""
    start: Item | None = None
    while True:
        page = read(start)
        yield page.rows
        start = page.last
        if start is None:
            return


def index_pages(
    table: Table, condition: str, values: Mapping[str, Any], index: str, *, newest_first: bool = True
) -> Iterator[list[Item]]:
    """Yield the keys that an index holds, page by page."""
    return pages(
        lambda start: table.query(condition, values, index=index, limit=_BATCH, start=start, newest_first=newest_first)
    )


def rows_of(table: Table, ids: Sequence[str]) -> list[Item]:
    """Read the rows that exist, each once, in the order of their ids: an index may be a moment behind."""
    wanted = list(dict.fromkeys(ids))
    found = {row["id"]: row for row in table.get_many([{"id": id_} for id_ in wanted])}
    return [found[id_] for id_ in wanted if id_ in found]


def due(table: Table, partition: str, now: datetime) -> Iterator[list[Item]]:
    """Yield the rows whose time has come by the sparse index `open`, page by page, the longest due first.

    They are as they are kept: one that cannot be read is for its reader to put off.
    """
    values = {"open": partition, "now": millis(now)}
    for keys in index_pages(table, "#open = :open AND #due <= :now", values, "open", newest_first=False):
        yield rows_of(table, [key["id"] for key in keys])
