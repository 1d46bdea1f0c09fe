"""What an event that was kept says, whichever provider it is from."""

from urllib.parse import parse_qsl

from studio.payments import stripe_events, vnpay
from studio.payments.events import Event
from studio.payments.model import PaymentProvider
from studio.payments.rules import Notice


def notice_of(event: Event) -> Notice | None:
    """Read an event; its signature was checked before it was kept. None where it says nothing to us.

    Raises
    ------
    NotUnderstoodError
        It has not the form that is known of it.
    """
    if event.body is None:
        return None
    if event.provider == PaymentProvider.VNPAY:
        return vnpay.read(dict(parse_qsl(event.body)))
    return stripe_events.read(stripe_events.parsed(event.body.encode()))
