"""An order at the printer: what it shows, and the steps that it can take."""

import itertools
import secrets
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Final

from local.printer.catalogue import money, shipping
from local.printer.requests import Line, OrderRequest

Json = dict[str, Any]
NOT_STARTED, UNDER_WAY, DONE, ERROR = "NotStarted", "InProgress", "Complete", "Error"
DRAFT, IN_PROGRESS, COMPLETE, CANCELLED = "Draft", "InProgress", "Complete", "Cancelled"
STEPS: Final[tuple[str, ...]] = (
    "downloadAssets",
    "printReadyAssetsPrepared",
    "allocateProductionLocation",
    "inProduction",
    "shipping",
)
DOWNLOADS: Final = 10  # attempts, as documented
CARRIERS: Final = (("royalmail", "Tracked 48"), ("dpd", "Classic"))
# All is forgotten when the server stops; an id of before is then nobody's.
_numbers = itertools.count(secrets.randbelow(10**9) + 10**6)


class ActionError(Exception):
    """An order cannot take this step: there is none (404), or it is elsewhere (409)."""

    def __init__(self, status: int, message: str) -> None:
        super().__init__(message)
        self.status = status


def written(moment: datetime) -> str:
    """Write a time as Prodigi does."""
    return moment.astimezone(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")


def new_id(prefix: str) -> str:
    return f"{prefix}_{next(_numbers)}"


@dataclass
class Item:
    """One line of an order, and how its file is."""

    line: Line
    id: str = field(default_factory=lambda: new_id("ori"))
    asset_id: str = field(default_factory=lambda: new_id("ast"))
    status: str = "NotYetDownloaded"
    asset_status: str = "InProgress"

    def to_json(self) -> Json:
        line = self.line
        asset = {"id": self.asset_id, "printArea": "default", "md5Hash": line.md5, "url": line.url}
        return {
            "id": self.id,
            "status": self.status,
            "merchantReference": line.reference,
            "sku": line.product.sku,
            "copies": line.copies,
            "sizing": line.sizing,
            "attributes": {},
            "assets": [asset | {"pageCount": line.pages, "thumbnailUrl": None, "status": self.asset_status}],
            "recipientCost": line.price,
        }


@dataclass
class Shipment:
    """A parcel."""

    carrier: tuple[str, str]
    items: list[str]
    id: str = field(default_factory=lambda: new_id("shp"))
    status: str = "Processing"
    number: str | None = None
    sent: datetime | None = None

    def to_json(self) -> Json:
        name, service = self.carrier
        tracking = {"number": self.number, "url": f"https://track.example/{self.number}"} if self.number else None
        return {
            "id": self.id,
            "status": self.status,
            "carrier": {"name": name, "service": service},
            "tracking": tracking,
            "dispatchDate": written(self.sent) if self.sent else None,
            "items": [{"itemId": item} for item in self.items],
            "fulfillmentLocation": {"countryCode": "GB", "labCode": "uk6"},
        }


@dataclass
class Order:
    """An order from its draft to its end; whoever changes it says so by `touch`."""

    request: OrderRequest
    id: str = field(default_factory=lambda: new_id("ord"))
    created: datetime = field(default_factory=lambda: datetime.now(UTC))
    updated: datetime = field(default_factory=lambda: datetime.now(UTC))
    stage: str = DRAFT
    steps: dict[str, str] = field(default_factory=lambda: dict.fromkeys(STEPS, NOT_STARTED))
    items: list[Item] = field(init=False)
    issues: list[Json] = field(default_factory=list[Json])
    shipments: list[Shipment] = field(default_factory=list[Shipment])
    charges: list[Json] = field(default_factory=list[Json])

    def __post_init__(self) -> None:
        self.items = [Item(line) for line in self.request.lines]

    # ---- what can be done

    @property
    def is_over(self) -> bool:
        return self.stage in {COMPLETE, CANCELLED}

    @property
    def can_cancel(self) -> bool:
        return not self.is_over and self.steps["inProduction"] == NOT_STARTED

    @property
    def waiting(self) -> list[Shipment]:
        """The parcels that are still to be sent."""
        return [shipment for shipment in self.shipments if shipment.status == "Processing"]

    def actions(self) -> Iterator[str]:
        """Give the steps that it can take now."""
        if self.can_cancel and self.steps["downloadAssets"] == DONE:
            yield "start"
        if self.waiting and not self.is_over:
            yield "ship"
        if self.shipments and not self.waiting and not self.is_over:
            yield "complete"
        if not self.is_over and not any(shipment.sent for shipment in self.shipments):
            yield "reject"

    # ---- the steps

    def downloaded(self) -> None:
        """Go on once the files are here."""
        self.issues.clear()
        for item in self.items:
            item.status, item.asset_status = "Ok", "Complete"
        self.stage, self.steps["downloadAssets"] = IN_PROGRESS, DONE
        self.touch()

    def not_downloaded(self, item: Item, attempt: int, why: str) -> None:
        """Note an attempt that failed, and that there will be another one."""
        self._note(item, "NotDownloaded", f"attempt {attempt} of {DOWNLOADS} failed: {why}")

    def failed_to_download(self, item: Item, why: str) -> None:
        """Stop at a file that is not to be had: nobody tries again."""
        item.status, item.asset_status = "Invalid", "Error"
        self.stage, self.steps["downloadAssets"] = IN_PROGRESS, ERROR
        self._note(item, "FailedToDownloaded", f"failed: {why}")

    def _note(self, item: Item, code: str, why: str) -> None:
        said = f"Download of 'default' asset on item '{item.id}' {why}"
        self.issues = [{"objectId": item.id, "errorCode": f"order.items.assets.{code}", "description": said}]
        self.touch()

    def start(self, parcels: int) -> None:
        """Send it to the lab, which divides it into parcels."""
        for step in ("printReadyAssetsPrepared", "allocateProductionLocation"):
            self.steps[step] = DONE
        self.steps["inProduction"] = UNDER_WAY
        items = [item.id for item in self.items]
        self.shipments = [Shipment(CARRIERS[number % len(CARRIERS)], items) for number in range(parcels)]
        self.charges = [self._charge("Item", self._goods), self._charge("Shipping", self._way)]
        self.touch()

    def ship(self) -> None:
        """Send the next parcel."""
        shipment = self.waiting[0]
        shipment.status, shipment.sent = "Shipped", datetime.now(UTC)
        shipment.number = f"{shipment.carrier[0][:2].upper()}{next(_numbers):09}GB"
        self.steps["shipping"] = UNDER_WAY
        self.touch()

    def complete(self) -> None:
        """End it: everything is on its way."""
        self.stage = COMPLETE
        self.steps = dict.fromkeys(STEPS, DONE)
        self.touch()

    def reject(self) -> None:
        """Give it up: the product cannot be had."""
        issue = {"errorCode": "order.items.ItemUnavailable", "description": "The product is unavailable."}
        self.issues = [{"objectId": item.id, **issue} for item in self.items]
        self.cancel()

    def cancel(self) -> None:
        self.stage = CANCELLED
        for shipment in self.shipments:
            shipment.status = "Cancelled"
        self.charges += [self._charge("Refund", -self._goods - self._way)] if self.charges else []
        self.touch()

    def touch(self) -> None:
        self.updated = datetime.now(UTC)

    @property
    def _goods(self) -> int:
        return sum(item.line.cents for item in self.items)

    @property
    def _way(self) -> int:
        return shipping(self.request.method, sum(item.line.copies for item in self.items))

    def _charge(self, kind: str, cents: int) -> Json:
        return {
            "id": new_id("chg"),
            "chargeType": kind,
            "prodigiInvoiceNumber": None,
            "totalCost": money(cents, "USD"),
            "items": [],
        }

    # ---- what it shows

    def to_json(self) -> Json:
        return {
            "id": self.id,
            "created": written(self.created),
            "lastUpdated": written(self.updated),
            "callbackUrl": self.request.callback_url,
            "merchantReference": self.request.reference,
            "shippingMethod": self.request.method,
            "idempotencyKey": self.request.key,
            "status": {"stage": self.stage, "issues": list(self.issues), "details": dict(self.steps)},
            "charges": list(self.charges),
            "shipments": [shipment.to_json() for shipment in self.shipments],
            "recipient": self.request.recipient,
            "items": [item.to_json() for item in self.items],
            "packingSlip": None,
            "metadata": self.request.metadata,
        }
