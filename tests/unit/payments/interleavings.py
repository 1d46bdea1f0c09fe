"""Two people, both providers, a reconciler and an administrator, in any order and again: the books stay right."""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from typing import TYPE_CHECKING, Any, ClassVar

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from studio import ids
from studio.errors import ContendedError, StudioError
from studio.payments.model import Payment, PaymentDecision, PaymentProvider, PaymentStatus
from studio.payments.providers.protocol import UnansweredError
from studio.payments.refund_request import RefundStatus
from studio.people.grant_points import Grants, grant
from studio.people.model import Caller
from tests.unit.payments.refunds import Mood, Treasury
from tests.unit.payments.shop import CENTS, Shop, charge, dispute, number, refund, session
from tests.unit.world import ADMIN, OTHER, USER, World

if TYPE_CHECKING:
    from studio.jobs.model import Job

Make = Callable[[Payment], dict[str, Any]]
Sent = tuple[str, dict[str, Any], str]

PICK = st.integers(0, 3)
WHO = st.integers(0, 1)
# Few, so that the same one comes again, with the same arguments or with others.
REQUEST = st.sampled_from(["a", "b", "c"])
MOST_PAYMENTS = 4
# Which of a payment's transactions is meant: it should have one, and may have two.
OF = st.sampled_from(["", "_second"])
ENDS = st.sampled_from(["pending", "succeeded", "failed", "canceled"])


def intent(payment: Payment, of: str) -> dict[str, str]:
    return {"payment_intent": f"pi_{payment.id}{of}"}


