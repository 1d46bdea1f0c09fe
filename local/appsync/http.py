"""The HTTP side: GraphQL over POST, the explorer's files, and what a page needs to sign in."""

import json
import logging
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from weakref import WeakSet

from aiohttp import WSCloseCode, web

from local.loopback import Handler, own_names_only, own_pages_only

from .api import Mode
from .carriers import SUB_PROTOCOL
from .errors import Refusal, malformed
from .gateway import Gateway
from .realtime import realtime
from .request import read_json
from .sigv4 import Signed

GATEWAY = web.AppKey("gateway", Gateway)


@dataclass(frozen=True)
class ExplorerConfig:
    """What the explorer shows: operations for its tabs, people who may sign in by a click, and a title.

    An operation is `{"query": …, "variables": {…}}`, an account `{"email": …, "password": …}`.
    """

    operations: Sequence[Mapping[str, Any]] = ()
    accounts: Sequence[Mapping[str, str]] = ()
    title: str = "GraphQL explorer"


_EXPLORER = web.AppKey("explorer", ExplorerConfig)
_SOCKETS = web.AppKey("sockets", WeakSet[web.WebSocketResponse])
EXPLORER = Path(__file__).with_name("explorer") / "dist"
_LARGEST_BODY = 1024 * 1024
_GRAPHQL = "/graphql"
_log = logging.getLogger(__name__)
_COGNITO = "AWSCognitoIdentityProviderService."


def application(gateway: Gateway, explorer: ExplorerConfig | None = None) -> web.Application:
    """Return the whole application: it is the same on the plain and on the TLS listener."""
    app = web.Application(middlewares=[own_names_only, _outermost], client_max_size=_LARGEST_BODY)
    app[GATEWAY] = gateway
    app[_EXPLORER] = explorer or ExplorerConfig()
    app[_SOCKETS] = WeakSet()
    app.on_shutdown.append(_hang_up)
    app.router.add_post(_GRAPHQL, _graphql)
    app.router.add_get("/graphql/realtime", _realtime)
    app.router.add_get("/healthz", _health)
    app.router.add_get("/config.json", _config)
    app.router.add_post("/cognito", _cognito)
    app.router.add_get("/", _page)
    if EXPLORER.is_dir():
        app.router.add_static("/explorer", EXPLORER)
    return app


