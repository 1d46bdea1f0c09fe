"""VNPAY's `refund`: money goes back by our own name of the request, which VNPAY takes once a day.

VNPAY sends no notice of how a refund ends: it is asked for, by `querydr`.
https://sandbox.vnpayment.vn/apis/docs/truy-van-hoan-tien/querydr&refund.html
"""

import json
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from studio.alarms import Alarm, raise_alarm
from studio.clock import iso
from studio.payments.model import Payment, PaymentProvider
from studio.payments.providers.protocol import RefundAnswer, UnansweredError
from studio.payments.providers.vnpay.api import REPEATED, VnpayApi
from studio.payments.providers.vnpay.query import VnpayQuery
from studio.payments.providers.vnpay.values import HUNDREDTHS, OK, Parameters, reference, stamp
from studio.payments.refund_request import RefundRequest, RefundStatus
from studio.payments.transactions import Refund, RefundState

# What is signed, in this order.
ASKED = (
    "vnp_RequestId",
    "vnp_Version",
    "vnp_Command",
    "vnp_TmnCode",
    "vnp_TransactionType",
    "vnp_TxnRef",
    "vnp_Amount",
    "vnp_TransactionNo",
    "vnp_TransactionDate",
    "vnp_CreateBy",
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
)
_ALL_OF_IT, _A_PART = "02", "03"
# There was a request before, which VNPAY works on.
_DUPLICATE = "94"
# Its terminal, its form or its signature is bad: for us to mend.
_OUR_FAULTS = frozenset({"02", "03", "97"})
# No such transaction; more than it; one that was never paid.
_REFUSALS = frozenset({"91", "93", "95"})
# A refund's own statuses: at VNPAY, at the bank, refused.
_AT_VNPAY, _AT_THE_BANK, _REFUSED = "05", "06", "09"
_FAILED = "02"
_OF_A_REFUND = frozenset({_AT_VNPAY, _AT_THE_BANK, _REFUSED})
_STATUSES = {OK: RefundStatus.DONE, _REFUSED: RefundStatus.REFUSED, _FAILED: RefundStatus.REFUSED}


@dataclass(frozen=True)
class VnpayRefunds:
    """Sends money back, and asks how that ended."""

    api: VnpayApi
    query: VnpayQuery

    def refund(self, payment: Payment, request: RefundRequest, now: datetime, *, again: bool) -> RefundAnswer:
        """Ask for a refund; one that may have been asked for before is looked for first."""
        if len(payment.facts.received) > 1:
            cause = "it was paid more than once, and VNPAY does not say which of them a refund is of"
            return RefundAnswer(RefundStatus.REFUSED, cause=cause)
        known = self._known(payment, request, now) if again else None
        return known or self._asked(payment, request, now, again=again)

    def progress(self, payment: Payment, request: RefundRequest, now: datetime) -> RefundAnswer:
        """Ask what became of it; VNPAY took it, also where it says nothing of it now."""
        return self._known(payment, request, now) or RefundAnswer(RefundStatus.UNDER_WAY)

    def _asked(self, payment: Payment, request: RefundRequest, now: datetime, *, again: bool) -> RefundAnswer:
        question = self.api.signed(_question(payment, request, now), ASKED)
        answer = self.api.sent(question)
        code = answer["vnp_ResponseCode"]
        if code == _DUPLICATE and not again and (known := self._known(payment, request, now)):
            return known
        if code in _OUR_FAULTS:
            raise_alarm(Alarm.PROVIDER_REFUSES, provider=PaymentProvider.VNPAY, code=code)
        if code != OK and code not in _REFUSALS:
            raise UnansweredError(f"VNPAY answers {code}")
        # Whoever else could say that it was refused would have an administrator pay it back once more.
        self.api.check(answer, question, ANSWERED, (*REPEATED, "vnp_Amount") if code == OK else REPEATED)
        if code == OK:
            return _answer(request, answer, now)
        return RefundAnswer(RefundStatus.REFUSED, said=json.dumps(answer), cause=f"VNPAY answers {code}")

    def _known(self, payment: Payment, request: RefundRequest, now: datetime) -> RefundAnswer | None:
        """Return what VNPAY says of a refund of the payment; None where the last that it knows of is the payment."""
        answer = self.query.last_of(payment, now)
        if answer is None or not _is_of_a_refund(answer):
            return None
        if answer.get("vnp_Amount") != _amount(request):
            raise UnansweredError("VNPAY knows of a refund of another amount")
        return _answer(request, answer, now)


def _question(payment: Payment, request: RefundRequest, now: datetime) -> dict[str, str]:
    paid = payment.facts.received[request.reference].paid
    return {
        "vnp_RequestId": UUID(request.id).hex,
        "vnp_Command": "refund",
        "vnp_TransactionType": _ALL_OF_IT if request.taken == paid else _A_PART,
        "vnp_TxnRef": reference(payment),
        "vnp_Amount": _amount(request),
        "vnp_TransactionNo": request.reference,
        "vnp_TransactionDate": stamp(payment.created_at),
        "vnp_CreateBy": "NamO Studio",
        "vnp_CreateDate": stamp(iso(now)),
        "vnp_OrderInfo": f"Refund of {reference(payment)}",
    }


def _amount(request: RefundRequest) -> str:
    return str(request.taken.minor * HUNDREDTHS)


def _is_of_a_refund(answer: Parameters) -> bool:
    kind, status = answer.get("vnp_TransactionType"), answer.get("vnp_TransactionStatus")
    return kind in {_ALL_OF_IT, _A_PART} or status in _OF_A_REFUND


def _answer(request: RefundRequest, answer: Parameters, now: datetime) -> RefundAnswer:
    """Say how a refund stands that VNPAY took: it counts as sent back until it is refused."""
    status = _STATUSES.get(answer.get("vnp_TransactionStatus", ""), RefundStatus.UNDER_WAY)
    failed = status == RefundStatus.REFUSED
    state = RefundState.FAILED if failed else RefundState.MADE
    refunds = {request.id: Refund(request.taken, state, int(now.timestamp()))}
    cause = "VNPAY or the payer's bank refused it" if failed else None
    return RefundAnswer(status, refunds, json.dumps(answer), cause)
