"""The real-time protocol, message by message."""

import asyncio
import base64
import json
import time
from collections.abc import Mapping
from typing import Any

import pytest
from aiohttp import ClientWebSocketResponse, WSMsgType

from local.appsync import realtime
from local.appsync.api import Step
from tests.unit.appsync.stage import FUNCTION, INVOKE, NONE, Stage, resolver, small_api, start

ON_JOB = "subscription ($owner: ID) { onJob(owner: $owner) { id owner status } }"
ROLE = "arn:aws:sts::123456789012:assumed-role/reader/run1"


async def message(socket: ClientWebSocketResponse) -> dict[str, Any]:
    return await socket.receive_json(timeout=5)


async def acknowledged(stage: Stage, **options: Any) -> ClientWebSocketResponse:
    socket = await stage.connect(**options)
    assert await message(socket) == {"type": "connection_ack", "payload": {"connectionTimeoutMs": 300_000}}
    return socket


async def subscribed(
    stage: Stage, query: str = ON_JOB, headers: Mapping[str, str] | None = None, **variables: Any
) -> ClientWebSocketResponse:
    socket = await acknowledged(stage)
    await socket.send_json(start("s1", query, headers or {"Authorization": stage.token()}, **variables))
    assert await message(socket) == {"id": "s1", "type": "start_ack"}
    return socket


async def refused(
    stage: Stage, query: str, headers: Mapping[str, str] | None = None, **variables: Any
) -> dict[str, Any]:
    socket = await acknowledged(stage)
    await socket.send_json(start("s1", query, headers or {"Authorization": stage.token()}, **variables))
    answer = await message(socket)
    assert (answer["id"], answer["type"]) == ("s1", "error")
    assert len(stage.gateway.hub) == 0
    return answer["payload"]["errors"][0]


async def silent(socket: ClientWebSocketResponse) -> bool:
    """Return whether nothing waits in ``socket``: what was sent before the answer to this has arrived."""
    await socket.send_json({"type": "ping"})
    return (await message(socket))["type"] == "error"


def encoded(headers: Mapping[str, str]) -> str:
    return base64.b64encode(json.dumps(headers).encode()).decode()


async def test_credentials_in_the_url_even_with_a_space_for_plus(stage: Stage) -> None:
    header = encoded({"host": "localhost", "x-api-key": "da2-good", "x": "a>>>?>>>"})
    assert "+" in header
    socket = await acknowledged(
        stage, headers={}, params={"header": header.replace("+", " "), "payload": encoded({}), "extra": ""}
    )
    assert socket.protocol == "graphql-ws"


async def test_credentials_in_the_sub_protocol(stage: Stage) -> None:
    offered = base64.urlsafe_b64encode(json.dumps({"host": "localhost", "Authorization": stage.token()}).encode())
    socket = await acknowledged(stage, headers={}, protocols=("graphql-ws", "header-" + offered.decode().rstrip("=")))
    assert socket.protocol == "graphql-ws"


async def test_credentials_in_plain_headers(stage: Stage) -> None:
    await acknowledged(stage, headers={"x-api-key": "da2-good"})


async def test_a_signed_connection(stage: Stage) -> None:
    signed = stage.signed("/graphql/connect", "{}", ROLE)
    await acknowledged(stage, headers={}, params={"header": encoded({"host": "h", **signed}), "payload": "e30="})


@pytest.mark.parametrize(
    "options",
    [
        {"headers": {}},
        {"headers": {"x-api-key": "da2-old"}},
        {"headers": {}, "params": {"header": "%%%"}},
        {"headers": {}, "params": {"header": encoded({"x-api-key": "no"})}},
        {"headers": {}, "protocols": ("graphql-ws", "header-e30")},
        {"headers": {}, "protocols": ("graphql-ws", "header-WzFd")},
    ],
)
async def test_a_connection_without_good_credentials_is_told_and_closed(stage: Stage, options: dict[str, Any]) -> None:
    socket = await stage.connect(**options)
    answer = await message(socket)
    assert answer == {
        "type": "connection_error",
        "payload": {
            "errors": [
                {
                    "errorType": "UnauthorizedException",
                    "message": "You are not authorized to make this call.",
                    "errorCode": 401,
                }
            ]
        },
    }
    assert (await socket.receive(timeout=5)).type in {WSMsgType.CLOSE, WSMsgType.CLOSED}


