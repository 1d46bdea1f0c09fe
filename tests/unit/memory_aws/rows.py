"""Rows of moto's tables as they were sent, and where each is. Rows are never changed, only replaced."""

import marshal
import re
from collections.abc import Mapping
from functools import cached_property
from typing import Any, Final

from moto.dynamodb.models import DynamoDBBackend
from moto.dynamodb.models.dynamo_type import DynamoType, Item, LimitedSizeDict

from tests.unit.memory_aws.conditions import Beyond, Row

_MOST: Final = 380_000  # nearly what a row may weigh
_LONG: Final = 255  # less than any key may have
_HALF: Final = re.compile(rb"\xed[\xa0-\xbf]")  # half a character is no text
_NUMBER: Final = re.compile(r"-?\d{1,30}(\.\d{1,30})?")


class PlainItem(Item):
    """A row as it was sent. What moto holds of one is made when moto looks."""

    def __init__(self, hash_key: DynamoType, range_key: DynamoType | None, row: Row) -> None:
        self.hash_key, self.range_key = hash_key, range_key
        self.packed = marshal.dumps(dict(row))  # pyright: ignore[reportArgumentType] - of texts and such alone
        if _HALF.search(self.packed) or (len(self.packed) > _MOST and weight({"M": row}) > _MOST):
            raise Beyond

    @cached_property
    def attrs(self) -> Any:  # pyright: ignore[reportIncompatibleVariableOverride]
        made = LimitedSizeDict()
        for name, value in marshal.loads(self.packed).items():
            dict.__setitem__(made, name, DynamoType(value))
        return made


def weight(value: Any) -> int:
    """Weigh as DynamoDB does, which counts what is in a value, not its notation."""
    ((kind, inside),) = value.items()
    match kind:
        case "M":
            return sum(len(name.encode()) + weight(each) for name, each in inside.items())
        case "L":
            return sum(map(weight, inside))
        case "SS":
            return sum(len(each.encode()) for each in inside)
        case "BOOL" | "NULL":
            return 1
        case _:
            return len(str(inside).encode())


def row_of(item: Item) -> dict[str, Any]:
    """Return a row that is the caller's to change."""
    if isinstance(item, PlainItem):
        return marshal.loads(item.packed)
    return {name: value.to_regular_json() for name, value in item.attrs.items()}


class Place:
    """Where a row is in a table, or would be."""

    def __init__(self, backend: DynamoDBBackend, name: str, key: Mapping[str, Any], *, whole: bool = True) -> None:
        table = backend.tables.get(name)
        if not table or table.stream_shard is not None:
            raise Beyond
        self.table = table
        names = [each for each in (table.hash_key_attr, table.range_key_attr) if each]
        if not all(_text(key.get(each)) for each in names) or (whole and len(key) != len(names)):
            raise Beyond
        self.key = {each: key[each] for each in names}
        self.hash = DynamoType(self.key[names[0]])
        self.range = DynamoType(self.key[names[1]]) if len(names) > 1 else None

    @property
    def item(self) -> Item | None:
        rows: Any = self.table.items
        if self.hash not in rows:  # to look would make a place for it
            return None
        return rows[self.hash].get(self.range) if self.range else rows[self.hash]

    def put(self, item: Item) -> None:
        rows: Any = self.table.items
        if self.range:
            rows[self.hash][self.range] = item
        else:
            rows[self.hash] = item

    def made(self, row: Row) -> PlainItem:
        for each in self.table.attr:
            name = each["AttributeName"]
            if each["AttributeType"] == "S" and name in row and not _text(row[name]):
                raise Beyond
        item: Any = PlainItem(self.hash, self.range, row)
        return item


def _text(value: Any) -> bool:
    """Say whether a value is one that every key may have."""
    return value is not None and bool(value.get("S")) and len(value["S"]) <= _LONG


def refuse_odd(values: Mapping[Any, Any]) -> None:
    """Refuse to judge what DynamoDB may refuse to keep."""
    for value in values.values():
        ((kind, inside),) = value.items()
        match kind:
            case "S" | "BOOL":
                continue
            case "N" if _NUMBER.fullmatch(inside):
                continue
            case "SS" if inside and len(set(inside)) == len(inside):
                continue
            case "M":
                refuse_odd(inside)
            case "L":
                refuse_odd(dict(enumerate(inside)))
            case "NULL" if inside is True:
                continue
            case _:
                raise Beyond
