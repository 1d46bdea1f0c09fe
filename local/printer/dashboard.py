"""The printer's own side, for people and for programs: every order can be moved on by hand."""

import json
from typing import Any

from aiohttp import web

from local.notices import NoticeSender
from local.pages import page
from local.printer import dashboard_page
from local.printer.faults import Faults
from local.printer.order import ActionError, Order
from local.printer.order_processor import MOST_PARCELS, PARCELS, OrderProcessor

Json = dict[str, Any]


class Dashboard:
    """Shows orders and deliveries, and has an order take its next step."""

    def __init__(self, processor: OrderProcessor, notices: NoticeSender, faults: Faults) -> None:
        self._processor = processor
        self._notices = notices
        self._faults = faults

    def routes(self) -> list[web.RouteDef]:
        """Give the paths of the dashboard."""
        return [
            web.get("/_printer/", self.dashboard),
            web.get("/_printer/orders", self.orders),
            web.get("/_printer/deliveries", self.deliveries),
            web.post("/_printer/orders/{id}/{action}", self.act),
            web.post("/_printer/send", self.send),
            web.post("/_printer/late", self.switch),
            web.put("/_printer/late", self.late),
            web.put("/_printer/faults", self.faults),
        ]

    async def dashboard(self, _request: web.Request) -> web.Response:
        return page(dashboard_page.dashboard(self._all(), self._deliveries(), late=self._processor.late))

    async def orders(self, _request: web.Request) -> web.Response:
        return web.json_response({"orders": self._all(), "late": self._processor.late})

    async def deliveries(self, _request: web.Request) -> web.Response:
        return web.json_response({"deliveries": self._deliveries()})

    async def act(self, request: web.Request) -> web.Response:
        """Have an order take a step; a browser is led back to the dashboard."""
        try:
            order = self._processor.act(request.match_info["id"], request.match_info["action"], _parcels(request))
        except ActionError as error:
            return web.json_response({"error": str(error)}, status=error.status)
        return _done(request, self._shown(order))

    async def send(self, request: web.Request) -> web.Response:
        """Send everything that is late."""
        return _done(request, {"sent": self._notices.tell_late()})

    async def switch(self, request: web.Request) -> web.Response:
        """Hold callbacks back from now on, or no longer: the page's button."""
        self._processor.late = not self._processor.late
        return _done(request, {"late": self._processor.late})

    async def late(self, request: web.Request) -> web.Response:
        """Say whether callbacks are held back from now on."""
        given = await _json(request)
        if not isinstance(given, bool):
            return web.json_response({"error": "true or false"}, status=400)
        self._processor.late = given
        return web.json_response({"late": given})

    async def faults(self, request: web.Request) -> web.Response:
        """Set what goes wrong next."""
        given = await _json(request)
        try:
            self._faults.set(given)
        except ValueError as error:
            return web.json_response({"error": str(error)}, status=400)
        return web.json_response({"faults": given})

    def _all(self) -> list[Json]:
        return [self._shown(order) for order in self._processor.orders.values()]

    def _shown(self, order: Order) -> Json:
        return order.to_json() | {
            "can": list(order.actions()),
            "downloading": self._processor.is_downloading(order),
            "late": self._notices.late(order.id),
            "sending": self._notices.telling(order.id),
        }

    def _deliveries(self) -> list[Json]:
        return [delivery.to_json() for delivery in self._notices.deliveries]


async def _json(request: web.Request) -> Any:
    try:
        return json.loads(await request.text())
    except ValueError:
        return None


def _parcels(request: web.Request) -> int:
    text = request.query.get("parcels", str(PARCELS))
    if not text.isdecimal() or not 1 <= int(text) <= MOST_PARCELS:
        raise ActionError(400, f"1 to {MOST_PARCELS} parcels.")
    return int(text)


def _done(request: web.Request, result: Json) -> web.Response:
    if "text/html" in request.headers.get("Accept", ""):
        raise web.HTTPSeeOther("/_printer/")
    return web.json_response(result)
