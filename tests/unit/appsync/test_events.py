"""Which events reach a subscriber, and what of them."""

import json
from typing import Any

import pytest

from local.appsync.api import Step
from tests.unit.appsync.stage import NONE, Stage, resolver, small_api, start
from tests.unit.appsync.subscribing import ON_JOB, ROLE, message, silent, subscribed


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


async def test_a_subscriber_does_not_get_fields_that_its_mode_may_not_read(stage: Stage) -> None:
    socket = await subscribed(stage, "subscription { onJob { id internal } }")
    stage.emulator.allowed.add("publish")
    body = json.dumps({"query": 'mutation { publish(job: "{\\"id\\": 1, \\"internal\\": \\"x\\"}") { id internal } }'})
    url = stage.server.make_url("/graphql")
    await stage.session.post(url, data=body, headers=stage.signed("/graphql", body, ROLE))
    payload = (await message(socket))["payload"]
    assert payload["data"] == {"onJob": {"id": "1", "internal": None}}
    assert payload["errors"][0]["errorType"] == "Unauthorized"


async def test_an_event_above_240_kb_is_dropped_and_the_publisher_sees_success(stage: Stage) -> None:
    socket = await subscribed(stage)
    for identifier, size in (("big", 240 * 1024), ("fits", 239 * 1024)):
        answer = await stage.publish(id=identifier, owner="u1", status="x" * size)
        assert answer["data"]["publish"]["id"] == identifier
    assert (await message(socket))["payload"]["data"]["onJob"]["id"] == "fits"


async def test_a_subscription_outlives_a_reload_of_the_api(stage: Stage) -> None:
    socket = await subscribed(stage)
    await stage.become(small_api(introspection=False))
    await stage.publish(id="1", owner="u1")
    assert (await message(socket))["type"] == "data"


async def test_a_fault_at_a_subscriber_is_nothing_to_the_publisher(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    socket = await subscribed(stage, "subscription { onJob { id } }")
    monkeypatch.setattr("local.appsync.subscriptions.project", lambda *_: 1 / 0)
    assert await stage.publish("id", id="1") == {"data": {"publish": {"id": "1"}}}
    monkeypatch.undo()
    await stage.publish("id", id="2")
    assert (await message(socket))["payload"]["data"]["onJob"]["id"] == "2"


async def test_events_keep_their_order(stage: Stage) -> None:
    socket = await subscribed(stage, "subscription { onJob { id } }")
    for number in range(50):
        await stage.publish("id", id=str(number))
    assert [(await message(socket))["payload"]["data"]["onJob"]["id"] for _ in range(50)] == list(map(str, range(50)))
