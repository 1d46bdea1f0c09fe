"""What the servers on this machine have alike: they answer to this machine's names, and log nothing that was sent."""

import logging
from collections.abc import Awaitable, Callable
from typing import Any

from aiohttp import web
from aiohttp.http_exceptions import HttpProcessingError

from local.browsers import HOST, is_elsewhere, is_own_name

__all__ = ["HOST", "Handler", "own_names_only", "own_pages_only", "runner"]

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]
_SAFE = frozenset({"GET", "HEAD", "OPTIONS"})


@web.middleware
async def own_names_only(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Refuse any Host but this machine's."""
    if not is_own_name(request.headers.get("Host", "")):
        raise web.HTTPMisdirectedRequest(text="This server answers to localhost and 127.0.0.1.\n")
    return await handler(request)


@web.middleware
async def own_pages_only(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Refuse what another site's page would have a browser change here."""
    site, origin = request.headers.get("Sec-Fetch-Site"), request.headers.get("Origin")
    if request.method not in _SAFE and is_elsewhere(site, origin, f"{request.scheme}://{request.host}"):
        raise web.HTTPForbidden(text="Only this server's own pages may do this.\n")
    return await handler(request)


def runner(application: web.Application, **options: Any) -> web.AppRunner:
    """Return what runs an application. aiohttp's own log would quote a header that it cannot read, hence a token."""
    return web.AppRunner(application, access_log=None, logger=_log(), **options)


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
