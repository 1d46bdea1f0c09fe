"""What it takes to be subscribed."""

import asyncio
import time
from typing import Any

import pytest

from local.appsync.api import Api, Step
from tests.unit.appsync.stage import FUNCTION, INVOKE, NONE, Stage, resolver, small_api, start
from tests.unit.appsync.subscribing import ON_JOB, ROLE, acknowledged, message, refused, silent, subscribed


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


def guarded(**more: Any) -> Api:
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


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("subscription { no { id } }", "ValidationError"),
        ("subscription {", "MalformedHttpRequestException"),
        ("{ open }", "UnsupportedOperation"),
        ("subscription ($o: ID!) { onJob(owner: $o) { id } }", "ValidationError"),
        ("subscription { onJob { id } onSpecial { id } }", "ValidationError"),
        ("subscription { onJob @skip(if: true) { id } }", "ValidationError"),
        ("subscription { __typename }", "ValidationError"),
    ],
)
async def test_a_start_that_is_no_good_subscription(stage: Stage, query: str, expected: str) -> None:
    assert (await refused(stage, query))["errorType"] == expected


@pytest.mark.parametrize("payload", [None, {}, {"data": 3}, {"data": "x"}, {"data": "[]"}])
async def test_a_start_without_a_request(stage: Stage, payload: Any) -> None:
    socket = await acknowledged(stage)
    await socket.send_json({"id": "s1", "type": "start", "payload": payload})
    assert (await message(socket))["payload"]["errors"][0]["errorType"] == "MalformedHttpRequestException"


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


async def test_the_credentials_of_the_connection_do_not_count_for_a_start(stage: Stage) -> None:
    socket = await acknowledged(stage)
    begin = start("s1", ON_JOB, {})
    for extensions in ({"authorization": {}}, {}, None, {"authorization": 3}):
        begin["payload"]["extensions"] = extensions
        await socket.send_json(begin)
        assert (await message(socket))["payload"]["errors"][0]["errorType"] == "UnauthorizedException"
