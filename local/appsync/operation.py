"""A request's document: parsed and validated once, then kept."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from graphql import (
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLError,
    GraphQLSyntaxError,
    InlineFragmentNode,
    Node,
    OperationDefinitionNode,
    OperationType,
    SelectionSetNode,
    TypeInfo,
    TypeInfoVisitor,
    Visitor,
    is_abstract_type,
    parse,
    validate,
    visit,
)

from .errors import Refusal, malformed, validation_entry
from .limits import MOST_FIELDS, MOST_TOKENS, expanded_fields
from .request import GraphQLRequest
from .schema import Deployed

_KEPT = 500
_LONGEST_KEPT = 20_000


@dataclass(frozen=True)
class Operation:
    """One operation of a document, with what its execution needs to know beforehand."""

    document: DocumentNode
    node: OperationDefinitionNode
    fragments: Mapping[str, FragmentDefinitionNode]
    fields: frozenset[tuple[str, str]]
    """Every concrete type and field that it may read."""
    roots: tuple[str, ...]
    depth: int
    introspects: bool
    printed: dict[int, str] = field(default_factory=dict[int, str])
    """Selection sets as text, by field node."""

    @property
    def kind(self) -> OperationType:
        return self.node.operation


class InvalidDocument(Exception):  # noqa: N818 - carries an answer, is not a fault
    """The document does not fit the schema; ``entries`` are the errors to answer with."""

    def __init__(self, entries: list[dict[str, Any]]) -> None:
        super().__init__("invalid document")
        self.entries = entries


class Operations:
    """The operations of one deployed API, kept by their text."""

    def __init__(self, deployed: Deployed) -> None:
        self._deployed = deployed
        self._kept: dict[tuple[str, str | None], Operation] = {}

    def get(self, asked: GraphQLRequest) -> Operation:
        """Return the operation that is asked for.

        Raises
        ------
        Refusal
            If the text is not GraphQL, or does not hold that operation.
        InvalidDocument
            If it does not fit the schema.
        """
        query, name = asked.query, asked.operation_name
        kept = self._kept.get((query, name))
        if kept is None:
            try:
                kept = _prepare(self._deployed, query, name)
            except RecursionError as error:
                raise malformed("Unable to parse GraphQL query.") from error
            if len(self._kept) >= _KEPT:
                del self._kept[next(iter(self._kept))]
            if len(query) <= _LONGEST_KEPT:
                self._kept[query, name] = kept
        return kept


def _prepare(deployed: Deployed, query: str, name: str | None) -> Operation:
    try:
        document = parse(query, max_lexical_tokens=MOST_TOKENS, max_comments=MOST_TOKENS)
    except GraphQLSyntaxError as error:
        raise malformed("Unable to parse GraphQL query.") from error
    node = _choose(document, name)
    _validate(deployed, document)
    fragments = {each.name.value: each for each in document.definitions if isinstance(each, FragmentDefinitionNode)}
    used = _used_fields(deployed, document)
    roots = tuple(_root_names(node.selection_set, fragments))
    return Operation(
        document=document,
        node=node,
        fragments=fragments,
        fields=used,
        roots=roots,
        depth=_depth(node.selection_set, fragments),
        introspects=not {"__schema", "__type"}.isdisjoint(roots),
    )


def _choose(document: DocumentNode, name: str | None) -> OperationDefinitionNode:
    operations = [each for each in document.definitions if isinstance(each, OperationDefinitionNode)]
    if name:
        operations = [each for each in operations if each.name and each.name.value == name]
    if not operations:
        raise Refusal(400, "BadRequestException", f"Unknown operation named '{name}'." if name else "No operation.")
    if len(operations) > 1:
        message = "Must provide operation name if query contains multiple operations."
        raise Refusal(400, "BadRequestException", message)
    return operations[0]


class _Fields(Visitor):
    """Collects the concrete fields that a document reads."""

    def __init__(self, deployed: Deployed, types: TypeInfo) -> None:
        super().__init__()
        self._schema = deployed.public
        self._types = types
        self.found: set[tuple[str, str]] = set()

    def enter_field(self, node: FieldNode, *_: Any) -> None:
        parent = self._types.get_parent_type()
        if parent is None or node.name.value.startswith("__"):
            return
        owners = self._schema.get_possible_types(parent) if is_abstract_type(parent) else [parent]
        self.found.update((owner.name, node.name.value) for owner in owners)


def _used_fields(deployed: Deployed, document: DocumentNode) -> frozenset[tuple[str, str]]:
    types = TypeInfo(deployed.public)
    visitor = _Fields(deployed, types)
    visit(document, TypeInfoVisitor(types, visitor))
    return frozenset(visitor.found)


def _root_names(selection: SelectionSetNode, fragments: Mapping[str, FragmentDefinitionNode]) -> list[str]:
    names: list[str] = []
    for each in selection.selections:
        if isinstance(each, FieldNode):
            names.append(each.name.value)
        else:
            names += _root_names(_inside(each, fragments), fragments)
    return names


def _inside(node: Node, fragments: Mapping[str, FragmentDefinitionNode]) -> SelectionSetNode:
    if isinstance(node, FragmentSpreadNode):
        return fragments[node.name.value].selection_set
    assert isinstance(node, InlineFragmentNode)
    return node.selection_set


def _depth(selection: SelectionSetNode | None, fragments: Mapping[str, FragmentDefinitionNode]) -> int:
    """Return how many fields lie on top of each other; a leaf counts, a fragment does not."""
    if selection is None:
        return 0
    depths = [
        1 + _depth(each.selection_set, fragments)
        if isinstance(each, FieldNode)
        else _depth(_inside(each, fragments), fragments)
        for each in selection.selections
    ]
    return max(depths, default=0)


def _validate(deployed: Deployed, document: DocumentNode) -> None:
    errors = validate(deployed.public, document, hide_suggestions=True)
    paths = _Paths()
    visit(document, paths)
    entries = [_entry(error, paths.known) for error in errors]
    if not entries and not deployed.api.introspection:
        entries = paths.introspection()
    if not entries and expanded_fields(document) > MOST_FIELDS:
        entries = [validation_entry(f"The document selects more than {MOST_FIELDS:,} fields.", None)]
    if entries:
        raise InvalidDocument(entries)


def _entry(error: GraphQLError, paths: Mapping[int, str]) -> dict[str, Any]:
    if error.message == "Maximum introspection depth exceeded":
        # The one recursion that every schema has. Tools ask for less.
        return {**validation_entry(error.message, error.locations), "errorType": "QueryDepthLimitReached"}
    return validation_entry(_worded(error, paths), error.locations)


class _Paths(Visitor):
    """Where each field stands in its document, as AppSync's messages name it."""

    def __init__(self) -> None:
        super().__init__()
        self.known: dict[int, str] = {}
        self._above: list[str] = []
        self._hidden: list[tuple[FieldNode, str]] = []

    def enter_field(self, node: FieldNode, *_: Any) -> None:
        inside = self._above[-1] if self._above else ""
        self._above.append(node.name.value)
        self.known[id(node)] = "/".join(self._above)
        if inside in {"__schema", "__type"}:
            self._hidden.append((node, "__Schema" if inside == "__schema" else "__Type"))

    def leave_field(self, *_: Any) -> None:
        self._above.pop()

    def introspection(self) -> list[dict[str, Any]]:
        """Return the errors that stand for introspection where it is switched off."""
        return [
            validation_entry(
                _undefined(node.name.value, parent, self.known[id(node)]), GraphQLError("", node).locations
            )
            for node, parent in self._hidden
        ]


