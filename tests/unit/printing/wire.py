"""Prodigi's side of the wire: its documentation's own examples, and an HTTP client that answers so."""

import json
from collections.abc import Iterable, Iterator
from copy import deepcopy
from dataclasses import dataclass, field
from io import BytesIO
from typing import Any

import urllib3

from studio.printing.cost import Cost
from studio.printing.prodigi.api import Api
from studio.printing.prodigi.provider import Prodigi
from studio.printing.products import ALBUM
from studio.printing.request import PrintItem, PrintRequest, Recipient, ShippingMethod
from tests.unit.payments.shop import Vault

URL = "https://prodigi.example/v4.0"
CALLBACK = "https://studio.example/printer/callback"

# https://www.prodigi.com/print-api/docs/reference/#order-object, with the shipments and charges that it describes.
DOCUMENTED: Any = {
    "id": "ord_840796",
    "created": "2021-03-11T14:31:23.41Z",
    "lastUpdated": "2021-03-11T14:31:23.4931606Z",
    "callbackUrl": None,
    "merchantReference": "MyMerchantReference1",
    "shippingMethod": "Overnight",
    "idempotencyKey": None,
    "status": {
        "stage": "InProgress",
        "issues": [],
        "details": {
            "downloadAssets": "NotStarted",
            "printReadyAssetsPrepared": "NotStarted",
            "allocateProductionLocation": "NotStarted",
            "inProduction": "NotStarted",
            "shipping": "NotStarted",
        },
    },
    "charges": [],
    "shipments": [],
    "recipient": {"name": "Mr test", "email": None, "address": {"line1": "14 test place", "countryCode": "US"}},
    "items": [
        {
            "id": "ori_926886",
            "status": "NotYetDownloaded",
            "merchantReference": "item #1",
            "sku": "GLOBAL-CFPM-16X20",
            "copies": 1,
            "sizing": "fillPrintArea",
            "attributes": {"color": "black"},
            "assets": [
                {
                    "id": "ast_114059",
                    "printArea": "default",
                    "md5Hash": "daa1c811c6038e718a23f0d816914b7b",
                    "url": "https://pwintyimages.blob.core.windows.net/samples/stars/test-sample-grey.png",
                    "pageCount": 50,
                    "status": "InProgress",
                }
            ],
            "recipientCost": {"amount": "10.74", "currency": "GBP"},
        }
    ],
    "packingSlip": None,
    "metadata": {"mycustomkey": "some-guid"},
}
SHIPMENT: Any = {
    "id": "shp_456456",
    "status": "Shipped",
    "carrier": {"name": "DPD NL", "service": "Standard"},
    "tracking": {"number": "PH000000000GB", "url": "https://track.example/PH000000000GB"},
    "dispatchDate": "2026-08-13T15:45:06.5Z",
    "items": [{"itemId": "ori_926886"}],
    "fulfillmentLocation": {"countryCode": "NL", "labCode": "nl1"},
}
CHARGE: Any = {
    "id": "chg_345345",
    "chargeType": "Item",
    "prodigiInvoiceNumber": None,
    "totalCost": {"amount": "12.34", "currency": "GBP"},
    "items": [{"id": "chi_123123", "itemId": "ori_926886", "cost": {"amount": "12.34", "currency": "GBP"}}],
}
# https://www.prodigi.com/print-api/docs/reference/#status-status-object
ISSUES: Any = [
    {
        "objectId": "ori_12345",
        "errorCode": "items.assets.NotDownloaded",
        "description": "Warning: Download attempt 1 of 10 failed for 'default' asset on item 'ori_12345'",
    },
    {
        "objectId": "ord_829398",
        "errorCode": "RequiresPaymentAuthorisation",
        "description": "Payment authorisation required for 'ord_829398' (195.02USD)",
        "authorisationDetails": {"authorisationUrl": "https://beta-dashboard.pwinty.com/payment/97323"},
    },
]
# https://www.prodigi.com/print-api/docs/reference/#create-quote, with the summary as clients have recorded it.
QUOTED: Any = {
    "outcome": "Created",
    "quotes": [
        {
            "shipmentMethod": "Budget",
            "costSummary": {
                "items": {"amount": "79.35", "currency": "GBP"},
                "shipping": {"amount": "19.46", "currency": "GBP"},
                "branding": {"amount": "0", "currency": "GBP"},
                "totalTax": {"amount": "1.10", "currency": "GBP"},
                "totalCost": {"amount": "99.91", "currency": "GBP"},
            },
            "shipments": [{"carrier": {"name": "Mixed", "service": "Mixed"}}, {"carrier": {"name": "royalmail"}}],
            "items": [],
        },
        {
            "shipmentMethod": "standard",
            "costSummary": {
                "items": {"amount": "79.35", "currency": "GBP"},
                "shipping": {"amount": "22.00", "currency": "GBP"},
            },
            "shipments": [],
        },
        {"shipmentMethod": "Pigeon", "costSummary": None},
    ],
}
# https://www.prodigi.com/print-api/docs/reference/#callbacks, shortened.
EVENT: Any = {
    "specversion": "1.0",
    "type": "com.prodigi.order.status.stage.changed#InProgress",
    "source": "http://api.prodigi.com/v4.0/Orders/",
    "id": "evt_305174",
    "time": "2020-08-14T11:51:01.55Z",
    "datacontenttype": "application/json",
    "data": {"order": {"id": "ord_1469466", "status": {"stage": "InProgress"}}},
    "subject": "ord_1469466",
}


