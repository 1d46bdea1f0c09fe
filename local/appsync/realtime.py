"""AppSync's real-time protocol over WebSocket (sub-protocol ``graphql-ws``)."""

import asyncio
import json
import logging
import time
from collections.abc import Callable, Mapping
from typing import Any

from aiohttp import WSMsgType, web

from .carriers import SUB_PROTOCOL, connect_credentials, start_credentials
from .errors import Refusal
from .gateway import Gateway
from .operation import InvalidDocument
from .request import read_json
from .subscriptions import Client, Refused, Subscription

_log = logging.getLogger(__name__)
KEEP_ALIVE_SECONDS = 60.0
_CONNECTION_TIMEOUT_MS = 300_000
# AppSync ends a connection after a day.
_LONGEST_SECONDS = 24 * 3600.0
_MOST_SUBSCRIPTIONS = 100
# A client that reads this much slower than events come is cut off rather than kept in memory.
_QUEUED = 2000
# A refused client is answered once it has spoken, or after this long: some listen only from then on.
_REFUSAL_SECONDS = 1.0


async def realtime(request: web.Request, socket: web.WebSocketResponse, gateway: Gateway) -> None:
    """Serve one open connection to its end."""
    try:
        await _connect(request, socket, gateway)
    except Refusal as refusal:
        await _refuse(socket, refusal)
    else:
        assert request.transport is not None
        await Connection(socket, gateway, request.remote or "127.0.0.1", request.transport.abort).serve()


async def _connect(request: web.Request, socket: web.WebSocketResponse, gateway: Gateway) -> None:
    if socket.ws_protocol != SUB_PROTOCOL:
        raise Refusal(400, "NoProtocolError", "NoProtocolError")
    await gateway.authenticate(connect_credentials(request), request.remote or "127.0.0.1")


async def _refuse(socket: web.WebSocketResponse, refusal: Refusal) -> None:
    try:
        async with asyncio.timeout(_REFUSAL_SECONDS):
            await socket.receive()
    except TimeoutError:
        pass
    error = {"errorType": refusal.error_type, "message": refusal.message, "errorCode": refusal.status}
    if not socket.closed:
        await socket.send_json({"type": "connection_error", "payload": {"errors": [error]}})
        await socket.close()


