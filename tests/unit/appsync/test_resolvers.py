"""What resolvers see and what becomes of their answers."""

import asyncio
import json
from typing import Any

import pytest
from graphql import get_introspection_query

from local.appsync.api import Source, Step
from tests.unit.appsync.stage import FUNCTION, INVOKE, NONE, Stage, resolver, small_api

ANSWER = "export function response(ctx) { return ctx.result; }"


def code(request: str, response: str = "return ctx.result;") -> str:
    return f"""
    import {{ util, runtime, extensions }} from '@aws-appsync/utils';
    export function request(ctx) {{ {request} }}
    export function response(ctx) {{ {response} }}
    """


async def with_hello(stage: Stage, *steps: Step, pipeline: str = "", **changes: Any) -> None:
    await stage.become(small_api(resolvers=dict([resolver("Query.hello", *steps, pipeline=pipeline)]), **changes))


async def error(stage: Stage, query: str = "{ hello }") -> dict[str, Any]:
    answer = await stage.ask(query)
    assert len(answer["errors"]) == 1, answer
    return answer["errors"][0]


async def test_the_event_of_a_direct_resolver(stage: Stage) -> None:
    stage.function.answers["jobs"] = []
    query = """query Q($yes: Boolean!) {
      jobs {
        name: id
        size @skip(if: $yes)
        ...P
        parts { kind }
        ... on Job { status @include(if: $yes) }
        __typename
      }
    }
    fragment P on Job { parts { kind } }"""
    headers = {"Authorization": stage.token(**{"cognito:groups": ["g"]}), "X-Mine": "1"}
    await stage.ask(query, headers, yes=True)
    event = stage.function.calls[0]
    assert event["arguments"] == {}
    assert event["source"] is None
    assert event["request"]["headers"]["x-mine"] == "1"
    assert event["prev"] is None
    assert event["stash"] == {}
    info = event["info"]
    assert (info["fieldName"], info["parentTypeName"], info["variables"]) == ("jobs", "Query", {"yes": True})
    assert info["selectionSetList"] == ["name", "parts", "parts/kind", "status", "__typename"]
    assert info["selectionSetGraphQL"].startswith("{\n  name: id\n  size @skip(if: $yes)\n  ...P\n")
    identity = event["identity"]
    assert {name: identity[name] for name in ("sub", "username", "groups", "sourceIp", "defaultAuthStrategy")} == {
        "sub": "u1",
        "username": "ann",
        "groups": ["g"],
        "sourceIp": ["127.0.0.1"],
        "defaultAuthStrategy": "ALLOW",
    }
    assert identity["issuer"] == identity["claims"]["iss"]


async def test_javascript_sees_the_same_and_more(stage: Stage) -> None:
    show = code("return { payload: { ...ctx, auth: util.authType() } };", "return JSON.stringify(ctx.result);")
    await with_hello(stage, Step(NONE, show), environment={"TABLE": "t"})
    context = json.loads((await stage.ask('{ hello(name: "x") }'))["data"]["hello"])
    assert context["args"] == context["arguments"] == {"name": "x"}
    assert context["identity"]["sub"] == "u1"
    assert context["env"] == {"TABLE": "t"}
    assert context["info"]["parentTypeName"] == "Query"
    assert context["auth"] == "User Pool Authorization"


@pytest.mark.parametrize(
    ("query", "variables", "arguments"),
    [
        ("{ hello }", {}, {}),
        ("{ hello(more: {}) }", {}, {"more": {}}),
        ("{ hello(name: null) }", {}, {"name": None}),
        ("query ($n: String) { hello(name: $n) }", {}, {}),
        ("query ($n: String) { hello(name: $n) }", {"n": None}, {"name": None}),
        ('query ($n: String = "v") { hello(name: $n) }', {}, {"name": "v"}),
        ("query ($f: Filter) { hello(more: $f) }", {"f": {"color": "red"}}, {"more": {"color": "red"}}),
    ],
)
async def test_defaults_of_the_schema_do_not_reach_resolvers(
    stage: Stage, query: str, variables: dict[str, Any], arguments: dict[str, Any]
) -> None:
    await stage.ask(query, **variables)
    assert stage.function.calls[0]["arguments"] == arguments


