"""Orders, what they would cost, and what can be ordered."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from resolvers.shapes.base import Shape, money
from studio.clock import parse
from studio.documents.spec import DocumentKind
from studio.media.model import StoredFile
from studio.money import Currency
from studio.orders.model import (
    Address,
    Order,
    OrderFailure,
    OrderItem,
    OrderParcel,
    OrderQuote,
    OrderStatus,
    OrderStep,
)
from studio.orders.price_list import ListPrice
from studio.orders.prices import total_price
from studio.orders.transitions import actions
from studio.orders.warnings import OrderWarning

# Why an order ended, where nothing more is known of it. Its customer knows of what they did themselves.
_ENDS: Mapping[OrderFailure, str] = {
    OrderFailure.NOT_PAID: "This order was not paid in time.",
    OrderFailure.MONEY_WENT_BACK: "This order was canceled, as its payment went back.",
    OrderFailure.PRINTER_REFUSED: "The printer could not take this order.",
    OrderFailure.PRINTER_CANCELED: "The printer has canceled this order.",
    OrderFailure.ENDED_BY_ADMIN: "We had to end this order.",
}


def list_price(price: ListPrice, currency: Currency) -> Shape:
    """Return an OrderItem of no document."""
    product = price.product
    return {
        "kind": price.kind,
        "albumId": None,
        "collageId": None,
        "quantity": 1,
        "unitPrice": money(price.prices[currency]),
        "product": product.id if product else None,
        "pages": product.pages.least if product and product.pages else None,
        "pricePerTwoPages": money(price.pair[currency]) if price.pair else None,
    }


def quote(quote_: OrderQuote, warnings: Sequence[OrderWarning]) -> Shape:
    return {
        "id": quote_.id,
        "items": [_item(each) for each in quote_.items],
        "shipping": money(quote_.shipping),
        "totalPrice": money(total_price(quote_.items, quote_.shipping)),
        "validUntil": quote_.valid_until,
        "warnings": [_warning(each) for each in warnings],
    }


def order(order_: Order, now: datetime, files: Sequence[StoredFile] = ()) -> Shape:
    """Return an Order. Its downloads are the files' keys, of which another function makes links."""
    pending = order_.status == OrderStatus.PENDING
    return {
        "id": order_.id,
        "customer": order_.customer,
        "status": order_.status,
        "version": order_.version,
        "items": [_item(each) for each in order_.items],
        "shipping": money(order_.shipping),
        "totalPrice": money(order_.total),
        "address": _address(order_.address) if order_.address else None,
        "steps": [_step(each) for each in order_.steps],
        "parcels": [_parcel(each) for each in order_.parcels],
        "actions": actions(order_, now),
        "downloads": [{"key": each.key, "contentType": each.content_type} for each in files],
        "errorMessage": order_.note or (_ENDS.get(order_.failure) if order_.failure else None),
        "expiresAt": int(parse(order_.pay_by).timestamp()) if pending else None,
        "createdAt": order_.created_at,
        "updatedAt": order_.updated_at,
    }


def _item(item: OrderItem) -> Shape:
    return {
        "kind": item.kind,
        **_document(item.kind.document, item.document),
        "quantity": item.quantity,
        "unitPrice": money(item.unit_price),
        "product": item.printed_as,
        "pages": item.pages,
        "pricePerTwoPages": None,
    }


def _document(kind: DocumentKind, id_: str) -> Shape:
    return {
        "albumId": id_ if kind == DocumentKind.ALBUM else None,
        "collageId": id_ if kind == DocumentKind.COLLAGE else None,
    }


def _warning(warning: OrderWarning) -> Shape:
    named = _document(warning.kind, warning.document)
    return {**named, "page": warning.page, "dpi": warning.dpi, "message": warning.message}


def _address(address: Address) -> Shape:
    return {
        "name": address.name,
        "line1": address.line1,
        "line2": address.line2,
        "city": address.city,
        "region": address.region,
        "postalCode": address.postal_code,
        "countryCode": address.country,
        "phone": address.phone,
    }


def _step(step: OrderStep) -> Shape:
    return {"kind": step.kind, "at": step.at, "note": step.note}


def _parcel(parcel: OrderParcel) -> Shape:
    return {
        "carrier": parcel.carrier,
        "trackingNumber": parcel.tracking_number,
        "trackingUrl": parcel.tracking_url,
        "shippedAt": parcel.shipped_at,
    }


def event(order_: Order, now: datetime) -> Shape:
    """Return an Order as its subscribers are told of it: nothing personal, and no links."""
    return {**order(order_, now), "address": None, "downloads": []}


def view(order_: Order) -> Shape:
    """Return an OrderView: what whoever holds the id may see, so no amounts, address, customer or notes."""
    return {
        "id": order_.id,
        "status": order_.status,
        "version": order_.version,
        "steps": [{**_step(each), "note": None} for each in order_.steps],
        "parcels": [_parcel(each) for each in order_.parcels],
        "updatedAt": order_.updated_at,
    }
