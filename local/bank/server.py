"""The server: both providers, the rates and the dashboard on one loopback port."""

from aiohttp import web

from local.bank.dashboard import Dashboard
from local.bank.keys import KeyFile
from local.bank.rates import Rates
from local.bank.stripe_api import StripeApi
from local.bank.stripe_bank import StripeBank
from local.bank.stripe_page import StripePage
from local.bank.vnpay import VnPay
from local.loopback import application, serve_until_stopped
from local.notices import NoticeSender


def build_app(keys: KeyFile, repeat_seconds: float, merchant: str) -> web.Application:
    """Put the parts together; `merchant` is the name that payers see."""
    notices = NoticeSender(repeat_seconds, ("vnpay", "stripe"))
    vnpay, stripe = VnPay(keys, notices, merchant), StripeBank(keys, notices)
    app = application()
    app.add_routes(vnpay.routes())
    app.add_routes(StripeApi(keys, stripe).routes())
    app.add_routes(StripePage(stripe, merchant).routes())
    app.add_routes(Rates().routes())
    app.add_routes(Dashboard(notices, (vnpay, stripe)).routes())
    app.cleanup_ctx.append(notices.running)
    return app


async def serve(port: int, keys: KeyFile, repeat_seconds: float, merchant: str) -> None:
    """Serve until SIGTERM or SIGINT; port 0 takes a free one."""
    await serve_until_stopped("the bank", build_app(keys, repeat_seconds, merchant), port)
