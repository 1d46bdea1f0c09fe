"""A Checkout Session and what becomes of its money."""

import secrets
import string
import time
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from local.bank.actions import written
from local.bank.stripe_session_params import SessionParams

ALPHABET = string.ascii_letters + string.digits


def new_id(prefix: str, length: int = 24) -> str:
    return prefix + "".join(secrets.choice(ALPHABET) for _ in range(length))


def now() -> int:
    return int(time.time())


@dataclass
class Refund:
    """Money sent back; one that failed came back."""

    amount: int
    reason: str | None
    metadata: dict[str, str]
    status: str = "succeeded"
    id: str = field(default_factory=lambda: new_id("re_"))
    created: int = field(default_factory=now)


@dataclass
class Dispute:
    """A customer's bank asks for the money."""

    amount: int
    status: str = "needs_response"
    id: str = field(default_factory=lambda: new_id("du_"))
    created: int = field(default_factory=now)

    @property
    def is_open(self) -> bool:
        return self.status == "needs_response"


@dataclass
class Payment:
    """The PaymentIntent and its charge."""

    amount: int
    status: str
    refunds: list[Refund] = field(default_factory=list[Refund])
    dispute: Dispute | None = None
    next_refund: str | None = None
    id: str = field(default_factory=lambda: new_id("pi_"))
    charge_id: str = field(default_factory=lambda: new_id("ch_"))
    created: int = field(default_factory=now)

    @property
    def refunded(self) -> int:
        return sum(refund.amount for refund in self.refunds if refund.status != "failed")

    @property
    def pending(self) -> Refund | None:
        return next((refund for refund in self.refunds if refund.status == "pending"), None)

    @property
    def left(self) -> int:
        return self.amount - self.refunded


@dataclass
class Checkout:
    """A session; it has a payment from the moment the customer confirms it."""

    params: SessionParams
    origin: str
    status: str = "open"
    payment_status: str = "unpaid"
    payment: Payment | None = None
    id: str = field(default_factory=lambda: new_id("cs_test_", 58))
    opened: datetime = field(default_factory=lambda: datetime.now(UTC))

    @property
    def created(self) -> int:
        return int(self.opened.timestamp())

    @property
    def is_open(self) -> bool:
        return self.status == "open"

    @property
    def amount(self) -> int:
        return self.payment.amount if self.payment else self.params.amount

    @property
    def url(self) -> str:
        return f"{self.origin}/c/pay/{self.id}"

    @property
    def success_url(self) -> str:
        return self.params.success_url.replace("{CHECKOUT_SESSION_ID}", self.id)

    @property
    def state(self) -> str:
        """Say in a word how far it is."""
        if self.payment is None:
            return self.status
        words = {"processing": "pending", "requires_payment_method": "failed"}
        return words.get(self.payment.status, "paid")

    def to_json(self) -> dict[str, Any]:
        payment = self.payment
        return {
            "provider": "stripe",
            "ref": self.id,
            "status": self.state,
            "amount": self.params.amount,
            "currency": self.params.currency,
            "paid": payment.amount if payment and self.state == "paid" else 0,
            "refunded": payment.refunded if payment else 0,
            "dispute": payment.dispute.status if payment and payment.dispute else None,
            "refunding": payment is not None and payment.pending is not None,
            "description": self.params.description or self.params.lines[0].name,
            "createdAt": written(self.opened),
            "expiresAt": written(datetime.fromtimestamp(self.params.expires_at, UTC)),
            "paymentIntent": payment.id if payment else None,
            "reference": self.params.reference,
        }
