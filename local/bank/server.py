"""The server: both providers, the rates and the dashboard on one loopback port."""

import asyncio
import json
import signal
import sys

from aiohttp import web

from local.bank.dashboard import Dashboard
from local.bank.keys import KeyFile
from local.bank.rates import Rates
from local.bank.stripe_api import StripeApi
from local.bank.stripe_bank import StripeBank
from local.bank.stripe_page import StripePage
from local.bank.vnpay import VnPay
from local.loopback import HOST, own_names_only, own_pages_only, runner
from local.notices import Post


def build_app(keys: KeyFile, repeat_seconds: float) -> web.Application:
    """Put the parts together."""
    post = Post(repeat_seconds, ("vnpay", "stripe"))
    vnpay, stripe = VnPay(keys, post), StripeBank(keys, post)
    app = web.Application(middlewares=[own_names_only, own_pages_only])
    app.add_routes(vnpay.routes())
    app.add_routes(StripeApi(keys, stripe).routes())
    app.add_routes(StripePage(stripe).routes())
    app.add_routes(Rates().routes())
    app.add_routes(Dashboard(post, (vnpay, stripe)).routes())
    app.add_routes([web.get("/healthz", _healthz)])
    app.cleanup_ctx.append(post.running)
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
    print("the bank closes", file=sys.stderr)
