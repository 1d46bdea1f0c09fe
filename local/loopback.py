"""What the servers on this machine have alike: they answer to this machine's names, and log nothing that was sent."""

import asyncio
import json
import logging
import signal
import sys
from collections.abc import Awaitable, Callable
from typing import Any

from aiohttp import web
from aiohttp.http_exceptions import HttpProcessingError
from aiohttp.typedefs import Middleware

from local.browsers import HOST, is_elsewhere, is_own_name

__all__ = [
    "HOST",
    "Handler",
    "application",
    "own_names_only",
    "own_pages_only",
    "runner",
    "serve_until_stopped",
    "site_url",
]

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]
_SAFE = frozenset({"GET", "HEAD", "OPTIONS"})


@web.middleware
async def own_names_only(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Refuse any Host but this machine's, and have no other site show a page of ours in its own to be clicked on."""
    if not is_own_name(request.headers.get("Host", "")):
        raise web.HTTPMisdirectedRequest(text="This server answers to localhost and 127.0.0.1.\n")
    response = await handler(request)
    if request.method == "GET" and not response.prepared:
        response.headers["X-Frame-Options"] = "SAMEORIGIN"
    return response


@web.middleware
async def own_pages_only(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Refuse what another site's page would have a browser change here."""
    site, origin = request.headers.get("Sec-Fetch-Site"), request.headers.get("Origin")
    if request.method not in _SAFE and is_elsewhere(site, origin, f"{request.scheme}://{request.host}"):
        raise web.HTTPForbidden(text="Only this server's own pages may do this.\n")
    return await handler(request)


@web.middleware
async def readable_only(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Refuse a body that is no text, or is nested deeper than can be read."""
    try:
        return await handler(request)
    except (UnicodeDecodeError, RecursionError):
        raise web.HTTPBadRequest(text="This cannot be read.\n") from None


def application(*middlewares: Middleware, **options: Any) -> web.Application:
    """Return an application for this machine's programs and its own pages only, which says when it is ready."""
    made = web.Application(middlewares=[own_names_only, own_pages_only, readable_only, *middlewares], **options)
    made.add_routes([web.get("/healthz", _healthz)])
    return made


async def _healthz(_request: web.Request) -> web.Response:
    return web.json_response({"ready": True})


async def serve_until_stopped(name: str, app: web.Application, port: int, **options: Any) -> None:
    """Serve until SIGTERM or SIGINT; port 0 takes a free one. Says where in one JSON line on stdout."""
    running = runner(app, **options)
    await running.setup()
    await web.TCPSite(running, HOST, port).start()
    print(json.dumps({"ready": True, "url": site_url(running)}), flush=True)
    await _stopped()
    print(f"{name} stops", file=sys.stderr)
    await running.cleanup()


def site_url(running: web.AppRunner) -> str:
    """Return the address with the port that was really taken."""
    host, port = running.addresses[0][:2]
    return f"http://{host}:{port}"


async def _stopped() -> None:
    stop = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    await stop.wait()


def runner(app: web.Application, **options: Any) -> web.AppRunner:
    """Return what runs an application. aiohttp's own log would quote a header that it cannot read, hence a token."""
    return web.AppRunner(app, access_log=None, logger=_log(), **options)


def _log() -> logging.Logger:
    log = logging.getLogger("local.loopback")
    log.addFilter(_unquoted)
    return log


def _unquoted(record: logging.LogRecord) -> bool:
    error = record.exc_info[1] if record.exc_info else None
    if isinstance(error, HttpProcessingError):
        record.msg, record.args = "a request could not be read: %s", (type(error).__name__,)
        record.exc_info = None
    return True
