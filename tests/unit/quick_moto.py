"""What makes moto's DynamoDB quicker, with the same answers."""

import base64
import copy
import pickle
from collections import defaultdict
from functools import cache, wraps
from typing import Any, NamedTuple

import pytest
from moto.core import responses, serialize
from moto.core.model import Shape
from moto.core.utils import method_names_from_class
from moto.dynamodb import comparisons
from moto.dynamodb.exceptions import ItemSizeTooLarge
from moto.dynamodb.models import DynamoDBBackend
from moto.dynamodb.models.dynamo_type import DynamoType, Item, LimitedSizeDict
from moto.dynamodb.models.table import Table
from moto.dynamodb.models.utilities import bytesize
from moto.dynamodb.parsing import validators
from moto.dynamodb.parsing.ast_nodes import DepthFirstTraverser, Node
from moto.dynamodb.parsing.expressions import UpdateExpressionParser

from tests.unit.quick_conditions import Condition

# As in moto's LimitedSizeDict.
_LARGEST_ROW = 405_000
# They look at the whole from its root; moto has them look from every clause and action too.
_OF_THE_WHOLE = (validators.ActionCountValidator, validators.OverlappingPathsValidator)


class DirectSerializer(serialize.JSONSerializer):
    """moto looks for each member of an answer under six names. DynamoDB's answers are dicts with the right ones."""

    def get_value(self, value: Any, key: str, shape: Shape) -> Any:
        return value.get(key) if isinstance(value, dict) else super().get_value(value, key, shape)


def quicken(patch: pytest.MonkeyPatch) -> None:
    patch.setitem(serialize.SERVICE_SPECIFIC_SERIALIZERS, "dynamodb", {"json": DirectSerializer})
    patch.setattr(responses, "method_names_from_class", cache(method_names_from_class))
    patch.setattr(DepthFirstTraverser, "traverse", _traverse)
    # moto copies every row of a table for each write of a transaction. Here rows are left as they are, and replaced.
    patch.setattr(Table, "__deepcopy__", _snapshot, raising=False)
    patch.setattr(DynamoDBBackend, "update_item", _replacing(DynamoDBBackend.update_item))
    patch.setattr(Item, "__init__", _fill)
    patch.setattr(Item, "__deepcopy__", _copy_of_row)
    patch.setattr(DynamoType, "__deepcopy__", lambda value, _memo: _copy_of_value(value))
    # What is inside a value is neither copied to be weighed nor copied again at each depth to be told.
    patch.setattr(DynamoType, "size", _weight)
    patch.setattr(DynamoType, "to_regular_json", _to_json)
    # A text is taken apart once, then known.
    patch.setattr(UpdateExpressionParser, "make", cache(UpdateExpressionParser.make))
    patch.setattr(validators, "deepcopy", _copy_of_tree)
    patch.setattr(comparisons, "ConditionExpressionParser", Condition)


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


def _copy_of_tree(node: Any) -> Any:
    """Copy what a text was parsed to before it is worked on."""
    return pickle.loads(_packed(node)) if isinstance(node, Node) else copy.deepcopy(node)


@cache
def _packed(node: Node) -> bytes:
    return pickle.dumps(node)


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


def _traverse(traverser: DepthFirstTraverser, root: Node) -> Node:
    """Visit all nodes as moto does, which makes the list of what is processed anew for each."""
    if isinstance(traverser, _OF_THE_WHOLE):
        return traverser.process(root) or root
    roles = _roles(traverser.nodes_to_be_processed())
    looks = type(traverser).pre_processing_of_child is not DepthFirstTraverser.pre_processing_of_child

    def visit(node: Any, place: int) -> Any:
        parent = node.parent
        for index, child in enumerate(node.children or ()):
            if looks:
                traverser.pre_processing_of_child(node, index)
            if roles[type(child)].is_node:
                visit(child, index)
        if roles[type(node)].is_processed:
            node = traverser.process(node)
            node.parent = parent
            if parent:
                parent.children[place] = node
        return node

    return visit(root, -1)


class _Role(NamedTuple):
    is_node: bool
    is_processed: bool


class _Roles(dict[type, _Role]):
    """Each class is looked at once: Python's own `isinstance` asks an abstract one each time."""

    def __init__(self, processed: Any) -> None:
        super().__init__()
        self.processed = processed

    def __missing__(self, kind: type) -> _Role:
        self[kind] = role = _Role(issubclass(kind, Node), issubclass(kind, self.processed))
        return role


_roles = cache(_Roles)
