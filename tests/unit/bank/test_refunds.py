"""Refunds that the merchant asks for: as the studio asks, and as the bank plays what may go wrong."""

import asyncio
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import pytest
import stripe
import urllib3

from local.bank.vnpay_query import sealed
from local.bank.vnpay_refund import ASKED
from studio.payments.model import Facts, Payment, PaymentProvider
from studio.payments.providers.protocol import RefundAnswer, RefundApi, UnansweredError
from studio.payments.providers.stripe.refunds import StripeRefunds
from studio.payments.providers.vnpay.api import VnpayApi
from studio.payments.providers.vnpay.query import VnpayQuery
from studio.payments.providers.vnpay.refunds import VnpayRefunds
from studio.payments.refund import refunding
from studio.payments.refund_request import RefundRequest, RefundStatus
from studio.payments.transactions import RefundState, Taken, Transaction
from tests.unit.bank.conftest import HASH_SECRET, REFUNDS_KEY, Bank, Json, Merchant
from tests.unit.payments.shop import Vault, pending
from tests.unit.world import USER

each_provider = pytest.mark.parametrize("provider", PaymentProvider)
MINOR = {PaymentProvider.VNPAY: Taken(250_000, "VND"), PaymentProvider.STRIPE: Taken(999, "USD")}


class Asking:
    """The studio with one payment that was paid at the bank."""

    def __init__(self, bank: Bank, payment: Payment, ref: str) -> None:
        self.bank = bank
        self.ref = ref
        self.payment = payment

    @property
    def request(self) -> RefundRequest:
        return next(iter(self.payment.facts.refund_requests.values()))

    async def ask(self, *, again: bool = False) -> RefundAnswer:
        return await self._call(lambda api: api.refund(self.payment, self.request, datetime.now(UTC), again=again))

    async def progress(self) -> RefundAnswer:
        return await self._call(lambda api: api.progress(self.payment, self.request, datetime.now(UTC)))

    async def act(self, action: str) -> None:
        assert (await self.bank.act(self.ref, action)).status == 200

    async def shown(self) -> Json:
        return await self.bank.payment(self.ref)

    async def _call(self, call: Any) -> RefundAnswer:
        with urllib3.PoolManager() as http:
            return await asyncio.to_thread(lambda: call(self._api(http)))

    def _api(self, http: urllib3.PoolManager) -> RefundApi:
        if self.payment.provider == PaymentProvider.STRIPE:
            return StripeRefunds(Vault(apiKey=REFUNDS_KEY).secret(), self.bank.url)
        secret = Vault(tmnCode="LOCALTMN", hashSecret=HASH_SECRET).secret()
        api = VnpayApi(secret, f"{self.bank.url}/merchant_webapi/api/transaction", http)
        return VnpayRefunds(api, VnpayQuery(api))


async def paid(bank: Bank, provider: PaymentProvider) -> Asking:
    payment = pending(provider, USER, datetime.now(UTC))
    if provider == PaymentProvider.VNPAY:
        ref = UUID(payment.id).hex
        await bank.visit(bank.params(ref))
    else:
        ref = (await bank.session()).id
    await bank.act(ref, "pay")
    shown = await bank.delivered(ref)
    reference = shown["paymentIntent"] if provider == PaymentProvider.STRIPE else await _number(bank, payment)
    facts = Facts({reference: Transaction(MINOR[provider])})
    return Asking(bank, refunding(replace(payment, facts=facts), "why", "orders", datetime.now(UTC)), ref)


async def _number(bank: Bank, payment: Payment) -> str:
    secret = Vault(tmnCode="LOCALTMN", hashSecret=HASH_SECRET).secret()
    with urllib3.PoolManager() as http:
        query = VnpayQuery(VnpayApi(secret, f"{bank.url}/merchant_webapi/api/transaction", http))
        told = await asyncio.to_thread(query.end_of, payment, datetime.now(UTC))
    assert told
    return told["vnp_TransactionNo"]


@each_provider
async def test_money_goes_back_once(bank: Bank, provider: PaymentProvider) -> None:
    asking = await paid(bank, provider)
    answer = await asking.ask()
    assert {each.taken for each in answer.refunds.values()} == {MINOR[provider]}
    assert (await asking.ask(again=True)).refunds.keys() == answer.refunds.keys()
    assert (await asking.ask()).refunds.keys() == answer.refunds.keys()
    assert (await asking.shown())["refunded"] == MINOR[provider].minor


@each_provider
async def test_an_answer_that_is_lost_is_learned(bank: Bank, provider: PaymentProvider) -> None:
    asking = await paid(bank, provider)
    await asking.act("refunds_lost")
    with pytest.raises(UnansweredError):
        await asking.ask()
    assert (await asking.shown())["refunded"] == MINOR[provider].minor
    assert (await asking.ask(again=True)).refunds
    assert (await asking.shown())["refunded"] == MINOR[provider].minor


