"""A client of the real-time protocol, message by message."""

import base64
import json
from collections.abc import Mapping
from typing import Any

from aiohttp import ClientWebSocketResponse

from tests.unit.appsync.stage import Stage, start

ON_JOB = "subscription ($owner: ID) { onJob(owner: $owner) { id owner status } }"
ROLE = "arn:aws:sts::123456789012:assumed-role/reader/run1"


async def message(socket: ClientWebSocketResponse) -> dict[str, Any]:
    return await socket.receive_json(timeout=30)


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
