"""Which change of a payment its payer is written to about."""

from collections.abc import Iterator

from studio.clock import parse
from studio.mail.model import Facts, MailEvent, MailKind
from studio.money import Currency, Money
from studio.payments.model import Payment, PaymentStatus, ReviewReason
from studio.payments.points import held
from studio.payments.providers.registry import PROVIDERS
from studio.payments.transactions import Taken

_OF_ORDERS = frozenset({ReviewReason.ORDER_ENDED, ReviewReason.MONEY_WENT_BACK})


def mails_of(before: Payment, after: Payment) -> Iterator[MailEvent]:
    """Yield the mails of a change: once more, they have the same names."""
    if after.paid_at and not before.paid_at:
        points: Facts = {"points": after.points} if after.points else {}
        yield _event(MailKind.RECEIPT, after.id, after, {**points, "at": parse(after.paid_at)})
    if (back := _returned(after) - _returned(before)) > 0:
        # One payment may go back in parts, and each is a change of its own.
        yield _event(MailKind.PAYMENT_REFUNDED, f"{after.id}#{after.version}", after, _refund(before, after, back))
    if before.status != after.status and (kind := _by_status(after)):
        yield _event(kind, after.id, after, {})


def _by_status(after: Payment) -> MailKind | None:
    match after.status:
        case PaymentStatus.REVIEW:
            if after.review == ReviewReason.REFUND_REFUSED or after.facts.decision:
                return None  # the payer has heard of it, and hears when the money goes back
            # Of an order that was paid its own mail tells.
            return None if after.review in _OF_ORDERS and after.paid_at else MailKind.PAYMENT_IN_REVIEW
        case PaymentStatus.FAILED:
            return MailKind.TRANSFER_FAILED if after.facts.promised else MailKind.PAYMENT_FAILED
        case _:
            return None


def _received(payment: Payment) -> list[Taken]:
    """Return what was taken, what was only suspected to be last."""
    paid = [each.paid for each in payment.facts.received.values() if each.paid]
    return paid or ([payment.facts.suspected] if payment.facts.suspected else [])


def _returned(payment: Payment) -> int:
    """Return how much of the money is the payer's again; what a bank only holds is not."""
    if payment.facts.is_paid_back:
        return sum(taken.minor for taken in _received(payment))
    return sum(each.returned for each in payment.facts.received.values())


def _refund(before: Payment, after: Payment, back: int) -> Facts:
    """Return what went back; of several currencies there is no sum."""
    currencies = {taken.currency for taken in _received(after)}
    one = len(currencies) == 1 and currencies <= {*Currency}
    returned: Facts = {"returned": Money(back, Currency(currencies.pop()))} if one else {}
    taken = held(before) - held(after)
    return {"at": parse(after.updated_at), **returned, **({"taken": taken} if taken > 0 else {})}


def _paid(payment: Payment) -> Money:
    """Return what was paid, where that is known, or is to be paid."""
    found = [taken for taken in _received(payment) if taken.currency in {*Currency}]
    best = max(found, key=lambda taken: (taken.is_exactly(payment.amount), taken.minor), default=None)
    return Money(best.minor, Currency(best.currency)) if best else payment.amount


def _event(kind: MailKind, event: str, payment: Payment, facts: Facts) -> MailEvent:
    common: Facts = {"payment": payment.id, "amount": _paid(payment), "provider": PROVIDERS[payment.provider].title}
    return MailEvent(kind, event, payment.owner, {**common, **facts})
