"""Orders of a customer, their money, a worker, a printer and crashes, in any order and again: goods and money agree."""

from contextlib import suppress
from dataclasses import replace
from typing import Any, ClassVar

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from studio import ids
from studio.errors import StudioError
from studio.jobs.model import Job
from studio.orders.actions import OrderActions
from studio.orders.model import ENDED, Order, OrderFailure, OrderItemKind, OrderStatus, OrderStepKind
from studio.orders.reconcile import OrdersReconciler
from studio.orders.update_status import OrderStatusUpdater
from studio.payments.model import Payment, PaymentStatus
from studio.printing.model import PrintStatus, Stage
from studio.printing.withdrawal import Withdrawals
from tests.unit.fault_injection import CallBudget, KilledError
from tests.unit.orders.works import BROKEN, GONE, Works, parcel
from tests.unit.payments.refunds import Mood, Treasury
from tests.unit.payments.shop import charge, dispute, session
from tests.unit.world import ADMIN, USER, World

K = OrderItemKind
PICK = st.integers(0, 3)
WANTED = st.sampled_from([(K.ALBUM_PDF,), (K.ALBUM_PRINT,), (K.COLLAGE_FILE, K.COLLAGE_PRINT)])
MOST_ORDERS = 3
LAST_OF_WORKER = st.sampled_from(["made", "made", "broken", "gone"])
LAST_OF_PRINTER = st.sampled_from(["complete", "refused", "canceled", "canceled while it was made"])
WORK = st.sampled_from(["made", "broken", "gone", "lost"])
GOES_TO = {
    OrderStatus.PENDING: {OrderStatus.PENDING, OrderStatus.PROCESSING, OrderStatus.CANCELED},
    OrderStatus.PROCESSING: {OrderStatus.PROCESSING, *ENDED},
    **{status: {status} for status in ENDED},
}


