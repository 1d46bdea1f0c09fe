"""What is written to exhaust: short documents that stand for a great deal, and JSON that is no request."""

import asyncio
import json
from typing import Any

import pytest

from tests.unit.appsync.stage import Stage, start
from tests.unit.appsync.subscribing import acknowledged, message

KEY = {"x-api-key": "da2-good"}


def doubling(levels: int, leaf: str = "open") -> str:
    """Return a document of some lines that selects 2^levels fields."""
    fragments = [f"fragment f{i} on Query {{ ...f{i + 1} ...f{i + 1} }}" for i in range(levels)]
    return "\n".join(["{ ...f0 }", *fragments, f"fragment f{levels} on Query {{ {leaf} }}"])


def inline(levels: int) -> str:
    fragments = [
        f"fragment f{i} on Node {{ next {{ ...f{i + 1} }} ... on Node {{ ...f{i + 1} }} }}" for i in range(levels)
    ]
    return "\n".join(["{ loop { ...f0 } }", *fragments, f"fragment f{levels} on Node {{ value }}"])


@pytest.mark.parametrize(
    "query", [doubling(24), doubling(60), doubling(24, "open hello"), inline(40)], ids=["24", "60", "two", "inline"]
)
async def test_fragments_that_multiply_are_refused(stage: Stage, query: str) -> None:
    async with asyncio.timeout(30):  # one that were opened would take minutes
        answer = await stage.ask(query)
    assert answer["data"] is None
    assert answer["errors"][0]["errorType"] == "ValidationError"
    assert not stage.function.calls


async def test_fragments_used_often_are_served(stage: Stage) -> None:
    stage.function.answers["open"] = "yes"
    assert await stage.ask(doubling(8), KEY) == {"data": {"open": "yes"}}


async def test_the_fields_of_one_document_are_limited(stage: Stage) -> None:
    few = "{ loop { " + " ".join(f"f{i}: value" for i in range(3000)) + " } }"
    stage.function.answers["loop"] = {"value": 1}
    assert len((await stage.ask(few))["data"]["loop"]) == 3000
    many = "{ ...a ...b ...c ...d } " + " ".join(
        f"fragment {name} on Query {{ {name}: loop {{ ...n }} }}" for name in "abcd"
    )
    many += " fragment n on Node { " + " ".join(f"f{i}: value" for i in range(2600)) + " }"
    answer = await stage.ask(many)
    assert answer["errors"][0]["message"] == "The document selects more than 10,000 fields."


@pytest.mark.parametrize("padding", ["open " * 20_000, "#\n" * 20_000 + "open"], ids=["tokens", "comments"])
async def test_a_document_of_too_many_tokens_is_refused_unread(stage: Stage, padding: str) -> None:
    assert (await stage.post(f"{{ {padding} }}", KEY)).status == 400


async def test_a_thousand_fields_of_a_mutation_run_one_after_the_other(stage: Stage) -> None:
    running: list[str] = []

    def touched(event: dict[str, Any]) -> str:
        running.append(event["arguments"]["id"])
        return event["arguments"]["id"]

    stage.function.answers["touch"] = touched
    answer = await stage.ask("mutation {" + " ".join(f'm{i}: touch(id: "{i}")' for i in range(1000)) + "}")
    expected = [str(i) for i in range(1000)]
    assert running == expected
    assert list(answer["data"].items()) == [(f"m{i}", i) for i in expected]


async def test_a_mutation_goes_on_after_a_field_that_failed(stage: Stage) -> None:
    stage.function.fail("touch", "broken")
    answer = await stage.ask('mutation { a: touch(id: "1") b: touch(id: "2") }')
    assert answer["data"] == {"a": None, "b": None}
    assert [each["path"] for each in answer["errors"]] == [["a"], ["b"]]


DEEP = "[" * 100_000 + "]" * 100_000


@pytest.mark.parametrize(
    "body",
    [
        '{"query": "{ open }", "operationName": {"a": 1}}',
        '{"query": "{ open }", "operationName": ["open"]}',
        '{"query": "{ open }", "operationName": 3}',
        '{"query": "{ open }", "variables": [1]}',
        '{"query": "{ open }", "variables": {"a": NaN}}',
        '{"query": "{ open }", "variables": {"a": -Infinity}}',
        f'{{"query": "{{ open }}", "variables": {{"a": {DEEP}}}}}',
        '{"query": {"a": 1}}',
    ],
    ids=["object", "list", "number", "variables", "nan", "infinity", "deep", "query"],
)
async def test_json_that_is_no_request_is_refused(stage: Stage, body: str) -> None:
    response = await stage.session.post(stage.server.make_url("/graphql"), data=body, headers=KEY)
    assert (response.status, response.headers["x-amzn-errortype"]) == (400, "MalformedHttpRequestException")


async def test_json_in_a_variable_is_read_no_deeper_than_can_be(stage: Stage) -> None:
    answer = await stage.ask("query ($j: AWSJSON) { echo(json: $j) }", j=DEEP)
    assert answer["errors"][0]["errorType"] == "ValidationError"


@pytest.mark.parametrize("name", [{"a": 1}, ["a"], 3], ids=["object", "list", "number"])
async def test_a_start_that_is_no_request_is_refused(stage: Stage, name: Any) -> None:
    socket = await acknowledged(stage)
    begun = start("1", "subscription { onJob { id } }", {"Authorization": stage.token()})
    begun["payload"]["data"] = json.dumps({"query": "subscription { onJob { id } }", "operationName": name})
    await socket.send_json(begun)
    refused = await message(socket)
    assert refused["payload"]["errors"][0]["errorType"] == "MalformedHttpRequestException"


async def test_messages_that_cannot_be_read_end_nothing(stage: Stage) -> None:
    socket = await acknowledged(stage)
    await socket.send_str(DEEP)
    assert (await message(socket))["type"] == "error"
    await socket.send_json({"type": "start", "id": "1", "payload": {"data": DEEP}})
    assert (await message(socket))["payload"]["errors"][0]["errorType"] == "MalformedHttpRequestException"


async def test_credentials_that_are_no_base64_are_refused(stage: Stage) -> None:
    url = stage.server.make_url("/graphql/realtime").with_query(header="é", payload="e30=")
    socket = await stage.session.ws_connect(url, protocols=("graphql-ws",))
    await socket.send_json({"type": "connection_init"})
    assert (await message(socket))["type"] == "connection_error"
    await socket.close()
