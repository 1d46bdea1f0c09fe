"""Payments as a test makes them: begun through the API, ended at the bank, and told of as providers do."""

import asyncio
import hashlib
import hmac
import json
import time
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode, urlsplit

import aiohttp

from local.client import Person
from tests.stack.asking import get
from tests.stack.client import PATIENCE_SECONDS, StackClient

Payment = dict[str, Any]
PACKAGE, POINTS = "points-100", 100
CURRENCIES = {"VNPAY": "VND", "STRIPE": "USD"}
# The secrets that hold what each signs its notices with.
SIGNED_WITH = {"VNPAY": "vnpay", "STRIPE": "stripe-webhook"}
# VNPAY's code of a fault, and states of answers that say no more than that there is none: providers repeat.
TELL_AGAIN = {"99", "429", "500", "502", "503", "504"}


def order(provider: str, **more: Any) -> dict[str, Any]:
    """A CreatePaymentInput."""
    return {
        "clientRequestId": str(uuid.uuid4()),
        "provider": provider,
        "currency": CURRENCIES[provider],
        "packageId": PACKAGE,
        **more,
    }


async def begin(client: StackClient, person: Person, provider: str) -> Payment:
    return await get(client, person, "createPayment", input=order(provider))


def ref_of(payment: Payment) -> str:
    """What the bank calls it: VNPAY our reference, Stripe the session that its page is of."""
    if payment["provider"] == "VNPAY":
        return uuid.UUID(payment["id"]).hex
    return urlsplit(payment["payUrl"]).path.rsplit("/", 1)[1]


@dataclass(frozen=True)
class Bank:
    """The local bank, by its own dashboard."""

    url: str

    async def act(self, payment: Payment, action: str) -> None:
        """Do to a payment what a customer at its page does, or the merchant at the dashboard."""
        async with aiohttp.ClientSession() as session:
            async with session.get(payment["payUrl"]) as page:
                page.raise_for_status()
            url = f"{self.url}/_bank/payments/{ref_of(payment)}/{action}"
            async with session.post(url) as answer:
                assert answer.status == 200, await answer.text()

    async def pay_and_return(self, payment: Payment) -> tuple[str, str]:
        """Pay at VNPAY's page as a browser does; return the address and the text that it ends at."""
        url = f"{self.url}/paymentv2/Transaction/{ref_of(payment)}"
        async with aiohttp.ClientSession() as session:
            async with session.get(payment["payUrl"]) as page:
                page.raise_for_status()
            async with session.post(url, data={"action": "pay"}) as back:
                assert back.status == 200
                return str(back.url), await back.text()

    async def answers(self, payment: Payment) -> list[str]:
        """What was answered to the notices of a payment, the oldest first: VNPAY's codes, Stripe's states."""
        async with aiohttp.ClientSession() as session, session.get(f"{self.url}/_bank/deliveries") as found:
            deliveries = (await found.json())["deliveries"]
        mine = [each for each in deliveries if each["ref"] == ref_of(payment)]
        if payment["provider"] == "VNPAY":
            return [json.loads(each["answer"])["RspCode"] for each in mine]
        return [str(each["status"]) for each in mine]

    async def answered(self, payment: Payment, times: int = 1) -> list[str]:
        """Wait until so many notices of a payment were answered."""
        async with asyncio.timeout(PATIENCE_SECONDS):
            while len(found := await self.answers(payment)) < times:  # noqa: ASYNC110 - it has no events
                await asyncio.sleep(0.05)
        return found


@dataclass(frozen=True)
class Teller:
    """Tells the studio of payments itself, signed with these keys of each provider."""

    webhooks_url: str
    vnpay: Mapping[str, str]
    stripe: Mapping[str, str]

    @classmethod
    def of(cls, client: StackClient) -> "Teller":
        """One with the keys that hold now."""
        return cls(client.told["webhooksUrl"], *(current(client, name) for name in SIGNED_WITH.values()))

    async def tell(self, payment: Payment, session: aiohttp.ClientSession) -> str:
        """Say that a payment was paid, always by the same notice, until the studio does not ask for it again.

        Return the code, or the state, of its last answer.
        """
        while True:
            answer = await self._tell(payment, session)
            if answer not in TELL_AGAIN:
                return answer

    async def _tell(self, payment: Payment, session: aiohttp.ClientSession) -> str:
        if payment["provider"] == "VNPAY":
            async with session.get(f"{self.webhooks_url}/vnpay/ipn?{self._ipn(payment)}") as answer:
                return (await answer.json()).get("RspCode", str(answer.status))
        body, signature = self._event(payment)
        headers = {"stripe-signature": signature, "content-type": "application/json; charset=utf-8"}
        async with session.post(f"{self.webhooks_url}/stripe/webhook", data=body, headers=headers) as answer:
            return str(answer.status)

    def _ipn(self, payment: Payment) -> str:
        number = str(uuid.UUID(payment["id"]).int % 10**14)
        said = {
            "vnp_Amount": str(payment["amount"]["minor"] * 100),
            "vnp_BankCode": "NCB",
            "vnp_OrderInfo": f"NamO Studio {payment['points']} points",
            "vnp_PayDate": "20261121083000",
            "vnp_ResponseCode": "00",
            "vnp_TmnCode": self.vnpay["tmnCode"],
            "vnp_TransactionNo": number,
            "vnp_TransactionStatus": "00",
            "vnp_TxnRef": ref_of(payment),
        }
        query = urlencode(sorted(said.items()))
        return f"{query}&vnp_SecureHash={_hmac(self.vnpay['hashSecret'], query, 'sha512')}"

    def _event(self, payment: Payment) -> tuple[bytes, str]:
        checkout = {
            "id": ref_of(payment),
            "object": "checkout.session",
            "amount_total": payment["amount"]["minor"],
            "currency": payment["amount"]["currency"].lower(),
            "metadata": {"paymentId": payment["id"]},
            "payment_intent": f"pi_{uuid.UUID(payment['id']).hex}",
            "payment_status": "paid",
        }
        event = {
            "id": f"evt_{uuid.UUID(payment['id']).hex}",
            "object": "event",
            "livemode": False,
            "type": "checkout.session.completed",
            "data": {"object": checkout},
        }
        body, at = json.dumps(event, indent=2), int(time.time())
        return body.encode(), f"t={at},v1={_hmac(self.stripe['webhookSecret'], f'{at}.{body}', 'sha256')}"


def _hmac(secret: str, text: str, kind: str) -> str:
    return hmac.new(secret.encode(), text.encode(), getattr(hashlib, kind)).hexdigest()


def current(client: StackClient, provider: str) -> dict[str, str]:
    """A provider's keys, as functions read them."""
    found = client.boto("secretsmanager").get_secret_value(SecretId=f"namo/local/{provider}")
    return json.loads(found["SecretString"])


def put(client: StackClient, provider: str, keys: Mapping[str, str]) -> None:
    """Replace a provider's keys; those before are kept as the previous ones."""
    client.boto("secretsmanager").put_secret_value(
        SecretId=f"namo/local/{provider}", SecretString=json.dumps(dict(keys))
    )
