"""What providers send of payments, and how they sign it."""

import hashlib
import hmac
import time
import uuid
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode, urlsplit

Payment = dict[str, Any]


def ref_of(payment: Payment) -> str:
    """What the bank calls it: VNPAY our reference, Stripe the session that its page is of."""
    if payment["provider"] == "VNPAY":
        return uuid.UUID(payment["id"]).hex
    return urlsplit(payment["payUrl"]).path.rsplit("/", 1)[1]


def ipn(payment: Payment, terminal: str, **more: str) -> dict[str, str]:
    """Return VNPAY's notice that a payment was paid, always the same."""
    return {
        "vnp_Amount": str(payment["amount"]["minor"] * 100),
        "vnp_BankCode": "NCB",
        "vnp_OrderInfo": f"NamO Studio {payment['points']} points",
        "vnp_PayDate": "20261121083000",
        "vnp_ResponseCode": "00",
        "vnp_TmnCode": terminal,
        "vnp_TransactionNo": str(uuid.UUID(payment["id"]).int % 10**14),
        "vnp_TransactionStatus": "00",
        "vnp_TxnRef": uuid.UUID(payment["id"]).hex,
        **more,
    }


def checkout_completed(payment: Payment, **more: Any) -> dict[str, Any]:
    """Return Stripe's event that a payment was paid, always the same."""
    payment_id = uuid.UUID(payment["id"]).hex
    session = {
        "id": ref_of(payment) if payment["provider"] == "STRIPE" else f"cs_test_{payment_id}",
        "object": "checkout.session",
        "amount_total": payment["amount"]["minor"],
        "currency": payment["amount"]["currency"].lower(),
        "metadata": {"paymentId": payment["id"]},
        "payment_intent": f"pi_{payment_id}",
        "payment_status": "paid",
        **more,
    }
    return {
        "id": f"evt_{payment_id}",
        "object": "event",
        "livemode": False,
        "type": "checkout.session.completed",
        "data": {"object": session},
    }


def signed_query(parameters: Mapping[str, str], secret: str) -> str:
    """Sign as VNPAY does."""
    query = urlencode(sorted(parameters.items()))
    return f"{query}&vnp_SecureHash={hmac.new(secret.encode(), query.encode(), hashlib.sha512).hexdigest()}"


def signed_headers(body: bytes, secret: str, at: float | None = None) -> dict[str, str]:
    """Sign as Stripe does."""
    moment = int(time.time() if at is None else at)
    signature = hmac.new(secret.encode(), f"{moment}.".encode() + body, hashlib.sha256).hexdigest()
    return {"stripe-signature": f"t={moment},v1={signature}", "content-type": "application/json; charset=utf-8"}