async def test_defaults_of_the_schema_are_shown_by_introspection(stage: Stage) -> None:
    answer = await stage.ask('{ __type(name: "Query") { fields { name args { name defaultValue } } } }')
    hello = next(each for each in answer["data"]["__type"]["fields"] if each["name"] == "hello")
    assert hello["args"][0] == {"name": "name", "defaultValue": '"you"'}


async def test_descriptions_of_another_document_are_shown_where_the_apis_own_has_none(stage: Stage) -> None:
    described = (
        '"All." type Query { "Greets." hello("Whom." name: String): String  "Not there." gone: Int } scalar AWSDate'
    )
    await stage.become(small_api(descriptions=described))
    stage.function.answers["hello"] = "x"
    query = '{ __type(name: "Query") { description fields { name description args { description } } } hello }'
    answer = await stage.ask(query)
    fields = {each["name"]: each for each in answer["data"]["__type"]["fields"]}
    assert answer["data"]["__type"]["description"] == "All."
    assert (fields["hello"]["description"], fields["hello"]["args"][0]["description"]) == ("Greets.", "Whom.")
    assert "gone" not in fields
    assert fields["loop"]["description"] is None
    assert answer["data"]["hello"] == "x"


async def test_introspection_and_data_in_one_request(stage: Stage) -> None:
    stage.function.answers["hello"] = "x"
    answer = await stage.ask("{ hello __schema { queryType { name } } }")
    assert answer == {"data": {"hello": "x", "__schema": {"queryType": {"name": "Query"}}}}


async def test_a_function_that_raised(stage: Stage) -> None:
    stage.function.fail("hello", "division by zero")
    assert await error(stage) == {
        "path": ["hello"],
        "data": None,
        "errorType": "Lambda:Unhandled",
        "errorInfo": None,
        "locations": [{"line": 1, "column": 3, "sourceName": None}],
        "message": "division by zero",
    }


async def test_javascript_handles_a_function_that_raised(stage: Stage) -> None:
    stage.function.fail("open", "secret")
    found = await error(stage, "{ open }")
    assert (found["errorType"], found["message"]) == ("BROKEN", "It broke.")
    assert (found["data"], found["errorInfo"]) == ({"kept": 1}, {"why": "Lambda:Unhandled"})


async def test_an_asynchronous_invocation_answers_null(stage: Stage) -> None:
    send = code("return { operation: 'Invoke', invocationType: 'Event', payload: ctx.args };")
    await with_hello(stage, Step(FUNCTION, send))
    assert await stage.ask('{ hello(name: "x") }') == {"data": {"hello": None}}
    assert stage.function.sent == [{"name": "x"}]


async def test_append_error_goes_beside_the_value(stage: Stage) -> None:
    await with_hello(
        stage, Step(NONE, code("return { payload: 'v' };", "util.appendError('odd', 'ODD'); return ctx.result;"))
    )
    answer = await stage.ask("{ hello }")
    assert answer["data"] == {"hello": "v"}
    assert (answer["errors"][0]["errorType"], answer["errors"][0]["path"]) == ("ODD", ["hello"])


async def test_util_unauthorized_reads_like_a_refused_field(stage: Stage) -> None:
    await with_hello(stage, Step(NONE, code("util.unauthorized();")))
    found = await error(stage)
    assert (found["errorType"], found["message"]) == ("Unauthorized", "Not Authorized to access hello on type Query")


