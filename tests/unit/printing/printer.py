"""A printer in memory, the links it gets, and the studio cut off while it asks."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from studio.clock import millis
from studio.printing.advance import Printing
from studio.printing.model import PrintOrder, PrintStatus
from studio.printing.protocol import AnswerNotUnderstoodError
from studio.printing.request import PrintAction, PrintRequest, Quote, QuoteItem
from studio.printing.submission import PrintFile


class DiedError(Exception):
    """The function was cut off here."""


@dataclass
class Printer:
    """A printer: of each key one order. What it is told to raise it raises after it did what it was asked."""

    requests: dict[str, PrintRequest] = field(default_factory=dict[str, PrintRequest])
    state: PrintOrder | None = None
    errors: list[Exception] = field(default_factory=list[Exception])
    asked: int = 0
    canceled: bool = False
    meanwhile: Callable[[], object] = lambda: None

    def submit(self, request: PrintRequest) -> str:
        known = self.requests.setdefault(request.key, request)
        assert replace(known, items=()) == replace(request, items=())
        self._answer()
        return "ord_1"

    def find(self, id_: str) -> PrintOrder | None:
        assert id_ == "ord_1"
        state = self.state
        self._answer()
        return state

    def _answer(self) -> None:
        self.asked += 1
        self.meanwhile()
        if self.errors:
            raise self.errors.pop(0)

    def quote(self, items: Sequence[QuoteItem], country: str, currency: str) -> tuple[Quote, ...]:
        raise NotImplementedError

    def actions(self, id_: str) -> frozenset[PrintAction]:
        raise NotImplementedError

    def cancel(self, id_: str) -> PrintOrder:
        """Cancel an order of which nothing is made."""
        assert id_ == "ord_1"
        if self.state and not self.state.in_production:
            self.canceled, self.state = True, replace(self.state, status=PrintStatus.CANCELED)
        state = self.state
        self._answer()
        if state is None:
            raise AnswerNotUnderstoodError("the order is not shown yet")
        return state


def sign(file: PrintFile, now: datetime) -> str:
    return f"https://files.example/{file.key}?at={millis(now)}"


def cut_off(printing: Printing, cut: int) -> Printing:
    """Return the same, cut off after so many calls of the table and the printer: each is made, or is just not."""
    left = [cut]

    def counted(call: Callable[..., Any]) -> Callable[..., Any]:
        def made(*given: Any, **named: Any) -> Any:
            if left[0] == 0:
                raise DiedError
            left[0] -= 1
            answer = call(*given, **named)
            if left[0] == 0:
                raise DiedError
            left[0] -= 1
            return answer

        return made

    class Cut:
        def __init__(self, whole: object) -> None:
            self._whole = whole

        def __getattr__(self, name: str) -> Any:
            return counted(getattr(self._whole, name))

    return Printing(Cut(printing.orders), Cut(printing.printer), printing.sign)  # pyright: ignore[reportArgumentType]
