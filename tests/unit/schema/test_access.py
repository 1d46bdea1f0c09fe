"""The directives say what the table of decisions says, for root fields and for every type they lead to."""

from collections.abc import Iterator

import pytest
from graphql import (
    DirectiveNode,
    FieldNode,
    GraphQLField,
    GraphQLObjectType,
    ListValueNode,
    Node,
    StringValueNode,
    get_named_type,
    is_object_type,
    parse,
    validate,
)

from schema.directives import ADMIN_GROUP
from tests.access import DECISIONS, Answer, Caller
from tests.sdl import committed, operation

SCHEMA = committed()
ROOTS = [root for root in (SCHEMA.query_type, SCHEMA.mutation_type, SCHEMA.subscription_type) if root]
FIELDS = {f"{root.name}.{name}": field for root in ROOTS for name, field in root.fields.items()}
TYPES = [t for t in SCHEMA.type_map.values() if isinstance(t, GraphQLObjectType) and not t.name.startswith("__")]
OBJECTS = [type_ for type_ in TYPES if type_ not in ROOTS]


def groups(directive: DirectiveNode) -> list[str]:
    lists = [a.value for a in directive.arguments or () if isinstance(a.value, ListValueNode)]
    return [value.value for found in lists for value in found.values if isinstance(value, StringValueNode)]


def admitted(part: GraphQLField | GraphQLObjectType) -> set[Caller]:
    """Return whom a field's or a type's directives let in; a guest signs, and has a role for what the key opens."""
    assert part.ast_node
    callers: set[Caller] = set()
    for directive in part.ast_node.directives or ():
        match directive.name.value, groups(directive):
            case "aws_api_key", _:
                callers |= {Caller.KEY}
            case "aws_iam", _:
                callers |= {Caller.IAM}
            case "aws_cognito_user_pools", []:
                callers |= {Caller.USER, Caller.OTHER, Caller.ADMIN}
            case "aws_cognito_user_pools", [group] if group == ADMIN_GROUP:
                callers |= {Caller.ADMIN}
            case name, _:
                assert name == "aws_subscribe"
    return callers | ({Caller.GUEST} if {Caller.KEY, Caller.IAM} <= callers else set())


def reach(field: GraphQLField, seen: frozenset[str] = frozenset()) -> Iterator[GraphQLObjectType]:
    """Yield every object type that a field's answer can hold."""
    type_ = get_named_type(field.type)
    if isinstance(type_, GraphQLObjectType) and type_.name not in seen:
        yield type_
        for inner in type_.fields.values():
            yield from reach(inner, seen | {type_.name})


def test_every_root_field_has_a_decision() -> None:
    assert set(DECISIONS) == set(FIELDS)


@pytest.mark.parametrize("name", FIELDS)
def test_a_root_fields_directives_are_its_decision(name: str) -> None:
    decision = DECISIONS[name]
    let_in = {caller for caller in Caller if decision.of(caller) not in {Answer.FORBIDDEN, Answer.TURNED_AWAY}}
    assert admitted(FIELDS[name]) == let_in


@pytest.mark.parametrize("type_", OBJECTS, ids=lambda t: t.name)
def test_a_type_is_open_to_exactly_those_whom_a_field_leads_to_it(type_: GraphQLObjectType) -> None:
    """Narrower, and a permitted answer has holes; wider, and the type is open for no reason."""
    led: set[Caller] = set()
    for field in FIELDS.values():
        if type_ in reach(field):
            callers = admitted(field)
            led |= callers | ({Caller.USER, Caller.OTHER} if Caller.ADMIN in callers else set())
    assert admitted(type_) == led


def test_no_field_of_a_type_undoes_what_its_type_says() -> None:
    fields = [field for type_ in OBJECTS for field in type_.fields.values()]
    assert not [field for field in fields if field.ast_node and field.ast_node.directives]


def test_subscriptions_name_mutations_that_return_what_they_do() -> None:
    assert SCHEMA.subscription_type
    assert SCHEMA.mutation_type
    for field in SCHEMA.subscription_type.fields.values():
        assert field.ast_node
        sources = [groups(d) for d in field.ast_node.directives or () if d.name.value == "aws_subscribe"]
        assert sources
        for mutation in sources[0]:
            assert str(SCHEMA.mutation_type.fields[mutation].type) == str(field.type)
            assert is_object_type(field.type)


@pytest.mark.parametrize("name", FIELDS)
def test_every_field_can_be_asked_for_everything_within_the_apis_depth(name: str) -> None:
    document = parse(operation(SCHEMA, name))
    assert validate(SCHEMA, document) == []
    assert depth(document) <= 8


def depth(node: Node) -> int:
    inner = [child for key in node.keys for child in listed(getattr(node, key, None))]
    deepest = max((depth(child) for child in inner), default=0)
    return deepest + isinstance(node, FieldNode)


def listed(value: object) -> list[Node]:
    return [each for each in (value if isinstance(value, list | tuple) else [value]) if isinstance(each, Node)]
