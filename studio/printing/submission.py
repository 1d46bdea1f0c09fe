"""An order of ours on its way through the printer: what is asked of it, and what has become of it there."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from studio.clock import iso, millis
from studio.printing.cost import Cost
from studio.printing.model import PrintOrder
from studio.printing.protocol import Refusal
from studio.printing.request import QuoteItem, Recipient, ShippingMethod


@dataclass(frozen=True)
class PrintFile:
    """What is printed: a result in the media bucket, and its MD5 in hex digits."""

    key: str
    content_type: str
    md5: str


@dataclass(frozen=True, kw_only=True)
class SubmissionItem(QuoteItem):
    """So many copies of a file. `reference` is our name of it; `price` is what the customer pays, for customs."""

    reference: str
    file: PrintFile
    price: Cost | None = None


@dataclass(frozen=True)
class PrintRefusal:
    """Why the printer will never print it. `details` name fields and codes, `trace` is what its support asks for."""

    refusal: Refusal
    details: tuple[str, ...] = ()
    trace: str | None = None


class Trouble(StrEnum):
    """Why somebody has to look at a submission. It goes on being asked for, and may yet come right."""

    STUCK = "STUCK"
    NOT_ANSWERED = "NOT_ANSWERED"
    NOT_SHOWN = "NOT_SHOWN"
    NOT_UNDERSTOOD = "NOT_UNDERSTOOD"
    REFUSED = "REFUSED"


@dataclass(frozen=True, kw_only=True)
class Submission:
    """One order at the printer.

    Parameters
    ----------
    id
        The order's id: our reference of it at the printer, and the key of which there is one order.
    recipient
        Whom it goes to; gone as soon as the printer has it, or refuses it.
    submitted_at
        When the printer took it, as `printer_id`.
    state
        All that is known of it at the printer.
    trouble
        What somebody was woken for.
    asked_at
        When the printer was asked last, in milliseconds.
    tries
        How often in a row there was nothing new.
    unanswered
        How often in a row the printer did not answer.
    due
        When the printer is asked next, in milliseconds; None of what is over.
    withdrawn
        Whether it is not wanted any more: it is not submitted, or canceled where that can still be done.
    """

    id: str
    owner: str
    method: ShippingMethod
    items: tuple[SubmissionItem, ...]
    created_at: str
    updated_at: str
    version: int = 1
    recipient: Recipient | None = None
    printer_id: str | None = None
    submitted_at: str | None = None
    state: PrintOrder | None = None
    refusal: PrintRefusal | None = None
    trouble: Trouble | None = None
    asked_at: int | None = None
    tries: int = 0
    unanswered: int = 0
    due: int | None = None
    withdrawn: bool = False

    @classmethod
    def new(
        cls,
        id_: str,
        owner: str,
        recipient: Recipient,
        method: ShippingMethod,
        items: Sequence[SubmissionItem],
        now: datetime,
    ) -> "Submission":
        """Return an order to be submitted at once."""
        return cls(
            id=id_,
            owner=owner,
            recipient=recipient,
            method=method,
            items=tuple(items),
            created_at=iso(now),
            updated_at=iso(now),
            due=millis(now),
        )

    def is_due(self, now: datetime) -> bool:
        return self.due is not None and self.due <= millis(now)

    @property
    def is_unsent(self) -> bool:
        """Whether it was withdrawn before the printer was asked for anything, so that nothing can be there."""
        return self.withdrawn and self.asked_at is None

    @property
    def is_cancelable(self) -> bool:
        """Whether the printer has it, it is not wanted, and nothing of it is known to be made."""
        started = self.state is not None and (self.state.in_production or self.state.is_over)
        return self.withdrawn and self.printer_id is not None and not started

    @property
    def is_over(self) -> bool:
        """Whether the printer does nothing more: was never asked, refused it, gave it up or sent all of it."""
        return self.is_unsent or self.refusal is not None or (self.state is not None and self.state.is_over)
