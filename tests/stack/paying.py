"""Payments as a test makes them: begun through the API, ended at the bank, and told of as providers do."""

import asyncio
import json
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import aiohttp

from local.client import Person
from tests.stack.asking import get
from tests.stack.client import PATIENCE_SECONDS, Pause, StackClient
from tests.stack.webhooks import Payment, checkout_completed, ipn, ref_of, signed_headers, signed_query

PACKAGE, POINTS = "points-100", 100
CURRENCIES = {"VNPAY": "VND", "STRIPE": "USD"}
# The secrets that hold what each signs its notices with.
SIGNED_WITH = {"VNPAY": "vnpay", "STRIPE": "stripe-webhook"}
# VNPAY's code of a fault, and states of answers that say no more than that there is none: providers repeat.
SENT_AGAIN = {"99", "429", "500", "502", "503", "504"}


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

    async def shown(self, payment: Payment) -> dict[str, Any]:
        """Return a payment as the bank has it."""
        async with aiohttp.ClientSession() as session, session.get(f"{self.url}/_bank/payments") as found:
            payments = (await found.json())["payments"]
        return next(each for each in payments if each["ref"] == ref_of(payment))

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
        pause = Pause()
        async with asyncio.timeout(PATIENCE_SECONDS):
            while len(found := await self.answers(payment)) < times:
                await pause()
        return found


@dataclass(frozen=True)
class WebhookSender:
    """Sends the studio notices of payments, signed with these keys of each provider."""

    webhooks_url: str
    vnpay: Mapping[str, str]
    stripe: Mapping[str, str]

    @classmethod
    def of(cls, client: StackClient) -> "WebhookSender":
        """One with the keys that hold now."""
        return cls(client.outputs["webhooksUrl"], *(current(client, name) for name in SIGNED_WITH.values()))

    async def send(self, payment: Payment, session: aiohttp.ClientSession) -> str:
        """Say that a payment was paid, always by the same notice, until the studio does not ask for it again.

        Return the code, or the state, of its last answer.
        """
        while True:
            answer = await self._send(payment, session)
            if answer not in SENT_AGAIN:
                return answer

    async def _send(self, payment: Payment, session: aiohttp.ClientSession) -> str:
        if payment["provider"] == "VNPAY":
            query = signed_query(ipn(payment, self.vnpay["tmnCode"]), self.vnpay["hashSecret"])
            async with session.get(f"{self.webhooks_url}/vnpay/ipn?{query}") as answer:
                return (await answer.json()).get("RspCode", str(answer.status))
        body = json.dumps(checkout_completed(payment), indent=2).encode()
        headers = signed_headers(body, self.stripe["webhookSecret"])
        async with session.post(f"{self.webhooks_url}/stripe/webhook", data=body, headers=headers) as answer:
            return str(answer.status)


def current(client: StackClient, provider: str) -> dict[str, str]:
    """A provider's keys, as functions read them."""
    found = client.boto("secretsmanager").get_secret_value(SecretId=f"namo/local/{provider}")
    return json.loads(found["SecretString"])


def put(client: StackClient, provider: str, keys: Mapping[str, str]) -> None:
    """Replace a provider's keys; those before are kept as the previous ones."""
    client.boto("secretsmanager").put_secret_value(
        SecretId=f"namo/local/{provider}", SecretString=json.dumps(dict(keys))
    )
