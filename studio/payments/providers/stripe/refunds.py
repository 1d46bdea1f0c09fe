"""Stripe's Refunds API: money goes back by our own name of the refund, which Stripe acts on once.

https://docs.stripe.com/api/refunds/create, https://docs.stripe.com/api/idempotent_requests
"""

import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, TypeVar

from studio.alarms import Alarm, raise_alarm
from studio.payments.model import Payment, PaymentProvider
from studio.payments.notice import NotUnderstoodError
from studio.payments.providers.protocol import RefundAnswer, UnansweredError
from studio.payments.providers.stripe.events import refund_state
from studio.payments.providers.stripe.values import Values, taken, text
from studio.payments.refund_request import RefundRequest, RefundStatus
from studio.payments.transactions import Refund
from studio.secrets import Secret

if TYPE_CHECKING:
    from stripe import StripeClient, StripeError
    from stripe.params import RefundCreateParams

T = TypeVar("T")

_SECONDS = (3, 8)  # to connect and to answer
_MOST = 100  # refunds of one payment, as Stripe lists them at once
# Too many requests, or the same one at this moment.
_PASSING = {409, 429}
# Our key is none, or may not refund.
_KEY = {401, 403}
_SENT_BACK = "charge_already_refunded"
# There may be money later.
_NO_MONEY = {"balance_insufficient", "insufficient_funds"}
_STATUSES = {"succeeded": RefundStatus.DONE, "failed": RefundStatus.REFUSED, "canceled": RefundStatus.REFUSED}


@dataclass(frozen=True)
class StripeRefunds:
    """Sends money back by a key that may do nothing else; `url` is where Stripe's API is, empty for its own address."""

    secret: Secret
    url: str

    def refund(self, payment: Payment, request: RefundRequest, now: datetime, *, again: bool) -> RefundAnswer:  # noqa: ARG002 - Stripe knows it by the key
        """Ask for a refund. For a day Stripe repeats its answer to the key; then nothing is left to send back again."""
        client = self._client()
        try:
            made = _asked(lambda: client.v1.refunds.create(_wanted(payment, request), {"idempotency_key": request.id}))
        except _SentBackError:
            return self.progress(payment, request, now)
        except _RefusedError as error:
            return RefundAnswer(RefundStatus.REFUSED, said=str(error), cause=f"Stripe answers {error}")
        if request.taken != payment.facts.received[request.reference].paid:
            return self.progress(payment, request, now)  # of others perhaps only the sum is known
        return _answer(request, [made.to_dict()], now)

    def progress(self, payment: Payment, request: RefundRequest, now: datetime) -> RefundAnswer:  # noqa: ARG002 - protocol's
        """Ask for all refunds of the transaction: what others sent back counts as well."""
        client = self._client()
        try:
            found = _asked(lambda: client.v1.refunds.list({"payment_intent": request.reference, "limit": _MOST}))
        except (_SentBackError, _RefusedError) as error:
            raise UnansweredError(f"Stripe lists no refunds: {error}") from error
        return _answer(request, [each.to_dict() for each in found.data], now)

    def _client(self) -> "StripeClient":
        import stripe  # noqa: PLC0415 - a tenth of a second that nothing else here needs to wait for

        return stripe.StripeClient(
            self.secret.current()["apiKey"],
            base_addresses={"api": self.url} if self.url else {},
            max_network_retries=0,  # it is asked again, after a pause
            http_client=stripe.RequestsClient(timeout=_SECONDS),
        )


class _SentBackError(Exception):
    """There is nothing left to send back."""


class _RefusedError(Exception):
    """Stripe sends nothing back; its code is the message."""


def _wanted(payment: Payment, request: RefundRequest) -> "RefundCreateParams":
    return {
        "payment_intent": request.reference,
        "amount": request.taken.minor,
        "reason": "requested_by_customer",
        "metadata": {"paymentId": payment.id, "refundId": request.id},
    }


def _asked(call: Callable[[], T]) -> T:
    import stripe  # noqa: PLC0415

    try:
        return call()
    except stripe.StripeError as error:
        raise _meant(error) from error


def _meant(error: "StripeError") -> Exception:
    """Tell a refusal from what passes, and from what is for us to mend; its message may repeat what was sent."""
    import stripe  # noqa: PLC0415

    status, said = error.http_status or 0, error.code or type(error).__name__
    if error.code == _SENT_BACK:
        return _SentBackError(said)
    if status in _KEY:
        raise_alarm(Alarm.PROVIDER_REFUSES, provider=PaymentProvider.STRIPE, request=error.request_id)
    passes = status in _KEY | _PASSING or error.code in _NO_MONEY or isinstance(error, stripe.IdempotencyError)
    if passes or not 400 <= status < 500:  # noqa: PLR2004 - HTTP
        return UnansweredError(f"HTTP {status} {said}")
    return _RefusedError(said)


def _answer(request: RefundRequest, found: Iterable[Values], now: datetime) -> RefundAnswer:
    """Say what Stripe knows of the transaction's refunds, and of ours by the name on it."""
    found = list(found)
    at, status, cause = int(now.timestamp()), RefundStatus.ASKED, None
    refunds: dict[str, Refund] = {}
    try:
        for each in found:
            refunds[text(each, "id")] = Refund(taken(each, "amount"), refund_state(each), at)
            if (each.get("metadata") or {}).get("refundId") == request.id:
                status = _STATUSES.get(text(each, "status"), RefundStatus.UNDER_WAY)
    except NotUnderstoodError as error:
        raise UnansweredError(f"a refund is not as Stripe documents it: {error}") from error
    if status == RefundStatus.REFUSED:
        cause = "Stripe could not send it back"
    return RefundAnswer(status, refunds, json.dumps(found, default=str), cause)
