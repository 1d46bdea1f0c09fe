"""What Stripe's events say that we act on."""

import json

from studio.payments.notice import Notice, NotUnderstoodError, Result
from studio.payments.providers.stripe.values import Values, moment, payment_id, taken, text
from studio.payments.transactions import Dispute, DisputeState, Refund, Refunded, RefundState

_COMPLETED = "checkout.session.completed"  # the payer is done, though a bank may still take days
_NOTHING_TAKEN = {
    "checkout.session.async_payment_failed": Result.FAILED,
    "checkout.session.expired": Result.EXPIRED,
}
_RESULTS = frozenset({"checkout.session.async_payment_succeeded", *_NOTHING_TAKEN})
_CHARGE_REFUNDED = "charge.refunded"
# The last is the first three's older name.
_REFUND = frozenset({"refund.created", "refund.updated", "refund.failed", "charge.refund.updated"})
_REFUND_STATES = {
    "pending": RefundState.MADE,
    "requires_action": RefundState.MADE,
    "succeeded": RefundState.MADE,
    "failed": RefundState.FAILED,
    "canceled": RefundState.FAILED,
}
_DISPUTED = "charge.dispute."
_INQUIRY = frozenset({"warning_needs_response", "warning_under_review", "warning_closed"})  # no money moves
_DISPUTE_STATES = {
    "needs_response": DisputeState.HELD,
    "under_review": DisputeState.HELD,
    "appeal_needs_response": DisputeState.HELD,
    "appeal_under_review": DisputeState.HELD,
    "won": DisputeState.WON,
    "lost": DisputeState.LOST,
    "prevented": DisputeState.LOST,  # by paying the payer back
}


def parsed(body: bytes) -> Values:
    """Return an event as it was sent.

    Raises
    ------
    NotUnderstoodError
        It is none, or has no name, no type, or no mode.
    """
    try:
        event = json.loads(body)
    except (ValueError, RecursionError):
        raise NotUnderstoodError("it is no JSON") from None
    if not isinstance(event, dict) or event.get("object") != "event":
        raise NotUnderstoodError("it is no event")
    text(event, "id")
    text(event, "type")
    if not isinstance(event.get("livemode"), bool):
        raise NotUnderstoodError("livemode is neither true nor false")
    return event


def read(event: Values) -> Notice | None:
    """Say what an event says; None is not our concern, such as another product's in the same account.

    Raises
    ------
    NotUnderstoodError
        It is of a type that concerns us, and has another form than Stripe documents.
    """
    kind = event["type"]
    if kind == _COMPLETED or kind in _RESULTS:
        return _session(_thing(event, "checkout.session"), kind)
    if kind == _CHARGE_REFUNDED:
        return _refunded(_thing(event, "charge"), moment(event))
    if kind in _REFUND:
        return _refund(_thing(event, "refund"), moment(event))
    return _dispute(_thing(event, "dispute"), moment(event)) if kind.startswith(_DISPUTED) else None


def _thing(event: Values, kind: str) -> Values:
    data = event.get("data")
    thing = data.get("object") if isinstance(data, dict) else None
    if not isinstance(thing, dict) or thing.get("object", kind) != kind:
        raise NotUnderstoodError(f"it holds no {kind}")
    return thing


def _session(session: Values, kind: str) -> Notice | None:
    id_ = payment_id(session)
    if id_ is None:
        return None
    if session.get("client_reference_id") not in (None, id_):  # of any type
        raise NotUnderstoodError("client_reference_id is of another payment than metadata")
    result = _result(session, kind)
    reference = text(session, "payment_intent") if result == Result.PAID else None
    return Notice(id_, reference, taken(session, "amount_total"), result, session=text(session, "id"))


def _result(session: Values, kind: str) -> Result:
    """Say what came of a session. Only what is said to be paid is: with nothing to pay, nothing was paid."""
    if kind in _NOTHING_TAKEN:
        return _NOTHING_TAKEN[kind]
    status = session.get("payment_status")
    if status == "unpaid" and kind == _COMPLETED:
        return Result.PROMISED
    if status != "paid":
        raise NotUnderstoodError("payment_status does not say that it was paid")
    return Result.PAID


def _refunded(charge: Values, at: int) -> Notice | None:
    id_ = payment_id(charge)
    if id_ is None:
        return None  # Stripe copies it from our session to every charge of ours
    charged, back = taken(charge, "amount"), taken(charge, "amount_refunded")
    if back.minor > charged.minor:
        raise NotUnderstoodError("amount_refunded is more than amount")
    return Notice(id_, text(charge, "payment_intent"), refunded=Refunded(back, at), charged=charged)


def _refund(refund: Values, at: int) -> Notice | None:
    """Read one refund. Nothing on it names our payment but the payment intent, which all of ours have."""
    if refund.get("payment_intent") is None:
        return None
    made = Refund(taken(refund, "amount"), refund_state(refund), at)
    return Notice(None, text(refund, "payment_intent"), refunds={text(refund, "id"): made})


def refund_state(refund: Values) -> RefundState:
    """Return whether a refund goes to the payer, as Stripe says; what is pending does, until it fails.

    Raises
    ------
    NotUnderstoodError
    """
    status = text(refund, "status")
    if status not in _REFUND_STATES:
        raise NotUnderstoodError("status is none of a refund's")
    return _REFUND_STATES[status]


def _dispute(dispute: Values, at: int) -> Notice | None:
    status = text(dispute, "status")
    if status in _INQUIRY or dispute.get("payment_intent") is None:
        return None
    if status not in _DISPUTE_STATES:
        raise NotUnderstoodError("status is none of a dispute's")
    disputes = {text(dispute, "id"): Dispute(taken(dispute, "amount"), _DISPUTE_STATES[status], at)}
    return Notice(None, text(dispute, "payment_intent"), disputes=disputes)
