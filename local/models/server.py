"""The server: every provider on one loopback port."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import suppress
from pathlib import Path

from aiohttp import web

from local.loopback import application, serve_until_stopped
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
    app = application(client_max_size=MAX_BODY_BYTES)
    handler = CallHandler(painters, faults, calls)
    app.add_routes(Vertex(authority, handler).routes())
    app.add_routes(Bedrock(handler).routes())
    sagemaker = SageMaker(handler, Aws())
    app.add_routes(sagemaker.routes())
    app.add_routes(StudioPage(handler).routes())
    app.cleanup_ctx.append(sagemaker.running)
    app.add_routes(Control(faults, calls).routes())
    app.add_routes([web.post("/token", authority.token)])
    app.cleanup_ctx.append(lambda _app: _with_painters(painters))
    return app


async def _with_painters(painters: Painters) -> AsyncIterator[None]:
    warming = asyncio.create_task(painters.warm())
    yield
    warming.cancel()
    with suppress(asyncio.CancelledError):
        await warming
    painters.close()


async def serve(port: int, account_file: Path | None) -> None:
    """Serve until SIGTERM or SIGINT; port 0 takes a free one."""
    account = ServiceAccount.read(account_file) if account_file else None
    # Nobody draws for a caller that has hung up: on a busy machine its next attempt already waits.
    await serve_until_stopped("the model endpoints", build_app(Painters(), account), port, handler_cancellation=True)
