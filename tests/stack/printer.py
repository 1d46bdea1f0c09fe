"""The local printer's own side, as a test uses it, and orders that are put into the studio's table for it."""

import hashlib
import json
import uuid
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import aiohttp

from studio.dynamo import pack, unpack
from studio.printing.item import submission_from_item, submission_to_item
from studio.printing.products import ALBUM, PRINTS
from studio.printing.request import Recipient, ShippingMethod
from studio.printing.submission import PrintFile, Submission, SubmissionItem
from tests.stack.client import StackClient
from tests.stack.files import encoded, noise
from tests.unit.printer.conftest import pdf

Json = dict[str, Any]
PAGES = 24
LAN = Recipient(name="Nguyễn Thị Lan", line1="12 Lý Tự Trọng", city="Hà Nội", postal_code="100000", country="VN")


@dataclass(frozen=True)
class Dashboard:
    """The page where orders are sent on."""

    url: str

    async def orders(self) -> dict[str, Json]:
        """Return the printer's orders by our names of them."""
        async with aiohttp.ClientSession() as session, session.get(f"{self.url}/_printer/orders") as found:
            return {order["merchantReference"]: order for order in (await found.json())["orders"]}

    async def act(self, printer_id: str, action: str) -> None:
        url = f"{self.url}/_printer/orders/{printer_id}/{action}"
        async with aiohttp.ClientSession() as session, session.post(url) as answer:
            assert answer.status == 200, await answer.text()

    async def put(self, name: str, value: Any) -> None:
        url = f"{self.url}/_printer/{name}"
        async with aiohttp.ClientSession() as session, session.put(url, json=value) as answer:
            assert answer.status == 200, await answer.text()


@dataclass(frozen=True)
class PrintDesk:
    """Puts orders into the PrintOrders table, as the orders' own code does, and reads what becomes of them."""

    client: StackClient

    @property
    def _table(self) -> str:
        return self.client.outputs["tables"]["PrintOrders"]

    def order(self, now: datetime, recipient: Recipient = LAN) -> str:
        """Order two copies of a book and a print, of files that were rendered, and return the order's id."""
        id_, owner = uuid.uuid4().hex, uuid.uuid4().hex
        items = (
            SubmissionItem(
                product=ALBUM,
                copies=2,
                pages=PAGES,
                reference="item-1",
                file=self._stored("album.pdf", "application/pdf", pdf(PAGES)),
            ),
            SubmissionItem(
                product=PRINTS[0],
                copies=1,
                reference="item-2",
                file=self._stored("original.jpg", "image/jpeg", encoded(noise(64, 64), "JPEG")),
            ),
        )
        new = Submission.new(id_, owner, recipient, ShippingMethod.STANDARD, items, now)
        self.client.boto("dynamodb").put_item(TableName=self._table, Item=pack(submission_to_item(new)))
        return id_

    def _stored(self, name: str, content_type: str, content: bytes) -> PrintFile:
        key = f"results/documents/{uuid.uuid4()}/{name}"
        bucket = self.client.outputs["mediaBucket"]
        self.client.boto("s3").put_object(Bucket=bucket, Key=key, Body=content, ContentType=content_type)
        return PrintFile(key, content_type, hashlib.md5(content, usedforsecurity=False).hexdigest())

    def find(self, id_: str) -> Submission:
        row = self.client.boto("dynamodb").get_item(TableName=self._table, Key={"id": {"S": id_}})["Item"]
        return submission_from_item(unpack(row))


async def call_back(client: StackClient, body: bytes) -> int:
    """Call as the printer does, or anybody, and return how that was answered."""
    url = f"{client.outputs['webhooksUrl']}/printer"
    async with aiohttp.ClientSession() as session, session.post(url, data=body) as answer:
        return answer.status


def forged(printer_id: str) -> bytes:
    """Return a callback that says that all is sent."""
    parcel: Any = {"id": "shp_1", "status": "Shipped", "tracking": {"number": "FORGED"}}
    order = {"id": printer_id, "status": {"stage": "Complete"}, "shipments": [parcel]}
    event: Any = {"specversion": "1.0", "type": "com.prodigi.order.status.stage.changed#Complete"}
    return json.dumps(event | {"subject": printer_id, "data": {"order": order}}).encode()
