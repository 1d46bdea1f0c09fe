"""VNPAY's `querydr`: what became of a payment, asked of VNPAY itself, where its IPN did not reach us.

https://sandbox.vnpayment.vn/apis/docs/truy-van-hoan-tien/querydr&refund.html
"""

import hmac
import json
import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

import urllib3

from studio.alarms import Alarm, raise_alarm
from studio.clock import iso
from studio.payments.model import Event, Payment, PaymentProvider
from studio.payments.providers.protocol import UnansweredError
from studio.payments.providers.vnpay.signature import digest, sealed
from studio.payments.providers.vnpay.values import OK, UNFINISHED, VERSION, Parameters, is_code, reference, stamp
from studio.secrets import Secret

# What is signed, in this order.
ASKED = (
    "vnp_RequestId",
    "vnp_Version",
    "vnp_Command",
    "vnp_TmnCode",
    "vnp_TxnRef",
    "vnp_TransactionDate",
    "vnp_CreateDate",
    "vnp_IpAddr",
    "vnp_OrderInfo",
)
ANSWERED = (
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
# What an answer repeats of what was asked. Another amount is for an administrator, as if an IPN had said so.
_REPEATED = ("vnp_Command", "vnp_TmnCode", "vnp_TxnRef")
_NO_SUCH_TRANSACTION = "91"
# What is another one each time that the same is asked.
_OF_THE_ANSWER = {"vnp_ResponseId", "vnp_Message", "vnp_SecureHash"}
_A_PAYMENT = "01"  # the other types are of refunds
_OUR_IP = "127.0.0.1"  # VNPAY wants one, and a function has none of its own
_TIMEOUT = urllib3.Timeout(connect=3, read=10)
_HTTP_OK = 200


@dataclass(frozen=True)
class VnpayQuery:
    """Asks at `url`."""

    secret: Secret
    url: str
    http: urllib3.PoolManager

    def ask(self, payment: Payment, now: datetime) -> Event | None:
        answer = self.end_of(payment, now)
        return event_of(payment, answer, now) if answer else None

    def end_of(self, payment: Payment, now: datetime) -> Parameters | None:
        """Return how an attempt to pay ended, in the words of an IPN; None where VNPAY knows of no end.

        Raises
        ------
        UnansweredError
            It is away, or its answer is not to this question or badly signed.
        """
        question = _question(payment, self.secret.current(), now)
        answer = self._sent(question)
        code = answer.get("vnp_ResponseCode")
        if not is_code(code):
            raise UnansweredError("the answer has no code")
        # That there is no such transaction has to be signed as well: whoever could say so would have money overlooked.
        if code not in {OK, _NO_SUCH_TRANSACTION}:
            raise UnansweredError(f"VNPAY answers {code}")
        if not _is_signed(answer, self.secret.accepted()) or any(answer.get(n) != question[n] for n in _REPEATED):
            raise UnansweredError("the answer is not VNPAY's, or not to what it was asked")
        if code == _NO_SUCH_TRANSACTION:
            return None
        if answer.get("vnp_TransactionType") != _A_PAYMENT:
            raise_alarm(Alarm.REFUND_UNMATCHED, payment=payment.id)
            return None
        return None if answer.get("vnp_TransactionStatus") == UNFINISHED else answer

    def _sent(self, question: Parameters) -> dict[str, str]:
        try:
            answer = self.http.request("POST", self.url, json=question, retries=False, timeout=_TIMEOUT)
        except urllib3.exceptions.HTTPError as error:
            raise UnansweredError(f"no answer: {type(error).__name__}") from error
        if answer.status != _HTTP_OK:
            raise UnansweredError(f"HTTP {answer.status}")
        return _texts(answer.data)


def event_of(payment: Payment, answer: Parameters, now: datetime) -> Event:
    """Return an answer as an event, which is kept and read as an IPN is."""
    return Event(
        provider=PaymentProvider.VNPAY,
        name=digest({name: value for name, value in answer.items() if name not in _OF_THE_ANSWER}),
        type=f"querydr {answer['vnp_TransactionStatus']}",
        body=urlencode(answer),
        at=iso(now),
        payment_id=payment.id,
    )


def _question(payment: Payment, secret: Mapping[str, str], now: datetime) -> dict[str, str]:
    question = {
        "vnp_RequestId": uuid.uuid4().hex,
        "vnp_Version": VERSION,
        "vnp_Command": "querydr",
        "vnp_TmnCode": secret["tmnCode"],
        "vnp_TxnRef": reference(payment),
        "vnp_TransactionDate": stamp(payment.created_at),
        "vnp_CreateDate": stamp(iso(now)),
        "vnp_IpAddr": _OUR_IP,
        "vnp_OrderInfo": f"What became of {reference(payment)}",
    }
    return {**question, "vnp_SecureHash": sealed(_joined(question, ASKED), secret)}


def _is_signed(answer: Parameters, secrets: Iterable[Mapping[str, str]]) -> bool:
    claimed, text = answer.get("vnp_SecureHash", "").lower().encode(), _joined(answer, ANSWERED)
    good = [hmac.compare_digest(claimed, sealed(text, secret).encode()) for secret in secrets]
    return any(good)


def _joined(parameters: Parameters, names: Iterable[str]) -> str:
    """Return the text that is signed: the values alone, in their order; what is missing is empty."""
    return "|".join(parameters.get(name, "") for name in names)


def _texts(body: bytes) -> dict[str, str]:
    """Read an answer's values, numbers as they are written."""
    try:
        answer: Any = json.loads(body, parse_int=str, parse_float=str)
    except (ValueError, RecursionError):
        answer = None
    if not isinstance(answer, dict):
        raise UnansweredError("no JSON object")
    return {name: value for name, value in answer.items() if isinstance(value, str)}
