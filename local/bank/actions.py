"""What can be done to a payment by hand, whichever provider has it."""

from datetime import UTC, datetime
from typing import Any, Protocol


def written(moment: datetime) -> str:
    """Write a time as every payment shows it."""
    return moment.astimezone(UTC).isoformat(timespec="milliseconds")


# What becomes of the next refund that the merchant asks for: it is made and the answer lost, it is not made and a fault
# answered, it is refused, or, at Stripe, it stays pending.
NEXT_REFUND = frozenset({"refunds_lost", "refunds_down", "refunds_refused", "refunds_held"})


class ActionError(Exception):
    """No payment can be treated so: there is none (404), or it is in another state (409)."""

    def __init__(self, status: int, message: str) -> None:
        super().__init__(message)
        self.status = status


class Provider(Protocol):
    """One provider, as the merchant's dashboard sees it."""

    def payments(self) -> list[dict[str, Any]]:
        """All payments, oldest first."""
        ...

    def knows(self, ref: str) -> bool: ...

    def act(self, ref: str, action: str, amount: int | None, /) -> None:
        """Do it. Raises ActionError."""
        ...
