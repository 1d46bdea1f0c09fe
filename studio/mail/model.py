"""What the studio writes by e-mail: of which kind, about what, and how it looked when it was sent."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from studio.money import Money


class MailKind(StrEnum):
    """The kinds of mail. Each has its text in every language of `studio.mail.texts`."""

    RECEIPT = "RECEIPT"
    PAYMENT_REFUNDED = "PAYMENT_REFUNDED"
    PAYMENT_IN_REVIEW = "PAYMENT_IN_REVIEW"
    TRANSFER_FAILED = "TRANSFER_FAILED"
    PAYMENT_FAILED = "PAYMENT_FAILED"
    ORDER_CONFIRMED = "ORDER_CONFIRMED"
    ORDER_READY = "ORDER_READY"
    ORDER_SHIPPED = "ORDER_SHIPPED"
    ORDER_FAILED = "ORDER_FAILED"

    @property
    def is_notice(self) -> bool:
        """Whether a person may do without it: it goes to those who want it, and says how to stop it."""
        return self in _NOTICES


_NOTICES = frozenset({MailKind.PAYMENT_FAILED})


@dataclass(frozen=True)
class Link:
    """An address that a mail leads to, and what it is of: a parcel's number."""

    url: str
    of: str | None = None


# What a text may name: it is written as the reader's language has it. A text is shown as it is. There may be more than
# one of a name: the others are `name#2` and so on.
Fact = str | int | Money | datetime | Link
Facts = Mapping[str, Fact]


@dataclass(frozen=True)
class MailEvent:
    """Something that a person gets a mail of, once: `event` is its name among those of its kind.

    It holds ids, amounts, times, and why an administrator ended an order: neither an address nor a name.
    """

    kind: MailKind
    event: str
    person: str
    facts: Facts

    @property
    def key(self) -> str:
        """The name of the mark that it was sent."""
        return f"{self.kind}#{self.event}"


@dataclass(frozen=True)
class Message:
    """A mail as it is sent."""

    subject: str
    text: str
    html: str
    headers: Mapping[str, str] = field(default_factory=dict[str, str])


class Outcome(StrEnum):
    """What became of a mail. All but SENT say why there was none to send."""

    SENT = "SENT"
    ALREADY_SENT = "ALREADY_SENT"
    NO_RECIPIENT = "NO_RECIPIENT"
    DISABLED = "DISABLED"
    NOT_WANTED = "NOT_WANTED"
    UNREACHABLE = "UNREACHABLE"
    UNSENDABLE = "UNSENDABLE"
