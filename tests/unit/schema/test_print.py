from pathlib import Path
from typing import Any

import pytest
from graphql import (
    DirectiveDefinitionNode,
    GraphQLObjectType,
    GraphQLSchema,
    InterfaceTypeDefinitionNode,
    NameNode,
    Node,
    ScalarTypeDefinitionNode,
    Visitor,
    build_schema,
    parse,
    print_ast,
    visit,
)

from schema import inputs
from schema.__main__ import stale
from schema.print import DEPLOYED, deployed, documented, for_clients, outputs
from tests.access import DECISIONS, SYSTEM
from tests.sdl import APPSYNC_PRELUDE, committed

AWS_SCALARS = {
    "AWSDate",
    "AWSTime",
    "AWSDateTime",
    "AWSTimestamp",
    "AWSEmail",
    "AWSJSON",
    "AWSURL",
    "AWSPhone",
    "AWSIPAddress",
}


class Nodes(Visitor):
    def __init__(self) -> None:
        super().__init__()
        self.seen: list[Node] = []

    def enter(self, node: Node, *_: Any) -> None:
        self.seen.append(node)


def nodes(text: str) -> list[Node]:
    visitor = Nodes()
    visit(parse(text), visitor)
    return visitor.seen


def test_an_input_is_quoted_wherever_its_class_stands_and_whatever_it_is_called() -> None:
    types = parse("input AFilter { b: ZFilter, many: [ZFilter!]!, n: Int } input ZFilter { n: Int! }")
    module: dict[str, object] = {}
    exec(inputs.printed(types), module)
    assert {"AFilter", "ZFilter"} <= module.keys()


def test_the_committed_files_are_what_the_types_say() -> None:
    assert stale(outputs()) == []


def test_a_stale_file_is_shown_as_a_diff(tmp_path: Path) -> None:
    old = tmp_path / "schema.graphql"
    old.write_text("type Query {\n  gone: Int\n}\n")
    diff = stale({old: "type Query {\n  fresh: Int\n}\n", tmp_path / "missing": "x\n"})
    assert "-  gone: Int" in diff
    assert "+  fresh: Int" in diff
    assert "+x" in diff


def test_appsync_can_take_the_schema() -> None:
    types = committed()
    assert types.query_type
    assert types.mutation_type
    assert types.subscription_type


@pytest.mark.parametrize("kind", [DirectiveDefinitionNode, ScalarTypeDefinitionNode, InterfaceTypeDefinitionNode])
def test_nothing_is_declared_that_appsync_refuses(kind: type[Node]) -> None:
    assert [node for node in nodes(deployed()) if isinstance(node, kind)] == []


def test_descriptions_stay_out_of_what_is_deployed() -> None:
    described = [node for node in nodes(deployed()) if getattr(node, "description", None)]
    assert described == []
    assert '"""' in documented()


def test_clients_see_nothing_that_only_the_backend_may_ask() -> None:
    whole, seen = (build_schema(APPSYNC_PRELUDE + text) for text in (deployed(), documented()))
    system = {field for field, decision in DECISIONS.items() if decision is SYSTEM}
    fields = {f"{root}.{name}" for root in ("Query", "Mutation", "Subscription") for name in _fields(whole, root)}
    assert {f"{root}.{name}" for root in ("Query", "Mutation", "Subscription") for name in _fields(seen, root)} == (
        fields - system
    )
    assert whole.type_map.keys() - seen.type_map.keys() == {"ShutOut"}
    assert "publish" not in documented()


def _fields(schema: GraphQLSchema, root: str) -> list[str]:
    type_ = schema.get_type(root)
    assert isinstance(type_, GraphQLObjectType)
    return [*type_.fields]


def test_what_is_only_reached_from_there_goes_with_it() -> None:
    text = """
    type Query { a(b: B): Int @aws_cognito_user_pools  c: C @aws_iam }
    input B { d: D } enum D { E } type C { f: F } enum F { G }
    """
    assert print_ast(for_clients(parse(text))).split("\n") == [
        *("type Query {", "  a(b: B): Int @aws_cognito_user_pools", "}", ""),
        *("input B {", "  d: D", "}", ""),
        *("enum D {", "  E", "}"),
    ]


def test_only_appsyncs_scalars_begin_with_its_prefix() -> None:
    names = {node.value for node in nodes(deployed()) if isinstance(node, NameNode)}
    assert {name for name in names if name.upper().startswith("AWS") and not name.startswith("aws_")} <= AWS_SCALARS


def test_no_defaults_because_appsync_does_not_pass_them_on() -> None:
    assert [node for node in nodes(deployed()) if getattr(node, "default_value", None)] == []


def test_the_schema_is_far_below_appsyncs_limit() -> None:
    assert DEPLOYED.stat().st_size < 1_000_000


@pytest.mark.parametrize(
    "piece",
    [
        "type Job @aws_cognito_user_pools @aws_iam {",
        "type JobView @aws_api_key @aws_cognito_user_pools @aws_iam {",
        "type ImageSet @aws_api_key @aws_cognito_user_pools @aws_iam {",
        "type User @aws_cognito_user_pools @aws_iam {",
        "  models: [Model!]! @aws_api_key @aws_cognito_user_pools @aws_iam\n",
        "  me: User! @aws_cognito_user_pools\n",
        '  grantPoints(input: GrantPointsInput!): User! @aws_cognito_user_pools(cognito_groups: ["admin"])\n',
        "  publishJob(job: AWSJSON!): Job @aws_iam\n",
        '  onJob(owner: ID!, id: ID): Job @aws_cognito_user_pools @aws_subscribe(mutations: ["publishJob"])\n',
    ],
)
def test_directives_print_as_appsync_spells_them(piece: str) -> None:
    assert piece in deployed()
