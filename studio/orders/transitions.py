"""Every change that an order may take, without DynamoDB: what is not written here is not possible.

Each is one version on, and a line of the history. What has happened already is answered as it stands: the order itself.
"""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from studio.clock import iso, millis, parse
from studio.orders.model import (
    ENDED,
    Address,
    Order,
    OrderAction,
    OrderEvent,
    OrderFailure,
    OrderParcel,
    OrderStatus,
    OrderStep,
    OrderStepKind,
)

_HISTORY = 100
_ORDERED = list(OrderStepKind)


class NotPossibleError(Exception):
    """An order is not where such a change could be made; the message says why, and holds nothing of the order."""


def actions(order: Order, now: datetime) -> list[OrderAction]:
    """Return what its customer can still do."""
    can = {
        OrderAction.PAY: is_payable(order, now),
        OrderAction.CANCEL: is_cancelable(order),
        OrderAction.CHANGE_ADDRESS: is_readdressable(order),
    }
    return [action for action, possible in can.items() if possible]


def is_payable(order: Order, now: datetime) -> bool:
    return order.status == OrderStatus.PENDING and now < parse(order.pay_by)


def is_cancelable(order: Order) -> bool:
    """Tell whether its customer can have it canceled: not once it is printed, or they have its files."""
    return order.status not in ENDED and not order.printed and not order.has(OrderStepKind.DELIVERED)


def is_readdressable(order: Order) -> bool:
    return order.status not in ENDED and not order.printed and order.is_printed


def is_delivered(order: Order) -> bool:
    """Tell whether its customer has its files, and its prints are on their way, as far as is known."""
    has_files = any(not item.kind.is_printed for item in order.items)
    files = order.has(OrderStepKind.DELIVERED) or not has_files
    return files and (order.has(OrderStepKind.SHIPPED) or not order.is_printed)


# ---- statuses


def paid(order: Order, payment: str, now: datetime) -> Order:
    """Money has come: it is to be fulfilled, from this moment on.

    Raises
    ------
    NotPossibleError
    """
    _refuse_unless(order.status == OrderStatus.PENDING, "only a pending order is paid")
    step = OrderStep(OrderStepKind.PAID, iso(now))
    return _changed(
        order, now, status=OrderStatus.PROCESSING, payment=payment, steps=(*order.steps, step), due=millis(now)
    )


def completed(order: Order, now: datetime, note: str | None = None) -> Order:
    """It is fulfilled.

    Raises
    ------
    NotPossibleError
    """
    _refuse_unless(order.status == OrderStatus.PROCESSING, "only an order that is being processed is completed")
    return _ended(order, OrderStatus.COMPLETED, None, now, note)


def failed(order: Order, why: OrderFailure, now: datetime, note: str | None = None) -> Order:
    """It was paid, and cannot be fulfilled.

    Raises
    ------
    NotPossibleError
    """
    _refuse_unless(order.status == OrderStatus.PROCESSING, "only an order that is being processed fails")
    return _ended(order, OrderStatus.FAILED, why, now, note)


def canceled(order: Order, why: OrderFailure, now: datetime, note: str | None = None) -> Order:
    """It is not wanted any more, or was not paid.

    Raises
    ------
    NotPossibleError
    """
    _refuse_unless(order.status not in ENDED, "it has ended")
    return _ended(order, OrderStatus.CANCELED, why, now, note)


def _ended(order: Order, status: OrderStatus, why: OrderFailure | None, now: datetime, note: str | None) -> Order:
    return _changed(order, now, note, status=status, failure=why, note=note, due=None, address=None)


# ---- fulfilment


def rendering(order: Order, jobs: Mapping[str, str], now: datetime) -> Order:
    """Jobs, by the documents' ids, render what was ordered, in place of those that did before.

    Raises
    ------
    NotPossibleError
    """
    _refuse_unless(order.status == OrderStatus.PROCESSING, "only an order that is being processed is rendered")
    tries = {id_: order.tries.get(id_, 0) + 1 for id_ in jobs}
    return _changed(order, now, renderings={**order.renderings, **jobs}, tries={**order.tries, **tries})


def stepped(order: Order, *kinds: OrderStepKind, now: datetime, note: str | None = None) -> Order:
    """Take those of these steps that it has not taken; never one that comes before a step that it has.

    Raises
    ------
    NotPossibleError
    """
    new = [kind for kind in _ORDERED if kind in kinds and not order.has(kind)]
    if not new:
        return order
    _refuse_unless(order.status == OrderStatus.PROCESSING, "only an order that is being processed goes on")
    furthest = max((_ORDERED.index(step.kind) for step in order.steps), default=-1)
    _refuse_unless(_ORDERED.index(new[0]) > furthest, "it is past that step")
    steps = tuple(OrderStep(kind, iso(now), note) for kind in new)
    return _changed(order, now, " ".join(new), steps=(*order.steps, *steps))


def printed(order: Order, now: datetime) -> Order:
    """It is handed to the printer: from here on its customer cannot cancel it.

    Raises
    ------
    NotPossibleError
    """
    if order.printed:
        return order
    ready = order.status == OrderStatus.PROCESSING and order.is_printed and order.has(OrderStepKind.RENDERED)
    _refuse_unless(ready, "only an order that is rendered is printed")
    return _changed(order, now, printed=True)


def parcelled(order: Order, parcels: Iterable[OrderParcel], now: datetime) -> Order:
    """Add parcels, and what became known of them; what is known stays, however the order ended.

    Raises
    ------
    NotPossibleError
    """
    merged = {each.id: each for each in order.parcels}
    for parcel in parcels:
        merged[parcel.id] = _merged(merged.get(parcel.id), parcel)
    after = tuple(merged.values())
    if after == order.parcels:
        return order
    _refuse_unless(order.printed, "nothing of it was printed")
    return _changed(order, now, parcels=after)


def _merged(known: OrderParcel | None, new: OrderParcel) -> OrderParcel:
    return replace(known, **{name: value for name, value in vars(new).items() if value}) if known else new


# ---- where it goes


def readdressed(order: Order, address: Address, now: datetime) -> Order:
    """Send it elsewhere in the same country, whose price was paid.

    Raises
    ------
    NotPossibleError
    """
    _refuse_unless(is_readdressable(order), "it is printed, or nothing of it will be")
    _refuse_unless(address.country == order.country, "its price is for another country")
    return order if address == order.address else _changed(order, now, address=address)


def unaddressed(order: Order, now: datetime) -> Order:
    """Forget where it goes."""
    return order if order.address is None else _changed(order, now, address=None)


# ---- all of them


def _changed(order: Order, now: datetime, why: str | None = None, **changes: Any) -> Order:
    after = replace(order, version=order.version + 1, updated_at=iso(now), **changes)
    event = OrderEvent(after.version, after.status, iso(now), why)
    return replace(after, history=(*order.history, event)[-_HISTORY:])


def _refuse_unless(possible: bool, why: str) -> None:  # noqa: FBT001 - a condition
    if not possible:
        raise NotPossibleError(why)
