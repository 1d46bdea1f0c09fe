"""The real-time protocol: connections, and the life of a subscription."""

import asyncio
import base64
import json
import time
from typing import Any

import pytest
from aiohttp import WSMsgType

from local.appsync import realtime
from tests.unit.appsync.stage import Stage, start
from tests.unit.appsync.subscribing import ON_JOB, ROLE, acknowledged, encoded, message, silent, subscribed


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
    assert (await socket.receive(timeout=30)).type in {WSMsgType.CLOSE, WSMsgType.CLOSED}


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
    async with asyncio.timeout(30):
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


async def test_a_client_that_does_not_read_is_cut_off(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(realtime, "_QUEUED", 1)
    socket = await subscribed(stage, "subscription { onJob { id } }")
    await stage.ask('mutation { a: publish(job: "{\\"id\\": 1}") { id } b: publish(job: "{\\"id\\": 2}") { id } }')
    assert (await socket.receive(timeout=30)).type in {WSMsgType.CLOSED, WSMsgType.ERROR}


async def test_a_connection_lasts_no_longer_than_a_day(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(realtime, "_LONGEST_SECONDS", 0.05)
    socket = await acknowledged(stage)
    assert (await socket.receive(timeout=30)).type in {WSMsgType.CLOSE, WSMsgType.CLOSED}
