"""Subscriptions that a mutation ends."""

import json
from typing import Any

import pytest
from aiohttp import ClientWebSocketResponse, WSMsgType

from local.appsync.api import Step
from tests.unit.appsync.stage import NONE, Stage, resolver, small_api, start
from tests.unit.appsync.subscribing import message, refused, silent, subscribed

SPECIAL = "subscription ($owner: ID) { onSpecial(owner: $owner) { id } }"
LISTEN = """
import { extensions, util } from '@aws-appsync/utils';
export function request(ctx) { return { payload: null }; }
export function response(ctx) {
  extensions.setSubscriptionInvalidationFilter(%s);
  return null;
}"""
OWN = "util.transform.toSubscriptionFilter({ owner: { eq: ctx.args.owner } })"
END = """
import { extensions, util } from '@aws-appsync/utils';
export function request(ctx) { return { payload: ctx.args.id }; }
export function response(ctx) {
  %s
  return ctx.result;
}"""
CALL = "extensions.invalidateSubscriptions(%s);"
ENDS_SPECIAL = CALL % "{ subscriptionField: 'onSpecial', payload: { owner: ctx.args.id } }"


async def ending(stage: Stage, statements: str = ENDS_SPECIAL, invalidation_filter: str = OWN) -> None:
    """Deploy an API whose ``touch`` runs these statements, and whose ``onSpecial`` keeps this filter."""
    listen = Step(NONE, LISTEN % invalidation_filter)
    touch = Step(NONE, END % statements)
    await stage.become(
        small_api(resolvers=dict([resolver("Subscription.onSpecial", listen), resolver("Mutation.touch", touch)]))
    )


async def touch(stage: Stage, *identifiers: str) -> dict[str, Any]:
    fields = (f'a{number}: touch(id: "{each}")' for number, each in enumerate(identifiers))
    return await stage.ask(f"mutation {{ {' '.join(fields)} }}")


async def closed(socket: ClientWebSocketResponse) -> bool:
    return (await socket.receive(timeout=30)).type in {WSMsgType.CLOSE, WSMsgType.CLOSED}


async def test_a_match_completes_the_subscription_and_closes_its_connection(stage: Stage) -> None:
    await ending(stage)
    socket = await subscribed(stage, SPECIAL, owner="u1")
    assert await touch(stage, "u1") == {"data": {"a0": "u1"}}
    assert await message(socket) == {"id": "s1", "type": "complete"}
    assert await closed(socket)
    assert len(stage.gateway.hub) == 0


async def test_all_that_end_at_once_are_told(stage: Stage) -> None:
    await ending(stage)
    socket = await subscribed(stage, SPECIAL, owner="u1")
    await socket.send_json(start("s2", SPECIAL, {"Authorization": stage.token()}, owner="u1"))
    assert (await message(socket))["type"] == "start_ack"
    await touch(stage, "u1")
    assert [await message(socket) for _ in range(2)] == [{"id": f"s{n}", "type": "complete"} for n in (1, 2)]
    assert await closed(socket)


async def test_a_subscription_without_a_match_or_a_filter_or_of_another_field_lives_on(stage: Stage) -> None:
    await ending(stage)
    other = await subscribed(stage, SPECIAL, owner="u2")
    another_field = await subscribed(stage, owner="u1")
    await touch(stage, "u1")
    assert await silent(other)
    assert await silent(another_field)
    await ending(stage, CALL % "{ subscriptionField: 'onJob', payload: { owner: ctx.args.id } }")
    await touch(stage, "u1")
    assert await silent(another_field)


async def test_it_is_over_before_the_same_mutations_event(stage: Stage) -> None:
    """Who has lost a right does not hear how."""
    publish = Step(NONE, END.replace("ctx.args.id", "ctx.args.job") % ENDS_SPECIAL.replace("args.id", "args.job.owner"))
    listen = Step(NONE, LISTEN % OWN)
    await stage.become(
        small_api(resolvers=dict([resolver("Subscription.onSpecial", listen), resolver("Mutation.publish", publish)]))
    )
    socket = await subscribed(stage, SPECIAL, owner="u1")
    assert (await stage.publish(id="1", owner="u1"))["data"]["publish"]["owner"] == "u1"
    assert (await message(socket))["type"] == "complete"
    assert await closed(socket)


async def test_a_resolver_that_fails_ends_nothing(stage: Stage) -> None:
    await ending(stage, ENDS_SPECIAL + "util.error('No.', 'NO');")
    socket = await subscribed(stage, SPECIAL, owner="u1")
    assert (await touch(stage, "u1"))["errors"][0]["errorType"] == "NO"
    assert await silent(socket)


async def test_five_different_calls_a_request_and_no_more(stage: Stage) -> None:
    await ending(stage)
    assert "errors" not in await touch(stage, "1", "2", "3", "4", "5", "5")
    answer = await touch(stage, "1", "2", "3", "4", "5", "6")
    assert [each["errorType"] for each in answer["errors"]] == ["SubscriptionInvalidation"]


@pytest.mark.parametrize("given", ["null", "{}", "{ subscriptionField: 'onSpecial' }", "{ payload: {} }"])
async def test_a_call_without_field_or_payload_is_an_error(stage: Stage, given: str) -> None:
    await ending(stage, CALL % given)
    assert (await touch(stage, "u1"))["errors"][0]["errorType"] == "SubscriptionInvalidation"


async def test_a_query_invalidates_nothing(stage: Stage) -> None:
    await stage.become(small_api(resolvers=dict([resolver("Query.hello", Step(NONE, END % ENDS_SPECIAL))])))
    assert (await stage.ask("{ hello }"))["errors"][0]["errorType"] == "SubscriptionInvalidation"


async def test_a_filter_that_is_none_is_refused_at_the_start(stage: Stage) -> None:
    await ending(stage, invalidation_filter="{ filterGroup: [{ filters: [{ operator: 'like' }] }] }")
    assert (await refused(stage, SPECIAL))["errorType"] == "SubscriptionFilter"


async def test_a_fault_at_a_subscriber_is_nothing_to_the_mutation(stage: Stage) -> None:
    filters = {"filterGroup": [{"filters": [{"fieldName": "owner", "operator": "in", "value": 1}]}]}
    await ending(stage, invalidation_filter=json.dumps(filters))
    socket = await subscribed(stage, SPECIAL, owner="u1")
    assert await touch(stage, "u1") == {"data": {"a0": "u1"}}
    assert await silent(socket)
