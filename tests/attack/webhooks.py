"""What strangers, or a provider gone mad, tell us of payments."""

import asyncio
import copy
import json
import time
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import aiohttp

from local.client import Person
from tests.attack.arena import Arena, attack
from tests.stack import books
from tests.stack.paying import begin, current
from tests.stack.webhooks import Payment, checkout_completed, ipn, signed_headers, signed_query

_OBJECT = ("data", "object")
_PATHS: tuple[tuple[str, ...], ...] = (
    ("id",), ("type",), ("data",), _OBJECT,
    *((*_OBJECT, name) for name in ("id", "metadata", "amount_total", "currency", "payment_status", "payment_intent")),
)  # fmt: skip


@dataclass(frozen=True)
class _WebhookSender:
    """Sends anything, rightly signed."""

    arena: Arena

    @property
    def url(self) -> str:
        return self.arena.client.outputs["webhooksUrl"]

    async def vnpay(self, said: Mapping[str, str], secret: str | None = None) -> tuple[int, str]:
        key = current(self.arena.client, "vnpay")["hashSecret"] if secret is None else secret
        url = f"{self.url}/vnpay/ipn?{signed_query(said, key)}"
        async with aiohttp.ClientSession() as session, session.get(url) as answer:
            return answer.status, await answer.text()

    async def stripe(self, body: bytes | str, at: float | None = None, secret: str | None = None) -> int:
        text = body if isinstance(body, bytes) else body.encode()
        key = current(self.arena.client, "stripe-webhook")["webhookSecret"] if secret is None else secret
        headers = signed_headers(text, key, at)
        async with (
            aiohttp.ClientSession() as session,
            session.post(f"{self.url}/stripe/webhook", data=text, headers=headers) as answer,
        ):
            return answer.status


def _ipn(arena: Arena, payment: Payment, **more: str) -> dict[str, str]:
    """A new notice each time."""
    terminal, number = current(arena.client, "vnpay")["tmnCode"], str(uuid.uuid4().int % 10**8)
    return ipn(payment, terminal, **{"vnp_TransactionNo": number, **more})


def _completed(payment: Payment, **more: Any) -> dict[str, Any]:
    """A new event each time."""
    event = checkout_completed(payment, **{"payment_intent": f"pi_{uuid.uuid4().hex}", **more})
    return event | {"id": f"evt_{uuid.uuid4().hex}"}


async def _unpaid(arena: Arena, person: Person, payment: Payment, what: str) -> None:
    """Note that a payment has credited nothing, also once everything that was told has been read."""
    arena.behind.invoke("payments-reconciler", {})
    state = (await arena.ask("Query.payment", {"id": payment["id"]}, person)).data["payment"]
    arena.holds(state["creditedPoints"] == 0 and state["status"] != "PAID", f"{what} paid: {state['status']}")
    arena.holds(await arena.client.points(person) == 0, f"{what} credited points")
    arena.holds(books.of(arena.client, person.sub).drift == 0, f"{what} spoiled the books")


@attack("webhooks", short=True)
async def unsigned_and_wrongly_signed_notices_are_refused(arena: Arena) -> None:
    person, sender = await arena.client.new_user(0), _WebhookSender(arena)
    vnpay, stripe = await begin(arena.client, person, "VNPAY"), await begin(arena.client, person, "STRIPE")
    for secret in ("", "wrong", current(arena.client, "stripe-webhook")["webhookSecret"]):
        _, said = await sender.vnpay(_ipn(arena, vnpay), secret)
        arena.holds('"97"' in said.replace(" ", ""), f"VNPAY's notice with a wrong secret heard {said}")
    body = json.dumps(_completed(stripe))
    for secret, at in (("wrong", None), (None, time.time() - 3600)):
        status = await sender.stripe(body, at, secret)
        arena.holds(400 <= status < 500, f"Stripe's event with a wrong signature or time heard {status}")
    async with aiohttp.ClientSession() as session:
        for header in ("", "t=1", "v1=aa", "t=x,v1=y", "t=1,v1=" + "0" * 64, "t=" + "9" * 400 + ",v1=aa"):
            url = f"{sender.url}/stripe/webhook"
            async with session.post(url, data=body, headers={"stripe-signature": header}) as answer:
                arena.holds(400 <= answer.status < 500, f"Stripe's webhook answered {answer.status} to {header[:20]!r}")
        async with session.get(f"{sender.url}/vnpay/ipn?vnp_SecureHash=") as answer:
            arena.holds(answer.status < 500, f"VNPAY's IPN answered {answer.status} to nothing")
    await _unpaid(arena, person, vnpay, "a wrongly signed notice")


