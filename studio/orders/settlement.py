"""What happens to the money of an order that ends without what was ordered: the table in docs/orders.md."""

from enum import StrEnum

from studio.orders.model import Order, OrderFailure, OrderStepKind


class Settlement(StrEnum):
    """What becomes of an order's money: nothing came or it has gone back, it is sent back, or somebody decides."""

    NOTHING = "NOTHING"
    REFUND = "REFUND"
    REVIEW = "REVIEW"


def settlement_of(order: Order, failure: OrderFailure) -> Settlement:
    """Return what is done about the money of an order that ends for this reason, as its steps stand at the end.

    What may have been printed is not taken back, so that somebody has to look.
    """
    if order.payment is None or failure == OrderFailure.MONEY_WENT_BACK:
        return Settlement.NOTHING
    if failure == OrderFailure.PRINTER_REFUSED or not order.printed:
        return Settlement.REFUND
    if failure == OrderFailure.PRINTER_CANCELED and not order.has(OrderStepKind.IN_PRODUCTION):
        return Settlement.REFUND
    return Settlement.REVIEW
