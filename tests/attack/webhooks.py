"""What strangers, or a provider gone mad, tell us of payments."""

import asyncio
import copy
import hashlib
import hmac
import json
import time
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

import aiohttp

from local.client import Person
from tests.attack.arena import Arena, attack
from tests.stack import books
from tests.stack.paying import Payment, begin, current, ref_of

_OBJECT = ("data", "object")
_PATHS: tuple[tuple[str, ...], ...] = (
    ("id",), ("type",), ("data",), _OBJECT,
    *((*_OBJECT, name) for name in ("id", "metadata", "amount_total", "currency", "payment_status", "payment_intent")),
)  # fmt: skip


def _hmac(secret: str, text: str, kind: str) -> str:
    return hmac.new(secret.encode(), text.encode(), getattr(hashlib, kind)).hexdigest()


@dataclass(frozen=True)
class _Teller:
    """Says anything, rightly signed."""

    arena: Arena

    @property
    def url(self) -> str:
        return self.arena.client.told["webhooksUrl"]

    async def vnpay(self, said: Mapping[str, str], secret: str | None = None) -> tuple[int, str]:
        query = urlencode(sorted(said.items()))
        key = current(self.arena.client, "vnpay")["hashSecret"] if secret is None else secret
        url = f"{self.url}/vnpay/ipn?{query}&vnp_SecureHash={_hmac(key, query, 'sha512')}"
        async with aiohttp.ClientSession() as session, session.get(url) as answer:
            return answer.status, await answer.text()

    async def stripe(self, body: bytes | str, at: float | None = None, secret: str | None = None) -> int:
        text = body if isinstance(body, bytes) else body.encode()
        moment = int(time.time() if at is None else at)
        key = current(self.arena.client, "stripe-webhook")["webhookSecret"] if secret is None else secret
        signed = hmac.new(key.encode(), f"{moment}.".encode() + text, hashlib.sha256).hexdigest()
        headers = {"stripe-signature": f"t={moment},v1={signed}", "content-type": "application/json; charset=utf-8"}
        async with (
            aiohttp.ClientSession() as session,
            session.post(f"{self.url}/stripe/webhook", data=text, headers=headers) as answer,
        ):
            return answer.status


def _ipn(arena: Arena, payment: Payment, **more: str) -> dict[str, str]:
    return {
        "vnp_Amount": str(payment["amount"]["minor"] * 100),
        "vnp_BankCode": "NCB",
        "vnp_OrderInfo": "points",
        "vnp_PayDate": "20261121083000",
        "vnp_ResponseCode": "00",
        "vnp_TmnCode": current(arena.client, "vnpay")["tmnCode"],
        "vnp_TransactionNo": str(uuid.uuid4().int % 10**8),
        "vnp_TransactionStatus": "00",
        "vnp_TxnRef": uuid.UUID(payment["id"]).hex,
        **more,
    }


def _completed(payment: Payment, **more: Any) -> dict[str, Any]:
    session = {
        "id": ref_of(payment) if payment["provider"] == "STRIPE" else f"cs_test_{uuid.uuid4().hex}",
        "object": "checkout.session",
        "amount_total": payment["amount"]["minor"],
        "currency": payment["amount"]["currency"].lower(),
        "metadata": {"paymentId": payment["id"]},
        "payment_intent": f"pi_{uuid.uuid4().hex}",
        "payment_status": "paid",
        **more,
    }
    return {
        "id": f"evt_{uuid.uuid4().hex}",
        "object": "event",
        "livemode": False,
        "type": "checkout.session.completed",
        "data": {"object": session},
    }


async def _unpaid(arena: Arena, person: Person, payment: Payment, what: str) -> None:
    """Note that a payment has credited nothing, also once everything that was told has been read."""
    arena.behind.invoke("payments-reconciler", {})
    state = (await arena.ask("Query.payment", {"id": payment["id"]}, person)).data["payment"]
    arena.holds(state["creditedPoints"] == 0 and state["status"] != "PAID", f"{what} paid: {state['status']}")
    arena.holds(await arena.client.points(person) == 0, f"{what} credited points")
    arena.holds(books.of(arena.client, person.sub).drift == 0, f"{what} spoiled the books")


@attack("webhooks", short=True)
async def unsigned_and_wrongly_signed_notices_are_refused(arena: Arena) -> None:
    person, tell = await arena.client.new_user(0), _Teller(arena)
    vnpay, stripe = await begin(arena.client, person, "VNPAY"), await begin(arena.client, person, "STRIPE")
    for secret in ("", "wrong", current(arena.client, "stripe-webhook")["webhookSecret"]):
        _, said = await tell.vnpay(_ipn(arena, vnpay), secret)
        arena.holds('"97"' in said.replace(" ", ""), f"VNPAY's notice with a wrong secret heard {said}")
    body = json.dumps(_completed(stripe))
    for secret, at in (("wrong", None), (None, time.time() - 3600)):
        status = await tell.stripe(body, at, secret)
        arena.holds(400 <= status < 500, f"Stripe's event with a wrong signature or time heard {status}")
    async with aiohttp.ClientSession() as session:
        for header in ("", "t=1", "v1=aa", "t=x,v1=y", "t=1,v1=" + "0" * 64, "t=" + "9" * 400 + ",v1=aa"):
            url = f"{tell.url}/stripe/webhook"
            async with session.post(url, data=body, headers={"stripe-signature": header}) as answer:
                arena.holds(400 <= answer.status < 500, f"Stripe's webhook answered {answer.status} to {header[:20]!r}")
        async with session.get(f"{tell.url}/vnpay/ipn?vnp_SecureHash=") as answer:
            arena.holds(answer.status < 500, f"VNPAY's IPN answered {answer.status} to nothing")
    await _unpaid(arena, person, vnpay, "a wrongly signed notice")


