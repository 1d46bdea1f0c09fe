"""What a printer does for the studio. Each has a folder here."""

from collections.abc import Sequence
from enum import StrEnum
from typing import Protocol

from studio.printing.model import PrintOrder
from studio.printing.request import PrintAction, PrintRequest, Quote, QuoteItem


class PrinterUnavailableError(Exception):
    """The printer did not answer, or asked us to wait: asking again later is right, and safe for every call.

    Parameters
    ----------
    retry_after
        How many seconds it wants us to wait, where it says so.
    """

    def __init__(self, why: str, retry_after: int | None = None) -> None:
        super().__init__(why)
        self.retry_after = retry_after


class AnswerNotUnderstoodError(Exception):
    """The printer answered what is not known of it; the message says what, and holds nothing of it."""


class Refusal(StrEnum):
    """Why a printer will not do what it was asked, ever. The first three are the customer's to change."""

    ADDRESS = "ADDRESS"
    PRODUCT = "PRODUCT"
    FILE = "FILE"
    KEY_REUSED = "KEY_REUSED"
    UNKNOWN_ORDER = "UNKNOWN_ORDER"
    CREDENTIALS = "CREDENTIALS"
    REQUEST = "REQUEST"


class PrintRefusedError(Exception):
    """The printer refused. `details` name fields and its codes, `trace` is what its support asks for."""

    def __init__(self, refusal: Refusal, details: Sequence[str] = (), trace: str | None = None) -> None:
        super().__init__(f"{refusal}: {', '.join(details)}" if details else refusal)
        self.refusal = refusal
        self.details = tuple(details)
        self.trace = trace


class PrintProvider(Protocol):
    """A printer. Every call may be repeated.

    Raises
    ------
    PrinterUnavailableError
        Ask again later.
    PrintRefusedError
        Do not ask again.
    AnswerNotUnderstoodError
        Somebody has to look.
    """

    def quote(self, items: Sequence[QuoteItem], country: str, currency: str) -> tuple[Quote, ...]:
        """Return what it would cost to print and send this, a quote for each shipping method that there is."""
        ...

    def submit(self, request: PrintRequest) -> str:
        """Place an order, once for each key, and return the printer's id of it."""
        ...

    def find(self, id_: str) -> PrintOrder | None:
        """Return how an order stands; None where the printer has none of this id, or does not show it yet."""
        ...

    def actions(self, id_: str) -> frozenset[PrintAction]:
        """Return what may be done to an order at this moment."""
        ...

    def cancel(self, id_: str) -> PrintOrder:
        """Try to cancel an order, and return how it stands then: only its status says whether it is canceled."""
        ...
