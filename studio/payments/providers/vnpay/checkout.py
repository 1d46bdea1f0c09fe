"""VNPAY's pay page: an address with what is to be paid, which we sign."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from studio.payments.model import Payment
from studio.payments.providers.protocol import Payer, PaymentPage
from studio.payments.providers.vnpay.signature import SIGNATURE, canonical, signature
from studio.payments.providers.vnpay.values import HUNDREDTHS, VERSION, reference, stamp
from studio.people.model import Language
from studio.secrets import Secret

_NO_IP = "127.0.0.1"
_NOT_PLAIN = re.compile(r"[^0-9A-Za-z .-]")  # VNPAY wants no special characters


@dataclass(frozen=True)
class VnpayCheckout:
    """Signs addresses of the page at `url`."""

    secret: Secret
    url: str

    needs_call: ClassVar = False

    def open(self, payment: Payment, title: str, payer: Payer, now: datetime) -> PaymentPage:  # noqa: ARG002 - protocol's
        return PaymentPage(pay_url(self.url, payment, title, payer, self.secret.current()))

    def close(self, payment: Payment) -> None:
        """Nothing: VNPAY's page ends at the time that its address names."""


def pay_url(base: str, payment: Payment, title: str, payer: Payer, secret: Mapping[str, str]) -> str:
    """Return where the payer pays; whoever changes a parameter breaks the signature."""
    given = {
        "vnp_Version": VERSION,
        "vnp_Command": "pay",
        "vnp_TmnCode": secret["tmnCode"],
        "vnp_Amount": str(payment.amount.minor * HUNDREDTHS),
        "vnp_CreateDate": stamp(payment.created_at),
        "vnp_ExpireDate": stamp(payment.expires_at),
        "vnp_CurrCode": payment.amount.currency,
        "vnp_IpAddr": payer.ip or _NO_IP,
        "vnp_Locale": "en" if payer.language == Language.EN else "vn",
        "vnp_OrderInfo": f"NamO Studio {_NOT_PLAIN.sub('', title)}",
        "vnp_OrderType": "other",
        "vnp_ReturnUrl": payment.return_url,
        "vnp_TxnRef": reference(payment),
    }
    return f"{base}?{canonical(given)}&{SIGNATURE}={signature(given, secret)}"
