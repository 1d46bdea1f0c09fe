"""What Prodigi says of an order: https://www.prodigi.com/print-api/docs/reference/#order-object, #status.

The documentation lists the stages InProgress, Complete and Cancelled, and as filters Draft and AwaitingPayment; an
order in its pause window is said to be on hold. Clients saw the sandbox send Draft, InProgress, Complete, in turn.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import TypeVar

from studio.printing.model import (
    Charge,
    Issue,
    IssueKind,
    Label,
    Parcel,
    ParcelStatus,
    PrintOrder,
    PrintStatus,
    Stage,
    Step,
)
from studio.printing.prodigi.values import Values, cost, found_text, is_order_id, moment, part, parts, state, text, url
from studio.printing.protocol import AnswerNotUnderstoodError

T = TypeVar("T")

_STATUSES = {
    "draft": PrintStatus.DRAFT,
    "onhold": PrintStatus.DRAFT,
    "awaitingpayment": PrintStatus.DRAFT,
    "inprogress": PrintStatus.IN_PROGRESS,
    "complete": PrintStatus.COMPLETE,
    "cancelled": PrintStatus.CANCELED,
}
_STEPS = {
    Step.DOWNLOAD: "downloadAssets",
    Step.ALLOCATE: "allocateProductionLocation",
    Step.PREPARE: "printReadyAssetsPrepared",
    Step.PRODUCE: "inProduction",
    Step.SHIP: "shipping",
}
_STAGES = {
    "notstarted": Stage.NOT_STARTED,
    "inprogress": Stage.IN_PROGRESS,
    "error": Stage.ERROR,
    "complete": Stage.COMPLETE,
    "completed": Stage.COMPLETE,
}
_PARCELS = {
    "processing": ParcelStatus.PROCESSING,
    "cancelled": ParcelStatus.CANCELED,
    "shipped": ParcelStatus.SHIPPED,
}
# By the last part of a code: the documentation has `order.items.assets.…` in its list, `items.assets.…` in its example.
_ISSUES = {
    "notdownloaded": IssueKind.DOWNLOAD_RETRIED,
    "failedtodownloaded": IssueKind.DOWNLOAD_FAILED,
    "itemunavailable": IssueKind.ITEM_UNAVAILABLE,
    "requirespaymentauthorisation": IssueKind.PAYMENT_NEEDED,
}
_INVALID = "invalid"
_BEGINNING = "1970-01-01T00:00:00.000Z"


def read(order: Values) -> PrintOrder:
    """Read a state of an order.

    Raises
    ------
    AnswerNotUnderstoodError
        A part of it is not as it is known: nothing of it is believed.
    """
    status = part(order, "status")
    updated_at = moment(order, "lastUpdated") or moment(order, "created") or _BEGINNING
    return PrintOrder(
        id=order_id(order),
        reference=found_text(order, "merchantReference"),
        status=_known(_STATUSES, state(status, "stage"), "stage"),
        updated_at=updated_at,
        steps={step: _stage(part(status, "details"), name) for step, name in _STEPS.items()},
        parcels=_parcels(parts(order, "shipments"), updated_at),
        issues=tuple(sorted({*_issues(parts(status, "issues")), *_invalid(parts(order, "items"))})),
        charges=tuple(sorted(_charges(parts(order, "charges")))),
    )


def order_id(order: Values) -> str:
    if not is_order_id(order.get("id")):
        raise AnswerNotUnderstoodError("id is no order's")
    return order["id"]


def _known(states: Mapping[str, T], name: str, of: str) -> T:
    if name not in states:
        raise AnswerNotUnderstoodError(f"{of} is none that is known")
    return states[name]


def _stage(details: Values, name: str) -> Stage:
    return _known(_STAGES, state(details, name), name) if details.get(name) is not None else Stage.NOT_STARTED


def _parcels(shipments: Iterable[Values], seen_at: str) -> tuple[Parcel, ...]:
    parcels = {parcel.id: parcel for parcel in (_parcel(shipment, seen_at) for shipment in shipments)}
    return tuple(parcels[id_] for id_ in sorted(parcels))


def _parcel(shipment: Values, seen_at: str) -> Parcel:
    sent = moment(shipment, "dispatchDate")
    named = shipment.get("status")
    if named is not None:
        status = _known(_PARCELS, state(shipment, "status"), "a shipment's status")
    elif shipment.get("cancelled") is True:
        status = ParcelStatus.CANCELED
    else:
        status = ParcelStatus.SHIPPED if sent else ParcelStatus.PROCESSING
    return Parcel(text(shipment, "id"), status, sent, tuple(_labels(shipment, seen_at)))


def _labels(shipment: Values, seen_at: str) -> Iterator[Label]:
    carrier, tracking = part(shipment, "carrier"), part(shipment, "tracking")
    label = Label(
        carrier=found_text(carrier, "name"),
        service=found_text(carrier, "service"),
        number=found_text(tracking, "number"),
        url=url(tracking, "url"),
        since=seen_at,
    )
    if any(label.name):
        yield label


def _issues(issues: Iterable[Values]) -> Iterator[Issue]:
    for issue in issues:
        code = text(issue, "errorCode")
        kind = _ISSUES.get(code.rpartition(".")[2].lower(), IssueKind.OTHER)
        yield Issue(kind, code, found_text(issue, "objectId") or "")


def _invalid(items: Iterable[Values]) -> Iterator[Issue]:
    """An item is Invalid when one of its files failed to download, whether an issue says so or not."""
    for item in items:
        if item.get("status") is not None and state(item, "status") == _INVALID:
            yield Issue(IssueKind.DOWNLOAD_FAILED, "Invalid", found_text(item, "id") or "")


def _charges(charges: Iterable[Values]) -> Iterator[Charge]:
    for charge in charges:
        yield Charge(text(charge, "id"), found_text(charge, "chargeType") or "Other", cost(charge, "totalCost"))
