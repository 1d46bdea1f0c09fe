"""One payment at VNPAY: how it can end, and what the merchant is told then."""

import json
import secrets
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Final

from local.bank.actions import written
from local.bank.keys import KeyFile
from local.bank.vnpay_order import Order
from local.bank.vnpay_wire import signed_url, stamp
from local.notices import WebhookRequest

HUNDREDTHS = 100
TRANSACTION_NUMBERS = range(10_000_000, 100_000_000)
STATUSES: Final = {"paid": "00", "suspected": "07"}  # all others ended with an error: 02
CONFIRMED = frozenset({"00", "02"})  # a merchant that answers so needs not hear it again
OK = 200


@dataclass(frozen=True)
class Outcome:
    """An end: VNPAY's response code, and how the merchant hears of it."""

    code: str
    status: str = "failed"
    copies: int = 1
    late: bool = False
    other_amount: bool = False


OUTCOMES: Final = {
    "pay": Outcome("00", "paid"),
    "pay_late": Outcome("00", "paid", late=True),
    "pay_twice": Outcome("00", "paid", copies=2),
    "pay_wrong_amount": Outcome("00", "paid", other_amount=True),
    "pay_suspected": Outcome("07", "suspected"),
    "refuse": Outcome("24"),
    "not_enough": Outcome("51"),
    "expire": Outcome("11", "expired"),
}


@dataclass
class Refund:
    """Money on its way back: 05 at VNPAY, 06 at the bank, 00 with the payer, 09 refused."""

    amount: int
    kind: str
    info: str
    status: str = "05"
    number: str = field(default_factory=lambda: str(secrets.choice(TRANSACTION_NUMBERS)))
    made: datetime = field(default_factory=lambda: datetime.now(UTC))

    @property
    def is_open(self) -> bool:
        return self.status in {"05", "06"}

    def told(self, payment: "Payment") -> dict[str, str]:
        return {
            "vnp_Amount": str(self.amount),
            "vnp_BankCode": payment.result["vnp_BankCode"],
            "vnp_PayDate": stamp(self.made),
            "vnp_TransactionNo": self.number,
            "vnp_TransactionType": self.kind,
            "vnp_TransactionStatus": self.status,
            "vnp_OrderInfo": self.info,
        }


@dataclass
class Payment:
    """An order under way, or ended."""

    order: Order
    opened: datetime = field(default_factory=lambda: datetime.now(UTC))
    status: str = "open"
    result: dict[str, str] = field(default_factory=dict[str, str])
    refunds: list[Refund] = field(default_factory=list[Refund])
    next_refund: str | None = None

    @property
    def refund(self) -> Refund | None:
        return self.refunds[-1] if self.refunds else None

    @property
    def refunded(self) -> int:
        """What is not the merchant's any more, in hundredths of a dong."""
        return sum(each.amount for each in self.refunds if each.status != "09")

    @property
    def paid(self) -> int:
        return int(self.result["vnp_Amount"]) if self.status == "paid" else 0

    @property
    def is_open(self) -> bool:
        return self.status == "open"

    def end(self, outcome: Outcome) -> None:
        """Write down what the merchant will be told."""
        self.status = outcome.status
        self.result = {
            "vnp_Amount": str(_other(self.order.amount) if outcome.other_amount else self.order.amount),
            "vnp_OrderInfo": self.order.info,
            "vnp_PayDate": stamp(datetime.now(UTC)),
            "vnp_ResponseCode": outcome.code,
            "vnp_TmnCode": self.order.tmn_code,
            "vnp_TransactionStatus": STATUSES.get(outcome.status, "02"),
            "vnp_TxnRef": self.order.ref,
            **_bank(outcome, paid=outcome.status in STATUSES),
        }

    def return_url(self, hash_secret: str) -> str:
        """Where the customer's browser goes."""
        return signed_url(self.order.return_url, self.result, hash_secret)

    def to_json(self) -> dict[str, Any]:
        return {
            "provider": "vnpay",
            "ref": self.order.ref,
            "status": self.status,
            "amount": self.order.amount // HUNDREDTHS,
            "currency": "vnd",
            "paid": self.paid // HUNDREDTHS,
            "refunded": self.refunded // HUNDREDTHS,
            "refunding": self.refund is not None and self.refund.is_open,
            "dispute": None,
            "description": self.order.info,
            "createdAt": written(self.opened),
            "expiresAt": written(self.order.expires),
            "responseCode": self.result.get("vnp_ResponseCode"),
        }


def _bank(outcome: Outcome, *, paid: bool) -> dict[str, str]:
    """What the customer's bank adds; a customer who leaves has chosen none."""
    if outcome.code not in {"00", "07", "51"}:
        return {"vnp_BankCode": "VNPAY", "vnp_CardType": "QRCODE", "vnp_TransactionNo": "0"}
    number = str(secrets.choice(TRANSACTION_NUMBERS))
    known = {"vnp_BankCode": "NCB", "vnp_CardType": "ATM", "vnp_TransactionNo": number}
    return known | ({"vnp_BankTranNo": f"VNP{number}"} if paid else {})


def _other(amount: int) -> int:
    """Half of it, in whole dong."""
    return max(amount // (2 * HUNDREDTHS), 1) * HUNDREDTHS


@dataclass(frozen=True)
class Ipn:
    """VNPAY's notice to the merchant's server."""

    keys: KeyFile
    params: dict[str, str]

    provider = "vnpay"
    attempts = 10

    @property
    def ref(self) -> str:
        return self.params["vnp_TxnRef"]

    @property
    def name(self) -> str:
        return f"IPN {self.params['vnp_ResponseCode']}"

    def webhook_request(self, url: str) -> WebhookRequest:
        return WebhookRequest("GET", signed_url(url, self.params, self.keys.now.hash_secret))

    def accepted(self, status: int, text: str) -> bool:
        try:
            answer = json.loads(text)
        except ValueError:
            return False
        return status == OK and isinstance(answer, dict) and answer.get("RspCode") in CONFIRMED
