"""The server: every provider on one loopback port."""

import asyncio
import json
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import suppress
from pathlib import Path

from aiohttp import web

from local.loopback import HOST, own_names_only, own_pages_only, runner
from local.models.bedrock import Bedrock
from local.models.calls import CallLog
from local.models.control import Control
from local.models.faults import FaultBook
from local.models.oauth import Authority, ServiceAccount
from local.models.page import StudioPage
from local.models.painters import Painters
from local.models.pending import CallHandler
from local.models.sagemaker import SageMaker
from local.models.sagemaker_aws import Aws
from local.models.vertex import Vertex

MAX_BODY_BYTES = 128 * 1024 * 1024  # fourteen reference images of 7 MB, in Base64


def build_app(painters: Painters, account: ServiceAccount | None) -> web.Application:
    """Put providers and switches together."""
    faults, calls = FaultBook(), CallLog()
    authority = Authority(account)
    app = web.Application(middlewares=[own_names_only, own_pages_only], client_max_size=MAX_BODY_BYTES)
    handler = CallHandler(painters, faults, calls)
    app.add_routes(Vertex(authority, handler).routes())
    app.add_routes(Bedrock(handler).routes())
    sagemaker = SageMaker(handler, Aws())
    app.add_routes(sagemaker.routes())
    app.add_routes(StudioPage(handler).routes())
    app.cleanup_ctx.append(sagemaker.running)
    app.add_routes(Control(faults, calls).routes())
    app.add_routes([web.post("/token", authority.token), web.get("/healthz", _healthz)])
    app.cleanup_ctx.append(lambda _app: _with_painters(painters))
    return app


async def _healthz(_request: web.Request) -> web.Response:
    return web.json_response({"ready": True})


async def _with_painters(painters: Painters) -> AsyncIterator[None]:
    warming = asyncio.create_task(painters.warm())
    yield
    warming.cancel()
    with suppress(asyncio.CancelledError):
        await warming
    painters.close()


async def serve(port: int, account_file: Path | None) -> None:
    """Serve until SIGTERM or SIGINT; port 0 takes a free one. Says so in one JSON line on stdout."""
    account = ServiceAccount.read(account_file) if account_file else None
    # Nobody draws for a caller that has hung up: on a busy machine its next attempt already waits.
    running = runner(build_app(Painters(), account), handler_cancellation=True)
    await running.setup()
    site = web.TCPSite(running, HOST, port)
    await site.start()
    print(json.dumps({"ready": True, "url": site_url(running)}), flush=True)
    await _stopped()
    await running.cleanup()


def site_url(running: web.AppRunner) -> str:
    """Give the address with the port that was really taken."""
    host, port = running.addresses[0][:2]
    return f"http://{host}:{port}"


async def _stopped() -> None:
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stop.set)
    await stop.wait()
    print("model endpoints stop", file=sys.stderr)
