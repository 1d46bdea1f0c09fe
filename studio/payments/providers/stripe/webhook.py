"""Stripe's webhook: whether Stripe signed an event, and whether it is of our mode and our account."""

import hashlib
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from studio.clock import iso
from studio.payments.model import Event, Outcome, PaymentProvider
from studio.payments.notice import NotUnderstoodError
from studio.payments.providers.protocol import (
    BadSignatureError,
    Failure,
    PayerReturn,
    Verified,
    WebhookRequest,
    WebhookResponse,
)
from studio.payments.providers.stripe.events import parsed, read
from studio.payments.providers.stripe.values import Values
from studio.secrets import Secret

# Of a body in bytes: a row holds 400 KB. Stripe's own events have some.
_LONGEST = 300_000
_RECEIVED = WebhookResponse(200, {"received": True})
_FAILURES: Mapping[Outcome | Failure | None, WebhookResponse] = {
    Failure.BAD_SIGNATURE: WebhookResponse(400, {"message": "The signature is bad."}),
    Failure.FAULT: WebhookResponse(500, {"message": "Please send it again."}),
}


@dataclass(frozen=True)
class StripeWebhook:
    """Verifies events; `live` says whether those of live mode are ours, or those of test mode."""

    secret: Secret
    live: bool

    route: ClassVar = "POST /stripe/webhook"

    def verify(self, request: WebhookRequest, now: datetime) -> Verified | None:
        """Verify an event; what cannot be read is kept, with its cause: sending it again helps nobody."""
        body = request.body
        if not is_signed(body, request.headers.get("stripe-signature"), self.secret.accepted()):
            raise BadSignatureError
        name, kind, payment_id = f"body {hashlib.sha256(body).hexdigest()}", "unknown", None
        with suppress(NotUnderstoodError):
            sent = parsed(body)
            name, kind = sent["id"], sent["type"]
            notice = read(sent) if is_ours(sent, live=self.live) else None
            if notice is None:
                return None
            payment_id = notice.payment_id
        event = Event(
            provider=PaymentProvider.STRIPE,
            name=name,
            type=kind,
            body=body[:_LONGEST].decode(errors="ignore"),
            at=iso(now),
            payment_id=payment_id,
            source_ip=request.ip,
        )
        return Verified(event)

    def answer(self, outcome: Outcome | Failure | None) -> WebhookResponse:
        """Answer 2XX to whatever was kept or ignored: anything else Stripe sends again for three days."""
        return _FAILURES.get(outcome, _RECEIVED)

    def verify_return(self, query: str) -> PayerReturn | None:  # noqa: ARG002 - Stripe signs nothing of it
        return None


def is_signed(body: bytes, header: str | None, secrets: Iterable[Mapping[str, str]]) -> bool:
    """Tell whether Stripe signed a body, within the package's tolerance."""
    import stripe  # noqa: PLC0415 - a tenth of a second that other providers' requests need not wait for

    if header is None or not header.isascii():
        return False  # other letters are none of a signature's, and cannot be compared with one
    for secret in secrets:
        try:
            tolerance = stripe.Webhook.DEFAULT_TOLERANCE
            stripe.WebhookSignature.verify_header(body, header, secret["webhookSecret"], tolerance)
        except (stripe.SignatureVerificationError, ValueError):
            continue
        else:
            return True
    return False


def is_ours(event: Values, *, live: bool) -> bool:
    """Tell whether an event is of our mode, test or live, and of our own account: that of others has its name on it."""
    return event["livemode"] is live and event.get("account") is None