class Interleavings(RuleBasedStateMachine):
    """Every example has people of its own, so that the tables need not be emptied. `world` is set by a subclass."""

    world: ClassVar[World]

    def __init__(self) -> None:
        super().__init__()
        self.customer, self.admin = (replace(who, sub=ids.new()) for who in (USER, ADMIN))
        for who in (self.customer, self.admin):
            self.world.joined(who)
        self.works = Works(self.world)
        self.shop = self.works.shop
        self.treasury = Treasury().serve(self.shop)
        self.orders: list[Order] = []
        self.payments: list[Payment] = []
        self.worker, self.printer = "made", "complete"

    @property
    def reconciler(self) -> OrdersReconciler:
        return OrdersReconciler(self.shop.orders, self.works.fulfilment.advance)

    # ---- the customer, and an administrator

    @initialize(
        kinds=WANTED,
        as_far_as=st.sampled_from(["paid", "made", "ended"]),
        worker=LAST_OF_WORKER,
        printer=LAST_OF_PRINTER,
    )
    def begin(self, kinds: tuple[OrderItemKind, ...], as_far_as: str, worker: str, printer: str) -> None:
        """Begin with an order that is paid, made too, or ended then; `worker` and `printer` end what is left."""
        self.worker, self.printer = worker, printer
        self.order(kinds)
        self.pay(0, right=True)
        self.nothing_goes_back()
        if as_far_as != "paid":
            self.render_all(0, "made")
        if as_far_as == "ended":
            self.end(0, OrderStatus.FAILED)

    @precondition(lambda self: len(self.orders) < MOST_ORDERS)
    @rule(kinds=WANTED)
    def order(self, kinds: tuple[OrderItemKind, ...]) -> None:
        self.orders.append(self.works.ordered(*kinds, caller=self.customer))
        self.payments.append(self.shop.waiting_for(self.orders[-1]))

    @rule(pick=PICK, right=st.booleans())
    def pay(self, pick: int, right: bool) -> None:
        payment = self._payment(pick)
        amount = payment.amount.minor - (0 if right else 1)
        self._stripe("checkout.session.completed", session(payment, amount_total=amount))

    @rule(pick=PICK)
    def pay_again(self, pick: int) -> None:
        """Begin another payment of an order, and pay it."""
        self.payments.append(self.shop.waiting_for(self._order(pick)))
        self._stripe("checkout.session.completed", session(self.payments[-1]))

    @rule(pick=PICK, by_admin=st.none() | st.sampled_from(OrderStatus))
    def end(self, pick: int, by_admin: OrderStatus | None) -> None:
        """Have the customer cancel an order, or an administrator end it."""
        orders, settlement = self.shop.orders, self.works.fulfilment.settlement
        id_, now = self._order(pick).id, self.world.later(1)
        with suppress(StudioError):
            if by_admin:
                at_printer = Withdrawals("PrintOrders", self.world.client)
                updater = OrderStatusUpdater(orders, settlement, self.world.people, self.world.audit, at_printer)
                updater.update(self.admin, id_, by_admin, "It had to be.", now)
            else:
                OrderActions(orders, settlement).cancel(self.customer, id_, now)

    # ---- the provider

    @rule(pick=PICK, how=st.sampled_from(["all", "part", "needs_response", "won", "lost"]))
    def take_back(self, pick: int, how: str) -> None:
        payment = self._payment(pick)
        if how in {"all", "part"}:
            self._stripe("charge.refunded", charge(payment, payment.amount.minor if how == "all" else 1))
        else:
            self._stripe("charge.dispute.updated", dispute(payment, how))

    @rule(mood=st.sampled_from(Mood))
    def refunds_become(self, mood: Mood) -> None:
        self.treasury.mood = mood

    # ---- the worker and the printer

    @rule(pick=PICK, which=PICK, end=WORK)
    def render(self, pick: int, which: int, end: str) -> None:
        running = self.works.running(self._order(pick))
        if running:
            self._end_job(running[which % len(running)], end)

    @rule(pick=PICK, end=st.sampled_from(["made", "made", "broken", "gone"]))
    def render_all(self, pick: int, end: str) -> None:
        """Have whoever fulfils and the worker take turns, as long as there is something to render."""
        order = self.works.advance(self._order(pick))
        while running := self.works.running(order):
            for job in running:
                self._end_job(job, end)
            order = self.works.advance(order)

    def _end_job(self, job: Job, end: str) -> None:
        match end:
            case "made":
                self.works.make(job)
            case "lost":
                self.world.jobs.discard({"id": job.id})
            case _:
                self.works.spoil(job, GONE if end == "gone" else BROKEN)

    @rule(
        pick=PICK,
        status=st.sampled_from(PrintStatus),
        made=st.sampled_from(Stage),
        parcels=st.lists(st.builds(parcel, st.sampled_from(["p1", "p2"]), st.sampled_from([None, "T1", "T2"]))),
    )
    def print(self, pick: int, status: PrintStatus, made: Stage, parcels: list[Any]) -> None:
        order = self._order(pick)
        seen = self.works.print_orders.find(order.id)
        if seen and not seen.refusal and not (seen.state and seen.state.is_over):
            self.works.see(
                order, self.works.state(order, status, *{each.id: each for each in parcels}.values(), made=made)
            )

    @rule(pick=PICK, how=LAST_OF_PRINTER)
    def end_at_printer(self, pick: int, how: str) -> None:
        order = self._order(pick)
        seen = self.works.print_orders.find(order.id)
        if seen is None or seen.is_over:
            return
        made, sent = (Stage.IN_PROGRESS, parcel("p1", "T1")) if how != "canceled" else (Stage.NOT_STARTED, None)
        if how == "refused" and seen.printer_id is None:
            self.works.refuse(order)
        else:
            status = PrintStatus.CANCELED if how.startswith("canceled") else PrintStatus.COMPLETE
            self.works.see(order, self.works.state(order, status, *([sent] if sent else []), made=made))

    # ---- whoever fulfils, and may die

    @rule(pick=PICK)
    def advance(self, pick: int) -> None:
        self.works.advance(self._order(pick))

    @rule(pick=PICK, calls=st.integers(0, 12), acts=st.booleans())
    def die(self, pick: int, calls: int, acts: bool) -> None:
        dying = Works(self.world, CallBudget(calls, acts=acts))
        with suppress(KilledError):
            dying.advance(self._order(pick))

    @rule(seconds=st.sampled_from([1, 61, 1000, 30_000]))
    def reconcile(self, seconds: int) -> None:
        self.world.later(seconds)
        assert self.reconciler.reconcile(self.world.time).errors == 0
        self.shop.reconcile()

    # ---- what holds after every step

    @invariant()
    def nothing_goes_back(self) -> None:
        for i, before in enumerate(self.orders):
            after = self.works.now(before)
            assert after.status in GOES_TO[before.status]
            assert after.version >= before.version
            assert after.steps[: len(before.steps)] == before.steps
            assert [step.kind for step in after.steps] == sorted(
                (step.kind for step in after.steps), key=[*OrderStepKind].index
            )
            assert after.printed >= before.printed
            assert {each.id for each in before.parcels} <= {each.id for each in after.parcels}
            assert numbers(before) <= numbers(after) or len(numbers(after)) >= len(numbers(before))
            self.orders[i] = after

    @invariant()
    def nothing_is_given_for_nothing(self) -> None:
        for order in self.orders:
            seen = self.works.print_orders.find(order.id)
            assert order.printed == (seen is not None)
            assert seen is None or seen.withdrawn == (order.failure == OrderFailure.ENDED_BY_ADMIN)
            assert order.payment or not (order.renderings or order.steps or seen)
            assert (order.due is None) == (order.status in ENDED)
            if order.status == OrderStatus.COMPLETED:
                assert order.has(OrderStepKind.SUBMITTED if order.is_printed else OrderStepKind.DELIVERED)

    def teardown(self) -> None:
        """Have everything come that is still to come: every order has its end, and its money too."""
        self.treasury.mood = Mood.ANSWERS
        for _ in range(6):
            for i, order in enumerate(self.orders):
                self.works.advance(order)
                for job in self.works.running(order):
                    self._end_job(job, self.worker)
                self.end_at_printer(i, self.printer)
                self.works.advance(order)
            self.treasury.ended |= {id_ for _, id_ in self.treasury.sent}
            self.reconcile(90_000)
        self.nothing_goes_back()
        for order in self.orders:
            assert order.status in ENDED
            assert self.works.documents.of_order(order.id) == []
        for payment in map(self.shop.now, self.payments):
            self._is_settled(payment)

    def _is_settled(self, payment: Payment) -> None:
        """Money that is kept has brought its goods, or somebody decides; what is for nothing has gone back."""
        order = next(each for each in self.orders if each.id == payment.goods_id)
        kept = sum(each.kept for each in payment.facts.received.values())
        mine = order.payment == payment.id
        if order.status == OrderStatus.COMPLETED and mine:
            assert payment.status == (PaymentStatus.PAID if kept else PaymentStatus.REVIEW), (order, payment)
        elif kept:
            assert payment.status == PaymentStatus.REVIEW, (order, payment)
        assert payment.facts.refund is None, "no refund is forgotten"

    # ---- helpers

    def _order(self, pick: int) -> Order:
        return self.orders[pick % len(self.orders)]

    def _payment(self, pick: int) -> Payment:
        return self.shop.now(self.payments[pick % len(self.payments)])

    def _stripe(self, kind: str, thing: dict[str, Any]) -> None:
        self.world.later(1)
        assert self.shop.send_stripe(kind, thing)


def numbers(order: Order) -> set[str | None]:
    return {each.tracking_number for each in order.parcels if each.tracking_number}
