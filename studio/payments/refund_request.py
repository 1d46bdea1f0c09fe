"""What a provider is asked to send back, and how far that has got."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum

from studio.payments.transactions import Taken, Transaction


class RefundStatus(StrEnum):
    """How far a refund has got that we ask for. Of two things said of it the later one here counts."""

    ASKED = "ASKED"
    UNDER_WAY = "UNDER_WAY"
    DONE = "DONE"
    REFUSED = "REFUSED"


@dataclass(frozen=True)
class RefundRequest:
    """All that is kept of one transaction is to go back to its payer.

    Parameters
    ----------
    id
        Our name of it, by which its provider knows what is asked again.
    reference
        The provider's own name of the transaction.
    taken
        How much is to go back.
    by
        An administrator's `sub`, or what asked by itself: an order.
    failed
        How much of the transaction had been sent back and come back to us before.
    cause
        Why it was refused last. It stays where it is asked for again, as does the REVIEW until the money has gone.
    """

    id: str
    reference: str
    taken: Taken
    reason: str
    by: str
    at: str
    failed: int = 0
    status: RefundStatus = RefundStatus.ASKED
    cause: str | None = None

    @property
    def is_open(self) -> bool:
        """Whether its provider is still to be asked, for it or for its end."""
        return self.status in {RefundStatus.ASKED, RefundStatus.UNDER_WAY}

    @property
    def is_refused(self) -> bool:
        """Whether it was refused, and the money has not gone since."""
        return self.cause is not None and self.status != RefundStatus.DONE

    def joined(self, progress: "RefundProgress") -> "RefundRequest":
        """Return it with what its provider says; what was said of an earlier request says nothing of this one."""
        if progress.id != self.id or _RANK[progress.status] <= _RANK[self.status]:
            return self
        return replace(self, status=progress.status, cause=progress.cause or self.cause)

    def followed(self, transaction: Transaction) -> "RefundRequest":
        """Return it as its transaction shows it: whoever sent the money back, by a call of ours or by hand."""
        if transaction.failed > self.failed:
            return replace(self, status=RefundStatus.REFUSED, cause=self.cause or "what was sent back came back to us")
        if transaction.is_sent_back and self.status != RefundStatus.UNDER_WAY:
            return replace(self, status=RefundStatus.DONE)
        return self


@dataclass(frozen=True)
class RefundProgress:
    """What a provider says of one request, by our own name of it."""

    id: str
    status: RefundStatus
    cause: str | None = None


RefundRequests = Mapping[str, RefundRequest]
_RANK = {status: rank for rank, status in enumerate(RefundStatus)}
