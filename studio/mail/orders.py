"""Which change of an order its customer is written to about. No mail says where an order goes."""

from collections import Counter
from collections.abc import Callable, Iterator
from datetime import timedelta

from studio.clock import parse
from studio.mail.model import Fact, Facts, Link, MailEvent, MailKind
from studio.money import Money
from studio.orders.model import ENDED, Order, OrderFailure, OrderItemKind, OrderParcel, OrderStatus, OrderStepKind
from studio.payments.model import Payment, PaymentStatus

_NAMES = {
    OrderItemKind.ALBUM_PRINT: "books",
    OrderItemKind.ALBUM_PDF: "album_files",
    OrderItemKind.COLLAGE_PRINT: "prints",
    OrderItemKind.COLLAGE_FILE: "collage_files",
}


def mails_of(
    before: Order, after: Order, kept: timedelta, find: Callable[[str], Payment | None]
) -> Iterator[MailEvent]:
    """Yield the mails of a change: once more, they have the same names.

    Files are `kept` for so long. What becomes of an order's money, its payment says, which is found by its id.
    """
    if _is_new(OrderStepKind.PAID, before, after):
        paid = {"total": after.total, "at": parse(_at(after, OrderStepKind.PAID))}
        yield _event(MailKind.ORDER_CONFIRMED, after, {**_items(after), **paid})
    if _is_new(OrderStepKind.DELIVERED, before, after):
        until = parse(_at(after, OrderStepKind.PAID)) + kept  # from before anything was rendered: rather too early
        yield _event(MailKind.ORDER_READY, after, {**_items(after), "until": until})
    if parcels := _new_parcels(before, after):
        yield _event(MailKind.ORDER_SHIPPED, after, parcels, f"#{after.version}")
    if after.payment and before.status not in ENDED and after.status in ENDED - {OrderStatus.COMPLETED}:
        yield _event(MailKind.ORDER_FAILED, after, _end(after, find(after.payment)))


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


def _end(order: Order, payment: Payment | None) -> Facts:
    ended: Facts = {"total": order.total, "at": parse(order.updated_at)}
    if order.failure is None:
        return ended
    note: Facts = {"note": order.note} if order.note and order.failure == OrderFailure.ENDED_BY_ADMIN else {}
    return {**ended, "reason": order.failure, **note, **(_money(order, payment) if payment else {})}


def _money(order: Order, payment: Payment) -> Facts:
    """Promise what is written down: a refund that is asked for, or a payment that somebody looks at."""
    if asked := [each.taken for each in payment.facts.refunds]:
        same = all(taken.currency == order.currency for taken in asked)
        return {"refund": Money(sum(taken.minor for taken in asked), order.currency) if same else order.total}
    return {"review": order.total} if payment.status == PaymentStatus.REVIEW else {}


def _event(kind: MailKind, order: Order, facts: Facts, suffix: str = "") -> MailEvent:
    return MailEvent(kind, order.id + suffix, order.customer, {"order": order.id, **facts})
