"""What an administrator decides about a payment's money: how its REVIEW ends, and that it goes back."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from studio import ids
from studio.audit.model import Act, AuditRecord
from studio.audit.note import checked_note
from studio.clock import iso
from studio.dynamo import ConditionFailed, transact
from studio.errors import ErrorType, StudioError
from studio.optimistic import retry
from studio.payments.goods import refuse_undeliverable
from studio.payments.model import Payment, PaymentDecision, PaymentStatus
from studio.payments.refund import RefundRequester, is_refundable
from studio.payments.refund_request import RefundStatus
from studio.payments.rules import add_decision, transition
from studio.payments.transitions import PaymentTransitions
from studio.people.guard import refuse_acting
from studio.people.model import Caller


@dataclass(frozen=True)
class Review:
    """Decides about money that came, but not as it should have."""

    transitions: PaymentTransitions

    def resolve(self, admin: Caller, id_: str, decision: PaymentDecision, note: str, now: datetime) -> Payment | None:
        """Deliver, or note that the money was paid back; the note stays in the audit trail.

        Raises
        ------
        StudioError
            ID_MALFORMED, NOTE_MALFORMED, PAYMENT_NOT_IN_REVIEW, USER_IS_SELF, REFUND_UNDER_WAY, USER_UNKNOWN (nobody is
            left to have the points), and POINTS_OUT_OF_RANGE (their balance would pass its ceiling).
        """
        note = checked_note(note)
        return self._changed(admin, id_, lambda payment: self._decide(admin, payment, decision, note, now))

    def refund(self, admin: Caller, id_: str, note: str, now: datetime) -> Payment | None:
        """Ask all of a payment's money back from its provider; asked again, nothing changes.

        Raises
        ------
        StudioError
            ID_MALFORMED, NOTE_MALFORMED, USER_IS_SELF, PAYMENT_NOT_REFUNDABLE (nothing of its money is here).
        """
        note = checked_note(note)
        return self._changed(admin, id_, lambda payment: self._refund(admin, payment, note, now))

    def _changed(self, admin: Caller, id_: str, change: Callable[[Payment], None]) -> Payment | None:
        ids.checked(id_)

        def attempt() -> Payment | None:
            payment = self.transitions.payments.find(id_)
            if payment is None:
                return None
            try:
                change(payment)
            except ConditionFailed as failed:
                refuse_acting(failed, admin)
                raise
            return self.transitions.payments.find(id_)

        return retry(attempt)

    def _refund(self, admin: Caller, payment: Payment, note: str, now: datetime) -> None:
        _refuse_own(admin, payment)
        if not is_refundable(payment):
            if payment.refund_status in {None, RefundStatus.REFUSED}:
                raise StudioError(ErrorType.PAYMENT_NOT_REFUNDABLE, "Nothing of this payment's money is here.")
            return
        requester = RefundRequester(self.transitions.payments, self.transitions.audit)
        writes = requester.writes(payment, note, admin.sub, now, source_ip=admin.ip)
        transact(self.transitions.payments.client, [*writes, self.transitions.people.acting(admin)])

    def _decide(self, admin: Caller, payment: Payment, decision: PaymentDecision, note: str, now: datetime) -> None:
        if payment.status != PaymentStatus.REVIEW:
            raise StudioError(ErrorType.PAYMENT_NOT_IN_REVIEW, "This payment does not wait for a decision.")
        _refuse_own(admin, payment)
        if any(each.is_open for each in payment.facts.refund_requests.values()):
            message = "Its provider has been asked to send the money back: wait for the answer."
            raise StudioError(ErrorType.REFUND_UNDER_WAY, message)
        owner = self.transitions.people.find(payment.owner)
        goods = self.transitions.goods_of(payment)
        if decision == PaymentDecision.CREDIT:
            refuse_undeliverable(goods.undeliverable(payment, owner))
        overruled = goods.review_reason(payment, payment.facts, owner)
        after = transition(payment, add_decision(payment.facts, decision, overruled), now, None)
        details = {"paymentId": payment.id, "decision": decision, "note": note}
        record = AuditRecord(
            act=Act.PAYMENT_RESOLVED,
            key=payment.id,
            actor=admin.sub,
            subject=payment.owner,
            at=iso(now),
            details=details,
            source_ip=admin.ip,
        )
        self.transitions.move(payment, after, owner, record, self.transitions.people.acting(admin))


def _refuse_own(admin: Caller, payment: Payment) -> None:
    if payment.owner == admin.sub:
        raise StudioError(ErrorType.USER_IS_SELF, "Another administrator has to decide about your own payment.")
