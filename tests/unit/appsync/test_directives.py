"""Who may read which field."""

from dataclasses import replace

import pytest
from graphql import parse

from local.appsync.api import Mode
from local.appsync.directives import allows, read_rules
from tests.unit.appsync.stage import Stage, small_api

SDL = """
type Query {
  plain: String
  keyed: String @aws_api_key
  both: String @aws_api_key @aws_iam
  grouped: String @aws_cognito_user_pools(cognito_groups: ["a", "b"])
  one: String @aws_auth(cognito_groups: "a")
  open: String @aws_oidc @aws_lambda
}
type Job @aws_iam { id: ID  name: String @aws_cognito_user_pools }
extend type Query { more: String @aws_iam }
type Subscription { on: Job @aws_subscribe(mutations: ["make", "drop"])  off: Job @aws_subscribe(mutations: ["drop"]) }
"""


@pytest.mark.parametrize(
    ("field", "let_in"),
    [
        ("Query.plain", {Mode.COGNITO}),
        ("Query.keyed", {Mode.API_KEY}),
        ("Query.both", {Mode.API_KEY, Mode.IAM}),
        ("Query.open", {Mode.OIDC, Mode.LAMBDA}),
        ("Query.more", {Mode.IAM}),
        ("Job.id", {Mode.IAM}),
        ("Job.name", {Mode.COGNITO}),
    ],
)
def test_a_field_is_open_to_its_own_modes_else_its_types_else_the_default(field: str, let_in: set[Mode]) -> None:
    type_name, _, field_name = field.partition(".")
    grants = read_rules(parse(SDL), Mode.COGNITO).grants[type_name, field_name]
    assert {mode for mode in Mode if allows(grants, mode, frozenset())} == let_in


@pytest.mark.parametrize(
    ("field", "groups", "expected"),
    [
        ("grouped", {"a"}, True),
        ("grouped", {"x", "b"}, True),
        ("grouped", {"x"}, False),
        ("grouped", set[str](), False),
        ("one", {"a"}, True),
        ("one", {"b"}, False),
    ],
)
def test_one_of_the_named_groups_is_needed(field: str, groups: set[str], *, expected: bool) -> None:
    grants = read_rules(parse(SDL), Mode.API_KEY).grants["Query", field]
    assert allows(grants, Mode.COGNITO, frozenset(groups)) is expected


def test_a_mutation_feeds_the_subscriptions_that_name_it() -> None:
    feeds = read_rules(parse(SDL), Mode.COGNITO).feeds
    assert feeds == {"make": ("on",), "drop": ("on", "off")}


async def test_a_refused_field_is_null_and_its_siblings_are_not(stage: Stage) -> None:
    stage.function.answers["open"] = lambda _: "yes"
    stage.function.answers["hello"] = "never"
    answer = await stage.ask("{ open hello }", {"x-api-key": "da2-good"})
    assert answer["data"] == {"open": "yes", "hello": None}
    assert answer["errors"] == [
        {
            "path": ["hello"],
            "data": None,
            "errorType": "Unauthorized",
            "errorInfo": None,
            "locations": [{"line": 1, "column": 8, "sourceName": None}],
            "message": "Not Authorized to access hello on type Query",
        }
    ]
    assert [call["info"]["fieldName"] for call in stage.function.calls] == ["open"]


@pytest.mark.parametrize(
    ("groups", "allowed"), [(["admin"], True), (["staff", "x"], True), (["x"], False), (None, False)]
)
async def test_groups_come_from_the_token(stage: Stage, groups: list[str] | None, *, allowed: bool) -> None:
    stage.function.answers["admin"] = lambda event: ",".join(event["identity"]["groups"])
    answer = await stage.ask("{ admin }", {"Authorization": stage.token(**{"cognito:groups": groups})})
    assert (answer["data"]["admin"] is not None) is allowed
    assert ("errors" not in answer) is allowed


async def test_the_types_below_are_checked_as_well(stage: Stage) -> None:
    """``owned`` is open to keys, but ``Job`` is not; and a user may not read what only IAM may."""
    stage.function.answers["owned"] = {"id": "1", "status": "S", "internal": "x"}
    query = "{ owned { status internal } }"
    keyed = await stage.ask(query, {"x-api-key": "da2-good"})
    assert keyed["data"] == {"owned": {"status": None, "internal": None}}
    assert [each["message"] for each in keyed["errors"]] == [
        "Not Authorized to access status on type Job",
        "Not Authorized to access internal on type Job",
    ]
    signed_in = await stage.ask(query)
    assert signed_in["data"] == {"owned": {"status": "S", "internal": None}}


async def test_a_refused_field_that_may_not_be_null_takes_its_parent_with_it(stage: Stage) -> None:
    stage.function.answers["owned"] = {"id": "1", "status": "S"}
    answer = await stage.ask("{ owned { id status } }", {"x-api-key": "da2-good"})
    assert answer["data"] == {"owned": None}


async def test_what_hides_behind_an_interface_is_checked_too(stage: Stage) -> None:
    stage.function.answers["thing"] = {"__typename": "Book", "id": "1", "secret": "s"}
    answer = await stage.ask("{ thing { id ... on Book { secret } } }")
    assert answer["data"] == {"thing": {"id": "1", "secret": None}}
    closed = small_api(sdl=small_api().sdl.replace("implements Thing {", "implements Thing @aws_iam {"))
    await stage.become(closed)
    assert (await stage.ask("{ thing { id } }"))["data"] == {"thing": None}


async def test_a_pool_that_denies_by_default_closes_what_no_directive_opens(stage: Stage) -> None:
    await stage.become(small_api(default=replace(small_api().default, denies=True)))
    stage.function.answers["open"] = lambda event: event["identity"]["defaultAuthStrategy"]
    answer = await stage.ask("{ hello open }")
    assert answer["data"] == {"hello": None, "open": "DENY"}
    assert [each["path"] for each in answer["errors"]] == [["hello"]]


async def test_fragments_hide_nothing(stage: Stage) -> None:
    stage.function.answers["owned"] = {"internal": "x"}
    answer = await stage.ask("query { ...A } fragment A on Query { owned { ...B } } fragment B on Job { internal }")
    assert answer["data"] == {"owned": {"internal": None}}
