"""The webhooks of the payment providers, and the page that payers come back to.

What comes in is never logged: neither a body nor a query nor a signature.
"""

from typing import Any
from urllib.parse import parse_qs

from aws_lambda_powertools.logging import Logger

from resolvers.webhooks.http import Answer, Event, body_of, json_answer
from resolvers.webhooks.return_page import return_headers, return_page
from studio import ids
from studio.alarms import Alarm, raise_alarm
from studio.audit.table import AuditTrail
from studio.clock import now
from studio.orders.goods_registry import goods_of
from studio.payments.apply_event import EventApplier
from studio.payments.events import PaymentEvents
from studio.payments.model import Payment, PaymentProvider
from studio.payments.providers.protocol import Failure, PayerReturn, WebhookRequest
from studio.payments.providers.registry import PROVIDERS
from studio.payments.receive import WebhookReceiver
from studio.payments.table import Payments
from studio.payments.transitions import PaymentTransitions
from studio.people.table import People
from studio.settings import payments as settings
from studio.settings.environment import read_settings

log = Logger()
config = read_settings(settings.Webhooks)
_payments = Payments(config.payments_table)
_events = PaymentEvents(config.payment_events_table)
_transitions = PaymentTransitions(
    _payments, People(config.people_table), AuditTrail(config.audit_table), goods_of(config)
)
_receiver = WebhookReceiver(_events, EventApplier(_transitions, _events))
_webhooks = {name: provider.webhook(config) for name, provider in PROVIDERS.items()}
_providers = {webhook.route: name for name, webhook in _webhooks.items()}


def handler(event: Event, _context: Any) -> Answer:
    """Answer a request to the HTTP API, in its payload format 2.0."""
    route = event["routeKey"]
    if route in _providers:
        return _webhook(_providers[route], event)
    return _return(event) if route == "GET /return" else json_answer(404, {"message": "Not Found"})


def _webhook(provider: PaymentProvider, event: Event) -> Answer:
    """Answer a provider, which sends again what was not answered as it wants it."""
    webhook = _webhooks[provider]
    try:
        response = _receiver.receive(webhook, _request(event), now())
    except Exception:
        log.exception("an event could not be acted on")
        raise_alarm(Alarm.PROVIDER_NOT_ANSWERED, provider=provider)
        response = webhook.answer(Failure.FAULT)
    log.info("webhook answered", extra={"provider": provider, "status": response.status, "answer": response.body})
    return json_answer(response.status, response.body)


def _request(event: Event) -> WebhookRequest:
    ip = event["requestContext"]["http"]["sourceIp"]
    return WebhookRequest(event["rawQueryString"], body_of(event), event["headers"], ip)


def _return(event: Event) -> Answer:
    """Show a payer who comes back how it went, by asking for the payment; it changes nothing."""
    query = event["rawQueryString"]
    back = _signed_return(query)
    payment = _payment(back.payment_id if back else parse_qs(query).get("paymentId", [""])[0])
    body = return_page(payment, back, config.studio_url)
    return {"statusCode": 200, "headers": dict(return_headers(payment, back, query)), "body": body}


def _payment(id_: str) -> Payment | None:
    """Return the payment of that id; where it cannot be asked for, the page says what is signed."""
    if not ids.is_id(id_):
        return None
    try:
        return _payments.find(id_)
    except Exception:
        log.warning("a payment cannot be read", exc_info=True)
        return None


def _signed_return(query: str) -> PayerReturn | None:
    """Return what a provider signed of a query; without its keys there is nothing that could be believed."""
    try:
        found = (webhook.verify_return(query) for webhook in _webhooks.values())
        return next((each for each in found if each), None)
    except Exception:
        log.warning("a provider's keys cannot be read", exc_info=True)
        return None