async def test_a_client_that_waits_is_refused_too(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(realtime, "_REFUSAL_SECONDS", 0.01)
    url = stage.server.make_url("/graphql/realtime")
    async with stage.session.ws_connect(url, protocols=("graphql-ws",)) as socket:
        assert (await message(socket))["type"] == "connection_error"


async def test_without_the_sub_protocol_there_is_no_connection(stage: Stage) -> None:
    socket = await stage.connect(protocols=("graphql-transport-ws",))
    error = (await message(socket))["payload"]["errors"][0]
    assert (error["errorType"], error["errorCode"]) == ("NoProtocolError", 400)


async def test_keep_alive(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(realtime, "KEEP_ALIVE_SECONDS", 0.01)
    socket = await acknowledged(stage)
    assert await message(socket) == {"type": "ka"}


async def test_an_event_reaches_a_subscriber_cut_to_its_selection(stage: Stage) -> None:
    socket = await subscribed(stage, "subscription { onJob { name: id status size parts { name kind } } }")
    answer = await stage.publish("key: id owner parts { kind }", id="1", owner="u1", parts=[{"name": "n", "kind": "k"}])
    assert answer == {"data": {"publish": {"key": "1", "owner": "u1", "parts": [{"kind": "k"}]}}}
    assert await message(socket) == {
        "id": "s1",
        "type": "data",
        "payload": {
            "data": {"onJob": {"name": "1", "status": None, "size": None, "parts": [{"name": None, "kind": "k"}]}}
        },
    }


async def test_a_field_that_may_not_be_null_and_was_not_selected_is_an_error(stage: Stage) -> None:
    socket = await subscribed(stage, "subscription { onJob { id must } }")
    await stage.publish("id", id="1", must="here")
    payload = (await message(socket))["payload"]
    assert payload["data"] == {"onJob": None}
    assert "non-nullable type: 'String' within parent 'Job' (/onJob/must)" in payload["errors"][0]["message"]


async def test_a_mutation_that_failed_tells_nobody(stage: Stage) -> None:
    socket = await subscribed(stage, "subscription { onJob { id } }")
    await stage.publish("id", owner="u1")
    assert await silent(socket)


async def test_one_mutation_feeds_several_subscriptions_and_connections(stage: Stage) -> None:
    first, second = await subscribed(stage, owner="u1"), await subscribed(stage, "subscription { onSpecial { id } }")
    await first.send_json(start("s2", ON_JOB, {"Authorization": stage.token()}, owner="u1"))
    assert (await message(first))["type"] == "start_ack"
    await stage.publish(id="7", owner="u1")
    assert {(await message(first))["id"] for _ in range(2)} == {"s1", "s2"}
    assert (await message(second))["payload"] == {"data": {"onSpecial": {"id": "7"}}}


async def test_every_field_of_a_mutation_is_an_event(stage: Stage) -> None:
    socket = await subscribed(stage, "subscription { onJob { id } }")
    await stage.ask('mutation { a: publish(job: "{\\"id\\": 1}") { id } b: publish(job: "{\\"id\\": 2}") { id } }')
    assert [(await message(socket))["payload"]["data"]["onJob"]["id"] for _ in range(2)] == ["1", "2"]


@pytest.mark.parametrize(
    ("arguments", "job", "gets"),
    [
        ("", {"owner": "u1"}, True),
        ('(owner: "u1")', {"owner": "u1"}, True),
        ('(owner: "u1")', {"owner": "u2"}, False),
        ('(owner: "u1")', {}, False),
        ("(owner: null)", {}, True),
        ("(owner: null)", {"owner": "u1"}, False),
        ('(owner: "u1", status: "S")', {"owner": "u1", "status": "S"}, True),
        ('(owner: "u1", status: "S")', {"owner": "u1", "status": "T"}, False),
        ('(owner: "u1", status: null)', {"owner": "u1"}, True),
        ("($unset)", {"owner": "u1"}, True),
    ],
)
async def test_arguments_are_compared_with_the_result(
    stage: Stage, arguments: str, job: dict[str, Any], *, gets: bool
) -> None:
    unset = arguments == "($unset)"
    query = f"subscription {'($o: ID)' if unset else ''} {{ onJob{'(owner: $o)' if unset else arguments} {{ id }} }}"
    await stage.become(small_api(sdl=small_api().sdl.replace("owner: ID!\n  status", "owner: ID\n  status")))
    socket = await subscribed(stage, query)
    await stage.publish(id="1", **job)
    assert await silent(socket) is not gets


async def test_a_field_the_mutation_did_not_select_does_not_match(stage: Stage) -> None:
    """Its value in the mutation's arguments is of no account: only the selected result is."""
    socket = await subscribed(stage, owner="u1")
    await stage.publish("id", id="1", owner="u1")
    assert await silent(socket)


async def test_an_enhanced_filter_replaces_the_arguments(stage: Stage) -> None:
    code = """
    import { util, extensions } from '@aws-appsync/utils';
    export function request(ctx) { return { payload: null }; }
    export function response(ctx) {
      extensions.setSubscriptionFilter(util.transform.toSubscriptionFilter({ size: { ge: 5 } }));
      return null;
    }"""
    await stage.become(small_api(resolvers=dict([resolver("Subscription.onSpecial", Step(NONE, code))])))
    socket = await subscribed(stage, 'subscription { onSpecial(owner: "nobody") { id } }')
    for number, size in enumerate((4, 5)):
        await stage.publish("id size", id=str(number), size=size)
    assert (await message(socket))["payload"] == {"data": {"onSpecial": {"id": "1"}}}


async def test_a_wrong_enhanced_filter_refuses_the_start(stage: Stage) -> None:
    code = """
    import { extensions } from '@aws-appsync/utils';
    export function request(ctx) { return { payload: null }; }
    export function response(ctx) {
      const filters = [{ fieldName: 'id', operator: 'like', value: 1 }];
      extensions.setSubscriptionFilter({ filterGroup: [{ filters }] });
    }"""
    await stage.become(small_api(resolvers=dict([resolver("Subscription.onSpecial", Step(NONE, code))])))
    assert "like" in (await refused(stage, "subscription { onSpecial { id } }"))["message"]


def guarded(**more: Any) -> Any:
    return small_api(resolvers=dict([resolver("Subscription.onJob", Step(FUNCTION, INVOKE))]), **more)


async def test_the_resolver_runs_at_start_and_may_refuse(stage: Stage) -> None:
    await stage.become(guarded())
    stage.function.fail("onJob", "not yours")
    assert (await refused(stage, ON_JOB, owner="u2"))["errorType"] == "BROKEN"
    event = stage.function.calls[0]
    assert (event["info"]["parentTypeName"], event["arguments"]) == ("Subscription", {"owner": "u2"})
    assert event["identity"]["sub"] == "u1"
    assert event["info"]["selectionSetList"] == ["id", "owner", "status"]
    stage.function.answers["onJob"] = None
    await subscribed(stage, owner="u1")
    assert len(stage.gateway.hub) == 1


async def test_a_start_brings_its_own_credentials(stage: Stage) -> None:
    assert (await refused(stage, ON_JOB, {"Authorization": "bad"}))["errorType"] == "UnauthorizedException"
    error = await refused(stage, ON_JOB, {"x-api-key": "da2-good"})
    assert error == {"errorType": "Unauthorized", "message": "Not Authorized to access onJob on type Subscription"}
    expired = stage.token(exp=int(time.time()) - 1)
    assert (await refused(stage, ON_JOB, {"Authorization": expired}))["message"] == "Token has expired."


async def test_groups_are_checked_at_start(stage: Stage) -> None:
    query = "subscription { onAdmin { id } }"
    assert (await refused(stage, query))["errorType"] == "Unauthorized"
    await subscribed(stage, query, {"Authorization": stage.token(**{"cognito:groups": ["admin"]})})


async def test_a_signed_start_is_judged_with_its_data(stage: Stage) -> None:
    stage.emulator.allowed.add("Subscription%2Ffields%2FonJob")
    socket = await acknowledged(stage)
    begin = start("s1", "subscription { onJob { id internal } }", {})
    begin["payload"]["extensions"]["authorization"].update(stage.signed("/graphql", begin["payload"]["data"], ROLE))
    await socket.send_json(begin)
    assert (await message(socket))["type"] == "start_ack"
    await stage.publish("id", id="1")
    assert (await message(socket))["payload"]["data"] == {"onJob": {"id": "1", "internal": None}}
    begin["payload"]["data"] = begin["payload"]["data"].replace("internal", "status")
    await socket.send_json({**begin, "id": "s2"})
    assert (await message(socket))["type"] == "error"


async def test_a_subscriber_does_not_get_fields_that_its_mode_may_not_read(stage: Stage) -> None:
    socket = await subscribed(stage, "subscription { onJob { id internal } }")
    stage.emulator.allowed.add("publish")
    body = json.dumps({"query": 'mutation { publish(job: "{\\"id\\": 1, \\"internal\\": \\"x\\"}") { id internal } }'})
    url = stage.server.make_url("/graphql")
    await stage.session.post(url, data=body, headers=stage.signed("/graphql", body, ROLE))
    payload = (await message(socket))["payload"]
    assert payload["data"] == {"onJob": {"id": "1", "internal": None}}
    assert payload["errors"][0]["errorType"] == "Unauthorized"


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("subscription { no { id } }", "ValidationError"),
        ("subscription {", "MalformedHttpRequestException"),
        ("{ open }", "UnsupportedOperation"),
        ("subscription ($o: ID!) { onJob(owner: $o) { id } }", "ValidationError"),
        ("subscription { onJob { id } onSpecial { id } }", "ValidationError"),
    ],
)
async def test_a_start_that_is_no_good_subscription(stage: Stage, query: str, expected: str) -> None:
    assert (await refused(stage, query))["errorType"] == expected


