"""Stripe's hosted Checkout page."""

from typing import Final

from aiohttp import web
from yarl import URL

from local.bank.pages import fill, frame, money
from local.bank.stripe_bank import StripeBank
from local.bank.stripe_checkout import Checkout
from local.bank.stripe_error import StripeError
from local.bank.stripe_session_params import Line
from local.pages import Safe, join, page

NOTE: Final = "A local stand-in for Stripe: no money moves"
SPECIAL: Final = {
    "refuse": "Pay with a card that is declined · Trả bằng thẻ bị từ chối",
    "pay_late": "Pay, and the merchant hears late · Thanh toán, báo cho nhà cung cấp muộn",
    "pay_twice": "Pay, and the merchant hears twice at once · Thanh toán, báo hai lần cùng lúc",
    "pay_async": "Pay another way: the money arrives later · Trả cách khác: tiền đến sau",
}
PAYS: Final = frozenset({"pay", "pay_late", "pay_twice", "pay_async"})
DECLINED: Final = "Your card was declined."
# Stripe's published test numbers for cards that do not pay.
DECLINES: Final = {"4000000000000002": DECLINED, "4000000000009995": "Your card has insufficient funds."}
ENDS: Final = {"complete": "You have paid for this already.", "expired": "This page has expired. Nothing was charged."}


class StripePage:
    """The page, and what its buttons do."""

    def __init__(self, bank: StripeBank, merchant: str) -> None:
        self._bank = bank
        self._merchant = merchant

    def routes(self) -> list[web.RouteDef]:
        """Give the paths of the page."""
        return [web.get("/c/pay/{id}", self.show), web.post("/c/pay/{id}", self.confirm)]

    async def show(self, request: web.Request) -> web.Response:
        return self._page(self._checkout(request))

    async def confirm(self, request: web.Request) -> web.Response:
        """Pay and go to the merchant's page, or show why not."""
        checkout = self._checkout(request)
        if not checkout.is_open:
            return self._page(checkout)
        form = await request.post()
        action = str(form.get("action", "pay"))
        number = str(form.get("number", "")).replace(" ", "")
        if action in PAYS and number not in DECLINES:
            self._bank.act(checkout.id, action, None)
            raise web.HTTPFound(URL(checkout.success_url, encoded=True))
        return self._page(checkout, DECLINES.get(number, DECLINED))

    def _page(self, checkout: Checkout, problem: str = "") -> web.Response:
        return page(_shown(checkout, self._merchant, problem))

    def _checkout(self, request: web.Request) -> Checkout:
        try:
            return self._bank.checkout(request.match_info["id"])
        except StripeError:
            raise web.HTTPNotFound from None


def _shown(checkout: Checkout, merchant: str, problem: str) -> Safe:
    params = checkout.params
    body = fill(
        "stripe.html",
        merchant=merchant,
        total=money(params.amount, params.currency),
        lines=join([_line(line) for line in params.lines]),
        back=fill("stripe_back.html", url=params.cancel_url) if params.cancel_url else Safe(""),
        choice=_choice(checkout, problem) if checkout.is_open else _end(checkout),
    )
    return frame("Checkout", NOTE, body, look="stripe")


def _line(line: Line) -> Safe:
    amount = money(line.quantity * line.unit_amount, line.currency)
    return fill("stripe_line.html", name=line.name, quantity=line.quantity, amount=amount)


def _choice(checkout: Checkout, problem: str) -> Safe:
    buttons = [
        fill("button.html", id=action.replace("_", "-"), action=action, label=label)
        for action, label in SPECIAL.items()
    ]
    return fill(
        "stripe_choice.html",
        id=checkout.id,
        email=checkout.params.email or "customer@example.com",
        problem=problem,
        total=money(checkout.params.amount, checkout.params.currency),
        buttons=join(buttons),
    )


def _end(checkout: Checkout) -> Safe:
    url = checkout.success_url if checkout.status == "complete" else checkout.params.cancel_url or checkout.success_url
    return fill("end.html", text=ENDS[checkout.status], url=url, back="Back to the merchant")