def documented(**changes: Any) -> Any:
    """Return the documented order with changes; `a__b` is `b` of `a`."""
    order = deepcopy(DOCUMENTED)
    for path, value in changes.items():
        *parents, name = path.split("__")
        place = order
        for parent in parents:
            place = place[parent]
        place[name] = value
    return order


RECIPIENT = Recipient(
    name="Nguyễn Thị Lan",
    line1="12 Lý Tự Trọng",
    city="Hà Nội",
    postal_code="100000",
    country="VN",
    phone="+84900000000",
)
MD5 = "0cc175b9c0f1b6a831c399e269772661"
BOOK = PrintItem(
    product=ALBUM,
    copies=2,
    pages=24,
    reference="item-1",
    url="https://files.example/album.pdf?X-Signature=s",
    md5=MD5,
    price=Cost(9900, "SGD"),
)
ORDER = PrintRequest(
    key="5b1f", reference="order-1", method=ShippingMethod.STANDARD, recipient=RECIPIENT, items=(BOOK,)
)


def placed(**changes: Any) -> Any:
    """Return what Prodigi shows of `ORDER`."""
    item = {
        "id": "ori_1",
        "sku": ALBUM.sku,
        "copies": 2,
        "status": "NotYetDownloaded",
        "assets": [{"printArea": "default", "md5Hash": MD5}],
    }
    return documented(id="ord_1", merchantReference="order-1", items=[item]) | changes


@dataclass(frozen=True)
class Response:
    """One answer."""

    body: Any = None
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict[str, str])

    @property
    def sent(self) -> bytes:
        return self.body if isinstance(self.body, bytes) else json.dumps(self.body).encode()


@dataclass(frozen=True)
class Request:
    """One request, as it went out."""

    method: str
    path: str
    body: Any
    headers: dict[str, str]


class FakeHttp:
    """Stands for `urllib3.PoolManager`: it notes what is asked and gives its answers, one after the other."""

    def __init__(self, answers: Iterable[Response | Exception]) -> None:
        self._answers: Iterator[Response | Exception] = iter(answers)
        self.asked: list[Request] = []

    def request(
        self, method: str, url: str, *, body: bytes | None, headers: dict[str, str], redirect: bool, **_: Any
    ) -> urllib3.HTTPResponse:
        assert url.startswith(URL)
        assert redirect is False
        self.asked.append(Request(method, url.removeprefix(URL), json.loads(body) if body else None, headers))
        answer = next(self._answers)
        if isinstance(answer, Exception):
            raise answer
        return urllib3.HTTPResponse(
            body=BytesIO(answer.sent), status=answer.status, headers=answer.headers, preload_content=False
        )


@dataclass
class Shop:
    """Prodigi behind a fake HTTP client."""

    http: FakeHttp
    pauses: list[float] = field(default_factory=list[float])

    @property
    def prodigi(self) -> Prodigi:
        secret = Vault(apiKey="a-key").secret()
        return Prodigi(Api(secret, URL, self.http, self.pauses.append), CALLBACK)  # pyright: ignore[reportArgumentType]


def answering(*answers: Any) -> Shop:
    """Return a shop whose answers are these: bodies of HTTP 200, `Response`, or errors to raise."""
    return Shop(FakeHttp(each if isinstance(each, Response | Exception) else Response(each) for each in answers))