def _undefined(name: str, parent: str, path: str) -> str:
    return f"Validation error of type FieldUndefined: Field '{name}' in type '{parent}' is undefined @ '{path}'"


_WORDINGS = (
    (
        re.compile(r"Cannot query field '(\w+)' on type '(\w+)'"),
        "FieldUndefined: Field '{0}' in type '{1}' is undefined",
    ),
    (re.compile(r"Unknown argument '(\w+)'"), "UnknownArgument: Unknown field argument {0}"),
    (re.compile(r"Argument '[\w.]+\((\w+):\)' of type"), "MissingFieldArgument: Missing field argument {0}"),
    (
        re.compile(r"Field '(\w+)' of type '([^']+)' must have a selection"),
        "SubSelectionRequired: Sub selection required for type {1} of field {0}",
    ),
    (
        re.compile(r"Field '(\w+)' must not have a selection since type '([^']+)'"),
        "SubSelectionNotAllowed: Sub selection not allowed on leaf type {1} of field {0}",
    ),
)


def _worded(error: GraphQLError, paths: Mapping[int, str]) -> str:
    node = next((each for each in error.nodes or () if id(each) in paths), None)
    place = f" @ '{paths[id(node)]}'" if node else ""
    for pattern, wording in _WORDINGS:
        match = pattern.match(error.message)
        if match:
            return f"Validation error of type {wording.format(*match.groups())}{place}"
    return f"Validation error: {error.message}{place}"
