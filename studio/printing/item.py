"""A printer's order as an attribute of a row, and back."""

from typing import Any

from studio import rows
from studio.printing.cost import Cost
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


def print_order_to_item(order: PrintOrder) -> dict[str, Any]:
    named = {} if order.reference is None else {"reference": order.reference}
    return {
        "id": order.id,
        "status": order.status,
        "updatedAt": order.updated_at,
        "steps": {str(step): str(stage) for step, stage in order.steps.items()},
        "parcels": [_parcel_to_item(each) for each in order.parcels],
        "issues": [{"kind": each.kind, "code": each.code, "about": each.about} for each in order.issues],
        "charges": [_charge_to_item(each) for each in order.charges],
        **named,
    }


def print_order_from_item(item: Any) -> PrintOrder:
    """Read an order.

    Raises
    ------
    UnreadableError
    """
    row = rows.row(item)
    stages = row.get("steps", rows.map_of(Stage))
    return PrintOrder(
        id=row.get("id", rows.text),
        reference=row.find("reference", rows.text),
        status=row.get("status", PrintStatus),
        updated_at=row.get("updatedAt", rows.time),
        steps={step: stages.get(step, Stage.NOT_STARTED) for step in Step},
        parcels=row.get("parcels", rows.list_of(_parcel_from_item)),
        issues=row.get("issues", rows.list_of(_issue_from_item)),
        charges=row.get("charges", rows.list_of(_charge_from_item)),
    )


def _parcel_to_item(parcel: Parcel) -> dict[str, Any]:
    sent = {} if parcel.dispatched_at is None else {"dispatchedAt": parcel.dispatched_at}
    return {
        "id": parcel.id,
        "status": parcel.status,
        "labels": [_label_to_item(each) for each in parcel.labels],
        **sent,
    }


def _parcel_from_item(item: Any) -> Parcel:
    row = rows.row(item)
    return Parcel(
        row.get("id", rows.text),
        row.get("status", ParcelStatus),
        row.find("dispatchedAt", rows.time),
        row.get("labels", rows.list_of(_label_from_item)),
    )


def _label_to_item(label: Label) -> dict[str, Any]:
    written = {"carrier": label.carrier, "service": label.service, "number": label.number, "url": label.url}
    return {name: value for name, value in written.items() if value is not None} | {"since": label.since}


def _label_from_item(item: Any) -> Label:
    row = rows.row(item)
    return Label(
        row.find("carrier", rows.text),
        row.find("service", rows.text),
        row.find("number", rows.text),
        row.find("url", rows.url),
        row.get("since", rows.time),
    )


def _issue_from_item(item: Any) -> Issue:
    row = rows.row(item)
    return Issue(row.get("kind", IssueKind), row.get("code", rows.text), row.get("about", rows.text))


def _charge_to_item(charge: Charge) -> dict[str, Any]:
    total = {"minor": charge.total.minor, "currency": charge.total.currency}
    return {"id": charge.id, "kind": charge.kind, "total": total}


def _charge_from_item(item: Any) -> Charge:
    row = rows.row(item)
    return Charge(row.get("id", rows.text), row.get("kind", rows.text), row.get("total", _cost_from_item))


def _cost_from_item(item: Any) -> Cost:
    row = rows.row(item)
    return Cost(row.get("minor", rows.total), row.get("currency", rows.text))