class Interleavings(RuleBasedStateMachine):
    """Every example has people of its own, so that the tables need not be emptied. `world` is set by a subclass.

    The reconciler meets payments of earlier examples too: which rules there are may depend on what an example asked
    for, never on what became of it.
    """

    world: ClassVar[World]

    def __init__(self) -> None:
        super().__init__()
        self.people = [replace(who, sub=ids.new()) for who in (USER, OTHER)]
        self.admin = replace(ADMIN, sub=ids.new())
        for who in (*self.people, self.admin):
            self.world.joined(who)
        self.shop = Shop(self.world, self.world.client)
        self.treasury = Treasury().serve(self.shop)
        self.made: list[Payment] = []
        self.sent: list[Sent] = []
        self.jobs: list[Job] = []

    # ---- money comes and goes

    @initialize(who=WHO)
    def begin(self, who: int) -> None:
        for provider in PaymentProvider:
            self.order(provider, who)

    @precondition(lambda self: len(self.made) < MOST_PAYMENTS)
    @rule(provider=st.sampled_from(PaymentProvider), who=WHO)
    def order(self, provider: PaymentProvider, who: int) -> None:
        self.made.append(self.shop.waiting(provider, self.people[who]))

    @rule(pick=PICK, code=st.sampled_from(["00", "07", "24"]), right=st.booleans(), of=st.sampled_from("12"))
    def ipn(self, pick: int, code: str, right: bool, of: str) -> None:
        payment = self._of(PaymentProvider.VNPAY, pick)
        amount = payment.amount.minor * 100 if right else 500
        codes = {"vnp_ResponseCode": code, "vnp_TransactionStatus": code, "vnp_TransactionNo": number(payment, of)}
        query = self.shop.ipn(payment, vnp_Amount=str(amount), **codes)
        assert self.shop.send_ipn(query) in ({"00", "02"} if right else {"04"})
        assert self.shop.send_ipn(query) == ("02" if right else "04")

    @rule(pick=PICK, status=st.sampled_from(["paid", "unpaid", "no_payment_required"]), of=OF)
    def complete(self, pick: int, status: str, of: str) -> None:
        changes = {"payment_status": status}
        self._stripe(pick, "checkout.session.completed", lambda p: session(p, **changes, **intent(p, of)))

    @rule(pick=PICK, provider=st.sampled_from(PaymentProvider))
    def mistake(self, pick: int, provider: PaymentProvider) -> None:
        """Tell of a payment what is of another provider, or of another shop."""
        payment = self._of(provider, pick)
        before = self.shop.now(payment)
        if provider == PaymentProvider.VNPAY:
            assert self.shop.send_stripe("checkout.session.completed", session(payment))
            assert self.shop.send_ipn(self.shop.ipn(payment, vnp_TmnCode="OTHER001")) == "01"
        else:
            assert self.shop.send_ipn(self.shop.ipn(payment)) == "01"
            assert self.shop.send_stripe("checkout.session.completed", session(payment), account="acct_other")
        assert self.shop.now(payment) == before

    @rule(pick=PICK, other=PICK, of=st.sampled_from("12"), code=st.sampled_from(["00", "07"]))
    def ipn_of_anothers_money(self, pick: int, other: int, of: str, code: str) -> None:
        """Say of a transaction that may have paid one payment that it paid another: the first one has it."""
        payment, owner = (self._of(PaymentProvider.VNPAY, each) for each in (pick, other))
        named, before = number(owner, of), self.shop.now(payment)
        paid = self.shop.payments.paid_by(PaymentProvider.VNPAY, named)
        codes = {"vnp_ResponseCode": code, "vnp_TransactionStatus": code, "vnp_TransactionNo": named}
        answer = self.shop.send_ipn(self.shop.ipn(payment, **codes))
        assert (answer == "01") == (paid not in (None, payment.id))
        assert answer != "01" or self.shop.now(payment) == before

    @rule(pick=PICK, other=PICK, of=OF)
    def session_of_anothers_money(self, pick: int, other: int, of: str) -> None:
        owner = self._of(PaymentProvider.STRIPE, other)
        self._stripe(pick, "checkout.session.completed", lambda p: session(p, **intent(owner, of)))

    @rule(pick=PICK)
    def fail(self, pick: int) -> None:
        self._stripe(pick, "checkout.session.async_payment_failed", session)

    @rule(pick=PICK, refunded=st.integers(1, CENTS), of=OF)
    def send_back(self, pick: int, refunded: int, of: str) -> None:
        self._stripe(pick, "charge.refunded", lambda p: charge(p, refunded, **intent(p, of)))

    @rule(pick=PICK, minor=st.integers(1, CENTS), id_=st.sampled_from(["re_1", "re_2"]), end=ENDS, of=OF)
    def refund_one(self, pick: int, minor: int, id_: str, end: str, of: str) -> None:
        self._stripe(pick, "refund.updated", lambda p: refund(p, end, minor, id=id_, **intent(p, of)))

    @rule(pick=PICK, status=st.sampled_from(["needs_response", "won", "lost"]), minor=st.integers(1, CENTS), of=OF)
    def dispute(self, pick: int, status: str, minor: int, of: str) -> None:
        self._stripe(pick, "charge.dispute.updated", lambda p: dispute(p, status, amount=minor, **intent(p, of)))

    @precondition(lambda self: self.sent)
    @rule(pick=st.integers(0, 20))
    def send_again(self, pick: int) -> None:
        assert self.shop.send_stripe(*self.sent[pick % len(self.sent)])

    @rule(seconds=st.sampled_from([61, 4300]))
    def count(self, seconds: int) -> None:
        self.world.later(seconds)
        assert self.shop.reconcile().errors == 0

    @rule(pick=PICK, decision=st.sampled_from(PaymentDecision))
    def resolve(self, pick: int, decision: PaymentDecision) -> None:
        waits = [p for p in self.made if self.shop.now(p).status == PaymentStatus.REVIEW]
        if waits:
            with suppress(StudioError):  # it may be asked back just now
                self.shop.resolve(waits[pick % len(waits)], decision)

    @rule(pick=PICK, provider=st.sampled_from(PaymentProvider))
    def cancel(self, pick: int, provider: PaymentProvider) -> None:
        payment = self._of(provider, pick)
        before = self.shop.now(payment)
        with suppress(StudioError):  # its money is there
            canceled = self.shop.cancel(payment, self._owner(payment.owner))
            assert canceled
            assert canceled.status in {PaymentStatus.EXPIRED, PaymentStatus.FAILED}
            assert canceled == before or before.status == PaymentStatus.PENDING
        assert (
            payment.id not in self.world.person(self._owner(payment.owner)).paying or self.shop.now(payment) == before
        )

    # ---- what we have sent back

    @rule(pick=PICK, provider=st.sampled_from(PaymentProvider), by_hand=st.booleans())
    def ask_back(self, pick: int, provider: PaymentProvider, by_hand: bool) -> None:
        payment = self._of(provider, pick)
        if by_hand:
            with suppress(StudioError):
                self.shop.refund(payment, admin=self.admin)
        else:
            self.shop.refund_requester.ask(payment.id, "its order failed", "orders", self.world.time)

    @rule(mood=st.sampled_from(Mood))
    def change_mood(self, mood: Mood) -> None:
        self.treasury.mood = mood

    @rule(pick=PICK, comes_back=st.booleans())
    def end_refund(self, pick: int, comes_back: bool) -> None:
        if not self.treasury.sent:
            return
        _, id_ = sorted(self.treasury.sent)[pick % len(self.treasury.sent)]
        (self.treasury.returned if comes_back else self.treasury.ended).add(id_)

    @rule(pick=PICK)
    def send_back_at_once(self, pick: int) -> None:
        with suppress(UnansweredError):
            self.shop.refund_caller.one(self._of(PaymentProvider.STRIPE, pick).id, self.world.time)

    # ---- points are spent, given back, granted and taken

    @rule(who=WHO, request=REQUEST, count=st.integers(1, 8))
    def charge(self, who: int, request: str, count: int) -> None:
        with suppress(StudioError, ContendedError):
            self.jobs += self.world.generate(self.people[who], clientRequestId=f"job-{request}", count=count)

    @rule(pick=st.integers(0, 20), times=st.integers(1, 2))
    def give_back(self, pick: int, times: int) -> None:
        if not self.jobs:
            return
        job = self.jobs[pick % len(self.jobs)]
        canceled = self.world.job_actions.cancel(self._owner(job.owner), job.id, self.world.later(1))
        assert canceled
        for _ in range(times):
            self.world.refunds.give_back(canceled, self.world.time)

    @rule(who=WHO, request=REQUEST, points=st.sampled_from([-50, -7, 3, 40]))
    def grant(self, who: int, request: str, points: int) -> None:
        given: Any = {"userId": self.people[who].sub, "points": points, "note": "A correction."}
        with suppress(StudioError, ContendedError):
            asked = grant(given | {"clientRequestId": f"grant-{request}"})
            self._grants().give(self.admin, asked, self.world.later(1))

    @invariant()
    def the_books_are_right(self) -> None:
        for who in self.people:
            person, lines = self.world.person(who), self.world.entries(who)
            assert person.points == sum(line.points for line in lines) >= 0
            assert person.moves == len(lines)
        for payment in self.made:
            assert self.shop.is_sound(payment, self._owner(payment.owner))
            credited = [line.points for line in self._lines(payment)]
            assert 0 <= sum(credited) <= payment.points
        for payment in self.made:
            self._nothing_went_back_twice(payment)
        for provider in PaymentProvider:
            paid_by = [name for each in self.made if each.provider == provider for name in self._paid_by(each)]
            assert len(paid_by) == len({*paid_by})

    def _nothing_went_back_twice(self, payment: Payment) -> None:
        """Of no transaction we send back more than came; and what was refused waits where somebody sees it."""
        now = self.shop.now(payment)
        for name, each in now.facts.received.items():
            assert self.treasury.sent_of(name) <= (each.paid.minor if each.paid else 0)
        if now.facts.is_refund_refused and now.facts.decision != PaymentDecision.REFUND:
            assert now.status == PaymentStatus.REVIEW
        if now.facts.refund and now.facts.refund.status == RefundStatus.ASKED:
            row = self.shop.payments.get({"id": payment.id})
            assert row
            assert row["open"] == "open"

    def _of(self, provider: PaymentProvider, pick: int) -> Payment:
        fitting = [each for each in self.made if each.provider == provider]
        return fitting[pick % len(fitting)]

    def _stripe(self, pick: int, kind: str, make: Make) -> None:
        sent = kind, make(self._of(PaymentProvider.STRIPE, pick)), f"evt_{ids.new()}"
        self.sent.append(sent)
        assert self.shop.send_stripe(*sent)

    def _owner(self, sub: str) -> Caller:
        return next(who for who in self.people if who.sub == sub)

    def _lines(self, payment: Payment) -> list[Any]:
        return [line for line in self.world.entries(self._owner(payment.owner)) if line.payment_id == payment.id]

    def _paid_by(self, payment: Payment) -> list[str]:
        return [name for name in self.shop.now(payment).facts.received if name]

    def _grants(self) -> Grants:
        return Grants(self.world.person_finder, self.world.requests, self.world.audit)
