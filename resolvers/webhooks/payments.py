"""The door for payment providers: VNPAY's IPN, Stripe's webhook, and the page that payers come back to.

What comes in is never logged: neither a body nor a query nor a signature.
"""

import base64
import json
from collections.abc import Callable, Mapping
from typing import Any

from aws_lambda_powertools.logging import Logger

from resolvers.webhooks.return_page import CONTENT_SECURITY_POLICY, page
from studio import settings
from studio.alarms import Alarm, raise_alarm
from studio.audit.table import AuditTrail
from studio.clock import now
from studio.ledger.table import Ledger
from studio.payments import vnpay
from studio.payments.apply_event import EventApplier, PaymentTransitions
from studio.payments.events import PaymentEvents
from studio.payments.model import PaymentProvider
from studio.payments.receive import NoticeReceiver, RspCode
from studio.payments.table import Payments
from studio.people.table import People
from studio.secrets import Secret

Event = Mapping[str, Any]
Answer = dict[str, Any]

log = Logger()
config = settings.read(settings.Webhooks)
_payments = Payments(config.payments_table)
_events = PaymentEvents(config.payment_events_table)
_till = PaymentTransitions(
    _payments, People(config.people_table), Ledger(config.ledger_table), AuditTrail(config.audit_table)
)
_vnpay_secret = Secret(config.vnpay_secret)
_reception = NoticeReceiver(
    _events,
    EventApplier(_till, _events),
    _vnpay_secret,
    Secret(config.stripe_webhook_secret),
    stripe_live=config.stripe_live,
)

_SENTENCES = {
    RspCode.CONFIRMED: "Confirm Success",
    RspCode.NO_SUCH_ORDER: "Order not found",
    RspCode.CONFIRMED_BEFORE: "Order already confirmed",
    RspCode.WRONG_AMOUNT: "Invalid amount",
    RspCode.BAD_SIGNATURE: "Invalid signature",
    RspCode.FAULT: "Unknown error",
}


def handler(event: Event, _context: Any) -> Answer:
    """Answer a request to the HTTP API, in its payload format 2.0."""
    route = _ROUTES.get(event["routeKey"])
    return route(event) if route else _json(404, {"message": "Not Found"})


def _ipn(event: Event) -> Answer:
    """Answer VNPAY, which wants HTTP 200 whatever it is told."""
    try:
        code = _reception.hear_vnpay(event["rawQueryString"], _ip(event), now())
    except Exception:
        log.exception("an IPN could not be acted on")
        raise_alarm(Alarm.PROVIDER_NOT_ANSWERED, provider=PaymentProvider.VNPAY)
        code = RspCode.FAULT
    log.info("told by VNPAY", extra={"answer": code})
    return _json(200, {"RspCode": code, "Message": _SENTENCES[code]})


def _webhook(event: Event) -> Answer:
    """Answer Stripe, which tells again for three days what is not answered with 2XX."""
    try:
        good = _reception.hear_stripe(_body(event), event["headers"].get("stripe-signature"), _ip(event), now())
    except Exception:
        log.exception("an event could not be acted on")
        raise_alarm(Alarm.PROVIDER_NOT_ANSWERED, provider=PaymentProvider.STRIPE)
        return _json(500, {"message": "Please tell us again."})
    log.info("told by Stripe", extra={"good": good})
    return _json(200, {"received": True}) if good else _json(400, {"message": "The signature is bad."})


def _return(event: Event) -> Answer:
    """Show a payer who comes back how it went, as far as it is signed; it changes nothing."""
    headers = {
        "content-type": "text/html; charset=utf-8",
        "content-security-policy": CONTENT_SECURITY_POLICY,
        "referrer-policy": "no-referrer",
        "x-content-type-options": "nosniff",
        "cache-control": "no-store",
    }
    return {"statusCode": 200, "headers": headers, "body": page(_told(event["rawQueryString"]))}


def _told(query: str) -> Mapping[str, str] | None:
    """Return what VNPAY signed of a query; without its keys there is nothing that could be believed."""
    if "vnp_SecureHash=" not in query:
        return None
    try:
        return vnpay.verified(query, _vnpay_secret.accepted())
    except Exception:
        log.warning("VNPAY's keys cannot be read", exc_info=True)
        return None


_ROUTES: Mapping[str, Callable[[Event], Answer]] = {
    "GET /vnpay/ipn": _ipn,
    "POST /stripe/webhook": _webhook,
    "GET /return": _return,
}


def _body(event: Event) -> bytes:
    """Return the body as it was sent: the signature is over its bytes."""
    body: str = event.get("body") or ""
    return base64.b64decode(body) if event["isBase64Encoded"] else body.encode()


def _ip(event: Event) -> str:
    return event["requestContext"]["http"]["sourceIp"]


def _json(status: int, body: Mapping[str, Any]) -> Answer:
    headers = {"content-type": "application/json", "cache-control": "no-store"}
    return {"statusCode": status, "headers": headers, "body": json.dumps(body)}