@attack("webhooks", short=True)
async def a_signed_notice_settles_only_what_it_is_of(arena: Arena) -> None:
    """Of the other provider, another terminal, another currency or account, another amount, not quite paid."""
    tell = _Teller(arena)
    person = await arena.client.new_user(0)
    vnpay, stripe = await begin(arena.client, person, "VNPAY"), await begin(arena.client, person, "STRIPE")
    await tell.vnpay(_ipn(arena, stripe, vnp_Amount=str(stripe["amount"]["minor"] * 100)))
    await _unpaid(arena, person, stripe, "VNPAY's notice of a payment at Stripe")
    await tell.stripe(json.dumps(_completed(vnpay)))
    await _unpaid(arena, person, vnpay, "Stripe's event of a payment at VNPAY")
    for what, more in {
        "another terminal": {"vnp_TmnCode": "OTHERTMN"},
        "another currency": {"vnp_CurrCode": "USD"},
        "no transaction status": {"vnp_TransactionStatus": ""},
        "a refused payment": {"vnp_ResponseCode": "24", "vnp_TransactionStatus": "02"},
    }.items():
        payer = await arena.client.new_user(0)
        payment = await begin(arena.client, payer, "VNPAY")
        await tell.vnpay(_ipn(arena, payment, **more))
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
        status = await tell.stripe(json.dumps(_completed(payment, **session) | event))
        arena.holds(status < 500, f"Stripe's event of {what} heard {status}")
        await _unpaid(arena, payer, payment, f"Stripe's event of {what}")


@attack("webhooks", short=True)
async def signed_nonsense_is_answered_once_and_for_all(arena: Arena) -> None:
    """Providers repeat for days what is answered 5xx."""
    person, tell = await arena.client.new_user(0), _Teller(arena)
    payment = await begin(arena.client, person, "STRIPE")
    whole = _completed(payment)
    bodies: list[Any] = [b"", b"null", b"[]", b"7", b'"x"', b"{}", b"\xff\xfe", b"{" * 3000, b'{"id": "evt_x"}']
    values = (None, [], {}, 7, "", "\x00", "x" * 5000, 10**30, -1, 1.5, True)
    bodies += [json.dumps(_replaced(whole, path, value)) for path in _PATHS for value in values]
    for body in bodies:
        status = await tell.stripe(body)
        arena.holds(status < 500, f"Stripe's webhook answered {status} to {str(body)[:80]}")
    await _unpaid(arena, person, payment, "a malformed event")
    vnpay = await begin(arena.client, await arena.client.new_user(0), "VNPAY")
    for name in ("vnp_Amount", "vnp_TxnRef", "vnp_PayDate", "vnp_TransactionNo", "vnp_ResponseCode", "vnp_TmnCode"):
        for value in ("", "x", "\x00", "-1", "9" * 40, "1e9", "\uff11\uff10\uff10", "a" * 3000, "../..", "💥"):
            status, said = await tell.vnpay(_ipn(arena, vnpay, **{name: value}))
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
    person, tell = await arena.client.new_user(0), _Teller(arena)
    payment = await begin(arena.client, person, "STRIPE")
    event = _completed(payment)
    await asyncio.gather(*(tell.stripe(json.dumps(event)) for _ in range(6)))
    other = copy.deepcopy(event)
    other["data"]["object"]["payment_intent"] = f"pi_{uuid.uuid4().hex}"
    await tell.stripe(json.dumps(other))
    points = await arena.client.points(person)
    arena.holds(points == payment["points"], f"one payment told seven times credited {points}")
    arena.holds(books.of(arena.client, person.sub).drift == 0, "the books are off")


@attack("webhooks")
async def a_refund_of_other_money_takes_nothing(arena: Arena) -> None:
    """A second, accidental payment given back at Stripe is not the first one's."""
    person, tell = await arena.client.new_user(0), _Teller(arena)
    payment = await begin(arena.client, person, "STRIPE")
    await tell.stripe(json.dumps(_completed(payment)))
    amount = payment["amount"]["minor"]
    charge = {
        "id": f"ch_{uuid.uuid4().hex}", "object": "charge", "amount": amount, "amount_refunded": amount,
        "currency": payment["amount"]["currency"].lower(), "payment_intent": f"pi_{uuid.uuid4().hex}",
        "metadata": {"paymentId": payment["id"]}, "refunded": True,
    }  # fmt: skip
    event = {"id": f"evt_{uuid.uuid4().hex}", "object": "event", "livemode": False, "type": "charge.refunded"}
    status = await tell.stripe(json.dumps(event | {"data": {"object": charge}}))
    arena.holds(status < 500, f"a refund of other money heard {status}")
    arena.behind.invoke("payments-reconciler", {})
    points = await arena.client.points(person)
    arena.holds(points == payment["points"], f"a refund of other money left {points} points")