@pytest.mark.parametrize("body", ["throw new Error('bug');", "return ctx.no.such;", "return util.dynamodb.toMap({});"])
async def test_a_bug_in_a_handler_is_an_error_of_its_field(stage: Stage, body: str) -> None:
    await with_hello(stage, Step(NONE, code(body)))
    assert (await error(stage))["errorType"] == "Code"


async def test_code_that_does_not_load_is_an_error_of_its_field(stage: Stage) -> None:
    for wrong in ("export function request(", "import x from 'fs'; " + ANSWER, ANSWER):
        await with_hello(stage, Step(NONE, wrong))
        assert (await error(stage))["errorType"] == "Code"


async def test_early_return_skips_the_data_source_and_the_response_handler(stage: Stage) -> None:
    await with_hello(stage, Step(FUNCTION, code("runtime.earlyReturn('early');", "return 'late';")))
    assert (await stage.ask("{ hello }"))["data"] == {"hello": "early"}
    assert stage.function.calls == []


async def test_a_pipeline_hands_results_and_stash_on(stage: Stage) -> None:
    first = code("ctx.stash.seen = 1; return { payload: 'a' };", "return ctx.result + ctx.prev.result;")
    second = code("return { payload: ctx.prev.result };", "ctx.stash.seen += 1; return ctx.result + 'c';")
    around = code("return 'b';", "return ctx.result + ctx.prev.result + ctx.stash.seen;")
    await with_hello(stage, Step(NONE, first), Step(NONE, second), pipeline=around)
    assert (await stage.ask("{ hello }"))["data"] == {"hello": "abcabc2"}


async def test_a_pipeline_may_end_early(stage: Stage) -> None:
    stop = code("runtime.earlyReturn('x', { skipTo: 'END' });")
    skip = code("runtime.earlyReturn('y');")
    last = code("return { payload: ctx.prev.result + 'z' };")
    around = code("return {};", "return ctx.prev.result;")
    await with_hello(stage, Step(NONE, stop), Step(NONE, last), pipeline=around)
    assert (await stage.ask("{ hello }"))["data"] == {"hello": "x"}
    await with_hello(stage, Step(NONE, skip), Step(NONE, last), pipeline=around)
    assert (await stage.ask("{ hello }"))["data"] == {"hello": "yz"}


def batching(largest: int, *, direct: bool = False) -> dict[Any, Any]:
    ask = code("return { operation: 'BatchInvoke', payload: ctx.source.id };")
    step = Step(FUNCTION, "" if direct else ask, max_batch=largest)
    return dict([resolver("Job.status", step)])


async def test_batch_invoke_gathers_siblings(stage: Stage) -> None:
    await stage.become(small_api(resolvers=batching(4)))
    stage.function.answers["jobs"] = [{"id": str(number)} for number in range(10)]
    stage.function.answers["*"] = lambda ids: [f"s{each}" for each in ids]
    answer = await stage.ask("{ jobs { id status } }")
    assert [each["status"] for each in answer["data"]["jobs"]] == [f"s{number}" for number in range(10)]
    assert sorted(map(len, stage.function.calls[1:])) == [2, 4, 4]


async def test_a_direct_batch_gets_events_and_may_fail_one_by_one(stage: Stage) -> None:
    await stage.become(small_api(resolvers=batching(5, direct=True)))
    stage.function.answers["jobs"] = [{"id": "a"}, {"id": "b"}]
    stage.function.answers["*"] = lambda events: [
        {"data": "ok"} if event["source"]["id"] == "a" else {"data": None, "errorMessage": "no", "errorType": "NO"}
        for event in events
    ]
    answer = await stage.ask("{ jobs { status } }")
    assert answer["data"]["jobs"] == [{"status": "ok"}, {"status": None}]
    assert [(each["errorType"], each["path"]) for each in answer["errors"]] == [("NO", ["jobs", 1, "status"])]