@each_provider
async def test_a_fault_passes(bank: Bank, provider: PaymentProvider) -> None:
    asking = await paid(bank, provider)
    await asking.act("refunds_down")
    with pytest.raises(UnansweredError):
        await asking.ask()
    assert (await asking.shown())["refunded"] == 0
    assert (await asking.ask(again=True)).refunds


@each_provider
async def test_a_refusal_is_understood(bank: Bank, provider: PaymentProvider) -> None:
    asking = await paid(bank, provider)
    await asking.act("refunds_refused")
    assert (await asking.ask()).status == RefundStatus.REFUSED
    assert (await asking.shown())["refunded"] == 0


@each_provider
@pytest.mark.parametrize(("end", "status"), [("refund_done", "DONE"), ("refund_returned", "REFUSED")])
async def test_what_takes_a_while_is_followed(
    bank: Bank, merchant: Merchant, provider: PaymentProvider, end: str, status: str
) -> None:
    asking = await paid(bank, provider)
    if provider == PaymentProvider.STRIPE:
        await asking.act("refunds_held")
    assert (await asking.ask()).status == RefundStatus.UNDER_WAY
    assert (await asking.progress()).status == RefundStatus.UNDER_WAY
    page = await (await bank.http.get("/_bank/")).text()
    assert f'id="refund-done-{asking.ref}"' in page
    assert "refund under way" in page
    await asking.act(end)
    answer = await asking.progress()
    [refund] = answer.refunds.values()
    assert answer.status == status
    assert refund.state == (RefundState.MADE if status == "DONE" else RefundState.FAILED)
    assert (await bank.act(asking.ref, end)).status == 409
    await bank.delivered(asking.ref)
    if provider == PaymentProvider.STRIPE:
        assert merchant.events[-1] == ("refund.updated" if status == "DONE" else "refund.failed")


async def test_the_key_for_refunds_opens_nothing_else(bank: Bank) -> None:
    asking = await paid(bank, PaymentProvider.STRIPE)
    client = bank.client(REFUNDS_KEY)
    with pytest.raises(stripe.PermissionError, match="required permissions"):
        await client.v1.checkout.sessions.create_async(bank.session_params())
    with pytest.raises(stripe.PermissionError):
        await client.v1.payment_intents.retrieve_async(asking.request.reference)


def question(asking: Asking, **changes: str) -> dict[str, str]:
    asked = {
        "vnp_RequestId": "r1",
        "vnp_Version": "2.1.0",
        "vnp_Command": "refund",
        "vnp_TmnCode": "LOCALTMN",
        "vnp_TransactionType": "02",
        "vnp_TxnRef": asking.ref,
        "vnp_Amount": "25000000",
        "vnp_TransactionNo": asking.request.reference,
        "vnp_TransactionDate": "20261120190000",
        "vnp_CreateBy": "somebody",
        "vnp_CreateDate": "20261120190000",
        "vnp_IpAddr": "127.0.0.1",
        "vnp_OrderInfo": "Refund",
    } | changes
    return {**asked, "vnp_SecureHash": sealed(asked, tuple(ASKED), HASH_SECRET)}


@pytest.mark.parametrize(
    ("code", "changes"),
    [
        ("02", {"vnp_TmnCode": "OTHERTMN"}),
        ("03", {"vnp_TransactionType": "01"}),
        ("03", {"vnp_CreateBy": ""}),
        ("91", {"vnp_TxnRef": "ORDER2"}),
        ("91", {"vnp_TransactionNo": "1"}),
        ("93", {"vnp_Amount": "25000100"}),
        ("93", {"vnp_Amount": "100"}),
        ("00", {"vnp_Amount": "100", "vnp_TransactionType": "03"}),
    ],
)
async def test_a_bad_request_is_answered_with_its_code(bank: Bank, code: str, changes: dict[str, str]) -> None:
    asking = await paid(bank, PaymentProvider.VNPAY)
    assert await told(bank, question(asking, **changes)) == code


async def test_requests_are_known_by_their_id_and_signature(bank: Bank) -> None:
    asking = await paid(bank, PaymentProvider.VNPAY)
    assert await told(bank, {**question(asking), "vnp_Amount": "100"}) == "97"
    part = {"vnp_TransactionType": "03", "vnp_Amount": "100"}
    assert await told(bank, question(asking, **part)) == "00"
    assert await told(bank, question(asking, **part)) == "94"
    assert await told(bank, question(asking, vnp_CreateDate="20261121190000", **part)) == "00"
    assert (await asking.shown())["refunded"] == 2


async def test_what_was_not_paid_is_not_sent_back(bank: Bank) -> None:
    asking = await paid(bank, PaymentProvider.VNPAY)
    await bank.visit(bank.params("ORDER9"))
    await bank.choose("ORDER9", "refuse")
    assert await told(bank, question(asking, vnp_TxnRef="ORDER9", vnp_TransactionNo="0")) == "95"


async def told(bank: Bank, body: Json) -> str:
    response = await bank.http.post("/merchant_webapi/api/transaction", json=body)
    return (await response.json())["vnp_ResponseCode"]
