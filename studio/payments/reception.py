"""Where providers tell: a notice whose signature is good is kept, then acted on, then answered."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from studio.clock import iso
from studio.payments import stripe_events, vnpay
from studio.payments.events import Event, Outcome, PaymentEvents
from studio.payments.model import PaymentEventState, PaymentProvider
from studio.payments.settle import Settlement
from studio.secrets import Secret


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
    Outcome.APPLIED: RspCode.CONFIRMED,
    Outcome.NOTHING_NEW: RspCode.CONFIRMED_BEFORE,
    Outcome.WRONG_AMOUNT: RspCode.WRONG_AMOUNT,
}


@dataclass(frozen=True)
class Reception:
    """Takes in what providers tell. What is not signed leaves no trace."""

    events: PaymentEvents
    settlement: Settlement
    vnpay_secret: Secret
    stripe_secret: Secret
    stripe_live: bool

    def hear_vnpay(self, query: str, ip: str | None, now: datetime) -> RspCode:
        """Take in an IPN and return what to answer."""
        parameters = vnpay.verified(query, self.vnpay_secret.accepted())
        if parameters is None:
            return RspCode.BAD_SIGNATURE
        notice = vnpay.read(parameters)
        event = Event(
            provider=PaymentProvider.VNPAY,
            name=vnpay.digest(parameters),
            type=f"IPN {parameters['vnp_ResponseCode']}",
            body=query,
            at=iso(now),
            payment_id=notice.payment_id,
            source_ip=ip,
        )
        return _ANSWERS[self._act(event, now)]

    def hear_stripe(self, body: bytes, header: str | None, ip: str | None, now: datetime) -> bool:
        """Take in an event; False says that its signature is bad, and nothing else is refused."""
        told = stripe_events.verified(body, header, self.stripe_secret.accepted())
        if told is None:
            return False
        notice = stripe_events.read(told) if stripe_events.is_ours(told, live=self.stripe_live) else None
        event = Event(
            provider=PaymentProvider.STRIPE,
            name=told["id"],
            type=told["type"],
            body=body.decode() if notice else None,
            at=iso(now),
            payment_id=notice.payment_id if notice else None,
            source_ip=ip,
            state=PaymentEventState.RECEIVED if notice else PaymentEventState.HANDLED,
            outcome=None if notice else Outcome.IGNORED,
        )
        self._act(event, now)
        return True

    def _act(self, event: Event, now: datetime) -> Outcome | None:
        kept = self.events.keep(event)
        return kept.again if kept.state == PaymentEventState.HANDLED else self.settlement.act(kept, now)
