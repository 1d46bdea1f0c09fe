"""The money of one transaction at a provider, as events say: what came, and what of it went back."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Protocol, TypeVar

from studio.money import Money


@dataclass(frozen=True)
class Taken:
    """An amount as a provider states it: in the currency's smallest unit, and the currency may be none of ours."""

    minor: int
    currency: str

    def is_exactly(self, money: Money) -> bool:
        return (self.minor, self.currency) == (money.minor, money.currency)

    def of(self, paid: "Taken") -> int:
        """Return how much of what was paid it is; in another currency it counts as all of it."""
        return self.minor if self.currency == paid.currency else paid.minor


class DisputeState(StrEnum):
    """How a dispute stands; of two events of one moment, a later one outranks an earlier."""

    HELD = "HELD"
    WON = "WON"
    LOST = "LOST"


class RefundState(StrEnum):
    """Whether a refund goes to the payer, as far as is known, or came back to us."""

    MADE = "MADE"
    FAILED = "FAILED"


@dataclass(frozen=True)
class Dispute:
    """What the payer's bank took back, at first for the time of the dispute; `at` is the second it stood so."""

    taken: Taken
    state: DisputeState
    at: int

    @property
    def rank(self) -> tuple[int, int, int, str]:
        """The newest outranks all: even a lost dispute may be won later, and the other way round."""
        return self.at, list(DisputeState).index(self.state), self.taken.minor, self.taken.currency


@dataclass(frozen=True)
class Refund:
    """One refund as it stood at the second `at`."""

    taken: Taken
    state: RefundState
    at: int

    @property
    def rank(self) -> tuple[bool, int, int, str]:
        """One that has failed did so for good, when that event came first."""
        failed = self.state == RefundState.FAILED
        return failed, -self.at if failed else self.at, self.taken.minor, self.taken.currency


@dataclass(frozen=True)
class Refunded:
    """All that had been sent back at the second `at`, without what had failed by then."""

    taken: Taken
    at: int

    @property
    def rank(self) -> tuple[int, int, str]:
        return self.at, self.taken.minor, self.taken.currency


class _Ranked(Protocol):
    @property
    def rank(self) -> tuple[Any, ...]: ...


R = TypeVar("R", bound=_Ranked)
Disputes = Mapping[str, Dispute]
Refunds = Mapping[str, Refund]


@dataclass(frozen=True)
class Transaction:
    """What is known of one transaction. It is only ever added to, so the order of events is forgotten.

    Parameters
    ----------
    paid
        What the provider took.
    refunded
        What had been sent back in all, as was last said of the whole.
    refunds, disputes
        By the provider's name of each.
    """

    paid: Taken | None = None
    refunded: Refunded | None = None
    refunds: Refunds = field(default_factory=dict[str, Refund])
    disputes: Disputes = field(default_factory=dict[str, Dispute])

    @property
    def gone(self) -> int:
        """How much of what was paid is not ours, or not now."""
        if self.paid is None:
            return 0
        held = [each.taken.of(self.paid) for each in self.disputes.values() if each.state != DisputeState.WON]
        return self._sent_back(self.paid) + sum(held)

    @property
    def returned(self) -> int:
        """How much of what was paid is the payer's again: sent back, or lost in a dispute, but not what is held."""
        if self.paid is None:
            return 0
        lost = [each.taken.of(self.paid) for each in self.disputes.values() if each.state == DisputeState.LOST]
        return min(self._sent_back(self.paid) + sum(lost), self.paid.minor)

    @property
    def is_gone(self) -> bool:
        """Whether all of it went back."""
        return self.paid is not None and 0 < self.gone >= self.paid.minor

    @property
    def is_sent_back(self) -> bool:
        """Whether refunds alone took all of it back."""
        return self.paid is not None and 0 < self.paid.minor <= self._sent_back(self.paid)

    @property
    def kept(self) -> int:
        """How much of what was paid is ours now."""
        return max(0, self.paid.minor - self.gone) if self.paid else 0

    @property
    def unrefunded(self) -> int:
        """How much of what was paid no refund took back: ours, once its disputes are won."""
        return max(0, self.paid.minor - self._sent_back(self.paid)) if self.paid else 0

    @property
    def failed(self) -> int:
        """How much was sent back, and came back to us."""
        return sum(each.taken.minor for each in self.refunds.values() if each.state == RefundState.FAILED)

    def worth(self, points: int) -> int:
        """Return the points that the money kept is worth: less a part that went back, rounded down."""
        if self.paid is None or self.is_gone:
            return 0
        return points * (self.paid.minor - self.gone) // self.paid.minor if self.gone else points

    def joined(self, new: "Transaction", asked: Money) -> "Transaction":
        """Return it with what another says; of two amounts that were paid believe the one that was `asked` for."""
        paid = [taken for taken in (self.paid, new.paid) if taken]
        stated = [each for each in (self.refunded, new.refunded) if each]
        return Transaction(
            paid=max(paid, key=lambda taken: (taken.is_exactly(asked), taken.minor, taken.currency), default=None),
            refunded=max(stated, key=lambda each: each.rank, default=None),
            refunds=_joined(self.refunds, new.refunds),
            disputes=_joined(self.disputes, new.disputes),
        )

    def _sent_back(self, paid: Taken) -> int:
        """Believe what was said of the whole, less what failed since, or what was said of each, whichever is more."""
        stated = self._stated(self.refunded, paid) if self.refunded else 0
        return max(stated, _sum(self.refunds.values(), RefundState.MADE, paid))

    def _stated(self, refunded: Refunded, paid: Taken) -> int:
        failed = _sum(self.refunds.values(), RefundState.FAILED, paid, since=refunded.at)
        return max(0, refunded.taken.of(paid) - failed)


Transactions = Mapping[str, Transaction]


def _sum(refunds: Iterable[Refund], state: RefundState, paid: Taken, *, since: int = 0) -> int:
    return sum(each.taken.of(paid) for each in refunds if each.state == state and each.at >= since)


def _joined(known: Mapping[str, R], new: Mapping[str, R]) -> Mapping[str, R]:
    joined = dict(known)
    for name, each in new.items():
        joined[name] = max(joined.get(name, each), each, key=lambda one: one.rank)
    return joined
