"""Where providers tell: a notice whose signature is good is kept, then acted on, then answered."""

import hashlib
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from studio.clock import iso
from studio.payments import stripe_events, vnpay
from studio.payments.apply_event import EventApplier
from studio.payments.events import Event, Outcome, PaymentEvents
from studio.payments.model import PaymentEventState, PaymentProvider
from studio.payments.rules import NotUnderstoodError
from studio.secrets import Secret

# Of a body in bytes: a row holds 400 KB. Stripe's own events have some.
_LONGEST = 300_000


class RspCode(StrEnum):
    """VNPAY's codes of answers to its notices; all but 00 and 02 make it tell again, up to ten times."""

    CONFIRMED = "00"
    NO_SUCH_ORDER = "01"
    CONFIRMED_BEFORE = "02"
    WRONG_AMOUNT = "04"
    BAD_SIGNATURE = "97"
    FAULT = "99"


_ANSWERS = {
    None: RspCode.NO_SUCH_ORDER,
    Outcome.NOT_OURS: RspCode.NO_SUCH_ORDER,
    Outcome.NOT_UNDERSTOOD: RspCode.FAULT,
    Outcome.APPLIED: RspCode.CONFIRMED,
    Outcome.NOTHING_NEW: RspCode.CONFIRMED_BEFORE,
    Outcome.WRONG_AMOUNT: RspCode.WRONG_AMOUNT,
}


@dataclass(frozen=True)
class NoticeReceiver:
    """Takes in what providers tell. What is not signed leaves no trace."""

    events: PaymentEvents
    event_applier: EventApplier
    vnpay_secret: Secret
    stripe_secret: Secret
    stripe_live: bool

    def hear_vnpay(self, query: str, ip: str | None, now: datetime) -> RspCode:
        """Take in an IPN and return what to answer."""
        secrets = self.vnpay_secret.accepted()
        parameters = vnpay.verified(query, secrets)
        if parameters is None:
            return RspCode.BAD_SIGNATURE
        event = Event(
            provider=PaymentProvider.VNPAY,
            name=vnpay.digest(parameters),
            type=f"IPN {parameters['vnp_ResponseCode']}",
            body=query,
            at=iso(now),
            payment_id=vnpay.payment_id(parameters),
            source_ip=ip,
        )
        cause = None if vnpay.is_ours(parameters, secrets) else "it is of another vnp_TmnCode than ours"
        return _ANSWERS[self._act(event, now, cause)]

    def hear_stripe(self, body: bytes, header: str | None, ip: str | None, now: datetime) -> bool:
        """Take in an event; False says that its signature is bad, and nothing else is refused.

        What is none of our business is not kept. What cannot be read is, with its cause: telling it again helps nobody.
        """
        if not stripe_events.is_signed(body, header, self.stripe_secret.accepted()):
            return False
        name, kind, payment_id = f"body {hashlib.sha256(body).hexdigest()}", "unknown", None
        with suppress(NotUnderstoodError):
            told = stripe_events.parsed(body)
            name, kind = told["id"], told["type"]
            if not stripe_events.is_ours(told, live=self.stripe_live):
                return True
            notice = stripe_events.read(told)
            if notice is None:
                return True
            payment_id = notice.payment_id
        event = Event(
            provider=PaymentProvider.STRIPE,
            name=name,
            type=kind,
            body=body[:_LONGEST].decode(errors="ignore"),
            at=iso(now),
            payment_id=payment_id,
            source_ip=ip,
        )
        self._act(event, now)
        return True

    def _act(self, event: Event, now: datetime, not_ours: str | None = None) -> Outcome | None:
        kept = self.events.keep(event)
        if kept.state == PaymentEventState.HANDLED:
            return kept.again
        if not_ours:
            return self.event_applier.set_aside(kept, Outcome.NOT_OURS, not_ours)
        return self.event_applier.act(kept, now)
