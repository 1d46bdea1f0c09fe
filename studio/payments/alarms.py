"""What about a payment needs somebody to look, though its points are right."""

from collections.abc import Iterator

from studio.alarms import Alarm
from studio.payments.model import Payment, PaymentDecision
from studio.payments.notice import Notice
from studio.payments.refund_request import RefundStatus
from studio.payments.transactions import Taken


def alarms(before: Payment, after: Payment, notice: Notice) -> Iterator[Alarm]:
    """Yield the alarms that a change of a payment is worth."""
    if is_surplus(before, after, notice) or _came_after_refund(before, after, notice):
        yield Alarm.PAID_TWICE
    if after.review and (after.review != before.review or _became(RefundStatus.REFUSED, before, after)):
        yield Alarm.PAYMENT_IN_REVIEW
    if notice.progress and notice.progress.cause and _became(RefundStatus.DONE, before, after):
        yield Alarm.REFUND_UNFINISHED
    if (after.failed_refund or before.failed_refund) != before.failed_refund:
        yield Alarm.REFUND_FAILED
    if notice.takes_back and after.facts.received and not _paid(after, notice):
        yield Alarm.REFUND_UNMATCHED


def is_surplus(before: Payment, after: Payment, notice: Notice) -> bool:
    """Tell whether a notice is of money that came beside other money, which is still ours."""
    others = [name for name, each in before.facts.received.items() if name and not each.is_gone]
    return _is_new(before, after, notice) and others not in ([], [notice.reference])


def _came_after_refund(before: Payment, after: Payment, notice: Notice) -> bool:
    """Tell whether it is of money that came after an administrator had paid all of it back."""
    return before.facts.decision == PaymentDecision.REFUND and _is_new(before, after, notice)


def _became(status: RefundStatus, before: Payment, after: Payment) -> bool:
    """Tell whether a refund that was asked for stands so now, and did not before."""
    requests = after.facts.refund_requests.items()
    return any(each.status == status != _status(before, name) for name, each in requests)


def _status(payment: Payment, reference: str) -> RefundStatus | None:
    known = payment.facts.refund_requests.get(reference)
    return known.status if known else None


def _is_new(before: Payment, after: Payment, notice: Notice) -> bool:
    return _paid(after, notice) != _paid(before, notice)


def _paid(payment: Payment, notice: Notice) -> Taken | None:
    found = payment.facts.transactions.get(notice.reference or "")
    return found.paid if found else None
