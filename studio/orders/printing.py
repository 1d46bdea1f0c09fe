"""What is printed of an order: what is handed to the printer, and what its states there make of the order."""

from collections.abc import Mapping
from datetime import datetime

from studio.jobs.model import Job
from studio.orders import transitions
from studio.orders.model import Address, Order, OrderFailure, OrderItem, OrderParcel, OrderStepKind
from studio.printing.cost import Cost
from studio.printing.model import Parcel, PrintStatus
from studio.printing.products import PRODUCTS
from studio.printing.request import Recipient, ShippingMethod
from studio.printing.submission import PrintFile, Submission, SubmissionItem


class UnprintableError(Exception):
    """What was ordered cannot be handed to a printer; the message says what is missing."""


def submission_of(order: Order, jobs: Mapping[str, Job], now: datetime) -> Submission:
    """Return what is handed to the printer: the files that the jobs made, by their documents' ids.

    Raises
    ------
    UnprintableError
    """
    if order.address is None:
        raise UnprintableError("the address")
    items = [
        _item(str(i), item, jobs.get(item.document)) for i, item in enumerate(order.items, 1) if item.kind.is_printed
    ]
    return Submission.new(order.id, order.customer, _recipient(order.address), ShippingMethod.STANDARD, items, now)


def followed(order: Order, seen: Submission, now: datetime) -> Order:
    """Return an order as what is known of it at the printer makes it: a step that it has taken it has for ever."""
    order = transitions.parcelled(order, _parcels(order, seen), now)
    if seen.refusal:
        return transitions.failed(order, OrderFailure.PRINTER_REFUSED, now)
    order = transitions.stepped(order, *_steps(order, seen), now=now)
    match seen.state.status if seen.state else None:
        case PrintStatus.COMPLETE:
            return transitions.completed(order, now)
        case PrintStatus.CANCELED:
            return transitions.failed(order, OrderFailure.PRINTER_CANCELED, now)
        case _:
            return order


def parcels_of(order: Order, seen: Submission, now: datetime) -> Order:
    """Return an order that has ended with what came of its parcels since."""
    return transitions.parcelled(order, _parcels(order, seen), now)


def _steps(order: Order, seen: Submission) -> list[OrderStepKind]:
    """Return the steps that the printer's state shows. Files are delivered once the printer has taken the rest."""
    if seen.printer_id is None:
        return []
    steps = [OrderStepKind.SUBMITTED]
    if any(not item.kind.is_printed for item in order.items):
        steps.append(OrderStepKind.DELIVERED)
    if seen.state and seen.state.in_production:
        steps.append(OrderStepKind.IN_PRODUCTION)
    if seen.state and seen.state.shipped:
        steps.append(OrderStepKind.SHIPPED)
    return steps


def _parcels(order: Order, seen: Submission) -> list[OrderParcel]:
    if seen.state is None:
        return []
    known = {each.id: each.shipped_at for each in order.parcels}
    return [_parcel(each, known.get(each.id, seen.state.updated_at)) for each in seen.state.shipped]


def _parcel(parcel: Parcel, seen_at: str) -> OrderParcel:
    label = parcel.label
    return OrderParcel(
        id=parcel.id,
        shipped_at=parcel.dispatched_at or seen_at,
        carrier=label.carrier if label else None,
        tracking_number=label.number if label else None,
        tracking_url=label.url if label else None,
    )


def _item(reference: str, item: OrderItem, job: Job | None) -> SubmissionItem:
    made = (job.pdf or job.image) if job else None
    if job is None or made is None or made.md5 is None or item.printed_as not in PRODUCTS:
        raise UnprintableError("a file, or what it is printed as")
    return SubmissionItem(
        reference=reference,
        product=PRODUCTS[item.printed_as],
        copies=item.quantity,
        pages=job.pdf.pages if job.pdf else None,
        file=PrintFile(made.key, made.content_type, made.md5),
        price=Cost(item.unit_price.minor, item.unit_price.currency),
    )


def _recipient(address: Address) -> Recipient:
    return Recipient(
        name=address.name,
        line1=address.line1,
        line2=address.line2,
        city=address.city,
        region=address.region,
        postal_code=address.postal_code,
        country=address.country,
        phone=address.phone,
    )
