"""Opening AppSync's real-time socket by hand, as callers whom the usual clients would not send."""

import asyncio
import base64
import json
from collections.abc import Callable, Mapping
from typing import Any

import aiohttp

# From a URL and the text to sign: the headers that say who is calling.
Credentials = Callable[[str, str], Mapping[str, str]]


async def start(graphql_url: str, credentials: Credentials, document: str, variables: Mapping[str, Any]) -> str | None:
    """Open a socket and start one subscription; return the `errorType` of a refusal, None where it was taken."""
    data = json.dumps({"query": document, "variables": dict(variables)})
    host = {"host": graphql_url.split("/")[2]}
    opening = json.dumps({**host, **credentials(f"{graphql_url}/connect", "{}")})
    authorization = {**host, **credentials(graphql_url, data)}
    started = {"id": "1", "type": "start", "payload": {"data": data, "extensions": {"authorization": authorization}}}
    where = f"{graphql_url.replace('http', 'ws', 1)}/realtime"
    carried = {"header": base64.b64encode(opening.encode()).decode(), "payload": "e30="}
    async with (
        asyncio.timeout(30),
        aiohttp.ClientSession() as session,
        session.ws_connect(where, params=carried, protocols=["graphql-ws"]) as socket,
    ):
        await socket.send_json({"type": "connection_init"})
        message = await _next(socket)
        if message["type"] == "connection_ack":
            await socket.send_json(started)
            message = await _next(socket)
        return None if message["type"] == "start_ack" else message["payload"]["errors"][0]["errorType"]


async def _next(socket: aiohttp.ClientWebSocketResponse) -> dict[str, Any]:
    while (message := await socket.receive_json())["type"] == "ka":
        pass
    return message
