"""Proving that the lines of the ledger and the audit trail are still what they were when they were written."""

from base64 import b64decode
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from studio.archive import KEYS, Archive, Record, line_of, table_of
from studio.dynamo import Table

# In DynamoDB's own notation, as the archive has them.
_Row = Mapping[str, Any]
_Line = tuple[str, str, str]


@dataclass(frozen=True)
class Compared:
    """How many lines are archived, what is wrong with some, and how many of the tables' lines are not archived."""

    archived: int
    findings: list[str]
    unarchived: int


@dataclass(frozen=True)
class LineCheck:
    """Compares whole tables, by our names, with the archive; it changes nothing, and is run by an operator."""

    archive: Archive
    tables: Mapping[str, Table]

    def compare(self) -> Compared:
        first = self._first_records()  # before the tables: what is archived has been written
        rows = {(name, *_key(name, row)): row for name in KEYS for row in self._rows(name)}
        found = (_finding(line, _original(record), rows.get(line)) for line, record in sorted(first.items()))
        return Compared(len(first), [one for one in found if one], len(rows.keys() - first.keys()))

    def _first_records(self) -> dict[_Line, Record]:
        """Return the earliest record of each line; sequence numbers of a line grow."""
        first: dict[_Line, Record] = {}
        for record in self.archive.records():
            line = (table_of(record), *line_of(record))
            first[line] = min(first.get(line, record), record, key=_number)
        return first

    def _rows(self, name: str) -> Iterator[_Row]:
        table = self.tables[name]
        for page in table.client.get_paginator("scan").paginate(TableName=table.name, ConsistentRead=True):
            yield from page["Items"]


def _key(name: str, row: _Row) -> tuple[str, str]:
    first, second = (row[attribute]["S"] for attribute in KEYS[name])
    return first, second


def _number(record: Record) -> int:
    return int(record["dynamodb"]["SequenceNumber"])


def _original(record: Record) -> _Row:
    """Return the line as it was: before the first change, if it is older than the archive."""
    change = record["dynamodb"]
    return change["NewImage"] if record["eventName"] == "INSERT" else change["OldImage"]


def _finding(line: _Line, original: _Row, row: _Row | None) -> str | None:
    name = " ".join(line)
    if row is None:
        return f"{name} is missing"
    before, now = _values(original), _values(row)
    changed = sorted(field for field in before.keys() | now.keys() if before.get(field) != now.get(field))
    return f"{name} was changed: {', '.join(changed)}" if changed else None


def _values(row: _Row) -> dict[str, Any]:
    return {name: _value(value) for name, value in row.items()}


def _value(value: Mapping[str, Any]) -> tuple[str, Any]:
    """Return a value so that equal ones compare so: a stream writes numbers, bytes and sets otherwise than a scan."""
    ((kind, held),) = value.items()
    match kind:
        case "M":
            return kind, _values(held)
        case "L":
            return kind, [_value(each) for each in held]
        case "NS" | "BS" | "SS":
            return kind, frozenset(_value({kind[0]: each}) for each in held)
        case "N":
            return kind, Decimal(held)
        case "B":
            return kind, b64decode(held) if isinstance(held, str) else bytes(held)
        case _:
            return kind, held
