"""What must wake somebody: one line of the log, which the stage's alarm `Raised` counts."""

import json
from enum import StrEnum


class Alarm(StrEnum):
    """Why somebody has to look; docs/operations.md says what to do about each."""

    PAID_TWICE = "PAID_TWICE"
    PAYMENT_IN_REVIEW = "PAYMENT_IN_REVIEW"
    EVENT_UNMATCHED = "EVENT_UNMATCHED"
    PROVIDER_NOT_ANSWERED = "PROVIDER_NOT_ANSWERED"
    PROVIDER_REFUSES = "PROVIDER_REFUSES"
    REFUND_FAILED = "REFUND_FAILED"
    REFUND_PUT_ASIDE = "REFUND_PUT_ASIDE"
    REFUND_UNFINISHED = "REFUND_UNFINISHED"
    REFUND_UNMATCHED = "REFUND_UNMATCHED"
    MODEL_GONE = "MODEL_GONE"
    PRINT_ORDER_IN_TROUBLE = "PRINT_ORDER_IN_TROUBLE"
    LINE_CHANGED = "LINE_CHANGED"
    SECRET_UNREADABLE = "SECRET_UNREADABLE"  # noqa: S105 - no secret
    ROW_UNREADABLE = "ROW_UNREADABLE"
    INTERNAL_ERROR = "INTERNAL_ERROR"


def raise_alarm(alarm: Alarm, **details: str | int | None) -> None:
    """Have somebody woken. `details` say where to look: ids and names, never what people wrote, or a secret.

    Whoever is about to write what is wrong raises it before: rather twice than never.
    """
    # Not by a logger: the studio's own are plain text on Lambda, which no filter for a field of JSON matches.
    print(json.dumps({"level": "ALARM", "alarm": alarm, **details}), flush=True)  # noqa: T201