@web.middleware
async def _outermost(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Turn refusals into AppSync's shape, and let every origin ask GraphQL; the explorer's own files are for itself."""
    if request.method == "OPTIONS" and request.path == _GRAPHQL:
        return _preflight(request)
    try:
        response = await (handler(request) if request.path == _GRAPHQL else own_pages_only(request, handler))
    except Refusal as refusal:
        response = web.json_response(
            refusal.body(), status=refusal.status, headers={"x-amzn-errortype": refusal.error_type}
        )
    except web.HTTPException:
        raise
    except Exception:  # noqa: BLE001 - logged; a client gets an answer whatever happens
        _log.exception("%s %s", request.method, request.path)
        failure = Refusal(500, "InternalFailure", "An internal failure occurred.")
        response = web.json_response(failure.body(), status=500, headers={"x-amzn-errortype": failure.error_type})
    if not response.prepared:
        if request.path == _GRAPHQL:
            response.headers["Access-Control-Allow-Origin"] = "*"
            response.headers["Access-Control-Expose-Headers"] = "x-amzn-RequestId,x-amzn-ErrorType"
        response.headers["x-amzn-RequestId"] = str(uuid.uuid4())
    return response


def _preflight(request: web.Request) -> web.Response:
    asked = request.headers.get("Access-Control-Request-Headers", "*")
    return web.Response(
        headers={
            "Access-Control-Allow-Origin": "*",
            "Access-Control-Allow-Methods": "GET,HEAD,PUT,PATCH,POST,DELETE,OPTIONS",
            "Access-Control-Allow-Headers": asked,
            "Access-Control-Max-Age": "172800",
        }
    )


async def _body(request: web.Request) -> bytes:
    try:
        return await request.read()
    except web.HTTPRequestEntityTooLarge as error:
        raise Refusal(413, "RequestEntityTooLargeException", "The request is larger than 1 MB.") from error


def header_map(headers: Mapping[str, str]) -> dict[str, str]:
    """Return headers by lower-case name, as resolvers see them."""
    return {name.lower(): value for name, value in headers.items()}


async def _graphql(request: web.Request) -> web.Response:
    gateway = request.app[GATEWAY]
    body = await _body(request)
    headers = header_map(request.headers)
    asked, unreadable = _read(body)
    caller = await gateway.authenticate(Signed(request.path_qs, headers, body), request.remote or "127.0.0.1", asked)
    if unreadable:
        raise malformed("Invalid JSON payload in GraphQLAuth POST request.")
    answer = await gateway.execute(asked, caller, headers)
    return web.Response(text=json.dumps(answer, separators=(",", ":")), content_type="application/json")


def _read(body: bytes) -> tuple[dict[str, Any], bool]:
    """Return the request and whether it was unreadable: a caller is judged before their words are."""
    try:
        asked = read_json(body)
    except ValueError:
        return {}, True
    return (asked, False) if isinstance(asked, dict) else ({}, True)


async def _realtime(request: web.Request) -> web.StreamResponse:
    socket = web.WebSocketResponse(protocols=(SUB_PROTOCOL,), max_msg_size=_LARGEST_BODY)
    request.app[_SOCKETS].add(socket)
    await socket.prepare(request)
    await realtime(request, socket, request.app[GATEWAY])
    return socket


async def _hang_up(app: web.Application) -> None:
    """Close what is open when the server ends: it would wait for it otherwise."""
    for socket in list(app[_SOCKETS]):
        await socket.close(code=WSCloseCode.GOING_AWAY)


async def _health(request: web.Request) -> web.Response:
    gateway = request.app[GATEWAY]
    return web.json_response(
        {"status": "ok", "apiId": gateway.plane.deployed.api.id, "subscriptions": len(gateway.hub)}
    )


async def _page(_: web.Request) -> web.StreamResponse:
    index = EXPLORER / "index.html"
    if not index.exists():
        return web.Response(text="AppSync's data plane. POST /graphql, WebSocket /graphql/realtime.\n")
    return web.FileResponse(index)


async def _config(request: web.Request) -> web.Response:
    """Tell the explorer how to sign in and which key to use: all of it public to whoever may open the page."""
    gateway = request.app[GATEWAY]
    api = gateway.plane.deployed.api
    pool = api.provider(Mode.COGNITO)
    pool_id = pool.user_pool_id if pool else None
    return web.json_response(
        {
            "region": gateway.aws.region,
            "userPoolId": pool_id,
            "userPoolClientId": await _client(gateway, pool_id) if pool_id else None,
            "apiKey": max(api.keys, key=lambda key: api.keys[key], default=None),
            "authModes": [each.mode for each in api.providers],
            "cognitoEndpoint": "/cognito",
            "examples": list(request.app[_EXPLORER].operations),
            "title": request.app[_EXPLORER].title,
            "accounts": list(request.app[_EXPLORER].accounts),
        }
    )


async def _client(gateway: Gateway, pool_id: str) -> str | None:
    """Return the pool's first app client."""
    headers = {"X-Amz-Target": f"{_COGNITO}ListUserPoolClients", "Content-Type": "application/x-amz-json-1.1"}
    body = json.dumps({"UserPoolId": pool_id, "MaxResults": 1}).encode()
    _, _, answer = await gateway.aws.post("cognito-idp", "/", body, headers)
    clients = json.loads(answer).get("UserPoolClients") or [{}]
    return clients[0].get("ClientId")


async def _cognito(request: web.Request) -> web.Response:
    """Pass a call to Cognito on, so that a page on this origin can sign in."""
    target = request.headers.get("X-Amz-Target", "")
    if not target.startswith(_COGNITO):
        raise Refusal(400, "BadRequestException", "Only calls to Cognito user pools are passed on.")
    headers = {"X-Amz-Target": target, "Content-Type": "application/x-amz-json-1.1"}
    status, _, answer = await request.app[GATEWAY].aws.forward("/", await _body(request), headers)
    return web.Response(status=status, body=answer, content_type="application/x-amz-json-1.1")
