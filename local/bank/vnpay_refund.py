"""VNPAY's refund: what a merchant asks to be sent back, and what it is answered."""

import re
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from local.bank.keys import Keys
from local.bank.vnpay_payment import Payment, Refund
from local.bank.vnpay_query import ANSWERED as QUERY_ANSWERED
from local.bank.vnpay_query import BAD_SIGNATURE, MALFORMED, NO_MERCHANT, OK, STAMP, UNKNOWN, sealed

TOO_MUCH, DUPLICATE, REFUSED = "93", "94", "95"
SENTENCES: Final = {
    OK: "Refund success",
    NO_MERCHANT: "Invalid TmnCode",
    MALFORMED: "Invalid data format",
    UNKNOWN: "Transaction not found",
    TOO_MUCH: "Invalid amount",
    DUPLICATE: "Duplicate request",
    REFUSED: "Transaction not success",
    BAD_SIGNATURE: "Invalid checksum",
}
# Each required parameter and its form, in the order in which they are signed.
ASKED: Final = {
    "vnp_RequestId": re.compile(r"[A-Za-z0-9]{1,32}"),
    "vnp_Version": re.compile(r"2\.1\.0"),
    "vnp_Command": re.compile("refund"),
    "vnp_TmnCode": re.compile(r"[A-Za-z0-9]{8}"),
    "vnp_TransactionType": re.compile("0[23]"),
    "vnp_TxnRef": re.compile(r"[A-Za-z0-9._-]{1,100}"),
    "vnp_Amount": re.compile(r"[1-9][0-9]{0,11}"),
    "vnp_TransactionNo": re.compile(r"[0-9]{0,15}"),
    "vnp_TransactionDate": STAMP,
    "vnp_CreateBy": re.compile(r"[ -~]{1,245}"),
    "vnp_CreateDate": STAMP,
    "vnp_IpAddr": re.compile(r"[0-9A-Fa-f.:]{7,45}"),
    "vnp_OrderInfo": re.compile(r"[ -~]{1,255}"),
}
ANSWERED: Final = QUERY_ANSWERED[:-2]  # a refund has no promotion
ALL_OF_IT: Final = "02"


@dataclass
class Refunds:
    """Takes requests; each has an id that no other has on its day."""

    seen: set[tuple[str, str]] = field(default_factory=set[tuple[str, str]])

    def answer(self, asked: Mapping[str, str], payments: Mapping[str, Payment], keys: Keys) -> dict[str, str]:
        """Send money back, or say what is wrong with the request."""
        payment = payments.get(asked.get("vnp_TxnRef", ""))
        code = self._fault(asked, keys) or _refusal(asked, payment)
        told = {
            "vnp_ResponseId": uuid.uuid4().hex,
            "vnp_Command": "refund",
            "vnp_ResponseCode": code,
            "vnp_Message": SENTENCES[code],
            "vnp_TmnCode": keys.tmn_code,
            "vnp_TxnRef": asked.get("vnp_TxnRef", ""),
            **(_made(asked, payment) if payment and code == OK else {}),
        }
        return {**told, "vnp_SecureHash": sealed(told, ANSWERED, keys.hash_secret)}

    def _fault(self, asked: Mapping[str, str], keys: Keys) -> str | None:
        if not all(form.fullmatch(asked.get(name, "")) for name, form in ASKED.items()):
            return MALFORMED
        if asked["vnp_TmnCode"] != keys.tmn_code:
            return NO_MERCHANT
        if asked.get("vnp_SecureHash", "").lower() != sealed(asked, tuple(ASKED), keys.hash_secret):
            return BAD_SIGNATURE
        name = asked["vnp_CreateDate"][:8], asked["vnp_RequestId"]
        if name in self.seen:
            return DUPLICATE
        self.seen.add(name)
        return None


def _refusal(asked: Mapping[str, str], payment: Payment | None) -> str:
    if payment is None or asked["vnp_TransactionNo"] not in {"", payment.result.get("vnp_TransactionNo")}:
        return UNKNOWN
    if payment.status != "paid" or payment.next_refund == "refunds_refused":
        payment.next_refund = None
        return REFUSED
    if payment.refunded == payment.paid:
        return DUPLICATE
    left, amount = payment.paid - payment.refunded, int(asked["vnp_Amount"])
    whole = asked["vnp_TransactionType"] == ALL_OF_IT
    return TOO_MUCH if amount > left or (whole and amount != payment.paid) else OK


def _made(asked: Mapping[str, str], payment: Payment) -> dict[str, str]:
    made = Refund(int(asked["vnp_Amount"]), asked["vnp_TransactionType"], asked["vnp_OrderInfo"])
    payment.refunds.append(made)
    return made.told(payment)