@pytest.mark.parametrize("payload", [None, {}, {"data": 3}, {"data": "x"}, {"data": "[]"}])
async def test_a_start_without_a_request(stage: Stage, payload: Any) -> None:
    socket = await acknowledged(stage)
    await socket.send_json({"id": "s1", "type": "start", "payload": payload})
    assert (await message(socket))["payload"]["errors"][0]["errorType"] == "MalformedHttpRequestException"


async def test_stop_completes_and_ends_delivery(stage: Stage) -> None:
    socket = await subscribed(stage)
    await socket.send_json({"id": "s1", "type": "stop"})
    assert await message(socket) == {"id": "s1", "type": "complete"}
    await stage.publish(id="1", owner="u1")
    assert await silent(socket)
    await socket.send_json(start("s1", ON_JOB, {"Authorization": stage.token()}))
    assert (await message(socket))["type"] == "start_ack"


async def test_an_id_is_used_once_at_a_time(stage: Stage) -> None:
    socket = await subscribed(stage)
    await socket.send_json(start("s1", ON_JOB, {"Authorization": stage.token()}))
    answer = await message(socket)
    assert (answer["id"], answer["payload"]["errors"][0]["errorType"]) == ("s1", "DuplicatedOperationError")
    await stage.publish(id="1", owner="u1")
    assert (await message(socket))["type"] == "data"


