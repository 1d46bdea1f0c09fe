"""The server: the API and the printer's own side on one loopback port."""

import asyncio
import json
import signal
import sys

from aiohttp import web

from local.loopback import HOST, own_names_only, own_pages_only, runner
from local.notices import Post
from local.printer.api import Api
from local.printer.dashboard import Dashboard
from local.printer.faults import Faults
from local.printer.keys import KeyFile
from local.printer.workshop import Workshop


def build_app(keys: KeyFile, repeat_seconds: float) -> web.Application:
    """Put the parts together."""
    post, faults = Post(repeat_seconds), Faults()
    workshop = Workshop(post, repeat_seconds)
    api = Api(keys, workshop)
    app = web.Application(middlewares=[own_names_only, own_pages_only, api.guard, faults.middleware])
    app.add_routes(api.routes())
    app.add_routes(Dashboard(workshop, post, faults).routes())
    app.add_routes([web.get("/healthz", _healthz)])
    app.cleanup_ctx.extend([post.running, workshop.running])
    return app


async def _healthz(_request: web.Request) -> web.Response:
    return web.json_response({"ready": True})


async def serve(port: int, keys: KeyFile, repeat_seconds: float) -> None:
    """Serve until SIGTERM or SIGINT; port 0 takes a free one. Says so in one JSON line on stdout."""
    running = runner(build_app(keys, repeat_seconds))
    await running.setup()
    await web.TCPSite(running, HOST, port).start()
    host, taken = running.addresses[0][:2]
    print(json.dumps({"ready": True, "url": f"http://{host}:{taken}"}), flush=True)
    await _stopped()
    await running.cleanup()


async def _stopped() -> None:
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stop.set)
    await stop.wait()
    print("the printer closes", file=sys.stderr)
