"""Who may read which field, and which mutation feeds which subscription, from the directives of the SDL."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from graphql import (
    ConstDirectiveNode,
    DocumentNode,
    FieldDefinitionNode,
    ListValueNode,
    ObjectTypeDefinitionNode,
    ObjectTypeExtensionNode,
    StringValueNode,
    ValueNode,
)

from .api import Mode

Grants = Mapping[Mode, frozenset[str] | None]
"""The modes that open a field; for Cognito the groups of which one is needed, ``None`` where any user will do."""

_MODES = {
    "aws_api_key": Mode.API_KEY,
    "aws_iam": Mode.IAM,
    "aws_cognito_user_pools": Mode.COGNITO,
    "aws_auth": Mode.COGNITO,
    "aws_oidc": Mode.OIDC,
    "aws_lambda": Mode.LAMBDA,
}

# AppSync knows its directives without a definition; graphql-core wants one.
DIRECTIVE_DEFINITIONS = {
    "aws_subscribe": "directive @aws_subscribe(mutations: [String!]!) on FIELD_DEFINITION",
    "aws_publish": "directive @aws_publish(subscriptions: [String!]!) on FIELD_DEFINITION",
    **{
        name: f"directive @{name}{arguments} on OBJECT | INTERFACE | FIELD_DEFINITION"
        for name, arguments in {
            "aws_api_key": "",
            "aws_iam": "",
            "aws_oidc": "",
            "aws_lambda": "",
            "aws_cognito_user_pools": "(cognito_groups: [String!])",
            "aws_auth": "(cognito_groups: [String!])",
        }.items()
    },
}


@dataclass(frozen=True)
class Rules:
    """The directives of a schema, read."""

    grants: Mapping[tuple[str, str], Grants]
    """By type and field."""
    feeds: Mapping[str, tuple[str, ...]]
    """By mutation: the subscription fields it feeds."""


def read_rules(document: DocumentNode, default: Mode | None) -> Rules:
    """Read the rules of an SDL document; ``default`` opens what no directive speaks of, ``None`` leaves it closed."""
    grants: dict[tuple[str, str], Grants] = {}
    feeds: dict[str, tuple[str, ...]] = {}
    for node in document.definitions:
        if isinstance(node, (ObjectTypeDefinitionNode, ObjectTypeExtensionNode)):
            of_type = _grants(node.directives) or ({default: None} if default else {})
            for field in node.fields or ():
                grants[node.name.value, field.name.value] = _grants(field.directives) or of_type
                for mutation in _fed_by(field):
                    feeds[mutation] = (*feeds.get(mutation, ()), field.name.value)
    return Rules(grants, feeds)


def allows(grants: Grants, mode: Mode, groups: frozenset[str]) -> bool:
    """Return whether a caller of this mode and these groups is let in."""
    if mode not in grants:
        return False
    wanted = grants[mode]
    return wanted is None or not wanted.isdisjoint(groups)


def _grants(directives: Iterable[ConstDirectiveNode] | None) -> Grants:
    found: dict[Mode, frozenset[str] | None] = {}
    for directive in directives or ():
        mode = _MODES.get(directive.name.value)
        if mode is not None:
            groups = _strings(directive, "cognito_groups")
            found[mode] = frozenset(groups) if groups else None
    return found


def _fed_by(field: FieldDefinitionNode) -> list[str]:
    named = [each for each in field.directives or () if each.name.value == "aws_subscribe"]
    return [mutation for each in named for mutation in _strings(each, "mutations")]


def _strings(directive: ConstDirectiveNode, argument: str) -> list[str]:
    given = [each.value for each in directive.arguments or () if each.name.value == argument]
    return [text for value in given for text in _texts(value)]


def _texts(value: ValueNode) -> list[str]:
    if isinstance(value, ListValueNode):
        return [text for each in value.values for text in _texts(each)]
    return [value.value] if isinstance(value, StringValueNode) else []