async def test_a_hundred_subscriptions_and_no_more(stage: Stage) -> None:
    socket = await acknowledged(stage)
    for number in range(101):
        await socket.send_json(start(str(number), ON_JOB, {"Authorization": stage.token()}))
    answers = [await message(socket) for _ in range(101)]
    errors = [each for each in answers if each["type"] == "error"]
    assert [each["id"] for each in errors] == ["100"]
    assert errors[0]["payload"]["errors"][0] == {
        "errorType": "MaxSubscriptionsReachedError",
        "message": "Max number of 100 subscriptions reached",
    }


async def test_an_event_above_240_kb_is_dropped_and_the_publisher_sees_success(stage: Stage) -> None:
    socket = await subscribed(stage)
    for identifier, size in (("big", 240 * 1024), ("fits", 239 * 1024)):
        answer = await stage.publish(id=identifier, owner="u1", status="x" * size)
        assert answer["data"]["publish"]["id"] == identifier
    assert (await message(socket))["payload"]["data"]["onJob"]["id"] == "fits"


@pytest.mark.parametrize("text", ["nonsense", "[1]", '{"type": "subscribe", "id": "x"}', "{}"])
async def test_unknown_messages_are_answered(stage: Stage, text: str) -> None:
    socket = await acknowledged(stage)
    await socket.send_str(text)
    answer = await message(socket)
    assert answer["type"] == "error"
    assert answer["payload"]["errors"][0]["errorType"] == "UnsupportedOperation"


