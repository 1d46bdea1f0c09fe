"""A proxy in front of a server: now it passes everything on, now the server is away."""

import contextlib
import io
import logging
from collections.abc import AsyncGenerator
from dataclasses import dataclass, field

import aiohttp
from aiohttp import web
from yarl import URL

_HOP = {"connection", "content-length", "transfer-encoding", "keep-alive", "date", "server"}
_LARGEST = 64 * 1024 * 1024
# The server would report every connection that is cut on purpose.
_quiet = logging.getLogger(__name__)
_quiet.setLevel(logging.CRITICAL)


@dataclass
class Gate:
    """Passes calls on unchanged, with the host they were signed for; `refused` are those it did not, as their paths."""

    upstream: str
    session: aiohttp.ClientSession
    url: str = ""
    away: bool = False
    refused: list[str] = field(default_factory=list[str])

    async def handle(self, request: web.Request) -> web.StreamResponse:
        if self.away:
            return self._refuse(request)
        body = io.BytesIO(await request.read())  # of bytes aiohttp warns, which fails a test
        headers = {name: value for name, value in request.headers.items() if name.lower() not in _HOP}
        where = URL(self.upstream + request.raw_path, encoded=True)
        async with self.session.request(
            request.method, where, data=body, headers=headers, allow_redirects=False
        ) as answer:
            kept = {name: value for name, value in answer.headers.items() if name.lower() not in _HOP}
            return web.Response(status=answer.status, body=await answer.read(), headers=kept)

    def _refuse(self, request: web.Request) -> web.Response:
        """Be busy one time, cut the connection the next."""
        self.refused.append(request.raw_path)
        if len(self.refused) % 2 and request.transport:
            request.transport.abort()
        return web.Response(status=503, text="away")


@contextlib.asynccontextmanager
async def gate(upstream: str) -> AsyncGenerator[Gate]:
    """Serve on a free loopback port."""
    async with aiohttp.ClientSession(auto_decompress=False, skip_auto_headers=("User-Agent", "Accept")) as session:
        made = Gate(upstream, session)
        app = web.Application(client_max_size=_LARGEST)
        app.router.add_route("*", "/{rest:.*}", made.handle)
        runner = web.AppRunner(app, access_log=None, logger=_quiet)
        await runner.setup()
        try:
            site = web.TCPSite(runner, "127.0.0.1", 0)
            await site.start()
            made.url = f"http://127.0.0.1:{runner.addresses[0][1]}"
            yield made
        finally:
            await runner.cleanup()
