"""Stripe's notice to the merchant: an event, signed anew for each attempt."""

import hashlib
import hmac
import json
from dataclasses import dataclass
from http import HTTPStatus

from local.bank.keys import KeyFile
from local.bank.stripe_checkout import now
from local.bank.stripe_objects import Json
from local.notices import WebhookRequest


@dataclass(frozen=True)
class StripeEvent:
    """An event as it was when it happened."""

    keys: KeyFile
    ref: str
    name: str
    body: bytes

    provider = "stripe"
    attempts = 5

    @classmethod
    def of(cls, keys: KeyFile, ref: str, event: Json) -> "StripeEvent":
        return cls(keys, ref, event["type"], json.dumps(event, indent=2).encode())

    def webhook_request(self, url: str) -> WebhookRequest:
        at = now()
        secret = self.keys.now.webhook_secret.encode()
        signature = hmac.new(secret, f"{at}.".encode() + self.body, hashlib.sha256).hexdigest()
        signed = {"Stripe-Signature": f"t={at},v1={signature}", "Content-Type": "application/json; charset=utf-8"}
        return WebhookRequest("POST", url, self.body, signed)

    def accepted(self, status: int, _text: str) -> bool:
        return HTTPStatus.OK <= status < HTTPStatus.MULTIPLE_CHOICES
