"""Stripe's API over HTTP: keys, idempotency, errors, and the calls that a shop needs."""

import base64
import binascii
import hmac
import json
import re
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any
from urllib.parse import parse_qsl

from aiohttp import web

from local.bank import stripe_objects as objects
from local.bank.keys import KeyFile
from local.bank.stripe_bank import StripeBank
from local.bank.stripe_checkout import new_id, now
from local.bank.stripe_error import StripeError
from local.bank.stripe_expand import expand, parsed
from local.bank.stripe_form import Form, nested
from local.bank.stripe_list import PAGING, listed, matching
from local.bank.stripe_session_params import SessionParams

Json = dict[str, Any]
Call = Callable[[web.Request, Json], Json]
Paths = Callable[[list[str]], list[list[str]]]
LOST = web.RequestKey("lost", bool)  # whether the answer is to get lost
REFUSALS: Mapping[str | None, StripeError] = {
    "refunds_down": StripeError(500, "An unknown error occurred.", kind="api_error"),
    "refunds_refused": StripeError(400, "This charge can not be refunded.", code="charge_not_refundable"),
}
REFUND = frozenset({"payment_intent", "amount", "reason", "metadata"})
SESSION = "checkout.session"


@dataclass(frozen=True)
class Remembered:
    """The first answer to an idempotency key."""

    asked: tuple[str, str]
    answer: str


