"""Which change of an order its customer is written to about. No mail says where an order goes."""

from collections import Counter
from collections.abc import Iterator
from datetime import timedelta

from studio.clock import parse
from studio.mail.model import Fact, Facts, Link, MailEvent, MailKind
from studio.orders.model import ENDED, Order, OrderItemKind, OrderParcel, OrderStatus, OrderStepKind
from studio.orders.settlement import Settlement, settlement_of

_NAMES = {
    OrderItemKind.ALBUM_PRINT: "books",
    OrderItemKind.ALBUM_PDF: "album_files",
    OrderItemKind.COLLAGE_PRINT: "prints",
    OrderItemKind.COLLAGE_FILE: "collage_files",
}


def mails_of(before: Order, after: Order, kept: timedelta) -> Iterator[MailEvent]:
    """Yield the mails of a change: once more, they have the same names. Files are `kept` for so long."""
    if _is_new(OrderStepKind.PAID, before, after):
        paid = {"total": after.total, "at": parse(_at(after, OrderStepKind.PAID))}
        yield _event(MailKind.ORDER_CONFIRMED, after, {**_items(after), **paid})
    if _is_new(OrderStepKind.DELIVERED, before, after):
        until = parse(_at(after, OrderStepKind.PAID)) + kept  # from before anything was rendered: rather too early
        yield _event(MailKind.ORDER_READY, after, {**_items(after), "until": until})
    if parcels := _new_parcels(before, after):
        yield _event(MailKind.ORDER_SHIPPED, after, parcels, f"#{after.version}")
    if after.payment and before.status not in ENDED and after.status in ENDED - {OrderStatus.COMPLETED}:
        yield _event(MailKind.ORDER_FAILED, after, _end(after))


def _is_new(step: OrderStepKind, before: Order, after: Order) -> bool:
    return after.has(step) and not before.has(step)


def _at(order: Order, kind: OrderStepKind) -> str:
    return next((step.at for step in order.steps if step.kind == kind), order.updated_at)


def _items(order: Order) -> Facts:
    counts = Counter[str]()
    for item in order.items:
        counts[_NAMES[item.kind]] += item.quantity
    return dict(counts)


def _new_parcels(before: Order, after: Order) -> Facts:
    """Return the parcels that were not told of, or not by the number that they have now."""
    told = {(each.id, each.tracking_number) for each in before.parcels}
    new = [each for each in after.parcels if (each.id, each.tracking_number) not in told]
    return {f"parcel#{i}" if i > 1 else "parcel": _parcel(each) for i, each in enumerate(new, 1)}


def _parcel(parcel: OrderParcel) -> Fact:
    name = " ".join(filter(None, (parcel.carrier, parcel.tracking_number))) or parcel.id
    return Link(parcel.tracking_url, name) if parcel.tracking_url else name


def _end(order: Order) -> Facts:
    ended: Facts = {"total": order.total, "at": parse(order.updated_at)}
    if order.failure is None:
        return ended
    money = {Settlement.REFUND: "refund", Settlement.REVIEW: "review"}.get(settlement_of(order, order.failure))
    return {**ended, "reason": order.failure, **({money: order.total} if money else {})}


def _event(kind: MailKind, order: Order, facts: Facts, suffix: str = "") -> MailEvent:
    return MailEvent(kind, order.id + suffix, order.customer, {"order": order.id, **facts})
