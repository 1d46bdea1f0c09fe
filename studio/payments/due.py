"""Reading the sparse index `open` of payments and their events: what is unfinished and due, and nothing else."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from studio.clock import millis
from studio.dynamo import Item, Table

_BATCH = 100


def due(table: Table, partition: str, now: datetime) -> Iterator[list[Item]]:
    """Yield the rows of what is due, the longest waiting first."""
    values = {"open": partition, "now": millis(now)}
    for keys in pages(table, "#open = :open AND #due <= :now", values, "open", newest_first=False):
        yield rows(table, keys)


def rows(table: Table, keys: list[Item]) -> list[Item]:
    """Read the rows of an index's keys, in their order."""
    found = {item["id"]: item for item in table.get_many([{"id": key["id"]} for key in keys])}
    return [found[key["id"]] for key in keys if key["id"] in found]


def pages(
    table: Table, condition: str, values: Mapping[str, Any], index: str, *, newest_first: bool = True
) -> Iterator[list[Item]]:
    """Yield the keys that an index holds, batch by batch, to the end."""
    start: Item | None = None
    while True:
        page = table.query(condition, values, index=index, limit=_BATCH, start=start, newest_first=newest_first)
        yield page.rows
        start = page.last
        if start is None:
            return