class Connection:
    """One client: its subscriptions, and the queue of what it is to be sent."""

    def __init__(
        self,
        socket: web.WebSocketResponse,
        gateway: Gateway,
        address: str,
        abort: Callable[[], None],
    ) -> None:
        self._socket = socket
        self._abort = abort
        self._gateway = gateway
        self._address = address
        # None closes the connection.
        self._outgoing: asyncio.Queue[str | None] = asyncio.Queue(_QUEUED)
        self._starting: dict[str, asyncio.Task[None]] = {}
        self._subscriptions: dict[str, Subscription] = {}
        self._expiries: dict[str, asyncio.TimerHandle] = {}

    async def serve(self) -> None:
        background = [asyncio.create_task(each) for each in (self._write(), self._keep_alive(), self._end_in_time())]
        try:
            async for message in self._socket:
                if message.type == WSMsgType.TEXT:
                    self._receive(message.data)
        finally:
            for identifier in [*self._subscriptions, *self._starting]:
                self._stop(identifier)
            for task in background:
                task.cancel()
            await asyncio.gather(*background, return_exceptions=True)

    def _receive(self, text: str) -> None:
        try:
            message = read_json(text)
        except ValueError:
            message = None
        if not isinstance(message, dict):
            self._error("", "UnsupportedOperation", "The message is not a JSON object.")
            return
        identifier = str(message.get("id") or "")
        match message.get("type"):
            case "connection_init":
                self._send({"type": "connection_ack", "payload": {"connectionTimeoutMs": _CONNECTION_TIMEOUT_MS}})
            case "start":
                self._begin(identifier, message.get("payload"))
            case "stop":
                self._complete(identifier)
            case _:
                self._error(identifier, "UnsupportedOperation", "unknown not supported through the realtime channel")

    def _begin(self, identifier: str, payload: Any) -> None:
        if identifier in self._subscriptions or identifier in self._starting:
            self._error(identifier, "DuplicatedOperationError", f"Operation {identifier} is already registered.")
        elif len(self._subscriptions) + len(self._starting) >= _MOST_SUBSCRIPTIONS:
            message = f"Max number of {_MOST_SUBSCRIPTIONS} subscriptions reached"
            self._error(identifier, "MaxSubscriptionsReachedError", message)
        else:
            task = asyncio.create_task(self._start(identifier, payload if isinstance(payload, dict) else {}))
            self._starting[identifier] = task

    async def _start(self, identifier: str, payload: Mapping[str, Any]) -> None:
        try:
            subscription = await self._subscribe(identifier, payload)
        except Refusal as refusal:
            self._error(identifier, refusal.error_type, refusal.message, errorCode=refusal.status)
        except InvalidDocument as invalid:
            self._errors(identifier, invalid.entries)
        except Refused as refused:
            self._errors(identifier, refused.entries)
        except Exception:  # noqa: BLE001 - logged; a client gets an answer whatever happens
            _log.exception("start %s", identifier)
            self._error(identifier, "InternalFailure", "An internal failure occurred.", errorCode=500)
        else:
            self._accept(subscription)
        finally:
            self._starting.pop(identifier, None)

    async def _subscribe(self, identifier: str, payload: Mapping[str, Any]) -> Subscription:
        signed, request = start_credentials(payload)
        caller = await self._gateway.authenticate(signed, self._address, request)
        client = Client(identifier, self._queue, self._invalidate)
        return await self._gateway.subscribe(request, caller, signed.headers, client)

    def _accept(self, subscription: Subscription) -> None:
        identifier = subscription.client.id
        self._subscriptions[identifier] = subscription
        self._send({"id": identifier, "type": "start_ack"})
        self._gateway.hub.add(subscription)
        if subscription.caller.expires is not None:
            seconds = max(0.0, subscription.caller.expires - time.time())
            if seconds < _LONGEST_SECONDS:
                self._expiries[identifier] = asyncio.get_running_loop().call_later(seconds, self._expire, identifier)

    def _expire(self, identifier: str) -> None:
        self._stop(identifier)
        self._error(identifier, "UnauthorizedException", "Token has expired.", errorCode=401)

    def _invalidate(self, identifier: str) -> None:
        """End a subscription, and with it the connection, once the client has been sent all that end now."""
        self._complete(identifier)
        asyncio.get_running_loop().call_soon(self._queue, None)

    def _complete(self, identifier: str) -> None:
        self._stop(identifier)
        self._send({"id": identifier, "type": "complete"})

    def _stop(self, identifier: str) -> None:
        subscription = self._subscriptions.pop(identifier, None)
        if subscription is not None:
            self._gateway.hub.remove(subscription)
        for pending in (self._starting.pop(identifier, None), self._expiries.pop(identifier, None)):
            if pending is not None:
                pending.cancel()

    def _error(self, identifier: str, error_type: str, message: str, **more: Any) -> None:
        self._errors(identifier, [{"errorType": error_type, "message": message, **more}])

    def _errors(self, identifier: str, entries: list[dict[str, Any]]) -> None:
        self._send({"id": identifier, "type": "error", "payload": {"errors": entries}})

    def _send(self, message: Mapping[str, Any]) -> None:
        self._queue(json.dumps(message, separators=(",", ":")))

    def _queue(self, text: str | None) -> None:
        try:
            self._outgoing.put_nowait(text)
        except asyncio.QueueFull:
            self._abort()

    async def _write(self) -> None:
        while (text := await self._outgoing.get()) is not None:
            await self._socket.send_str(text)
        await self._socket.close()

    async def _end_in_time(self) -> None:
        await asyncio.sleep(_LONGEST_SECONDS)
        await self._socket.close()

    async def _keep_alive(self) -> None:
        while True:
            await asyncio.sleep(KEEP_ALIVE_SECONDS)
            self._send({"type": "ka"})
