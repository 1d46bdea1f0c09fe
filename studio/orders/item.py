"""The rows of the Orders and OrderDocuments tables, and back."""

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from studio import rows
from studio.clock import parse
from studio.documents.item import spec_from_item, spec_to_item
from studio.orders.model import (
    Address,
    Order,
    OrderDocument,
    OrderEvent,
    OrderFailure,
    OrderItem,
    OrderItemKind,
    OrderParcel,
    OrderQuote,
    OrderStatus,
    OrderStep,
    OrderStepKind,
)
from studio.payments.item import money_from_item, money_to_item
from studio.rows import Row

# The one value of the sparse index's partition key: present while an order has not ended.
OPEN = "open"
# How long the row of an order that was never paid stays after its end.
_UNPAID_SECONDS = 30 * 86_400
# How long a quote is known that holds no longer: so long who asks for it hears why.
_QUOTE_SECONDS = 7 * 86_400


def list_of(customer: str, status: OrderStatus) -> str:
    """Return the index's partition of one customer's orders in a status."""
    return f"{customer}#{status}"


def order_to_item(order: Order) -> dict[str, Any]:
    return {
        "id": order.id,
        "customer": order.customer,
        "status": order.status,
        "list": list_of(order.customer, order.status),
        "version": order.version,
        "items": [_item_to_item(each) for each in order.items],
        "shipping": money_to_item(order.shipping),
        "total": money_to_item(order.total),
        "createdAt": order.created_at,
        "updatedAt": order.updated_at,
        "payBy": order.pay_by,
        "country": order.country,
        "address": rows.without_none(asdict(order.address)) if order.address else None,
        "quote": order.quote,
        "payment": order.payment,
        "steps": [rows.without_none(asdict(each)) for each in order.steps],
        "parcels": [rows.without_none(asdict(each)) for each in order.parcels],
        "renderings": order.renderings,
        "renderingTries": order.tries,
        "printed": order.printed,
        "failure": order.failure,
        "note": order.note,
        "open": None if order.due is None else OPEN,
        "due": order.due,
        "history": [rows.without_none(asdict(each)) for each in order.history],
        "expiresAt": None if order.payment else int(parse(order.pay_by).timestamp()) + _UNPAID_SECONDS,
    }


def order_from_item(item: Mapping[str, Any]) -> Order:
    """Read a row of the Orders table.

    Raises
    ------
    UnreadableError
    """
    row = rows.small_row(item)
    return Order(
        id=row.get("id", rows.text),
        customer=row.get("customer", rows.text),
        status=row.get("status", OrderStatus),
        version=row.get("version", rows.version),
        items=row.get("items", rows.list_of(_item_from_item)),
        shipping=row.get("shipping", _price),
        total=row.get("total", _price),
        created_at=row.get("createdAt", rows.time),
        updated_at=row.get("updatedAt", rows.time),
        pay_by=row.get("payBy", rows.time),
        country=row.find("country", rows.text),
        address=row.find("address", _address_from_item),
        quote=row.find("quote", rows.text),
        payment=row.find("payment", rows.text),
        steps=row.get("steps", rows.list_of(_step_from_item)),
        parcels=row.get("parcels", rows.list_of(_parcel_from_item)),
        renderings=row.get("renderings", rows.map_of(rows.text)),
        tries=row.get("renderingTries", rows.map_of(rows.count)),
        printed=row.get("printed", rows.flag),
        failure=row.find("failure", OrderFailure),
        note=row.find("note", rows.text),
        due=row.find("due", rows.millis),
        history=row.get("history", rows.list_of(_event_from_item)),
    )


def quote_to_item(quote: OrderQuote) -> dict[str, Any]:
    return {
        "owner": quote.owner,
        "id": quote.id,
        "items": [_item_to_item(each) for each in quote.items],
        "shipping": money_to_item(quote.shipping),
        "versions": quote.versions,
        "createdAt": quote.created_at,
        "validUntil": quote.valid_until,
        "country": quote.country,
        "expiresAt": int(parse(quote.valid_until).timestamp()) + _QUOTE_SECONDS,
    }


def quote_from_item(item: Mapping[str, Any]) -> OrderQuote:
    """Read a row of the Quotes table.

    Raises
    ------
    UnreadableError
    """
    row = Row(item)
    return OrderQuote(
        id=row.get("id", rows.text),
        owner=row.get("owner", rows.text),
        items=row.get("items", rows.list_of(_item_from_item)),
        shipping=row.get("shipping", _price),
        versions=row.get("versions", rows.map_of(rows.version)),
        created_at=row.get("createdAt", rows.time),
        valid_until=row.get("validUntil", rows.time),
        country=row.find("country", rows.text),
    )


def order_document_to_item(document: OrderDocument) -> dict[str, Any]:
    return {"order": document.order, "id": document.id, "spec": spec_to_item(document.spec)}


def order_document_from_item(item: Mapping[str, Any]) -> OrderDocument:
    """Read a row of the OrderDocuments table.

    Raises
    ------
    UnreadableError
    """
    row = Row(item)
    return OrderDocument(row.get("order", rows.text), row.get("spec", spec_from_item))


def _price(item: Any) -> Any:
    rows.row(item).get("minor", rows.count)
    return money_from_item(item)


def _item_to_item(item: OrderItem) -> dict[str, Any]:
    return rows.without_none({**asdict(item), "unit_price": money_to_item(item.unit_price)})


def _item_from_item(item: Any) -> OrderItem:
    row = rows.row(item)
    return OrderItem(
        kind=row.get("kind", OrderItemKind),
        document=row.get("document", rows.text),
        quantity=row.get("quantity", rows.count),
        unit_price=row.get("unit_price", _price),
        pages=row.find("pages", rows.count),
        printed_as=row.find("printed_as", rows.text),
    )


def _address_from_item(item: Any) -> Address:
    row = rows.row(item)
    return Address(
        name=row.get("name", rows.text),
        line1=row.get("line1", rows.text),
        city=row.get("city", rows.text),
        country=row.get("country", rows.text),
        line2=row.find("line2", rows.text),
        region=row.find("region", rows.text),
        postal_code=row.find("postal_code", rows.text),
        phone=row.find("phone", rows.text),
    )


def _step_from_item(item: Any) -> OrderStep:
    row = rows.row(item)
    return OrderStep(row.get("kind", OrderStepKind), row.get("at", rows.time), row.find("note", rows.text))


def _parcel_from_item(item: Any) -> OrderParcel:
    row = rows.row(item)
    return OrderParcel(
        id=row.get("id", rows.text),
        shipped_at=row.get("shipped_at", rows.time),
        carrier=row.find("carrier", rows.text),
        tracking_number=row.find("tracking_number", rows.text),
        tracking_url=row.find("tracking_url", rows.url),
    )


def _event_from_item(item: Any) -> OrderEvent:
    row = rows.row(item)
    return OrderEvent(
        version=row.get("version", rows.version),
        status=row.get("status", OrderStatus),
        at=row.get("at", rows.time),
        note=row.find("note", rows.text),
    )
