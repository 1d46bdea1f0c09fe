"""AppSync's scalars, both ways."""

from typing import Any

import pytest
from graphql import GraphQLError, GraphQLScalarType, build_schema

from local.appsync.scalars import SCALAR_DEFINITIONS, install_scalars
from tests.unit.appsync.stage import Stage

SCHEMA = build_schema(SCALAR_DEFINITIONS + " type Query { a: Int }")
install_scalars(SCHEMA)


def scalar(name: str) -> GraphQLScalarType:
    found = SCHEMA.type_map[name]
    assert isinstance(found, GraphQLScalarType)
    return found


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("AWSDate", "2026-02-28"),
        ("AWSDate", "2024-02-29Z"),
        ("AWSDate", "1970-01-01-07:00"),
        ("AWSDate", "1970-01-01+05:30:10"),
        ("AWSTime", "12:30"),
        ("AWSTime", "12:30:24.500+05:30"),
        ("AWSTime", "23:59:59.123456789Z"),
        ("AWSDateTime", "2026-11-20T10:00:00Z"),
        ("AWSDateTime", "2026-11-20T10:00:00.123-07:00"),
        ("AWSDateTime", "2026-11-20T10:00Z"),
        ("AWSTimestamp", 0),
        ("AWSTimestamp", -5),
        ("AWSEmail", "a.b+c@example.org"),
        ("AWSURL", "https://example.org/a?b=c"),
        ("AWSURL", "mailto:a@b.org"),
        ("AWSPhone", "+1 555-123-4567"),
        ("AWSIPAddress", "127.0.0.1/8"),
        ("AWSIPAddress", "::1"),
    ],
)
def test_a_good_value_passes_unchanged(name: str, value: Any) -> None:
    assert scalar(name).coerce_input_value(value) == value
    assert scalar(name).coerce_output_value(value) == value


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("AWSDate", "2026-02-30"),
        ("AWSDate", "2026-2-3"),
        ("AWSDate", 20260101),
        ("AWSTime", "25:00"),
        ("AWSTime", "noon"),
        ("AWSDateTime", "2026-11-20T10:00:00"),
        ("AWSDateTime", "2026-11-20 10:00:00Z"),
        ("AWSDateTime", "2026-13-20T10:00:00Z"),
        ("AWSTimestamp", "1"),
        ("AWSTimestamp", 1.5),
        ("AWSTimestamp", True),
        ("AWSTimestamp", 10**30),
        ("AWSEmail", "nobody"),
        ("AWSEmail", "a@b"),
        ("AWSURL", "example.org"),
        ("AWSURL", "https://"),
        ("AWSPhone", "call me"),
        ("AWSIPAddress", "300.1.1.1"),
    ],
)
def test_a_wrong_value_is_refused_both_ways(name: str, value: Any) -> None:
    for coerce in (scalar(name).coerce_input_value, scalar(name).coerce_output_value):
        with pytest.raises(GraphQLError, match=name):
            coerce(value)


@pytest.mark.parametrize("value", ["{", "", {"a": 1}, None])
def test_json_comes_in_as_text(value: Any) -> None:
    with pytest.raises(GraphQLError, match="AWSJSON"):
        scalar("AWSJSON").coerce_input_value(value)


@pytest.mark.parametrize(
    ("value", "text"),
    [({"a": [1]}, '{"a":[1]}'), ('{"a": 1}', '{"a": 1}'), ("plain", '"plain"'), (3, "3"), ("é", '"é"')],
)
def test_json_goes_out_as_text(value: Any, text: str) -> None:
    assert scalar("AWSJSON").coerce_output_value(value) == text


async def test_resolvers_get_json_parsed_from_literals_and_variables(stage: Stage) -> None:
    stage.function.answers["echo"] = lambda event: event["arguments"]
    literal = await stage.ask('{ echo(json: "[1, {}]", at: "2026-01-01T00:00:00Z") }')
    assert literal["data"] == {"echo": '{"json":[1,{}],"at":"2026-01-01T00:00:00Z"}'}
    variable = await stage.ask("query ($j: AWSJSON) { echo(json: $j) }", j='"x"')
    assert variable["data"] == {"echo": '{"json":"x"}'}
    wrong = await stage.ask('{ echo(at: "yesterday") }')
    assert wrong["errors"][0]["errorType"] == "ValidationError"


async def test_a_resolver_that_answers_nonsense(stage: Stage) -> None:
    stage.function.answers["loop"] = {"value": "many"}
    answer = await stage.ask("{ loop { value } }")
    assert answer["data"] == {"loop": None}
    assert answer["errors"][0]["path"] == ["loop", "value"]
    assert answer["errors"][0]["message"].startswith("Can't resolve value (/loop/value)")
