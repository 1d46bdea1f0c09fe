"""What a field's selection set holds: for the ``info`` of a resolver, and to cut an event down to it."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from graphql import (
    BooleanValueNode,
    DirectiveNode,
    FieldNode,
    FragmentSpreadNode,
    SelectionSetNode,
    VariableNode,
    print_ast,
)
from graphql.language import SelectionNode

from .operation import Operation


def selected(
    selection: SelectionSetNode | None, operation: Operation, variables: Mapping[str, Any]
) -> Iterator[FieldNode]:
    """Yield the fields of a selection set, fragments opened, ``@skip`` and ``@include`` heeded."""
    for node in selection.selections if selection else ():
        if not _included(node, variables):
            continue
        if isinstance(node, FieldNode):
            yield node
        elif isinstance(node, FragmentSpreadNode):
            yield from selected(operation.fragments[node.name.value].selection_set, operation, variables)
        else:
            yield from selected(getattr(node, "selection_set", None), operation, variables)


def _included(node: SelectionNode, variables: Mapping[str, Any]) -> bool:
    for directive in node.directives or ():
        wanted = {"include": True, "skip": False}.get(directive.name.value)
        if wanted is not None and _condition(directive, variables) != wanted:
            return False
    return True


def _condition(directive: DirectiveNode, variables: Mapping[str, Any]) -> bool:
    assert directive.arguments, "the document is valid"
    value = directive.arguments[0].value
    if isinstance(value, VariableNode):
        return bool(variables.get(value.name.value))
    return isinstance(value, BooleanValueNode) and value.value


def selection_list(nodes: Iterable[FieldNode], operation: Operation, variables: Mapping[str, Any]) -> list[str]:
    """Return AppSync's ``selectionSetList``: every field below as a path of response names."""
    found: dict[str, None] = {}
    for node in nodes:
        _list_into(found, "", node.selection_set, operation, variables)
    return list(found)


def _list_into(
    found: dict[str, None],
    prefix: str,
    selection: SelectionSetNode | None,
    operation: Operation,
    variables: Mapping[str, Any],
) -> None:
    for node in selected(selection, operation, variables):
        name = prefix + response_name(node)
        found[name] = None
        _list_into(found, name + "/", node.selection_set, operation, variables)


def response_name(node: FieldNode) -> str:
    return (node.alias or node.name).value


def selection_text(nodes: list[FieldNode], operation: Operation) -> str:
    """Return AppSync's ``selectionSetGraphQL``: the selection set as text, fragments kept."""
    if len(nodes) > 1:
        merged = tuple(each for node in nodes if node.selection_set for each in node.selection_set.selections)
        return print_ast(SelectionSetNode(selections=merged))
    node = nodes[0]
    if node.selection_set is None:
        return ""
    if id(node) not in operation.printed:
        operation.printed[id(node)] = print_ast(node.selection_set)
    return operation.printed[id(node)]


def by_field_name(
    value: Any, selection: SelectionSetNode | None, operation: Operation, variables: Mapping[str, Any]
) -> Any:
    """Return a response value keyed by field names where it was keyed by aliases."""
    if isinstance(value, list):
        return [by_field_name(each, selection, operation, variables) for each in value]
    if not isinstance(value, dict) or selection is None:
        return value
    named: dict[str, Any] = {}
    for node in selected(selection, operation, variables):
        key = response_name(node)
        if key in value:
            inner = by_field_name(value[key], node.selection_set, operation, variables)
            named[node.name.value] = _merged(named.get(node.name.value), inner)
    return named


def _merged(before: Any, value: Any) -> Any:
    """Join what two selections of one field hold."""
    if isinstance(before, dict) and isinstance(value, dict):
        return {**before, **value}
    return value
