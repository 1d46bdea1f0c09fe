"""The rows of the PrintOrders table, the printer's order in them, and back."""

from collections.abc import Mapping
from dataclasses import asdict
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
from studio.printing.products import PRODUCTS, Product
from studio.printing.protocol import Refusal
from studio.printing.request import Recipient, ShippingMethod
from studio.printing.submission import PrintFile, PrintRefusal, Submission, SubmissionItem, Trouble
from studio.printing.withdrawal import OPEN


def submission_to_item(submission: Submission) -> dict[str, Any]:
    return {
        "id": submission.id,
        "owner": submission.owner,
        "method": submission.method,
        "items": [_item_to_item(each) for each in submission.items],
        "createdAt": submission.created_at,
        **progress_to_item(submission),
    }


def progress_to_item(submission: Submission) -> dict[str, Any]:
    """Write what changes of a row: never what is ordered."""
    return {
        "version": submission.version,
        "recipient": rows.without_none(asdict(submission.recipient)) if submission.recipient else None,
        "updatedAt": submission.updated_at,
        "printerId": submission.printer_id,
        "submittedAt": submission.submitted_at,
        "state": print_order_to_item(submission.state) if submission.state else None,
        "refusal": rows.without_none(asdict(submission.refusal)) if submission.refusal else None,
        "trouble": submission.trouble,
        "askedAt": submission.asked_at,
        "tries": submission.tries,
        "unanswered": submission.unanswered,
        "open": None if submission.due is None else OPEN,
        "due": submission.due,
    }


def submission_from_item(item: Mapping[str, Any]) -> Submission:
    """Read a row.

    Raises
    ------
    UnreadableError
    """
    row = rows.small_row(item)
    return Submission(
        id=row.get("id", rows.text),
        owner=row.get("owner", rows.text),
        version=row.get("version", rows.version),
        method=row.get("method", ShippingMethod),
        recipient=row.find("recipient", _recipient_from_item),
        items=row.get("items", rows.list_of(_item_from_item)),
        created_at=row.get("createdAt", rows.time),
        updated_at=row.get("updatedAt", rows.time),
        printer_id=row.find("printerId", rows.text),
        submitted_at=row.find("submittedAt", rows.time),
        state=row.find("state", print_order_from_item),
        refusal=row.find("refusal", _refusal_from_item),
        trouble=row.find("trouble", Trouble),
        asked_at=row.find("askedAt", rows.millis),
        tries=row.find("tries", rows.count) or 0,
        unanswered=row.find("unanswered", rows.count) or 0,
        due=row.find("due", rows.millis),
        withdrawn=row.find("withdrawn", rows.flag) or False,
    )


def print_order_to_item(order: PrintOrder) -> dict[str, Any]:
    whole = {
        "id": order.id,
        "reference": order.reference,
        "status": order.status,
        "updatedAt": order.updated_at,
        "steps": {str(step): str(stage) for step, stage in order.steps.items()},
        "parcels": [_parcel_to_item(each) for each in order.parcels],
        "issues": [{"kind": each.kind, "code": each.code, "about": each.about} for each in order.issues],
        "charges": [_charge_to_item(each) for each in order.charges],
    }
    return rows.without_none(whole)


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
    whole = {
        "id": parcel.id,
        "status": parcel.status,
        "dispatchedAt": parcel.dispatched_at,
        "labels": [rows.without_none(asdict(each)) for each in parcel.labels],
    }
    return rows.without_none(whole)


def _parcel_from_item(item: Any) -> Parcel:
    row = rows.row(item)
    return Parcel(
        row.get("id", rows.text),
        row.get("status", ParcelStatus),
        row.find("dispatchedAt", rows.time),
        row.get("labels", rows.list_of(_label_from_item)),
    )


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
    return {"id": charge.id, "kind": charge.kind, "total": asdict(charge.total)}


def _charge_from_item(item: Any) -> Charge:
    row = rows.row(item)
    return Charge(row.get("id", rows.text), row.get("kind", rows.text), row.get("total", _cost_from_item))


def _cost_from_item(item: Any) -> Cost:
    row = rows.row(item)
    return Cost(row.get("minor", rows.total), row.get("currency", rows.text))


def _item_to_item(item: SubmissionItem) -> dict[str, Any]:
    whole = {
        "reference": item.reference,
        "product": item.product.id,
        "copies": item.copies,
        "pages": item.pages,
        "price": asdict(item.price) if item.price else None,
        "file": asdict(item.file),
    }
    return rows.without_none(whole)


def _item_from_item(item: Any) -> SubmissionItem:
    row = rows.row(item)
    return SubmissionItem(
        reference=row.get("reference", rows.text),
        product=row.get("product", _product),
        copies=row.get("copies", rows.count),
        pages=row.find("pages", rows.count),
        price=row.find("price", _cost_from_item),
        file=row.get("file", _file_from_item),
    )


def _product(value: Any) -> Product:
    return PRODUCTS[rows.text(value)]


def _file_from_item(item: Any) -> PrintFile:
    row = rows.row(item)
    return PrintFile(row.get("key", rows.text), row.get("content_type", rows.text), row.get("md5", rows.text))


def _recipient_from_item(item: Any) -> Recipient:
    row = rows.row(item)
    return Recipient(
        name=row.get("name", rows.text),
        line1=row.get("line1", rows.text),
        line2=row.find("line2", rows.text),
        city=row.get("city", rows.text),
        region=row.find("region", rows.text),
        postal_code=row.find("postal_code", rows.text),
        country=row.get("country", rows.text),
        phone=row.find("phone", rows.text),
        email=row.find("email", rows.text),
    )


def _refusal_from_item(item: Any) -> PrintRefusal:
    row = rows.row(item)
    details = row.get("details", rows.list_of(rows.text))
    return PrintRefusal(row.get("refusal", Refusal), details, row.find("trace", rows.text))
