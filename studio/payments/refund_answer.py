"""What a provider answers when it is asked for a refund: kept as an event, and read as one."""

import hashlib
import json
from datetime import datetime
from typing import Any

from studio import rows
from studio.clock import iso
from studio.errors import UnreadableError
from studio.payments.item import part_to_item, refund_from_item
from studio.payments.model import Event, Payment
from studio.payments.notice import Notice, NotUnderstoodError
from studio.payments.providers.protocol import RefundAnswer
from studio.payments.refund_request import RefundProgress, RefundRequest, RefundStatus

# The type of these events. Nothing that is signed has such a type: a webhook gives names without a space, or its own.
_CALL = "refund call"
_LONGEST = 100_000  # of an answer


def is_answer(event: Event) -> bool:
    """Tell whether an event is the answer to a call of ours."""
    return event.type.startswith(f"{_CALL} ")


def event_of(payment: Payment, request: RefundRequest, answer: RefundAnswer, now: datetime) -> Event:
    """Return an answer as an event; the same answer again is the same event."""
    meant = {
        "request": request.id,
        "reference": request.reference,
        "status": answer.status,
        "cause": answer.cause,
        "refunds": {name: part_to_item(each) for name, each in answer.refunds.items()},
    }
    return Event(
        provider=payment.provider,
        name=f"refund {hashlib.sha256(json.dumps(_timeless(meant), sort_keys=True).encode()).hexdigest()}",
        type=f"{_CALL} {answer.status}",
        body=json.dumps({**meant, "said": answer.said[:_LONGEST]}),
        at=iso(now),
        payment_id=payment.id,
    )


def read(event: Event) -> Notice:
    """Say what an answer says.

    Raises
    ------
    NotUnderstoodError
    """
    try:
        row = rows.row(json.loads(event.body or ""))
        progress = RefundProgress(
            row.get("request", rows.text), row.get("status", RefundStatus), row.find("cause", rows.text)
        )
        refunds = row.get("refunds", rows.map_of(refund_from_item))
        return Notice(event.payment_id, row.get("reference", rows.text) or None, refunds=refunds, progress=progress)
    except (ValueError, TypeError, UnreadableError) as error:
        raise NotUnderstoodError("it is no answer to a refund") from error


def _timeless(meant: dict[str, Any]) -> dict[str, Any]:
    """Leave out when each refund was seen so."""
    return {**meant, "refunds": {name: {**each, "at": 0} for name, each in meant["refunds"].items()}}