class StripeApi:
    """The calls."""

    def __init__(self, keys: KeyFile, bank: StripeBank) -> None:
        self._keys = keys
        self._bank = bank
        self._remembered: dict[str, Remembered] = {}

    def routes(self) -> list[web.RouteDef]:
        """Give the paths of the API."""
        return [
            web.post("/v1/checkout/sessions", self._answering(self.create_session, SESSION)),
            web.get("/v1/checkout/sessions", self._answering(self.sessions, SESSION, many=True)),
            web.get("/v1/checkout/sessions/{id}", self._answering(self.session, SESSION)),
            web.post("/v1/checkout/sessions/{id}/expire", self._answering(self.expire_session, SESSION)),
            web.post("/v1/refunds", self._answering(self.create_refund, "refund")),
            web.get("/v1/refunds", self._answering(self.refunds, "refund", many=True)),
            web.get("/v1/payment_intents/{id}", self._answering(self.intent, "payment_intent")),
            web.get("/v1/events", self._answering(self.events, "event", many=True)),
            web.route("*", "/v1/{rest:.*}", self._answering(_unknown, "")),
        ]

    def create_session(self, request: web.Request, params: Json) -> Json:
        checkout = self._bank.open(SessionParams.read(params, now()), str(request.url.origin()))
        return objects.session(checkout)

    def sessions(self, _request: web.Request, params: Json) -> Json:
        form = Form(params, {"payment_intent", "status", *PAGING})
        wanted = {name: form.text(name) for name in ("payment_intent", "status")}
        return listed("/v1/checkout/sessions", matching(self._bank.sessions(), wanted), form)

    def session(self, request: web.Request, params: Json) -> Json:
        Form(params, ())
        return objects.session(self._bank.checkout(request.match_info["id"]))

    def expire_session(self, request: web.Request, params: Json) -> Json:
        Form(params, ())
        checkout = self._bank.checkout(request.match_info["id"])
        self._bank.expire(checkout)
        return objects.session(checkout)

    def create_refund(self, request: web.Request, params: Json) -> Json:
        form = Form(params, REFUND)
        checkout, payment = self._bank.of_intent(form.needed("payment_intent"))
        fault, payment.next_refund = payment.next_refund, None
        if fault in REFUSALS:
            raise REFUSALS[fault]
        status = "pending" if fault == "refunds_held" else "succeeded"
        made = self._bank.refund(checkout, form.number("amount"), form.text("reason"), form.metadata(), status)
        request[LOST] = fault == "refunds_lost"
        return objects.refund(checkout, payment, made)

    def refunds(self, _request: web.Request, params: Json) -> Json:
        form = Form(params, {"payment_intent", "charge", *PAGING})
        if intent := form.text("payment_intent"):
            self._bank.of_intent(intent)
        wanted = {name: form.text(name) for name in ("payment_intent", "charge")}
        return listed("/v1/refunds", matching(self._bank.refunds(), wanted), form)

    def intent(self, request: web.Request, params: Json) -> Json:
        Form(params, ())
        return objects.intent(*self._bank.of_intent(request.match_info["id"]))

    def events(self, _request: web.Request, params: Json) -> Json:
        form = Form(params, {"type", *PAGING})
        return listed("/v1/events", matching(self._bank.events(), {"type": form.text("type")}), form)

    def _answering(
        self, call: Call, kind: str, *, many: bool = False
    ) -> Callable[[web.Request], Awaitable[web.Response]]:
        async def answer(request: web.Request) -> web.Response:
            body = await request.text()
            try:
                self._check_key(request)
                response = self._once(request, body, call, partial(parsed, kind, many=many))
            except StripeError as error:
                response = error.to_response()
            if request.get(LOST) and request.transport:
                request.transport.abort()
            response.headers["Request-Id"] = new_id("req_", 14)
            response.headers["Stripe-Version"] = objects.API_VERSION
            return response

        return answer

    def _once(self, request: web.Request, body: str, call: Call, paths_of: Paths) -> web.Response:
        """Answer a key that was seen before as the first time. A refused call is not remembered."""
        key = request.headers.get("Idempotency-Key") if request.method == "POST" else None
        known = self._remembered.get(key) if key else None
        if known:
            return _replayed(known, request.path, body, key)
        given = body if request.method == "POST" else request.query_string
        params = nested(parse_qsl(given, keep_blank_values=True))
        paths = paths_of(Form(params, params).texts("expand"))
        params.pop("expand", None)
        text = json.dumps(expand(self._bank, call(request, params), paths))
        if key:
            self._remembered[key] = Remembered((request.path, body), text)
        return web.json_response(text=text)

    def _check_key(self, request: web.Request) -> None:
        """Refuse who has no key; a restricted one opens refunds and nothing else."""
        given, keys = _given_key(request.headers.get("Authorization", "")), self._keys.now
        if not given:
            raise StripeError(401, "You did not provide an API key. Send it as a Bearer token.")
        if hmac.compare_digest(given.encode(), keys.refunds_key.encode()):
            if request.path != "/v1/refunds":
                message = f"The provided key '{_masked(given)}' does not have the required permissions."
                raise StripeError(403, message)
        elif not hmac.compare_digest(given.encode(), keys.api_key.encode()):
            raise StripeError(401, f"Invalid API Key provided: {_masked(given)}")


def _given_key(header: str) -> str:
    scheme, _, value = header.partition(" ")
    if scheme.lower() == "bearer":
        return value.strip()
    try:
        user = base64.b64decode(value, validate=True).decode() if scheme.lower() == "basic" else ""
    except (binascii.Error, UnicodeDecodeError):
        return ""
    return user.partition(":")[0]


def _masked(key: str) -> str:
    prefix = re.match(r"(?:sk|rk|pk)_(?:test|live)_", key)
    return f"{prefix[0] if prefix else ''}****{key[-4:]}"


def _replayed(known: Remembered, path: str, body: str, key: str | None) -> web.Response:
    if known.asked != (path, body):
        message = (
            "Keys for idempotent requests can only be used with the same parameters they were first used with. "
            f"Try using a key other than '{key}' if you meant to execute a different request."
        )
        raise StripeError(400, message, kind="idempotency_error")
    return web.json_response(text=known.answer, headers={"Idempotent-Replayed": "true"})


def _unknown(request: web.Request, _params: Json) -> Json:
    raise StripeError(404, f"Unrecognized request URL ({request.method}: {request.path}).")