async def test_a_client_that_goes_takes_its_subscriptions_along(stage: Stage) -> None:
    socket = await subscribed(stage)
    await socket.close()
    async with asyncio.timeout(5):
        while len(stage.gateway.hub):  # noqa: ASYNC110 - the server's side of the close is not ours to await
            await asyncio.sleep(0.001)
    await stage.publish(id="1", owner="u1")


async def test_a_subscription_ends_with_its_token(stage: Stage) -> None:
    token = stage.token(exp=time.time() + 1.5)
    socket = await subscribed(stage, ON_JOB, {"Authorization": token})
    answer = await message(socket)
    assert (answer["id"], answer["type"]) == ("s1", "error")
    assert answer["payload"]["errors"][0] == {
        "errorType": "UnauthorizedException",
        "message": "Token has expired.",
        "errorCode": 401,
    }
    assert len(stage.gateway.hub) == 0


async def test_a_subscription_outlives_a_reload_of_the_api(stage: Stage) -> None:
    socket = await subscribed(stage)
    await stage.become(small_api(introspection=False))
    await stage.publish(id="1", owner="u1")
    assert (await message(socket))["type"] == "data"


async def test_a_slow_resolver_holds_up_nobody(stage: Stage) -> None:
    await stage.become(guarded())
    released = asyncio.Event()
    invoke = stage.function.invoke

    async def slow(function: str, payload: Any) -> Any:
        await released.wait()
        return await invoke(function, payload)

    stage.function.invoke = slow
    socket = await acknowledged(stage)
    await socket.send_json(start("s1", ON_JOB, {"Authorization": stage.token()}))
    await socket.send_json(start("s2", "subscription { onSpecial { id } }", {"Authorization": stage.token()}))
    assert await message(socket) == {"id": "s2", "type": "start_ack"}
    await socket.send_json({"id": "s1", "type": "stop"})
    assert await message(socket) == {"id": "s1", "type": "complete"}
    released.set()
    assert await silent(socket)


async def test_events_keep_their_order(stage: Stage) -> None:
    socket = await subscribed(stage, "subscription { onJob { id } }")
    for number in range(50):
        await stage.publish("id", id=str(number))
    assert [(await message(socket))["payload"]["data"]["onJob"]["id"] for _ in range(50)] == list(map(str, range(50)))


async def test_a_client_that_does_not_read_is_cut_off(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(realtime, "_QUEUED", 1)
    socket = await subscribed(stage, "subscription { onJob { id } }")
    await stage.ask('mutation { a: publish(job: "{\\"id\\": 1}") { id } b: publish(job: "{\\"id\\": 2}") { id } }')
    assert (await socket.receive(timeout=5)).type in {WSMsgType.CLOSED, WSMsgType.ERROR}
