import asyncio
import json
import time
from collections.abc import AsyncGenerator, AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest
import stripe
from aiohttp import ClientResponse, web
from aiohttp.test_utils import TestClient, TestServer

from local.bank.keys import KeyFile
from local.bank.server import build_app
from local.bank.vnpay_wire import signed_url, stamp

Json = dict[str, Any]
HASH_SECRET, API_KEY, WEBHOOK_SECRET = "hash-secret", "sk_test_local", "whsec_local"
REFUNDS_KEY = "rk_test_local"
KEYS = {
    "vnpay": {"tmnCode": "LOCALTMN", "hashSecret": HASH_SECRET},
    "stripe": {"apiKey": API_KEY, "refundsKey": REFUNDS_KEY, "webhookSecret": WEBHOOK_SECRET},
}
NAME = "The Studio & Sons"
OK = {"RspCode": "00", "Message": "Confirm Success"}


@dataclass(frozen=True)
class MerchantRequest:
    query: str
    body: bytes
    signature: str | None

    @property
    def params(self) -> dict[str, str]:
        return dict(parse_qsl(self.query, keep_blank_values=True))

    @property
    def event(self) -> stripe.Event:
        return stripe.Webhook.construct_event(self.body, self.signature, WEBHOOK_SECRET)


@dataclass
class Merchant:
    """Gives the next of its answers, one a call, then with the last one: a JSON body, a status, or None for silence."""

    answers: list[Json | int | None] = field(default_factory=lambda: [OK])
    requests: list[MerchantRequest] = field(default_factory=list[MerchantRequest])
    _news: asyncio.Condition = field(default_factory=asyncio.Condition)

    async def receive(self, request: web.Request) -> web.Response:
        signature = request.headers.get("Stripe-Signature")
        self.requests.append(MerchantRequest(request.rel_url.raw_query_string, await request.read(), signature))
        async with self._news:
            self._news.notify_all()
        answer = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        if answer is None:
            assert request.transport
            request.transport.abort()
        if isinstance(answer, int):
            return web.Response(status=answer)
        return web.json_response(answer)

    async def received(self, count: int) -> list[MerchantRequest]:
        async with self._news, asyncio.timeout(30):
            await self._news.wait_for(lambda: len(self.requests) >= count)
        return self.requests

    @property
    def events(self) -> list[str]:
        return [each.event.type for each in self.requests]


@dataclass
class Bank:
    http: TestClient[web.Request, web.Application]
    merchant: Merchant
    shop_url: str
    keys_file: Path
    wire: stripe.AIOHTTPClient

    @property
    def url(self) -> str:
        return str(self.http.make_url("")).rstrip("/")

    # ---- VNPAY

    def params(self, ref: str = "ORDER1", **others: str) -> dict[str, str]:
        now = datetime.now(UTC)
        return {
            "vnp_Version": "2.1.0",
            "vnp_Command": "pay",
            "vnp_TmnCode": "LOCALTMN",
            "vnp_Amount": "25000000",
            "vnp_CreateDate": stamp(now),
            "vnp_ExpireDate": stamp(now + timedelta(minutes=15)),
            "vnp_CurrCode": "VND",
            "vnp_IpAddr": "127.0.0.1",
            "vnp_Locale": "vn",
            "vnp_OrderInfo": "Nap 100 diem: don hang ORDER1",
            "vnp_OrderType": "other",
            "vnp_ReturnUrl": f"{self.shop_url}/return?lang=vi",
            "vnp_TxnRef": ref,
        } | others

    async def visit(self, params: Mapping[str, str], secret: str = HASH_SECRET) -> tuple[int, str]:
        """Open a pay URL; the status of the last page and its text."""
        url = urlsplit(signed_url("/paymentv2/vpcpay.html", params, secret))
        response = await self.http.get(f"{url.path}?{url.query}")
        return response.status, await response.text()

    async def choose(self, ref: str, action: str) -> str:
        """Press a button of the pay page; where it leads."""
        path = f"/paymentv2/Transaction/{ref}"
        response = await self.http.post(path, data={"action": action}, allow_redirects=False)
        assert response.status == 302
        return response.headers["Location"]

    # ---- Stripe

    def client(self, key: str = API_KEY) -> stripe.StripeClient:
        return stripe.StripeClient(key, base_addresses={"api": self.url}, http_client=self.wire)

    def session_params(self, **others: Any) -> Any:
        price = {"currency": "usd", "unit_amount": 999, "product_data": {"name": "100 points"}}
        return {
            "mode": "payment",
            "line_items": [{"price_data": price, "quantity": 1}],
            "success_url": f"{self.shop_url}/done?session={{CHECKOUT_SESSION_ID}}",
            "cancel_url": f"{self.shop_url}/back",
            "client_reference_id": "payment-1",
            "metadata": {"payment": "payment-1"},
            "payment_intent_data": {"metadata": {"payment": "payment-1"}},
            "expires_at": int(time.time()) + 3600,
        } | others

    async def session(self, **others: Any) -> stripe.checkout.Session:
        return await self.client().v1.checkout.sessions.create_async(self.session_params(**others))

    # ---- the dashboard

    async def act(self, ref: str, action: str) -> ClientResponse:
        return await self.http.post(f"/_bank/payments/{ref}/{action}")

    async def payment(self, ref: str) -> Json:
        found = (await (await self.http.get("/_bank/payments")).json())["payments"]
        return next(payment for payment in found if payment["ref"] == ref)

    async def delivered(self, ref: str) -> Json:
        """Wait until every notice of a payment is accepted or given up."""
        async with asyncio.timeout(30):
            while (payment := await self.payment(ref))["telling"]:
                pass
        return payment

    async def deliveries(self) -> list[Json]:
        return (await (await self.http.get("/_bank/deliveries")).json())["deliveries"]


@pytest.fixture
async def merchant() -> Merchant:
    return Merchant()


@asynccontextmanager
async def running_bank(merchant: Merchant, folder: Path) -> AsyncGenerator[Bank]:
    """Run a bank that does not know yet where its merchant is."""
    keys_file = folder / "keys.json"
    keys_file.write_text(json.dumps(KEYS))
    shop = web.Application()
    shop.router.add_route("*", "/{path:.*}", merchant.receive)
    app = build_app(KeyFile(keys_file), repeat_seconds=0, merchant=NAME)
    async with TestServer(shop) as shop_server, TestClient(TestServer(app)) as http:
        wire = stripe.AIOHTTPClient()
        yield Bank(http, merchant, str(shop_server.make_url("")).rstrip("/"), keys_file, wire)
        await wire.close_async()


@pytest.fixture
async def stranger(merchant: Merchant, tmp_path: Path) -> AsyncIterator[Bank]:
    async with running_bank(merchant, tmp_path) as bank:
        yield bank


@pytest.fixture
async def bank(stranger: Bank) -> Bank:
    await introduce(stranger)
    return stranger


async def introduce(bank: Bank) -> None:
    urls = {"vnpayIpnUrl": f"{bank.shop_url}/ipn", "stripeWebhookUrl": f"{bank.shop_url}/hook"}
    assert (await bank.http.put("/_bank/merchant", json=urls)).status == 200
