"""Calling providers for the refunds that were asked for, each until its provider has said how it ended."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from studio.clock import millis, parse
from studio.dynamo import Item
from studio.payments.apply_event import EventApplier
from studio.payments.events import PaymentEvents
from studio.payments.item import payment_from_item
from studio.payments.model import Awaits, Payment, PaymentProvider
from studio.payments.providers.protocol import RefundAnswer, RefundApi
from studio.payments.refund_answer import event_of
from studio.payments.refund_request import RefundRequest, RefundStatus
from studio.payments.table import Payments
from studio.sweeping import tries_of

# So long a provider is asked for a refund, and then for its end: a bank abroad takes some weeks.
ASK_FOR = timedelta(days=3)
FOLLOW_FOR = timedelta(days=30)


@dataclass(frozen=True)
class RefundCaller:
    """Asks providers, of which `apis` are those that can be asked. Whoever dies in between is followed by another."""

    payments: Payments
    events: PaymentEvents
    event_applier: EventApplier
    apis: Mapping[PaymentProvider, RefundApi]

    def one(self, payment_id: str, now: datetime) -> bool:
        """Ask for what is due of one payment; tell whether anything was, and nobody else is asking.

        Raises
        ------
        UnansweredError
        """
        row = self.payments.get({"id": payment_id})
        return self.call(row, now) if row and row.get("due", millis(now) + 1) <= millis(now) else False

    def call(self, row: Item, now: datetime) -> bool:
        """Ask for the refund that a payment's row awaits, keep what is answered, and act on it.

        Raises
        ------
        UnansweredError
            It is asked for again, after a growing pause.
        """
        payment = payment_from_item(row)
        request, awaits = payment.facts.refund, payment.awaits
        if request is None or awaits is None or not self.payments.take_turn(row, awaits, now):
            return False
        answer = self._answer(payment, request, awaits, now, again=tries_of(row) > 0)
        self.event_applier.act(self.events.keep(event_of(payment, request, answer, now)), now)
        return True

    def _answer(
        self, payment: Payment, request: RefundRequest, awaits: Awaits, now: datetime, *, again: bool
    ) -> RefundAnswer:
        api, waited = self.apis.get(payment.provider), now - parse(request.at)
        if api is None or not request.reference:
            return _refused(f"{payment.provider} cannot be asked to send this back")
        if awaits == Awaits.REFUND:
            if again and waited >= ASK_FOR:
                return _refused(f"{payment.provider} gave no answer that could be believed; it may have sent it back")
            return api.refund(payment, request, now, again=again)
        if waited >= FOLLOW_FOR:
            return RefundAnswer(RefundStatus.DONE, cause=f"{payment.provider} never said how it ended")
        return api.progress(payment, request, now)


def _refused(cause: str) -> RefundAnswer:
    return RefundAnswer(RefundStatus.REFUSED, cause=cause)
