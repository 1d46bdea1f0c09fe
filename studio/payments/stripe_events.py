"""What Stripe tells: the signature of its events, and what those say that we act on."""

import json
from collections.abc import Iterable, Mapping
from typing import Any

from studio.payments.model import Dispute, DisputeState, Taken
from studio.payments.rules import Notice, Result

Values = Mapping[str, Any]

_RESULTS = {
    "checkout.session.async_payment_succeeded": Result.PAID,
    "checkout.session.async_payment_failed": Result.FAILED,
    "checkout.session.expired": Result.EXPIRED,
}
_COMPLETED = "checkout.session.completed"  # the payer is done, though a bank may still take days
_REFUNDED = "charge.refunded"
_DISPUTED = "charge.dispute."
_INQUIRY = "warning_"  # no money moves
# All others, of which there may be new ones, hold the money.
_DISPUTE_ENDS = {
    "won": DisputeState.WON,
    "lost": DisputeState.LOST,
    "prevented": DisputeState.LOST,  # by paying the payer back
}


def verified(body: bytes, header: str | None, secrets: Iterable[Mapping[str, str]]) -> dict[str, Any] | None:
    """Return an event that Stripe signed within the package's tolerance, or None: also where it is no event."""
    import stripe  # noqa: PLC0415 - a tenth of a second that VNPAY's notices need not wait for

    if header is None or not header.isascii():
        return None  # other letters are none of a signature's, and cannot be compared with one
    for secret in secrets:
        try:
            tolerance = stripe.Webhook.DEFAULT_TOLERANCE
            stripe.WebhookSignature.verify_header(body, header, secret["webhookSecret"], tolerance)
            return _event(json.loads(body))
        except (stripe.SignatureVerificationError, ValueError):
            continue
    return None


def _event(told: Any) -> dict[str, Any] | None:
    return told if isinstance(told, dict) and told.get("object") == "event" else None


def is_ours(event: Values, *, live: bool) -> bool:
    """Tell whether an event is of our mode, test or live."""
    return event["livemode"] is live


def read(event: Values) -> Notice | None:
    """Say what an event says; None is not our concern, such as another product's in the same account."""
    kind, thing = event["type"], event["data"]["object"]
    if kind == _COMPLETED:
        return _session(thing, Result.PROMISED if thing["payment_status"] == "unpaid" else Result.PAID)
    if kind in _RESULTS:
        return _session(thing, _RESULTS[kind])
    if kind == _REFUNDED:
        return _refund(thing)
    return _dispute(thing, event["created"]) if kind.startswith(_DISPUTED) else None


def _session(session: Values, result: Result) -> Notice | None:
    payment_id = _payment_id(session)
    if payment_id is None:
        return None
    amount = Taken(session["amount_total"], session["currency"].upper())
    return Notice(payment_id, session["payment_intent"], amount, result)


def _refund(charge: Values) -> Notice | None:
    payment_id = _payment_id(charge)
    if payment_id is None:
        return None  # Stripe copies it from our session to every charge of ours
    return Notice(payment_id, charge["payment_intent"], refunded=charge["amount_refunded"])


def _dispute(dispute: Values, at: int) -> Notice | None:
    if dispute["status"].startswith(_INQUIRY):
        return None
    state = _DISPUTE_ENDS.get(dispute["status"], DisputeState.HELD)
    taken = Taken(dispute["amount"], dispute["currency"].upper())
    disputes = {dispute["id"]: Dispute(taken, state, at)}
    return Notice(_payment_id(dispute), dispute["payment_intent"], disputes=disputes)


def _payment_id(thing: Values) -> str | None:
    return (thing.get("metadata") or {}).get("paymentId") or None
