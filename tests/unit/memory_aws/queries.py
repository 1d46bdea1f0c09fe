"""Queries as studio/dynamo.py asks them, over moto's tables but without making moto's rows of all that is looked at."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final

from moto.dynamodb.models import DynamoDBBackend
from moto.dynamodb.models.table import RESULT_SIZE_LIMIT, Table

from tests.unit.memory_aws.conditions import Beyond, Condition, Row, Values, condition, meets
from tests.unit.memory_aws.rows import refuse_odd, row_of, weight

_KNOWN: Final = {
    *("TableName", "IndexName", "KeyConditionExpression", "ExpressionAttributeNames", "ExpressionAttributeValues"),
    *("ScanIndexForward", "Limit", "ExclusiveStartKey", "ConsistentRead"),
}
_KEYS: Final = re.compile(r"(#\w+) = (:\w+)(?: AND (#\w+) (?:(?:=|<=?|>=?) :\w+|BETWEEN :\w+ AND :\w+))?")


@dataclass(frozen=True)
class _List:
    """A table, or an index of it: the keys of its order, and what it shows of a row."""

    table: Table
    schema: Sequence[str]
    own: Sequence[str]
    shown: frozenset[str] | None  # None is all

    @classmethod
    def of(cls, table: Table, name: str | None, *, consistent: bool) -> "_List":
        own = [each for each in (table.hash_key_attr, table.range_key_attr) if each]
        if not name:
            return cls(table, own, own, None)
        index = next((each for each in table.all_indexes() if each.name == name), None)
        if index is None or (consistent and index in table.global_indexes):
            raise Beyond
        schema = [key["AttributeName"] for key in index.schema]
        if [key["KeyType"] for key in index.schema] != ["HASH", "RANGE"][: len(schema)]:
            raise Beyond
        kind, more = index.projection.get("ProjectionType"), index.projection.get("NonKeyAttributes", [])
        shown = {"KEYS_ONLY": [*own, *schema], "INCLUDE": [*own, *schema, *more]}.get(kind or "")
        return cls(table, schema, own, None if shown is None else frozenset(shown))

    def rows(self, partition: Any) -> list[Row]:
        """Return the rows of a partition, in order."""
        hash_ = self.schema[0]
        found = [row for row in self._all() if row.get(hash_) == partition and all(row.get(key) for key in self.schema)]
        try:
            return sorted(found, key=self.place)
        except TypeError:
            raise Beyond from None

    def _all(self) -> Iterator[Row]:
        under: Any = self.table.items
        for found in under.values():
            yield from map(row_of, found.values() if self.table.has_range_key else [found])

    def place(self, row: Row) -> list[Any]:
        """Return what tells whether a row comes before another."""
        try:
            return [_comparable(row[key]) for key in (*self.schema, *self.own)]
        except KeyError:
            raise Beyond from None

    def name(self, row: Row) -> Row:
        return {key: row[key] for key in (*self.own, *self.schema)}

    def view(self, row: Row) -> Row:
        return row if self.shown is None else {key: value for key, value in row.items() if key in self.shown}


def _comparable(value: Any) -> Any:
    ((kind, inside),) = value.items()
    match kind:
        case "S":
            return inside
        case "N":
            return Decimal(inside)
        case _:
            raise Beyond


def query(backend: DynamoDBBackend, request: Mapping[str, Any]) -> Any:
    table = backend.tables.get(request["TableName"])
    if not table or not request.keys() <= _KNOWN:
        raise Beyond
    names, values = (request.get(f"ExpressionAttribute{each}", {}) for each in ("Names", "Values"))
    refuse_odd(values)
    list_ = _List.of(table, request.get("IndexName"), consistent=request.get("ConsistentRead", False))
    partition, met = _keys(request.get("KeyConditionExpression", ""), names, values, list_.schema)
    rows = _from(list_, list_.rows(partition), request)
    found, last = _page(rows, met, values, request.get("Limit"))
    answer = {"Count": len(found), "ScannedCount": len(found), "Items": [list_.view(row) for row in found]}
    return answer if last is None else answer | {"LastEvaluatedKey": list_.name(last)}


def _keys(text: str, names: Mapping[str, str], values: Values, schema: Sequence[str]) -> tuple[Any, Condition]:
    """Return the value of the partition, and the condition."""
    asked = _KEYS.fullmatch(text)
    if not asked or [names.get(each) for each in (asked[1], asked[3]) if each] != [*schema][: 2 if asked[3] else 1]:
        raise Beyond
    partition = values.get(asked[2], {})
    if not partition.get("S"):
        raise Beyond
    return partition, condition(text, names, values)


def _from(list_: _List, rows: list[Row], request: Mapping[str, Any]) -> list[Row]:
    """Return the rows behind the one that a page begins after."""
    forward, start = request.get("ScanIndexForward", True), request.get("ExclusiveStartKey")
    ordered = rows if forward else rows[::-1]
    if not start:
        return ordered
    after = list_.place(start)
    try:
        return [row for row in ordered if (list_.place(row) > after if forward else list_.place(row) < after)]
    except TypeError:
        raise Beyond from None


def _page(rows: list[Row], met: Condition, values: Values, limit: int | None) -> tuple[list[Row], Row | None]:
    """Return what fits into a page, and its last row where there is more, be it of use or not."""
    found: list[Row] = []
    size = 0
    for row in rows:
        weighs = sum(len(name.encode()) + weight(value) for name, value in row.items())
        if len(found) == limit or size + weighs > RESULT_SIZE_LIMIT:
            return found, found[-1]
        if meets(met, row, values):
            found.append(row)
            size += weighs
    return found, None
