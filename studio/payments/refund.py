"""Asking a payment's provider to send its money back: it is written down first, and asked for by `refund_calls`.

Whoever asks does so within a transaction of their own, by `RefundRequester.writes`, or by `refunding` where the payment
changes anyway; `ask` is a transaction by itself.
"""

from dataclasses import dataclass, replace
from datetime import datetime

from studio import ids
from studio.audit.model import Act, AuditRecord
from studio.audit.table import AuditTrail
from studio.clock import iso
from studio.dynamo import Write, transact
from studio.optimistic import retry
from studio.payments.model import Payment
from studio.payments.refund_request import RefundRequest, RefundStatus
from studio.payments.rules import transition
from studio.payments.table import Payments
from studio.payments.transactions import Taken, Transaction


def refunding(payment: Payment, reason: str, by: str, now: datetime, *, disputed: bool = False) -> Payment:
    """Return the payment with all of its money that is ours asked back, one version on; itself where nothing is left.

    What is asked back already stays as it is. What was refused is asked for anew. What a dispute holds is asked back
    too where `disputed` says so, once it is won: until then it needs nobody.
    """
    refundable = _refundable(payment, disputed=disputed)
    new = {name: _request(name, each, payment, reason, by, now) for name, each in refundable.items()}
    if not new:
        return payment
    facts = replace(payment.facts, refund_requests={**payment.facts.refund_requests, **new})
    if not facts.kept:
        return transition(payment, facts, now, None)
    return replace(payment, facts=facts, updated_at=iso(now), version=payment.version + 1)


def is_refundable(payment: Payment) -> bool:
    """Tell whether there is money of a payment to send back which is not asked back yet."""
    return bool(_refundable(payment))


def _refundable(payment: Payment, *, disputed: bool = False) -> dict[str, Transaction]:
    facts = payment.facts
    if facts.is_paid_back:
        return {}  # that was done by hand
    received = facts.received.items()
    left = {name: each for name, each in received if each.kept or (disputed and each.unrefunded)}
    return {name: each for name, each in left.items() if _may_ask(payment, name)}


def _may_ask(payment: Payment, reference: str) -> bool:
    known = payment.facts.refund_requests.get(reference)
    return known is None or known.status == RefundStatus.REFUSED


def _request(
    reference: str, transaction: Transaction, payment: Payment, reason: str, by: str, now: datetime
) -> RefundRequest:
    known = payment.facts.refund_requests.get(reference)
    assert transaction.paid  # it is among what was received
    return RefundRequest(
        id=ids.new(),
        reference=reference,
        taken=Taken(transaction.kept or transaction.unrefunded, transaction.paid.currency),
        reason=reason,
        by=by,
        at=iso(now),
        failed=transaction.failed,
        cause=known.cause if known else None,
    )


@dataclass(frozen=True)
class RefundRequester:
    """Asks for refunds, of any goods. It moves neither money nor goods: both follow from what the provider answers."""

    payments: Payments
    audit: AuditTrail

    def writes(
        self,
        payment: Payment,
        reason: str,
        by: str,
        now: datetime,
        *,
        source_ip: str | None = None,
        disputed: bool = False,
    ) -> list[Write]:
        """Describe asking all of a payment's money back, as part of a transaction; none where nothing is to be asked.

        Refused where the payment is no longer as it was read: whoever asks reads it again.

        Parameters
        ----------
        reason
            Why, for administrators and the audit trail: no personal data.
        by
            An administrator's `sub`, or the name of what asks by itself, as in an audit record.
        disputed
            Whether what a dispute holds is to go back, too, once it is won.
        """
        after = refunding(payment, reason, by, now, disputed=disputed)
        if after is payment:
            return []
        record = AuditRecord(
            act=Act.PAYMENT_REFUND_ASKED,
            key=f"{after.id}#{after.version}",
            actor=by,
            subject=after.owner,
            at=after.updated_at,
            details={"paymentId": after.id, "reason": reason, "amounts": _amounts(payment, after)},
            source_ip=source_ip,
        )
        return [self.payments.change(self.payments.change_to(payment, after)), self.audit.append(record)]

    def ask(self, payment_id: str, reason: str, by: str, now: datetime) -> Payment | None:
        """Ask all of a payment's money back, once: asked again, nothing changes. None where there is no such payment.

        Raises
        ------
        ContendedError
            The payment changed at every try.
        """

        def attempt() -> Payment | None:
            payment = self.payments.find(payment_id)
            writes = self.writes(payment, reason, by, now) if payment else []
            if writes:
                transact(self.payments.client, writes)
            return self.payments.find(payment_id) if writes else payment

        return retry(attempt)


def _amounts(before: Payment, after: Payment) -> list[str]:
    known = {each.id for each in before.facts.refund_requests.values()}
    new = (each for each in after.facts.refund_requests.values() if each.id not in known)
    return [f"{each.taken.minor} {each.taken.currency}" for each in new]