async def test_a_batch_of_the_wrong_length_fails_all_of_it(stage: Stage) -> None:
    await stage.become(small_api(resolvers=batching(5)))
    stage.function.answers["jobs"] = [{"id": "a"}, {"id": "b"}]
    stage.function.answers["*"] = []
    answer = await stage.ask("{ jobs { status } }")
    assert {each["errorType"] for each in answer["errors"]} == {"Lambda:IllegalArgument"}
    assert len(answer["errors"]) == 2


async def test_a_batch_does_not_wait_for_a_sibling_that_never_asks(stage: Stage) -> None:
    ask = code(
        "if (ctx.source.id === 'a') runtime.earlyReturn('skipped'); return { operation: 'BatchInvoke', payload: 1 };"
    )
    await stage.become(small_api(resolvers=dict([resolver("Job.status", Step(FUNCTION, ask, max_batch=9))])))
    stage.function.answers["jobs"] = [{"id": "b"}, {"id": "a"}]
    stage.function.answers["*"] = ["asked"]
    async with asyncio.timeout(30):
        answer = await stage.ask("{ jobs { status } }")
    assert answer["data"]["jobs"] == [{"status": "asked"}, {"status": "skipped"}]


@pytest.mark.parametrize(
    "step",
    [
        Step(FUNCTION, code("return {};")),
        Step(Source("db", "AMAZON_DYNAMODB"), code("return {};")),
        Step(FUNCTION, template=True),
        Step(NONE),
    ],
)
async def test_what_is_not_served_says_so(stage: Stage, step: Step) -> None:
    await with_hello(stage, step)
    assert (await error(stage))["errorType"] in {"UnsupportedOperation", "Code"}


async def test_a_null_where_none_may_be(stage: Stage) -> None:
    stage.function.answers["jobs"] = [{"id": "1"}, {"status": "S"}]
    answer = await stage.ask("{ jobs { id } }")
    assert answer["data"] is None
    assert answer["errors"] == [
        {
            "path": ["jobs", 1, "id"],
            "locations": None,
            "message": "Cannot return null for non-nullable type: 'ID' within parent 'Job' (/jobs[1]/id)",
        }
    ]


async def test_a_query_deeper_than_the_limit_is_cut_off_there(stage: Stage) -> None:
    await stage.become(small_api(depth_limit=3))
    stage.function.answers["loop"] = {"value": 1, "label": "a", "next": {"label": "b", "next": {"label": "c"}}}
    answer = await stage.ask("{ loop { value next { label next { label } } } }")
    assert answer["data"] == {"loop": {"value": 1, "next": {"label": "b", "next": {"label": None}}}}
    assert [each["errorType"] for each in answer["errors"]] == ["QueryDepthLimitReached"]
    assert answer["errors"][0]["path"] == ["loop", "next", "next", "label"]
    assert "errors" not in await stage.ask("{ loop { next { label } } }")


async def test_the_depth_limit_sees_through_fragments_and_spares_introspection(stage: Stage) -> None:
    await stage.become(small_api(depth_limit=2))
    stage.function.answers["loop"] = {"next": {"label": "b"}}
    deep = await stage.ask("{ loop { ...F } } fragment F on Node { ... on Node { next { label } } }")
    assert [each["errorType"] for each in deep["errors"]] == ["QueryDepthLimitReached"]
    assert "errors" not in await stage.ask("{ __schema { types { ofType { ofType { name } } } } }")


async def test_introspection_that_runs_in_circles_is_refused(stage: Stage) -> None:
    circles = "{ __schema { types { fields { type { fields { type { fields { name } } } } } } } }"
    answer = await stage.ask(circles)
    assert (answer["data"], answer["errors"][0]["errorType"]) == (None, "QueryDepthLimitReached")
    assert "errors" not in await stage.ask(get_introspection_query())


async def test_resolvers_past_the_limit_are_not_run(stage: Stage) -> None:
    await stage.become(small_api(resolver_limit=2))
    stage.function.answers["hello"] = "x"
    answer = await stage.ask("{ a: hello b: hello c: hello }")
    assert answer["data"] == {"a": "x", "b": "x", "c": None}
    assert [each["errorType"] for each in answer["errors"]] == ["ResolverExecutionLimitReached"]
    assert len(stage.function.calls) == 2


