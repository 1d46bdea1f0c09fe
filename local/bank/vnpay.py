"""VNPAY's payment gateway: the pay page, the return, the IPN, the query and refunds."""

import asyncio
from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qsl

from aiohttp import web
from yarl import URL

from local.bank import vnpay_page
from local.bank.actions import NEXT_REFUND, ActionError
from local.bank.keys import KeyFile
from local.bank.vnpay_order import ALREADY_THERE, EXPIRED, BadOrderError, Order
from local.bank.vnpay_payment import OUTCOMES, Ipn, Outcome, Payment
from local.bank.vnpay_query import Queries
from local.bank.vnpay_refund import Refunds
from local.bank.vnpay_wire import as_text
from local.notices import NoticeSender
from local.pages import page

PAY_PATH = "/paymentv2/vpcpay.html"
CONFIRM_PATH = "/paymentv2/Transaction/{ref}"
ERROR_PATH = "/paymentv2/Payment/Error.html"
REFUND_ENDS = {"refund_done": "00", "refund_returned": "09"}
QUERY_PATH = "/merchant_webapi/api/transaction"
BANKS_PATH = "/qrpayauth/api/merchant/get_bank_list"
# What VNPAY tells of each; a bank_type is 1 for a bank at home, 2 for a card from anywhere, 3 for a wallet.
BANKS = [
    {
        "bank_code": code,
        "bank_name": name,
        "logo_link": f"/images/img/logos/bank/{code.lower()}_logo.png",
        "bank_type": kind,
        "display_order": place,
    }
    for place, (code, name, kind) in enumerate(
        (("VNPAYQR", "VNPAY QR", 3), ("NCB", "Ngân hàng NCB", 1), ("VISA", "Thẻ quốc tế Visa", 2)), start=1
    )
]


class VnPay:
    """The provider and its payments, by the merchant's reference."""

    def __init__(self, keys: KeyFile, notices: NoticeSender, merchant: str) -> None:
        self._keys = keys
        self._notices = notices
        self._merchant = merchant
        self._payments: dict[str, Payment] = {}
        self._queries = Queries()
        self._refunds = Refunds()

    def routes(self) -> list[web.RouteDef]:
        """Give the paths that this provider answers."""
        return [
            web.get(PAY_PATH, self.open),
            web.post(CONFIRM_PATH, self.confirm),
            web.get(ERROR_PATH, self.error),
            web.post(QUERY_PATH, self.query),
            web.post(BANKS_PATH, self.banks),
        ]

    async def open(self, request: web.Request) -> web.Response:
        """Show the pay page of a good URL; a bad one leads to the error page."""
        try:
            payment = self._admit(request.rel_url.raw_query_string)
        except BadOrderError as error:
            raise _to_error(error.code) from None
        return page(vnpay_page.pay(payment, self._merchant))

    async def confirm(self, request: web.Request) -> web.Response:
        """Take the customer's choice and send the browser back to the merchant."""
        payment = self._payments.get(request.match_info["ref"])
        outcome = OUTCOMES.get(str((await request.post()).get("action")))
        if payment is None or outcome is None:
            raise web.HTTPNotFound
        if payment.is_open:
            self._end(payment, outcome)
        raise web.HTTPFound(URL(payment.return_url(self._keys.now.hash_secret), encoded=True))

    async def error(self, request: web.Request) -> web.Response:
        """Show what was wrong with a URL."""
        return page(vnpay_page.error(request.query.get("code", "")))

    async def query(self, request: web.Request) -> web.Response:
        """Answer a merchant who asks what became of a payment, or for a refund; with HTTP 200 but where told else."""
        try:
            question = as_text(await request.json())
        except ValueError:
            question = {}
        if question.get("vnp_Command") == "refund":
            return self._refund(request, question)
        return web.json_response(self._queries.answer(question, self._payments, self._keys.now))

    async def banks(self, request: web.Request) -> web.Response:
        """List the banks that a customer of this merchant can pay with."""
        if (await request.post()).get("tmn_code") != self._keys.now.tmn_code:
            raise web.HTTPBadRequest
        return web.json_response(BANKS)

    def _refund(self, request: web.Request, question: dict[str, str]) -> web.Response:
        payment = self._payments.get(question.get("vnp_TxnRef", ""))
        fault = payment.next_refund if payment else None
        if payment and fault != "refunds_refused":
            payment.next_refund = None
        if fault == "refunds_down":
            raise web.HTTPBadGateway
        answer = self._refunds.answer(question, self._payments, self._keys.now)
        if fault == "refunds_lost" and request.transport:
            request.transport.abort()
        return web.json_response(answer)

    def payments(self) -> list[dict[str, Any]]:
        return [payment.to_json() for payment in self._payments.values()]

    def knows(self, ref: str) -> bool:
        return ref in self._payments

    def act(self, ref: str, action: str, _amount: int | None) -> None:
        """End a payment as the page would, or tell of it again. Raises ActionError."""
        payment = self._payments[ref]
        if action == "tell":
            self._notices.tell(ref)
        elif action in NEXT_REFUND - {"refunds_held"}:
            payment.next_refund = action
        elif action in REFUND_ENDS:
            _end_refund(payment, REFUND_ENDS[action])
        elif action not in OUTCOMES:
            raise ActionError(409, f"VNPAY tells no merchant of {action!r}.")
        elif payment.is_open:
            self._end(payment, OUTCOMES[action])
        else:
            raise ActionError(409, f"This payment is {payment.status}.")

    def _admit(self, raw_query: str) -> Payment:
        pairs = [pair for pair in parse_qsl(raw_query, keep_blank_values=True) if pair[0].startswith("vnp_")]
        order = Order.read(pairs, self._keys.now)
        known = self._payments.get(order.ref)
        if known and known.order.is_same(order):
            return known
        if known and known.order.created.date() == order.created.date():
            raise BadOrderError(ALREADY_THERE)
        left = (order.expires - datetime.now(UTC)).total_seconds()
        if left <= 0:
            raise BadOrderError(EXPIRED)
        payment = self._payments[order.ref] = Payment(order)
        asyncio.get_running_loop().call_later(left, self._expire, payment)
        return payment

    def _expire(self, payment: Payment) -> None:
        if payment.is_open:
            self._end(payment, OUTCOMES["expire"])

    def _end(self, payment: Payment, outcome: Outcome) -> None:
        payment.end(outcome)
        self._notices.send(Ipn(self._keys, payment.result), outcome.copies, late=outcome.late)


def _end_refund(payment: Payment, status: str) -> None:
    if payment.refund is None or not payment.refund.is_open:
        raise ActionError(409, "This payment has no refund under way.")
    payment.refund.status = status


def _to_error(code: str) -> web.HTTPFound:
    return web.HTTPFound(f"{ERROR_PATH}?code={code}")
