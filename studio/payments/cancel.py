"""A payer says that they will not pay: the payment ends at once, and makes room for another one."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from aws_lambda_powertools.logging import Logger

from studio import ids
from studio.dynamo import transact
from studio.errors import ErrorType, StudioError
from studio.optimistic import retry
from studio.payments.item import payment_from_item
from studio.payments.model import Awaits, Payment, PaymentProvider, PaymentStatus
from studio.payments.providers.protocol import HostedCheckout
from studio.payments.rules import transition
from studio.payments.table import Payments
from studio.people.model import Caller
from studio.people.table import People

_UNPAID = {PaymentStatus.EXPIRED, PaymentStatus.FAILED}

log = Logger()


@dataclass(frozen=True)
class PaymentCancellation:
    """Cancels payments; `checkouts` are those whose pages are then to end, too."""

    payments: Payments
    people: People
    checkouts: Mapping[PaymentProvider, HostedCheckout]

    def cancel(self, caller: Caller, id_: str, now: datetime) -> Payment | None:
        """End the caller's own payment that waits to be paid; one that ended unpaid is returned as it is.

        Its page may be paid all the same, until it ends: money that comes counts as it does for any that expired.

        Raises
        ------
        StudioError
            ID_MALFORMED, PAYMENT_NOT_CANCELABLE: its money is there, or on its way.
        """
        ids.checked(id_)
        payment = retry(lambda: self._canceled(caller, id_, now))
        if payment and payment.awaits == Awaits.PAGE_END:
            self._close(payment)
        return payment

    def _canceled(self, caller: Caller, id_: str, now: datetime) -> Payment | None:
        row = self.payments.get({"id": id_})
        if row is None or row.get("owner") != caller.sub:
            return None
        payment = payment_from_item(row)
        if payment.status in _UNPAID:
            return payment
        if not payment.is_to_be_paid:
            message = "This payment can no longer be canceled: its money is there, or on its way."
            raise StudioError(ErrorType.PAYMENT_NOT_CANCELABLE, message)
        canceled = transition(payment, replace(payment.facts, canceled=True), now, None)
        end = self.payments.change(self.payments.change_to(payment, canceled))
        transact(self.payments.client, [end, self.people.ended(caller.sub, "paying", {payment.id})])
        return canceled

    def _close(self, payment: Payment) -> None:
        """Have the provider end its page; where that fails, the page ends by itself, at the payment's own time."""
        try:
            self.checkouts[payment.provider].close(payment)
        except Exception:
            log.exception("a page was not ended", extra={"payment": payment.id})
