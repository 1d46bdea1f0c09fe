"""How an administrator ends a payment's REVIEW."""

from dataclasses import dataclass
from datetime import datetime

from studio import ids
from studio.audit.model import Act, AuditRecord
from studio.audit.note import checked_note
from studio.clock import iso
from studio.dynamo import ConditionFailed
from studio.errors import ErrorType, StudioError
from studio.optimistic import retry
from studio.payments.goods import refuse_undeliverable
from studio.payments.model import Payment, PaymentDecision, PaymentStatus
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
            ID_MALFORMED, NOTE_MALFORMED, PAYMENT_NOT_IN_REVIEW, USER_IS_SELF, USER_UNKNOWN (nobody is left to have the
            points), and POINTS_OUT_OF_RANGE (their balance would pass its ceiling).
        """
        ids.checked(id_)
        note = checked_note(note)

        def attempt() -> Payment | None:
            payment = self.transitions.payments.find(id_)
            if payment is None:
                return None
            try:
                self._decide(admin, payment, decision, note, now)
            except ConditionFailed as failed:
                refuse_acting(failed, admin)
                raise
            return self.transitions.payments.find(id_)

        return retry(attempt)

    def _decide(self, admin: Caller, payment: Payment, decision: PaymentDecision, note: str, now: datetime) -> None:
        if payment.status != PaymentStatus.REVIEW:
            raise StudioError(ErrorType.PAYMENT_NOT_IN_REVIEW, "This payment is not in REVIEW.")
        if payment.owner == admin.sub:
            raise StudioError(ErrorType.USER_IS_SELF, "Another administrator has to decide about your own payment.")
        owner = self.transitions.people.find(payment.owner)
        if decision == PaymentDecision.CREDIT:
            refuse_undeliverable(self.transitions.goods_of(payment).undeliverable(payment, owner))
        after = transition(payment, add_decision(payment.facts, decision), now, None)
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
