"""VNPAY's merchant API: a question and its answer, each signed over its values in an order of its own.

https://sandbox.vnpayment.vn/apis/docs/truy-van-hoan-tien/querydr&refund.html
"""

import hmac
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import urllib3

from studio.payments.providers.protocol import UnansweredError
from studio.payments.providers.vnpay.signature import sealed
from studio.payments.providers.vnpay.values import VERSION, Parameters, is_code
from studio.secrets import Secret

_OUR_IP = "127.0.0.1"  # VNPAY wants one, and a function has none of its own
_TIMEOUT = urllib3.Timeout(connect=3, read=10)
_HTTP_OK = 200
# What an answer repeats of what was asked.
REPEATED = ("vnp_Command", "vnp_TmnCode", "vnp_TxnRef")


@dataclass(frozen=True)
class VnpayApi:
    """Asks at `url`."""

    secret: Secret
    url: str
    http: urllib3.PoolManager

    def signed(self, question: Parameters, names: Iterable[str]) -> dict[str, str]:
        """Return a question as VNPAY wants it, signed over the values of these names."""
        secret = self.secret.current()
        ours = {"vnp_Version": VERSION, "vnp_TmnCode": secret["tmnCode"], "vnp_IpAddr": _OUR_IP, **question}
        return {**ours, "vnp_SecureHash": sealed(_joined(ours, names), secret)}

    def sent(self, question: Parameters) -> dict[str, str]:
        """Return what is answered, which may be anybody's words until it is checked.

        Raises
        ------
        UnansweredError
            It is away, or answers nothing that has a code.
        """
        try:
            answer = self.http.request("POST", self.url, json=question, retries=False, timeout=_TIMEOUT)
        except urllib3.exceptions.HTTPError as error:
            raise UnansweredError(f"no answer: {type(error).__name__}") from error
        if answer.status != _HTTP_OK:
            raise UnansweredError(f"HTTP {answer.status}")
        found = _texts(answer.data)
        if not is_code(found.get("vnp_ResponseCode")):
            raise UnansweredError("the answer has no code")
        return found

    def check(
        self, answer: Parameters, question: Parameters, names: Iterable[str], repeated: Iterable[str] = REPEATED
    ) -> None:
        """Refuse what VNPAY did not sign, or is the answer to another question.

        Raises
        ------
        UnansweredError
        """
        signed = _is_signed(answer, names, self.secret.accepted())
        if not signed or any(answer.get(name) != question[name] for name in repeated):
            raise UnansweredError("the answer is not VNPAY's, or not to what it was asked")


def _is_signed(answer: Parameters, names: Iterable[str], secrets: Iterable[Mapping[str, str]]) -> bool:
    claimed, text = answer.get("vnp_SecureHash", "").lower().encode(), _joined(answer, names)
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
