"""A provider that sends money back, as it is told to, and counts it: whatever is asked again moves nothing again."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import Enum, auto

from studio.payments.model import Payment, PaymentProvider, PaymentStatus
from studio.payments.providers.protocol import RefundAnswer, RefundApi, UnansweredError
from studio.payments.refund_request import RefundRequest, RefundStatus
from studio.payments.transactions import Refund, RefundState
from tests.unit.payments.shop import Shop, number, session


class Mood(Enum):
    """What becomes of the next calls."""

    ANSWERS = auto()
    HOLDS = auto()  # takes it; the end comes later
    LOSES = auto()  # takes it, and the answer is lost
    AWAY = auto()
    REFUSES = auto()


@dataclass
class Treasury:
    """All that was sent back, by transaction and our name of the refund; `calls` are those that arrived.

    `again` is what each said of those before it.
    """

    mood: Mood = Mood.ANSWERS
    sent: dict[tuple[str, str], int] = field(default_factory=dict[tuple[str, str], int])
    ended: set[str] = field(default_factory=set[str])
    returned: set[str] = field(default_factory=set[str])
    calls: list[str] = field(default_factory=list[str])
    again: list[bool] = field(default_factory=list[bool])

    def refund(self, payment: Payment, request: RefundRequest, now: datetime, *, again: bool) -> RefundAnswer:
        self.calls.append(request.id)
        self.again.append(again)
        if self.mood == Mood.AWAY:
            raise UnansweredError("away")
        if (request.reference, request.id) in self.sent:
            return self.progress(payment, request, now)
        if self.mood == Mood.REFUSES:
            return RefundAnswer(RefundStatus.REFUSED, cause="it will not")
        self.sent[request.reference, request.id] = request.taken.minor
        if self.mood != Mood.HOLDS:
            self.ended.add(request.id)
        if self.mood == Mood.LOSES:
            raise UnansweredError("the answer was lost")
        return self.progress(payment, request, now)

    def progress(self, payment: Payment, request: RefundRequest, now: datetime) -> RefundAnswer:  # noqa: ARG002 - protocol's
        came_back = request.id in self.returned
        state = RefundState.FAILED if came_back else RefundState.MADE
        status = RefundStatus.DONE if request.id in self.ended else RefundStatus.UNDER_WAY
        refunds = {f"re_{request.id}": Refund(request.taken, state, int(now.timestamp()))}
        return RefundAnswer(RefundStatus.REFUSED if came_back else status, refunds, cause="no" if came_back else None)

    def sent_of(self, reference: str) -> int:
        """Return how much of a transaction is the payer's again."""
        return sum(minor for (of, id_), minor in self.sent.items() if of == reference and id_ not in self.returned)

    def serve(self, shop: Shop) -> "Treasury":
        """Have a shop's providers be this one."""
        shop.refund_apis = self.apis
        return self

    @property
    def apis(self) -> Mapping[PaymentProvider, RefundApi]:
        return dict.fromkeys(PaymentProvider, self)


def paid(shop: Shop, provider: PaymentProvider = PaymentProvider.STRIPE) -> Payment:
    payment = shop.waiting(provider)
    if provider == PaymentProvider.VNPAY:
        shop.send_ipn(shop.ipn(payment))
    else:
        shop.send_stripe("checkout.session.completed", session(payment))
    return shop.now(payment)


def reference(payment: Payment) -> str:
    return number(payment) if payment.provider == PaymentProvider.VNPAY else f"pi_{payment.id}"


def stands(shop: Shop, payment: Payment) -> tuple[PaymentStatus, RefundStatus | None]:
    now = shop.now(payment)
    return now.status, now.refund_status


def again(shop: Shop, seconds: float = 61) -> int:
    shop.world.later(seconds)
    done = shop.reconcile()
    assert done.errors == 0
    return done.refunding
