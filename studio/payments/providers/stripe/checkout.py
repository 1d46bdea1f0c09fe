"""Stripe's own pay page for a payment: a Checkout Session."""

import logging
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, ClassVar
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from studio.alarms import Alarm, raise_alarm
from studio.clock import parse
from studio.errors import ErrorType, StudioError
from studio.payments.model import Payment, PaymentProvider
from studio.payments.providers.protocol import Payer, PaymentPage
from studio.secrets import Secret

if TYPE_CHECKING:
    from stripe import StripeClient, StripeError
    from stripe.params.checkout import SessionCreateParams

# To connect and to answer, asked twice at most: within what AppSync waits for a resolver.
_SECONDS = (3, 8)
_RETRIES = 1
# Stripe takes no page that ends sooner.
_SHORTEST = timedelta(minutes=30)
_PASSING = {409, 429}

_AWAY = "Stripe does not answer just now. Please try again with the same clientRequestId."
_FAILED = "Stripe could not make this page. Please begin another payment, with a new clientRequestId."
_LATE = "It is too late to pay this one at Stripe. Please begin another, with a new clientRequestId."

_log = logging.getLogger(__name__)


class StripeCheckout:
    """Creates the page where a payment is paid.

    Parameters
    ----------
    url
        Where Stripe's API is; empty for its own address.
    """

    needs_call: ClassVar = True

    def __init__(self, secret: Secret, url: str) -> None:
        self._secret = secret
        self._url = url

    def open(self, payment: Payment, title: str, payer: Payer, now: datetime) -> PaymentPage:  # noqa: ARG002
        """Return the page; asked again, Stripe gives the same one.

        Raises
        ------
        StudioError
            PROVIDER_UNAVAILABLE.
        """
        if parse(payment.expires_at) - now < _SHORTEST:
            raise _unavailable(_LATE)
        import stripe  # noqa: PLC0415 - a tenth of a second that no other field needs to wait for

        try:
            session = self._client().v1.checkout.sessions.create(
                _wanted(payment, title), {"idempotency_key": payment.id}
            )
        except stripe.StripeError as error:
            _report(error)
            raise _unavailable(_FAILED if _stays(error) else _AWAY) from error
        if session.url is None:
            raise _unavailable(_FAILED)
        return PaymentPage(session.url, session.id)

    def close(self, payment: Payment) -> None:
        """Expire the Checkout Session. Stripe refuses that where it has ended or was paid: its events say which."""
        if payment.session is None:
            return  # nobody was given its address
        import stripe  # noqa: PLC0415

        try:
            self._client().v1.checkout.sessions.expire(payment.session)
        except stripe.StripeError as error:
            _log.warning("Stripe ended no page: %s %s %s", type(error).__name__, error.http_status, error.request_id)

    def _client(self) -> "StripeClient":
        import stripe  # noqa: PLC0415

        return stripe.StripeClient(
            self._secret.current()["apiKey"],
            base_addresses={"api": self._url} if self._url else {},
            max_network_retries=_RETRIES,
            http_client=stripe.RequestsClient(timeout=_SECONDS),
        )


def _wanted(payment: Payment, title: str) -> "SessionCreateParams":
    named = {"paymentId": payment.id}
    return {
        "mode": "payment",
        "client_reference_id": payment.id,
        "metadata": named,
        # Refunds are of the money, not of the session.
        "payment_intent_data": {"metadata": named},
        "line_items": [
            {
                "quantity": 1,
                "price_data": {
                    "currency": payment.amount.currency.lower(),
                    "unit_amount": payment.amount.minor,
                    "product_data": {"name": title},
                },
            }
        ],
        "expires_at": int(parse(payment.expires_at).timestamp()),
        "success_url": _return_url(payment, "done"),
        "cancel_url": _return_url(payment, "canceled"),
    }


def _report(error: "StripeError") -> None:
    """Log what went wrong, but for its message, which may repeat what was sent. A refusal is for us to mend."""
    refused = 400 <= (error.http_status or 500) < 500 and error.http_status not in _PASSING  # noqa: PLR2004 - HTTP
    _log.warning("Stripe made no page: %s %s %s", type(error).__name__, error.http_status, error.request_id)
    if refused:
        raise_alarm(Alarm.PROVIDER_REFUSES, provider=PaymentProvider.STRIPE, request=error.request_id)


def _stays(error: "StripeError") -> bool:
    """Tell whether asking again is in vain: what Stripe answered to a key it repeats for a day, its own faults too."""
    return (error.http_status or 0) >= 500  # noqa: PLR2004 - HTTP


def _unavailable(message: str) -> StudioError:
    return StudioError(ErrorType.PROVIDER_UNAVAILABLE, message)


def _return_url(payment: Payment, result: str) -> str:
    """Return where the payer comes back to, with the payment for a frontend to ask for."""
    parts = urlsplit(payment.return_url)
    query = [*parse_qsl(parts.query, keep_blank_values=True), ("paymentId", payment.id), ("result", result)]
    return urlunsplit(parts._replace(query=urlencode(query)))
