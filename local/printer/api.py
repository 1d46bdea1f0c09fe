"""Prodigi's Print API v4: its paths, answers and outcomes."""

import secrets
from typing import Any

from aiohttp import web

from local.loopback import Handler
from local.printer.catalogue import PRODUCTS, details, money, shipping
from local.printer.keys import KeyFile
from local.printer.order import NOT_STARTED, Order
from local.printer.order_processor import OrderProcessor
from local.printer.requests import Line, OrderRequest, QuoteRequest, RefusedError

Json = dict[str, Any]
ROOT = "/v4.0"


class Api:
    """Answers the merchant whose key it is."""

    def __init__(self, keys: KeyFile, processor: OrderProcessor) -> None:
        self._keys = keys
        self._processor = processor

    def routes(self) -> list[web.RouteDef]:
        """Give the paths of the API."""
        order = f"{ROOT}/orders/{{id}}"
        return [
            web.post(f"{ROOT}/quotes", self.quote),
            web.post(f"{ROOT}/orders", self.place),
            web.get(order, self.find),
            web.get(f"{order}/actions", self.actions),
            web.post(f"{order}/actions/cancel", self.cancel),
            web.get(f"{ROOT}/products/{{sku}}", self.product),
        ]

    @web.middleware
    async def guard(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        """Refuse whoever has not the key."""
        if request.path.startswith(f"{ROOT}/") and not self._keys.opens(request.headers.get("X-API-Key", "")):
            return _answer("Unauthorised", status=401)
        return await handler(request)

    async def quote(self, request: web.Request) -> web.Response:
        """Say what it would cost."""
        try:
            asked = QuoteRequest.read(await _body(request))
        except RefusedError as error:
            return _refusal(error)
        return _answer("Created", issues=[], quotes=[_quote(asked, method) for method in asked.methods])

    async def place(self, request: web.Request) -> web.Response:
        """Take an order, once for each key."""
        try:
            asked = OrderRequest.read(await _body(request))
            order, is_new = self._processor.place(asked, f"{request.scheme}://{request.host}")
        except RefusedError as error:
            return _refusal(error)
        return _answer("Created" if is_new else "AlreadyExists", order=order.to_json())

    async def find(self, request: web.Request) -> web.Response:
        order = self._order(request)
        return _answer("Ok", order=order.to_json()) if order else _unknown()

    async def actions(self, request: web.Request) -> web.Response:
        """Say what may be done now."""
        order = self._order(request)
        if order is None:
            return _unknown()
        open_ = {"isAvailable": "Yes" if order.can_cancel else "No"}
        names = ("cancel", "changeRecipientDetails", "changeShippingMethod")
        return _answer("Ok", **dict.fromkeys(names, open_), changeMetaData={"isAvailable": "Yes"})

    async def cancel(self, request: web.Request) -> web.Response:
        """Cancel, unless it is too late."""
        order = self._order(request)
        if order is None:
            return _unknown()
        if self._processor.cancel(order):
            return _answer("Cancelled", order=order.to_json())
        late = order.steps["inProduction"] != NOT_STARTED and not order.is_over
        return _answer("FailedToCancel" if late else "ActionNotAvailable", order=order.to_json())

    async def product(self, request: web.Request) -> web.Response:
        product = PRODUCTS.get(request.match_info["sku"].upper())
        return _answer("Ok", product=details(product)) if product else _unknown()

    def _order(self, request: web.Request) -> Order | None:
        return self._processor.orders.get(request.match_info["id"])


async def _body(request: web.Request) -> Json:
    try:
        body = await request.json()
    except ValueError:
        body = None
    if not isinstance(body, dict):
        raise RefusedError({"body": [{"code": "InvalidJson", "providedValue": None}]})
    return body


def _quote(asked: QuoteRequest, method: str) -> Json:
    goods = sum(line.cents for line in asked.lines)
    way = shipping(method, sum(line.copies for line in asked.lines))
    items = [_item(line, asked.currency) for line in asked.lines]
    shipment = {
        "carrier": {"name": "royalmail", "service": method},
        "fulfillmentLocation": {"countryCode": "GB", "labCode": "uk6"},
        "cost": money(way, asked.currency),
        "items": [item["id"] for item in items],
    }
    return {
        "shipmentMethod": method,
        "costSummary": {
            "items": money(goods, asked.currency),
            "shipping": money(way, asked.currency),
            "totalCost": money(goods + way, asked.currency),
            "totalTax": money(0, asked.currency),
        },
        "shipments": [shipment],
        "items": items,
    }


def _item(line: Line, currency: str) -> Json:
    return {
        "id": f"qit_{secrets.token_hex(16)}",
        "sku": line.product.sku,
        "copies": line.copies,
        "unitCost": money(line.product.price(line.pages), currency),
        "attributes": {},
        "assets": [{"printArea": "default"}],
    }


def _answer(outcome: str, status: int = 200, **parts: Any) -> web.Response:
    trace = f"00-{secrets.token_hex(16)}-{secrets.token_hex(8)}-00"
    return web.json_response({"outcome": outcome, **parts, "traceParent": trace}, status=status)


def _refusal(error: RefusedError) -> web.Response:
    return _answer("ValidationFailed", status=400, failures=error.failures)


def _unknown() -> web.Response:
    return _answer("EntityNotFound", status=404)