async def test_introspection_switched_off_is_a_validation_error(stage: Stage) -> None:
    await stage.become(small_api(introspection=False))
    answer = await stage.ask("{ __schema { types { name } } }")
    assert answer["data"] is None
    assert answer["errors"] == [
        {
            "path": None,
            "locations": [{"line": 1, "column": 14, "sourceName": None}],
            "errorType": "ValidationError",
            "message": (
                "Validation error of type FieldUndefined: Field 'types' in type '__Schema' is undefined "
                "@ '__schema/types'"
            ),
        }
    ]
    assert await stage.ask("{ __typename }") == {"data": {"__typename": "Query"}}


@pytest.mark.parametrize(
    ("query", "message"),
    [
        ("{ no }", "of type FieldUndefined: Field 'no' in type 'Query' is undefined @ 'no'"),
        ("{ jobs }", "of type SubSelectionRequired: Sub selection required for type [Job!]! of field jobs @ 'jobs'"),
        ("{ hello(z: 1) }", "of type UnknownArgument: Unknown field argument z"),
        (
            "{ echo { x } }",
            "of type SubSelectionNotAllowed: Sub selection not allowed on leaf type AWSJSON of field echo",
        ),
        ("{ jobs { parts { x } } }", "of type FieldUndefined: Field 'x' in type 'Part' is undefined @ 'jobs/parts/x'"),
        ("mutation { touch }", "of type MissingFieldArgument: Missing field argument id @ 'touch'"),
    ],
)
async def test_a_document_that_does_not_fit(stage: Stage, query: str, message: str) -> None:
    answer = await stage.ask(query)
    assert answer["data"] is None
    found = answer["errors"][0]
    assert (found["path"], found["errorType"]) == (None, "ValidationError")
    assert found["message"] == f"Validation error {message}"
    assert found["locations"][0].keys() == {"line", "column", "sourceName"}


@pytest.mark.parametrize(
    ("variables", "message"),
    [
        ({}, "Variable 'id' has coerced Null value for NonNull type 'ID!'"),
        ({"id": None}, "Variable 'id' has coerced Null value for NonNull type 'ID!'"),
        ({"id": {}}, "Variable 'id' has an invalid value: ID cannot represent value: {}"),
    ],
)
async def test_a_variable_that_does_not_fit(stage: Stage, variables: dict[str, Any], message: str) -> None:
    answer = await stage.ask("mutation ($id: ID!) { touch(id: $id) }", **variables)
    assert (answer["data"], answer["errors"][0]["errorType"]) == (None, "ValidationError")
    assert answer["errors"][0]["message"] == message
    assert stage.function.calls == []


async def test_a_request_in_flight_ends_as_it_began(stage: Stage) -> None:
    asked, released = asyncio.Event(), asyncio.Event()
    invoke = stage.function.invoke

    async def slow(function: str, payload: Any) -> Any:
        asked.set()
        await released.wait()
        return await invoke(function, payload)

    stage.function.answers["hello"] = "old"
    stage.function.invoke = slow
    pending = asyncio.create_task(stage.ask("{ hello }"))
    await asked.wait()
    await with_hello(stage, Step(NONE, code("return { payload: 'new' };")))
    assert (await stage.ask("{ hello }"))["data"] == {"hello": "new"}
    released.set()
    assert (await pending)["data"] == {"hello": "old"}


async def test_invoke_with_the_whole_context(stage: Stage) -> None:
    stage.function.answers["open"] = lambda event: event["identity"]["sub"]
    assert INVOKE in stage.api.resolvers["Query", "open"].steps[0].code
    assert (await stage.ask("{ open }"))["data"] == {"open": "u1"}
