"""Where orders are asked for: documents of a world, quotes and orders of them, on its client or on one that dies."""

from dataclasses import dataclass
from functools import cached_property
from typing import Any

from studio.albums.model import Document
from studio.errors import ErrorType, StudioError
from studio.orders.create import OrderCreator
from studio.orders.model import Order, OrderFailure, OrderQuote
from studio.orders.offer import OfferMaker
from studio.orders.quote import QuoteRequest, Quoting
from studio.orders.table import OrderDocuments, Orders, Quotes
from studio.orders.transitions import canceled
from studio.orders.warnings import OrderWarning
from studio.people.model import Caller
from studio.people.table import People
from studio.requests.table import Requests
from tests.unit.albums.parts import Parts
from tests.unit.world import USER, World

PAYMENT_SECONDS = 3600
SAIGON: dict[str, Any] = {
    "name": "Đặng Thị Hoa",
    "line1": "12 Nguyễn Huệ",
    "city": "Hồ Chí Minh",
    "postalCode": "700000",
    "countryCode": "VN",
}


@dataclass
class Counter:
    """One world's orders."""

    parts: Parts

    @property
    def world(self) -> World:
        return self.parts.world

    @cached_property
    def offers(self) -> OfferMaker:
        return OfferMaker(self.parts.documents, self.parts.photos, People("People", self.parts.client))

    @cached_property
    def quotes(self) -> Quotes:
        return Quotes("Quotes", self.parts.client)

    @cached_property
    def orders(self) -> Orders:
        return Orders("Orders", self.parts.client)

    @cached_property
    def creator(self) -> OrderCreator:
        client = self.parts.client
        documents, requests = OrderDocuments("OrderDocuments", client), Requests("Requests", client)
        return OrderCreator(self.orders, documents, self.quotes, requests, self.offers, PAYMENT_SECONDS)

    # ---- documents

    def album(self, photos: int = 1, caller: Caller = USER, **given: Any) -> Document:
        return self.parts.album(*(self.parts.picture(caller) for _ in range(photos)), caller=caller, **given)

    def collage(self, caller: Caller = USER, **given: Any) -> Document:
        return self.parts.collage(self.parts.picture(caller), caller=caller, **given)

    def resize(self, document: Document, width: int, height: int) -> None:
        """Give all pictures of a document another size in pixels."""
        for photo in self.parts.photos.of_document(document.id).values():
            row = self.world.client.get_item(
                TableName="Photos", Key={"document": {"S": document.id}, "id": {"S": photo.id}}
            )["Item"]
            image = row["image"]["M"] | {"width": {"N": str(width)}, "height": {"N": str(height)}}
            self.world.client.put_item(TableName="Photos", Item=row | {"image": {"M": image}})

    def anew(self) -> Document:
        """Begin again, with one album."""
        self.world.clear()
        self.world.joined()
        return self.album()

    # ---- what people ask

    def quote(self, *items: dict[str, Any], caller: Caller = USER, **given: Any) -> OrderQuote:
        return self.quoted(*items, caller=caller, **given)[0]

    def quoted(
        self, *items: dict[str, Any], caller: Caller = USER, **given: Any
    ) -> tuple[OrderQuote, list[OrderWarning]]:
        asked: Any = {"items": items, "currency": "VND", "countryCode": "VN", **given}
        return Quoting(self.offers, self.quotes).quote(caller, QuoteRequest.of(asked), self.world.time)

    def order(self, *items: dict[str, Any], caller: Caller = USER, **given: Any) -> Order:
        printed = any(item["kind"].endswith("PRINT") for item in items)
        where = {"address": SAIGON} if printed else {}
        asked: Any = {"clientRequestId": "order-1", "items": items, "currency": "VND", **where, **given}
        return self.creator.create(caller, asked, self.world.time)

    # ---- how it stands

    def rows(self, table: str) -> list[Any]:
        return self.world.client.scan(TableName=table)["Items"]

    def end(self, order: Order) -> None:
        self.orders.step(order, canceled(order, OrderFailure.CANCELED_BY_CUSTOMER, self.world.time))


def item(kind: str, document: Document | str, quantity: int = 1) -> dict[str, Any]:
    id_ = document if isinstance(document, str) else document.id
    return {"kind": kind, "albumId" if kind.startswith("ALBUM") else "collageId": id_, "quantity": quantity}


def refusal(act: Any) -> StudioError | None:
    try:
        act()
    except StudioError as error:
        return error
    return None


def refused(act: Any) -> ErrorType | None:
    error = refusal(act)
    return error.type if error else None
