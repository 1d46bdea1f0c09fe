"""VNPAY's IPN, and the query that its page sends a payer back with: VNPAY signs both the same way."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import ClassVar

from studio.clock import iso
from studio.payments.model import Event, Outcome, PaymentProvider
from studio.payments.notice import NotUnderstoodError, Result
from studio.payments.providers.protocol import (
    BadSignatureError,
    Failure,
    PayerReturn,
    Verified,
    WebhookRequest,
    WebhookResponse,
)
from studio.payments.providers.vnpay.events import result_of
from studio.payments.providers.vnpay.signature import SIGNATURE, digest, is_ours, verified
from studio.payments.providers.vnpay.values import Parameters, payment_id
from studio.secrets import Secret


class RspCode(StrEnum):
    """VNPAY's codes of answers to its notices; all but 00 and 02 make it send them again, up to ten times."""

    CONFIRMED = "00"
    NO_SUCH_ORDER = "01"
    CONFIRMED_BEFORE = "02"
    WRONG_AMOUNT = "04"
    BAD_SIGNATURE = "97"
    FAULT = "99"


_ANSWERS: Mapping[Outcome | Failure | None, RspCode] = {
    None: RspCode.NO_SUCH_ORDER,
    Outcome.NOT_OURS: RspCode.NO_SUCH_ORDER,
    Outcome.NOT_UNDERSTOOD: RspCode.FAULT,
    Outcome.APPLIED: RspCode.CONFIRMED,
    Outcome.NOTHING_NEW: RspCode.CONFIRMED_BEFORE,
    Outcome.WRONG_AMOUNT: RspCode.WRONG_AMOUNT,
    Failure.BAD_SIGNATURE: RspCode.BAD_SIGNATURE,
    Failure.FAULT: RspCode.FAULT,
}
_MESSAGES = {
    RspCode.CONFIRMED: "Confirm Success",
    RspCode.NO_SUCH_ORDER: "Order not found",
    RspCode.CONFIRMED_BEFORE: "Order already confirmed",
    RspCode.WRONG_AMOUNT: "Invalid amount",
    RspCode.BAD_SIGNATURE: "Invalid signature",
    RspCode.FAULT: "Unknown error",
}


@dataclass(frozen=True)
class VnpayWebhook:
    """Verifies IPNs."""

    secret: Secret

    route: ClassVar = "GET /vnpay/ipn"

    def verify(self, request: WebhookRequest, now: datetime) -> Verified:
        secrets = self.secret.accepted()
        parameters = verified(request.query, secrets)
        if parameters is None:
            raise BadSignatureError
        event = Event(
            provider=PaymentProvider.VNPAY,
            name=digest(parameters),
            type=f"IPN {parameters['vnp_ResponseCode']}",
            body=request.query,
            at=iso(now),
            payment_id=payment_id(parameters),
            source_ip=request.ip,
        )
        return Verified(event, None if is_ours(parameters, secrets) else "it is of another vnp_TmnCode than ours")

    def answer(self, outcome: Outcome | Failure | None) -> WebhookResponse:
        """Answer HTTP 200 whatever came of it, as VNPAY wants it."""
        code = _ANSWERS[outcome]
        return WebhookResponse(200, {"RspCode": code, "Message": _MESSAGES[code]})

    def verify_return(self, query: str) -> PayerReturn | None:
        if f"{SIGNATURE}=" not in query:
            return None
        parameters = verified(query, self.secret.accepted())
        if parameters is None:
            return None
        return PayerReturn(_result(parameters), parameters.get("vnp_TxnRef", ""), payment_id(parameters))


def _result(parameters: Parameters) -> Result | None:
    try:
        return result_of(parameters)
    except NotUnderstoodError:
        return None
