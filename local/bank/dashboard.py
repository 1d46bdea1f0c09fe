"""The merchant's dashboard at both providers, for people and for programs."""

import json
from collections.abc import Sequence
from typing import Any

from aiohttp import web

from local.bank import dashboard_page
from local.bank.actions import ActionError, Provider
from local.notices import NoticeSender
from local.pages import page

ADDRESSES = {"vnpayIpnUrl": "vnpay", "stripeWebhookUrl": "stripe"}


class Dashboard:
    """Shows payments and deliveries, and does things to a payment."""

    def __init__(self, notices: NoticeSender, providers: Sequence[Provider]) -> None:
        self._notices = notices
        self._providers = providers

    def routes(self) -> list[web.RouteDef]:
        """Give the paths of the dashboard."""
        return [
            web.get("/_bank/", self.dashboard),
            web.get("/_bank/payments", self.payments),
            web.get("/_bank/deliveries", self.deliveries),
            web.post("/_bank/payments/{ref}/{action}", self.act),
            web.post("/_bank/tell", self.tell),
            web.put("/_bank/merchant", self.merchant),
        ]

    async def dashboard(self, _request: web.Request) -> web.Response:
        return page(dashboard_page.dashboard(self._all(), self._deliveries(), self._notices.addresses))

    async def payments(self, _request: web.Request) -> web.Response:
        return web.json_response({"payments": self._all()})

    async def deliveries(self, _request: web.Request) -> web.Response:
        return web.json_response({"deliveries": self._deliveries()})

    async def act(self, request: web.Request) -> web.Response:
        """Do something to a payment; a browser is led back to the dashboard."""
        ref, action = request.match_info["ref"], request.match_info["action"]
        try:
            self._act(ref, action, _amount(request))
        except ActionError as error:
            return web.json_response({"error": str(error)}, status=error.status)
        return _done(request, next(payment for payment in self._all() if payment["ref"] == ref))

    async def tell(self, request: web.Request) -> web.Response:
        """Tell everything that is late."""
        return _done(request, {"told": self._notices.tell_late()})

    async def merchant(self, request: web.Request) -> web.Response:
        """Set where notices go."""
        try:
            given = _addresses(await request.text())
        except ValueError as error:
            return web.json_response({"error": str(error)}, status=400)
        for name, url in given.items():
            self._notices.addresses[ADDRESSES[name]].set(url)
        return web.json_response({name: self._notices.addresses[provider].url for name, provider in ADDRESSES.items()})

    def _act(self, ref: str, action: str, amount: int | None) -> None:
        for provider in self._providers:
            if provider.knows(ref):
                provider.act(ref, action, amount)
                return
        raise ActionError(404, "There is no such payment.")

    def _all(self) -> list[dict[str, Any]]:
        found = [payment for provider in self._providers for payment in provider.payments()]
        found.sort(key=lambda payment: payment["createdAt"])
        return [payment | self._undelivered(payment["ref"]) for payment in found]

    def _undelivered(self, ref: str) -> dict[str, int]:
        return {"late": self._notices.late(ref), "telling": self._notices.telling(ref)}

    def _deliveries(self) -> list[dict[str, Any]]:
        return [delivery.to_json() for delivery in self._notices.deliveries]


def _amount(request: web.Request) -> int | None:
    text = request.query.get("amount")
    if text is not None and not text.isdecimal():
        raise ActionError(400, f"{text!r} is no amount.")
    return None if text is None else int(text)


def _addresses(text: str) -> dict[str, str]:
    given = json.loads(text)
    if not isinstance(given, dict) or not all(
        name in ADDRESSES and str(url).startswith(("http://", "https://")) for name, url in given.items()
    ):
        raise ValueError(f"An object with URLs for {' and '.join(ADDRESSES)}.")
    return given


def _done(request: web.Request, result: dict[str, Any]) -> web.Response:
    if "text/html" in request.headers.get("Accept", ""):
        raise web.HTTPSeeOther("/_bank/")
    return web.json_response(result)
