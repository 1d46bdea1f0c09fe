"""The printer's notice to the merchant: a CloudEvent with the order as it was then. Nobody signs it."""

import json
from dataclasses import dataclass
from datetime import UTC, datetime
from http import HTTPStatus

from local.notices import WebhookRequest
from local.printer.order import Order, new_id, written

STAGE = "status.stage.changed"
SHIPMENT = "shipments.shipment"


@dataclass(frozen=True)
class Callback:
    """An event as it was when it happened; `provider` says where it goes, as each order has an address of its own."""

    ref: str
    name: str
    body: bytes

    attempts = 5

    @property
    def provider(self) -> str:
        return self.ref

    @classmethod
    def of(cls, order: Order, what: str, value: str, source: str) -> "Callback":
        event = {
            "specversion": "1.0",
            "type": f"com.prodigi.order.{what}#{value}",
            "source": f"{source}/v4.0/Orders/",
            "id": new_id("evt"),
            "time": written(datetime.now(UTC)),
            "datacontenttype": "application/json",
            "data": {"order": order.to_json()},
            "subject": order.id,
        }
        return cls(order.id, f"{what}#{value}", json.dumps(event).encode())

    def webhook_request(self, url: str) -> WebhookRequest:
        return WebhookRequest("POST", url, self.body, {"Content-Type": "application/cloudevents+json; charset=utf-8"})

    def accepted(self, status: int, _text: str) -> bool:
        return HTTPStatus.OK <= status < HTTPStatus.MULTIPLE_CHOICES
