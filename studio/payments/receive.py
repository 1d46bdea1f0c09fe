"""Receiving what payment providers send: an event whose signature is good is kept, then acted on, then answered."""

from dataclasses import dataclass
from datetime import datetime

from studio.payments.apply_event import EventApplier
from studio.payments.events import PaymentEvents
from studio.payments.model import Outcome, PaymentEventState
from studio.payments.providers.protocol import (
    BadSignatureError,
    Failure,
    Verified,
    Webhook,
    WebhookRequest,
    WebhookResponse,
)


@dataclass(frozen=True)
class WebhookReceiver:
    """Receives events. What is not signed leaves no trace."""

    events: PaymentEvents
    event_applier: EventApplier

    def receive(self, webhook: Webhook, request: WebhookRequest, now: datetime) -> WebhookResponse:
        """Act on a provider's request, and return what to answer. What is none of our business is not kept."""
        try:
            verified = webhook.verify(request, now)
        except BadSignatureError:
            return webhook.answer(Failure.BAD_SIGNATURE)
        return webhook.answer(self._act(verified, now) if verified else Outcome.NOTHING_NEW)

    def _act(self, verified: Verified, now: datetime) -> Outcome | None:
        kept = self.events.keep(verified.event)
        if kept.state == PaymentEventState.HANDLED:
            return kept.again
        if verified.not_ours:
            return self.event_applier.set_aside(kept, Outcome.NOT_OURS, verified.not_ours)
        return self.event_applier.act(kept, now)
