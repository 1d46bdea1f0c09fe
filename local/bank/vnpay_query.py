"""VNPAY's querydr: what a merchant asks about one payment, and what it is answered."""

import hashlib
import hmac
import re
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from local.bank.keys import Keys
from local.bank.vnpay_payment import Payment

OK, NO_MERCHANT, MALFORMED, UNKNOWN, ASKED_BEFORE, BAD_SIGNATURE = "00", "02", "03", "91", "94", "97"
SENTENCES: Final = {
    OK: "QueryDR Success",
    NO_MERCHANT: "Invalid TmnCode",
    MALFORMED: "Invalid data format",
    UNKNOWN: "Transaction not found",
    ASKED_BEFORE: "Duplicate request",
    BAD_SIGNATURE: "Invalid checksum",
}
STAMP = re.compile("[0-9]{14}")
# Each required parameter and its form, in the order in which they are signed.
ASKED: Final = {
    "vnp_RequestId": re.compile(r"[A-Za-z0-9]{1,32}"),
    "vnp_Version": re.compile(r"2\.1\.0"),
    "vnp_Command": re.compile("querydr"),
    "vnp_TmnCode": re.compile(r"[A-Za-z0-9]{8}"),
    "vnp_TxnRef": re.compile(r"[A-Za-z0-9._-]{1,100}"),
    "vnp_TransactionDate": STAMP,
    "vnp_CreateDate": STAMP,
    "vnp_IpAddr": re.compile(r"[0-9A-Fa-f.:]{7,45}"),
    "vnp_OrderInfo": re.compile(r"[ -~]{1,255}"),
}
ANSWERED: Final = (
    "vnp_ResponseId",
    "vnp_Command",
    "vnp_ResponseCode",
    "vnp_Message",
    "vnp_TmnCode",
    "vnp_TxnRef",
    "vnp_Amount",
    "vnp_BankCode",
    "vnp_PayDate",
    "vnp_TransactionNo",
    "vnp_TransactionType",
    "vnp_TransactionStatus",
    "vnp_OrderInfo",
    "vnp_PromotionCode",
    "vnp_PromotionAmount",
)
PAYMENT, UNFINISHED = "01", "01"


@dataclass
class Queries:
    """Answers questions; each has an id that no other has."""

    seen: set[str] = field(default_factory=set[str])

    def answer(self, asked: Mapping[str, str], payments: Mapping[str, Payment], keys: Keys) -> dict[str, str]:
        """Say what became of a payment, or what is wrong with the question."""
        payment = payments.get(asked.get("vnp_TxnRef", ""))
        code = self._fault(asked, keys) or (OK if payment else UNKNOWN)
        answer = {
            "vnp_ResponseId": uuid.uuid4().hex,
            "vnp_Command": "querydr",
            "vnp_ResponseCode": code,
            "vnp_Message": SENTENCES[code],
            "vnp_TmnCode": keys.tmn_code,
            "vnp_TxnRef": asked.get("vnp_TxnRef", ""),
            **(standing(payment) if payment and code == OK else {}),
        }
        return {**answer, "vnp_SecureHash": sealed(answer, ANSWERED, keys.hash_secret)}

    def _fault(self, asked: Mapping[str, str], keys: Keys) -> str | None:
        if not all(form.fullmatch(asked.get(name, "")) for name, form in ASKED.items()):
            return MALFORMED
        if asked["vnp_TmnCode"] != keys.tmn_code:
            return NO_MERCHANT
        if asked.get("vnp_SecureHash", "").lower() != sealed(asked, tuple(ASKED), keys.hash_secret):
            return BAD_SIGNATURE
        if asked["vnp_RequestId"] in self.seen:
            return ASKED_BEFORE
        self.seen.add(asked["vnp_RequestId"])
        return None


def sealed(parameters: Mapping[str, str], names: Sequence[str], secret: str) -> str:
    """Sign the values of these names, joined by bars."""
    text = "|".join(parameters.get(name, "") for name in names)
    return hmac.new(secret.encode(), text.encode(), hashlib.sha512).hexdigest()


def standing(payment: Payment) -> dict[str, str]:
    """Return the last that is known of a payment: its refund, if it has one."""
    if payment.refund:
        return payment.refund.told(payment)
    if payment.is_open:
        known = {"vnp_Amount": str(payment.order.amount), "vnp_OrderInfo": payment.order.info}
        return {**known, "vnp_TransactionType": PAYMENT, "vnp_TransactionStatus": UNFINISHED}
    names = ("vnp_Amount", "vnp_BankCode", "vnp_PayDate", "vnp_TransactionNo", "vnp_TransactionStatus", "vnp_OrderInfo")
    return {**{name: payment.result[name] for name in names}, "vnp_TransactionType": PAYMENT}
