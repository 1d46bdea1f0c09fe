"""What a payment buys, as a protocol: a payment knows money, and its goods know what that is worth."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol, TypeGuard

from studio.dynamo import Write
from studio.errors import ErrorType, StudioError
from studio.money import Currency, Money
from studio.payments.model import Facts, Payment, ReviewReason
from studio.payments.providers.protocol import Provider
from studio.people.model import MAX_BALANCE, Caller, Person


class Offer(Protocol):
    """One thing on sale; `points` are those that it brings, 0 where it brings none."""

    @property
    def id(self) -> str: ...

    @property
    def points(self) -> int: ...

    def price(self, provider: Provider, currency: Currency) -> Money:
        """Return what it costs.

        Raises
        ------
        StudioError
            CURRENCY_NOT_SUPPORTED.
        """
        ...


@dataclass(frozen=True)
class Delivery:
    """What brings goods to what their payment is worth: the row as it stands then, and the writes beside it.

    `details` are what the audit trail says of it.
    """

    payment: Payment
    writes: Sequence[Write] = ()
    details: Mapping[str, Any] = field(default_factory=dict[str, Any])


class Goods(Protocol):
    """One kind of what can be bought."""

    def offer(self, caller: Caller, id_: str | None, now: datetime) -> Offer:
        """Return what is on sale by this id, to this caller.

        Raises
        ------
        StudioError
            There is no such thing, or it is not to be paid.
        """
        ...

    def title(self, payment: Payment) -> str:
        """Return what the payer reads at the provider."""
        ...

    def room(self, payment: Payment) -> int:
        """Return how many points their payer's balance must have room for, when the payment begins."""
        ...

    def undeliverable(self, payment: Payment, owner: Person | None) -> ReviewReason | None:
        """Return why a first delivery would fail now: at checkout, or where an administrator credits."""
        ...

    def review_reason(self, payment: Payment, facts: Facts, owner: Person | None) -> ReviewReason | None:
        """Return why an administrator has to look at a payment, as the facts are by now.

        As `undeliverable`, but None where they were delivered before: a refund that is undone must come back. Of money
        that has gone back, why that needs somebody: they cannot be taken back.
        """
        ...

    def deliver(self, before: Payment, after: Payment, owner: Person | None) -> Delivery:
        """Describe what delivers them, or takes them back, as `after` is worth; part of its own transaction."""
        ...


_REFUSALS = {
    ReviewReason.OWNER_LEFT: (ErrorType.USER_UNKNOWN, "Its owner has left: the money can only be paid back."),
    ReviewReason.BALANCE_FULL: (
        ErrorType.POINTS_OUT_OF_RANGE,
        f"Nobody can have more than {MAX_BALANCE:,} points: use some first, or have the money paid back.",
    ),
    ReviewReason.ORDER_PAID_ALREADY: (
        ErrorType.ORDER_NOT_PAYABLE,
        "Another payment has paid this order: the money can only be paid back.",
    ),
    ReviewReason.ORDER_ENDED: (ErrorType.ORDER_NOT_PAYABLE, "This order has ended: the money can only be paid back."),
}


def refuse_undeliverable(reason: ReviewReason | None) -> None:
    """Refuse a payer at checkout, or an administrator who credits, what `Goods.undeliverable` says.

    Raises
    ------
    StudioError
        USER_UNKNOWN, POINTS_OUT_OF_RANGE, ORDER_NOT_PAYABLE.
    """
    if reason:
        raise StudioError(*_REFUSALS[reason])


def is_here(owner: Person | None) -> TypeGuard[Person]:
    """Tell whether there is somebody to deliver to."""
    return owner is not None and owner.left_at is None
