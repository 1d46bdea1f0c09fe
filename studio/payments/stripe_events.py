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
# Of a mere inquiry, a `warning_…`, no money moves.
_DISPUTE_STATES = {
    "needs_response": DisputeState.HELD,
    "under_review": DisputeState.HELD,
    "won": DisputeState.WON,
    "prevented": DisputeState.WON,
    "lost": DisputeState.LOST,
}


def verified(body: bytes, header: str | None, secrets: Iterable[Mapping[str, str]]) -> dict[str, Any] | None:
    """Return an event that Stripe signed within the package's tolerance, or None."""
    import stripe  # noqa: PLC0415 - a tenth of a second that VNPAY's notices need not wait for

    for secret in secrets:
        try:
            stripe.Webhook.construct_event(body, header, secret["webhookSecret"])
            return json.loads(body)
        except (stripe.SignatureVerificationError, ValueError):
            continue
    return None


def is_ours(event: Values, secret: Mapping[str, str]) -> bool:
    """Tell whether an event is of the mode, test or live, that our key is of."""
    return event["livemode"] == secret["apiKey"].startswith(("sk_live_", "rk_live_"))


def read(event: Values) -> Notice | None:
    """Say what an event says; None is not our concern, such as another product's in the same account."""
    kind, thing = event["type"], event["data"]["object"]
    if kind == _COMPLETED:
        return _session(thing, None if thing["payment_status"] == "unpaid" else Result.PAID)
    if kind in _RESULTS:
        return _session(thing, _RESULTS[kind])
    if kind == _REFUNDED:
        return Notice(_payment_id(thing), thing["payment_intent"], refunded=thing["amount_refunded"])
    return _dispute(thing) if kind.startswith(_DISPUTED) else None


def _session(session: Values, result: Result | None) -> Notice | None:
    payment_id = _payment_id(session)
    if payment_id is None:
        return None
    amount = Taken(session["amount_total"], session["currency"].upper())
    return Notice(payment_id, session["payment_intent"], amount, result)


def _dispute(dispute: Values) -> Notice | None:
    state = _DISPUTE_STATES.get(dispute["status"])
    if state is None:
        return None
    taken = Taken(dispute["amount"], dispute["currency"].upper())
    disputes = {dispute["id"]: Dispute(taken, state)}
    return Notice(_payment_id(dispute), dispute["payment_intent"], disputes=disputes)


def _payment_id(thing: Values) -> str | None:
    return (thing.get("metadata") or {}).get("paymentId") or None
