"""DynamoDB's request units, from the rows before and after: on demand, a write unit is 1 KB and a read unit 4 KB.

A transaction's write counts twice on the table and once on its indexes, which follow after it.
https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/CapacityUnitCalculations.html
"""

from collections.abc import Iterable, Mapping
from math import ceil
from typing import Any, Final

from infra.tables import TABLES, Index, TableSpec

Row = Mapping[str, Any]  # in DynamoDB's own notation

WRITE_BYTES: Final = 1024
READ_BYTES: Final = 4096
# What an empty list or map, and each of its elements, adds.
_CONTAINER_BYTES: Final = 3
_ELEMENT_BYTES: Final = 1
_SPECS: Final[Mapping[str, TableSpec]] = {spec.name: spec for spec in TABLES}


def row_bytes(row: Row) -> int:
    """Return a row's size: its attributes' names, in UTF-8, and values."""
    return sum(len(name.encode()) + _value_bytes(value) for name, value in row.items())


def _value_bytes(typed: Mapping[str, Any]) -> int:
    (kind, value), *_ = typed.items()
    match kind:
        case "S":
            return len(value.encode())
        case "N":  # two digits a byte, and one for sign and scale
            return ceil(len(value.strip("-").replace(".", "").strip("0")) / 2) + 1
        case "L":
            return _CONTAINER_BYTES + sum(_ELEMENT_BYTES + _value_bytes(part) for part in value)
        case "M":
            return _CONTAINER_BYTES + row_bytes(value) + _ELEMENT_BYTES * len(value)
        case _:  # true, false and null
            return 1


def write_units(table: str, old: Row, new: Row, *, in_transaction: bool) -> int:
    """Return the units of one row's write, {} standing for no row, with all its table's indexes."""
    spec = _SPECS[table]
    base = _units(max(row_bytes(old), row_bytes(new)), WRITE_BYTES) * (2 if in_transaction else 1)
    by_time = _units(row_bytes(new), WRITE_BYTES) if spec.by_time else 0
    return base + by_time + sum(_index_units(spec, index, old, new) for index in spec.indexes)


def _index_units(spec: TableSpec, index: Index, old: Row, new: Row) -> int:
    """A changed key is a delete and a put; a row that is not in the index, or unchanged in it, costs nothing."""
    keys = [index.partition[0], *([index.sort[0]] if index.sort else [])]
    before, after = _projected(spec, index, keys, old), _projected(spec, index, keys, new)
    if before == after:
        return 0
    moved = before and after and any(before[key] != after[key] for key in keys)
    return _units(max(row_bytes(before), row_bytes(after)), WRITE_BYTES) * (2 if moved else 1)


def _projected(spec: TableSpec, index: Index, keys: Iterable[str], row: Row) -> Row:
    if any(key not in row for key in keys):
        return {}
    kept = {*keys, *index.include, spec.partition[0], *([spec.sort[0]] if spec.sort else [])}
    return {name: value for name, value in row.items() if name in kept}


def read_units(rows: Iterable[Row]) -> int:
    """Return the units of consistent reads by key."""
    return sum(_units(row_bytes(row), READ_BYTES) for row in rows)


def query_units(rows: Iterable[Row]) -> int:
    """Return the units of one page of a consistent query: its rows count together."""
    return _units(sum(map(row_bytes, rows)), READ_BYTES)


def _units(size: int, unit: int) -> int:
    return max(1, ceil(size / unit))
