"""VNPAY's `querydr`: what became of a payment, asked of VNPAY itself, where its IPN did not reach us.

https://sandbox.vnpayment.vn/apis/docs/truy-van-hoan-tien/querydr&refund.html
"""

import uuid
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlencode

from studio.alarms import Alarm, raise_alarm
from studio.clock import iso
from studio.payments.model import Event, Payment, PaymentProvider
from studio.payments.providers.protocol import UnansweredError
from studio.payments.providers.vnpay.api import VnpayApi
from studio.payments.providers.vnpay.signature import digest
from studio.payments.providers.vnpay.values import OK, UNFINISHED, Parameters, reference, stamp

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
_NO_SUCH_TRANSACTION = "91"
# What is another one each time that the same is asked.
_OF_THE_ANSWER = {"vnp_ResponseId", "vnp_Message", "vnp_SecureHash"}
_A_PAYMENT = "01"  # the other types are of refunds


@dataclass(frozen=True)
class VnpayQuery:
    """Asks what VNPAY knows."""

    api: VnpayApi

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
        answer = self.last_of(payment, now)
        if answer is None:
            return None
        if answer.get("vnp_TransactionType") != _A_PAYMENT:
            raise_alarm(Alarm.REFUND_UNMATCHED, payment=payment.id)
            return None
        return None if answer.get("vnp_TransactionStatus") == UNFINISHED else answer

    def last_of(self, payment: Payment, now: datetime) -> Parameters | None:
        """Return the last thing that VNPAY knows of a payment, be it a refund; None where it knows of none.

        Raises
        ------
        UnansweredError
        """
        question = self.api.signed(_question(payment, now), ASKED)
        answer = self.api.sent(question)
        code = answer["vnp_ResponseCode"]
        # That there is no such transaction has to be signed as well: whoever could say so would have money overlooked.
        if code not in {OK, _NO_SUCH_TRANSACTION}:
            raise UnansweredError(f"VNPAY answers {code}")
        # Another amount is for an administrator, as if an IPN had said so.
        self.api.check(answer, question, ANSWERED)
        return answer if code == OK else None


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


def _question(payment: Payment, now: datetime) -> dict[str, str]:
    return {
        "vnp_RequestId": uuid.uuid4().hex,
        "vnp_Command": "querydr",
        "vnp_TxnRef": reference(payment),
        "vnp_TransactionDate": stamp(payment.created_at),
        "vnp_CreateDate": stamp(iso(now)),
        "vnp_OrderInfo": f"What became of {reference(payment)}",
    }
