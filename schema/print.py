"""The schema as text: the one AppSync takes, and the one people read."""

from dataclasses import replace
from pathlib import Path
from typing import Any

from graphql import (
    REMOVE,
    DirectiveDefinitionNode,
    DirectiveNode,
    DocumentNode,
    FieldDefinitionNode,
    NamedTypeNode,
    Node,
    ScalarTypeDefinitionNode,
    TypeDefinitionNode,
    Visitor,
    parse,
    print_ast,
    visit,
)

from schema.inputs import printed
from schema.root import schema

HERE = Path(__file__).parent
DEPLOYED = HERE / "schema.graphql"
DOCUMENTED = HERE.parent / "docs" / "schema.graphql"
INPUTS = HERE.parent / "studio" / "inputs.py"

# AppSync's own example documents always name the roots, and it has refused documents which do not.
_HEAD = "# Printed from the types in schema/ by `python -m schema`: change those, not this.\n\n"
_ROOTS = "schema {\n  query: Query\n  mutation: Mutation\n  subscription: Subscription\n}\n\n"


class _WithoutDefinitions(Visitor):
    """AppSync declares its scalars and directives itself and refuses a second declaration."""

    def enter_directive_definition(self, _node: DirectiveDefinitionNode, *_: Any) -> Any:
        return REMOVE

    def enter_scalar_type_definition(self, _node: ScalarTypeDefinitionNode, *_: Any) -> Any:
        return REMOVE


class _WithoutDescriptions(Visitor):
    """Block strings are not surely part of AppSync's SDL."""

    def enter(self, node: Node, *_: Any) -> Any:
        described = getattr(node, "description", None) is not None
        return replace(node, description=None) if described else None


class _WithoutSystem(Visitor):
    """The backend publishes through fields that no client may ask; how subscriptions are fed is none of theirs."""

    def enter_field_definition(self, node: FieldDefinitionNode, *_: Any) -> Any:
        return REMOVE if [each.name.value for each in node.directives or ()] == ["aws_iam"] else None

    def enter_directive(self, node: DirectiveNode, *_: Any) -> Any:
        return REMOVE if node.name.value == "aws_subscribe" else None


class _Names(Visitor):
    """The types that a definition names."""

    def __init__(self) -> None:
        super().__init__()
        self.found: set[str] = set()

    def enter_named_type(self, node: NamedTypeNode, *_: Any) -> None:
        self.found.add(node.name.value)


def for_clients(types: DocumentNode) -> DocumentNode:
    """Return what clients may ask, and what can be reached from there."""
    document_ = visit(types, _WithoutSystem())
    definitions = {each.name.value: each for each in document_.definitions if isinstance(each, TypeDefinitionNode)}
    reached, ahead = set[str](), {"Query", "Mutation", "Subscription"} & definitions.keys()
    while ahead:
        names = _Names()
        for name in ahead:
            visit(definitions[name], names)
        reached |= ahead
        ahead = names.found & definitions.keys() - reached
    return DocumentNode(definitions=tuple(each for name, each in definitions.items() if name in reached))


def document() -> DocumentNode:
    """Return the whole schema, with all that is said of it."""
    return visit(parse(schema.as_str()), _WithoutDefinitions())


def documented() -> str:
    """The schema with what a frontend developer needs to know of each part that a client may ask."""
    return _HEAD + _ROOTS + print_ast(for_clients(document())) + "\n"


def deployed() -> str:
    """The schema that is deployed to AppSync."""
    return _HEAD + _ROOTS + print_ast(visit(document(), _WithoutDescriptions())) + "\n"


def outputs() -> dict[Path, str]:
    """Every committed file which is printed from the types, and its text."""
    return {DEPLOYED: deployed(), DOCUMENTED: documented(), INPUTS: printed(document())}
