"""What makes moto's DynamoDB quicker, with the same answers."""

import copy
from collections import defaultdict
from functools import cache, wraps
from typing import Any

import pytest
from moto.core import responses, serialize
from moto.core.model import Shape
from moto.core.utils import method_names_from_class
from moto.dynamodb.models import DynamoDBBackend
from moto.dynamodb.models.table import Table
from moto.dynamodb.parsing.ast_nodes import DepthFirstTraverser, Node


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
    kinds = traverser.nodes_to_be_processed()

    def visit(node: Any, place: int) -> Any:
        if not isinstance(node, Node):
            return node
        parent = node.parent
        for index, child in enumerate(node.children or ()):
            traverser.pre_processing_of_child(node, index)
            visit(child, index)
        if isinstance(node, kinds):
            node = traverser.process(node)
            node.parent = parent
            if parent:
                parent.children[place] = node
        return node

    return visit(root, -1)
