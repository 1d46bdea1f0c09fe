"""Orders to try things with."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from studio import ids
from studio.clock import iso, millis
from studio.money import Currency, Money
from studio.orders.model import Address, Order, OrderItem, OrderItemKind, OrderParcel, OrderStatus
from studio.people.model import Caller
from tests.unit.world import NOON, USER

PAY_SECONDS = 48 * 3600
ADDRESS = Address("Ada Nguyen", "1 Orchard Road", "Singapore", "SG", postal_code="238801")
BOOK = OrderItem(OrderItemKind.ALBUM_PRINT, "a" * 36, 1, Money(4_900, Currency.USD), pages=24, printed_as="BOOK-A4")
FILE = OrderItem(OrderItemKind.COLLAGE_FILE, "c" * 36, 1, Money(500, Currency.USD))
PARCEL = OrderParcel("p-1", iso(NOON), "DHL", "T1", "https://track.example/T1")


def pending(caller: Caller = USER, now: datetime = NOON, **changes: Any) -> Order:
    """Return an order of a book and a file, or of what is given, that waits to be paid."""
    order = Order(
        id=ids.new(),
        customer=caller.sub,
        status=OrderStatus.PENDING,
        version=1,
        items=(BOOK, FILE),
        shipping=Money(600, Currency.USD),
        total=Money(6_000, Currency.USD),
        created_at=iso(now),
        updated_at=iso(now),
        pay_by=iso(now + timedelta(seconds=PAY_SECONDS)),
        country="SG",
        address=ADDRESS,
        due=millis(now + timedelta(seconds=PAY_SECONDS + 3600)),
    )
    return replace(order, **changes)


def of_files(caller: Caller = USER, now: datetime = NOON, **changes: Any) -> Order:
    """Return an order of which nothing is printed."""
    nothing: dict[str, Any] = {"items": (FILE,), "country": None, "address": None}
    return pending(caller, now, **{**nothing, "shipping": Money(0, Currency.USD), "total": FILE.unit_price, **changes})
