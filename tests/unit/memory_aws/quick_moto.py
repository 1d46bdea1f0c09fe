"""What makes moto's DynamoDB and S3 quicker, with the same answers."""

import base64
import copy
from collections import defaultdict
from functools import cache, wraps
from typing import Any

import pytest
from moto import backend_index
from moto.core import responses, serialize
from moto.core.model import Shape
from moto.core.models import DEFAULT_ACCOUNT_ID
from moto.core.utils import method_names_from_class
from moto.dynamodb.exceptions import ItemSizeTooLarge
from moto.dynamodb.models import DynamoDBBackend
from moto.dynamodb.models.dynamo_type import DynamoType, Item, LimitedSizeDict
from moto.dynamodb.models.table import Table
from moto.dynamodb.models.utilities import bytesize
from moto.s3.models import S3Backend, s3_backends

from tests.unit.memory_aws.requests import quicken_requests

# As in moto's LimitedSizeDict.
_LARGEST_ROW = 405_000


class DirectSerializer(serialize.JSONSerializer):
    """moto looks for each member of an answer under six names. DynamoDB's answers are dicts with the right ones."""

    def get_value(self, value: Any, key: str, shape: Shape) -> Any:
        return value.get(key) if isinstance(value, dict) else super().get_value(value, key, shape)


def quicken(patch: pytest.MonkeyPatch) -> None:
    quicken_requests(patch)
    # moto asks some hundred services whether a request is theirs, and loads S3's addresses anew for each.
    patterns = sorted(backend_index.backend_url_patterns, key=lambda each: each[0] != "s3")
    patch.setattr(backend_index, "backend_url_patterns", patterns)
    patch.setattr(S3Backend, "urls", s3_backends[DEFAULT_ACCOUNT_ID]["aws"].urls)
    patch.setitem(serialize.SERVICE_SPECIFIC_SERIALIZERS, "dynamodb", {"json": DirectSerializer})
    patch.setattr(responses, "method_names_from_class", cache(method_names_from_class))
    # moto copies every row of a table for each write of a transaction. Here rows are left as they are, and replaced.
    patch.setattr(Table, "__deepcopy__", _snapshot, raising=False)
    patch.setattr(DynamoDBBackend, "update_item", _replacing(DynamoDBBackend.update_item))
    patch.setattr(Item, "__init__", _fill)
    patch.setattr(Item, "__deepcopy__", _copy_of_row)
    patch.setattr(DynamoType, "__deepcopy__", lambda value, _memo: _copy_of_value(value))
    # What is inside a value is neither copied to be weighed nor copied again at each depth to be told.
    patch.setattr(DynamoType, "size", _weight)
    patch.setattr(DynamoType, "to_regular_json", _to_json)


def _fill(row: Item, hash_key: DynamoType, range_key: DynamoType | None, attrs: dict[str, Any]) -> None:
    """Weigh a new row once, not at each attribute."""
    row.hash_key, row.range_key = hash_key, range_key
    row.attrs = LimitedSizeDict()
    for key, value in attrs.items():
        dict.__setitem__(row.attrs, key, DynamoType(value))
    if sum(bytesize(key) + value.size() for key, value in row.attrs.items()) > _LARGEST_ROW:
        raise ItemSizeTooLarge


def _copy_of_row(row: Item, _memo: Any) -> Item:
    kept: Any = Item.__new__(Item)
    kept.hash_key, kept.range_key = row.hash_key, row.range_key
    kept.attrs = LimitedSizeDict()
    for key, value in row.attrs.items():
        dict.__setitem__(kept.attrs, key, _copy_of_value(value))
    return kept


def _copy_of_value(value: DynamoType) -> DynamoType:
    kept: Any = DynamoType.__new__(DynamoType)
    kept.type, inside = value.type, value.value
    if kept.type == "M":
        inside = {key: _copy_of_value(each) for key, each in inside.items()}
    elif kept.type == "L":
        inside = [_copy_of_value(each) for each in inside]
    kept.value = list(inside) if value.is_set() else inside
    return kept


def _weight(value: DynamoType) -> int:
    inside = value.value
    match value.type:
        case "M":
            return sum(_bytes(key) + each.size() for key, each in inside.items())
        case "L":
            return sum(each.size() for each in inside)
        case "N":
            return len(str(inside))
        case "SS" | "NS" | "BS":
            return sum(_bytes(each) for each in inside)
        case _:
            return 1 if isinstance(inside, bool) else _bytes(inside)


def _bytes(text: str | bytes) -> int:
    return len(text) if isinstance(text, bytes) or text.isascii() else len(text.encode())


def _to_json(value: DynamoType) -> dict[str, Any]:
    inside = value.value
    if value.type == "M":
        inside = {key: each.to_regular_json() for key, each in inside.items()}
    elif value.type == "L":
        inside = [each.to_regular_json() for each in inside]
    elif value.type == "B" and isinstance(inside, str):
        inside = base64.b64decode(inside)
    return {value.type: list(inside) if value.is_set() else inside}


def _snapshot(table: Table, _memo: Any) -> Table:
    kept = copy.copy(table)
    kept.items = defaultdict(dict, {key: _shallow(row) for key, row in table.items.items()})
    return kept


def _shallow(rows: Any) -> Any:
    """Copy what lies under a partition key: a row, or rows by their sort key."""
    return dict(rows) if isinstance(rows, dict) else rows


def _replacing(update: Any) -> Any:
    """Put a copy in a row's place before it is changed."""

    @wraps(update)
    def run(backend: DynamoDBBackend, table_name: str, key: Any, *arguments: Any, **named: Any) -> Any:
        table = backend.get_table(table_name)
        hash_, range_ = backend.get_keys_value(table, key)
        if row := table.get_item(hash_, range_):
            rows: Any = table.items[hash_] if table.has_range_key else table.items
            rows[range_ if table.has_range_key else hash_] = copy.deepcopy(row)
        return update(backend, table_name, key, *arguments, **named)

    return run