@attack("webhooks", short=True)
async def a_signed_notice_settles_only_what_it_is_of(arena: Arena) -> None:
    """Of the other provider, another terminal, another currency or account, another amount, not quite paid."""
    sender = _WebhookSender(arena)
    person = await arena.client.new_user(0)
    vnpay, stripe = await begin(arena.client, person, "VNPAY"), await begin(arena.client, person, "STRIPE")
    await sender.vnpay(_ipn(arena, stripe, vnp_Amount=str(stripe["amount"]["minor"] * 100)))
    await _unpaid(arena, person, stripe, "VNPAY's notice of a payment at Stripe")
    await sender.stripe(json.dumps(_completed(vnpay)))
    await _unpaid(arena, person, vnpay, "Stripe's event of a payment at VNPAY")
    for what, more in {
        "another terminal": {"vnp_TmnCode": "OTHERTMN"},
        "another currency": {"vnp_CurrCode": "USD"},
        "no transaction status": {"vnp_TransactionStatus": ""},
        "a refused payment": {"vnp_ResponseCode": "24", "vnp_TransactionStatus": "02"},
    }.items():
        payer = await arena.client.new_user(0)
        payment = await begin(arena.client, payer, "VNPAY")
        await sender.vnpay(_ipn(arena, payment, **more))
        await _unpaid(arena, payer, payment, f"VNPAY's notice of {what}")
    for what, session, event in (
        ("another currency", {"currency": "vnd"}, {}),
        ("an amount of text", {"amount_total": "99"}, {}),
        ("an unknown state", {"payment_status": "probably"}, {}),
        ("no state", {"payment_status": None}, {}),
        ("an open session", {"payment_status": "unpaid"}, {}),
        ("another account", {}, {"account": "acct_another"}),
        ("live mode", {}, {"livemode": True}),
        ("another session", {"id": "cs_test_another"}, {}),
    ):
        payer = await arena.client.new_user(0)
        payment = await begin(arena.client, payer, "STRIPE")
        status = await sender.stripe(json.dumps(_completed(payment, **session) | event))
        arena.holds(status < 500, f"Stripe's event of {what} heard {status}")
        await _unpaid(arena, payer, payment, f"Stripe's event of {what}")


@attack("webhooks", short=True)
async def signed_nonsense_is_answered_once_and_for_all(arena: Arena) -> None:
    """Providers repeat for days what is answered 5xx."""
    person, sender = await arena.client.new_user(0), _WebhookSender(arena)
    payment = await begin(arena.client, person, "STRIPE")
    whole = _completed(payment)
    bodies: list[Any] = [b"", b"null", b"[]", b"7", b'"x"', b"{}", b"\xff\xfe", b"{" * 3000, b'{"id": "evt_x"}']
    values = (None, [], {}, 7, "", "\x00", "x" * 5000, 10**30, -1, 1.5, True)
    bodies += [json.dumps(_replaced(whole, path, value)) for path in _PATHS for value in values]
    for body in bodies:
        status = await sender.stripe(body)
        arena.holds(status < 500, f"Stripe's webhook answered {status} to {str(body)[:80]}")
    await _unpaid(arena, person, payment, "a malformed event")
    vnpay = await begin(arena.client, await arena.client.new_user(0), "VNPAY")
    for name in ("vnp_Amount", "vnp_TxnRef", "vnp_PayDate", "vnp_TransactionNo", "vnp_ResponseCode", "vnp_TmnCode"):
        for value in ("", "x", "\x00", "-1", "9" * 40, "1e9", "\uff11\uff10\uff10", "a" * 3000, "../..", "💥"):
            status, said = await sender.vnpay(_ipn(arena, vnpay, **{name: value}))
            arena.holds(status < 500 and "RspCode" in said, f"VNPAY's IPN answered {status} to {name}={value[:20]!r}")


def _replaced(event: dict[str, Any], path: tuple[str, ...], value: Any) -> dict[str, Any]:
    changed = copy.deepcopy(event)
    changed["id"] = f"evt_{uuid.uuid4().hex}"
    inner = changed
    for step in path[:-1]:
        inner = inner[step]
    inner[path[-1]] = value
    return changed


@attack("webhooks")
async def the_same_event_with_other_words_changes_nothing(arena: Arena) -> None:
    person, sender = await arena.client.new_user(0), _WebhookSender(arena)
    payment = await begin(arena.client, person, "STRIPE")
    event = _completed(payment)
    await asyncio.gather(*(sender.stripe(json.dumps(event)) for _ in range(6)))
    other = copy.deepcopy(event)
    other["data"]["object"]["payment_intent"] = f"pi_{uuid.uuid4().hex}"
    await sender.stripe(json.dumps(other))
    points = await arena.client.points(person)
    arena.holds(points == payment["points"], f"one payment told seven times credited {points}")
    arena.holds(books.of(arena.client, person.sub).drift == 0, "the books are off")


@attack("webhooks")
async def a_refund_of_other_money_takes_nothing(arena: Arena) -> None:
    """A second, accidental payment given back at Stripe is not the first one's."""
    person, sender = await arena.client.new_user(0), _WebhookSender(arena)
    payment = await begin(arena.client, person, "STRIPE")
    await sender.stripe(json.dumps(_completed(payment)))
    amount = payment["amount"]["minor"]
    charge = {
        "id": f"ch_{uuid.uuid4().hex}", "object": "charge", "amount": amount, "amount_refunded": amount,
        "currency": payment["amount"]["currency"].lower(), "payment_intent": f"pi_{uuid.uuid4().hex}",
        "metadata": {"paymentId": payment["id"]}, "refunded": True,
    }  # fmt: skip
    event = {"id": f"evt_{uuid.uuid4().hex}", "object": "event", "livemode": False, "type": "charge.refunded"}
    status = await sender.stripe(json.dumps(event | {"data": {"object": charge}}))
    arena.holds(status < 500, f"a refund of other money heard {status}")
    arena.behind.invoke("payments-reconciler", {})
    points = await arena.client.points(person)
    arena.holds(points == payment["points"], f"a refund of other money left {points} points")
