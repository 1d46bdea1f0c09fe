"""The server: the API and the printer's own side on one loopback port."""

from aiohttp import web

from local.loopback import application, serve_until_stopped
from local.notices import NoticeSender
from local.printer.api import Api
from local.printer.dashboard import Dashboard
from local.printer.faults import Faults
from local.printer.keys import KeyFile
from local.printer.order_processor import OrderProcessor


def build_app(keys: KeyFile, repeat_seconds: float) -> web.Application:
    """Put the parts together."""
    notices, faults = NoticeSender(repeat_seconds), Faults()
    processor = OrderProcessor(notices, repeat_seconds)
    api = Api(keys, processor)
    app = application(api.guard, faults.middleware)
    app.add_routes(api.routes())
    app.add_routes(Dashboard(processor, notices, faults).routes())
    app.cleanup_ctx.extend([notices.running, processor.running])
    return app


async def serve(port: int, keys: KeyFile, repeat_seconds: float) -> None:
    """Serve until SIGTERM or SIGINT; port 0 takes a free one."""
    await serve_until_stopped("the printer", build_app(keys, repeat_seconds), port)
