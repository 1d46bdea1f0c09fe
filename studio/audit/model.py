"""What an audit record is: who did what to whom, when, and from where."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any


class Act(StrEnum):
    """What is recorded: every act of an administrator, every movement of money, and a person's leaving."""

    POINTS_GRANTED = "POINTS_GRANTED"
    ROLE_SET = "ROLE_SET"
    DISABLED_SET = "DISABLED_SET"
    RATE_SET = "RATE_SET"
    PAYMENT_RESOLVED = "PAYMENT_RESOLVED"
    PAYMENT_REFUND_ASKED = "PAYMENT_REFUND_ASKED"
    PAYMENT_MOVED = "PAYMENT_MOVED"
    ORDER_STATUS_SET = "ORDER_STATUS_SET"
    PERSON_LEFT = "PERSON_LEFT"


@dataclass(frozen=True)
class AuditRecord:
    """One record: never changed, never removed.

    Parameters
    ----------
    actor
        A person's `sub`, or the name of what acted by itself: a payment provider, a schedule.
    key
        What the act was for, so that one act has one record: a request's id, a payment's with its version.
    subject
        Whom or what it was done to: a person's `sub`, or e.g. a currency pair.
    details
        What changed, in plain values; no personal data beside ids.
    source_ip
        Where it came from; None for what the studio does by itself.
    """

    act: Act
    key: str
    actor: str
    subject: str
    at: str
    details: Mapping[str, Any] = field(default_factory=dict[str, Any])
    source_ip: str | None = None

    @property
    def id(self) -> str:
        return f"{self.act.lower()}#{self.key}"

    @property
    def day(self) -> str:
        return self.at[:10]
