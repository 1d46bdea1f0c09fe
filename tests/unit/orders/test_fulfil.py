"""An order that was paid comes to its end, whoever fails in between; its money goes where its goods do not."""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta

import pytest

from studio.alarms import Alarm
from studio.clock import millis
from studio.documents.spec import DocumentKind
from studio.dynamo import update
from studio.jobs.actions import JobActions
from studio.ledger.model import Charge
from studio.orders import transitions
from studio.orders.model import Order, OrderFailure, OrderItemKind, OrderStatus, OrderStepKind
from studio.orders.render import MOST_TRIES
from studio.payments.model import Payment, PaymentStatus, ReviewReason
from studio.printing.cost import Cost
from studio.printing.model import PrintStatus, Stage
from studio.printing.products import ALBUM, PRINTS
from studio.printing.request import ShippingMethod
from tests.unit.fault_injection import KilledError, Meanwhile, growing_budgets
from tests.unit.orders.samples import ADDRESS
from tests.unit.orders.works import BROKEN, GONE, MD5, Works, fulfilment_on, parcel
from tests.unit.payments.refunds import Mood, Treasury
from tests.unit.payments.shop import charge, dispute
from tests.unit.raised import Raised
from tests.unit.world import USER, World

K, S, F = OrderItemKind, OrderStepKind, OrderFailure
DRAFT, GOES, CANCELED, COMPLETE = PrintStatus
FILES = (K.ALBUM_PDF, K.COLLAGE_FILE)
AGAIN = "What you paid goes back to you, and you can order again."
PRINTS_TOO = (K.ALBUM_PRINT, K.COLLAGE_PRINT, K.ALBUM_PDF)


@pytest.fixture
def works(world: World) -> Works:
    world.joined()
    return Works(world)


def steps(order: Order) -> list[OrderStepKind]:
    return [step.kind for step in order.steps]


def asked_back(payment: Payment) -> int:
    return sum(each.taken.minor for each in payment.facts.refund_requests.values())


# ---- rendering


def test_a_job_renders_each_file_for_nothing_and_takes_no_room_of_anybodys(works: Works) -> None:
    order = works.paid(*FILES)
    jobs = works.jobs_of(order)
    assert [(job.owner, job.order, job.request_id, job.charge.points) for job in jobs] == [
        (USER.sub, order.id, order.id, 0)
    ] * 2
    assert [job.kind for job in jobs] == [DocumentKind.ALBUM, DocumentKind.COLLAGE]
    assert {job.charge for job in jobs} == {Charge(0, 0, "2026-11-20")}
    assert (order.tries, order.status) == (dict.fromkeys(order.renderings, 1), OrderStatus.PROCESSING)
    assert works.world.person().running == set()
    assert order.due == max(job.deadline for job in jobs) + 120_000


def test_a_document_that_is_ordered_twice_is_rendered_once(works: Works) -> None:
    order = works.ordered(K.ALBUM_PRINT, K.ALBUM_PDF)
    book, file = order.items
    works.shop.change(order, lambda now: replace(now, items=(book, replace(file, document=book.document))))
    works.pay(order)
    order = works.advance(order)
    assert [*order.renderings] == [book.document]
    works.make(works.running(order)[0])
    assert works.advance(order).printed


def test_files_are_delivered_once_all_are_made_and_not_before(works: Works) -> None:
    order = works.paid(*FILES)
    first, second = works.running(order)
    works.make(first)
    assert steps(works.advance(order)) == [S.PAID]
    works.make(second)
    order = works.advance(order)
    assert (order.status, steps(order), order.due) == (OrderStatus.COMPLETED, [S.PAID, S.RENDERED, S.DELIVERED], None)
    assert works.documents.of_order(order.id) == []
    assert works.payment_of(order).status == PaymentStatus.PAID
    assert works.print_orders.find(order.id) is None


def test_an_order_that_is_not_paid_or_is_not_there_is_left_alone(works: Works) -> None:
    order = works.ordered(*FILES)
    assert works.advance(order) == order
    works.fulfilment.advance("none", works.world.time)


def test_what_failed_is_tried_again_alone_and_three_times_at_most(works: Works) -> None:
    order = works.paid(*FILES)
    good, bad = works.running(order)
    works.make(good)
    for tries in range(2, MOST_TRIES + 1):
        works.spoil(bad)
        order = works.advance(order)
        assert order.tries == {good.document_spec.document: 1, bad.document_spec.document: tries}
        (bad,) = works.running(order)
    works.spoil(bad)
    order = works.advance(order)
    assert (order.status, order.failure, order.note) == (
        OrderStatus.FAILED,
        F.RENDERING_FAILED,
        f"{BROKEN.message} {AGAIN}",
    )
    assert asked_back(works.payment_of(order)) == order.total.minor
    assert works.documents.of_order(order.id) == []


def test_one_that_came_the_third_time_is_enough(works: Works) -> None:
    order = works.paid(K.ALBUM_PDF)
    for _ in range(MOST_TRIES - 1):
        works.spoil(works.running(order)[0])
        works.advance(order)
    works.make(works.running(order)[0])
    assert works.advance(order).status == OrderStatus.COMPLETED


def test_a_picture_that_is_gone_fails_the_order_at_once_and_it_says_so(works: Works) -> None:
    order = works.paid(*FILES)
    works.spoil(works.running(order)[0], GONE)
    order = works.advance(order)
    assert (order.status, order.failure, order.note) == (
        OrderStatus.FAILED,
        F.PICTURE_UNUSABLE,
        f"{GONE.message} {AGAIN}",
    )
    assert sum(order.tries.values()) == 2
    assert asked_back(works.payment_of(order)) == order.total.minor


@pytest.mark.parametrize("how", ["canceled", "removed", "unreadable"])
def test_a_job_that_is_lost_is_made_anew(works: Works, how: str) -> None:
    order = works.paid(K.ALBUM_PDF)
    (job,) = works.running(order)
    if how == "canceled":
        JobActions(works.world.jobs, works.world.deletions, documents=True).cancel(USER, job.id, works.world.time)
    elif how == "removed":
        works.world.jobs.discard({"id": job.id})
    else:
        works.world.jobs.apply(update({"id": job.id}, set={"history": "x"}))
    order = works.advance(order)
    assert order.tries == {job.document_spec.document: 2}
    assert order.renderings[job.document_spec.document] != job.id


def test_what_is_not_known_any_more_fails_the_order(works: Works) -> None:
    order = works.ordered(*FILES)
    works.documents.remove_all(order.id)
    works.pay(order)
    order = works.advance(order)
    assert (order.status, order.failure) == (OrderStatus.FAILED, F.RENDERING_FAILED)
    assert asked_back(works.payment_of(order)) == order.total.minor


def test_who_looks_in_vain_looks_later(works: Works) -> None:
    order = works.paid(K.ALBUM_PDF)
    works.shop.orders.apply(works.shop.orders.look_again(order.id, works.world.time))
    assert works.now(order).due == millis(works.world.time)
    assert works.advance(order).due == order.due
    works.world.later(3600)
    assert works.advance(order).due == millis(works.world.time + timedelta(minutes=2))


# ---- prints


def test_the_printer_gets_what_was_ordered_once_all_of_it_is_rendered(works: Works) -> None:
    order = works.rendered(*PRINTS_TOO)
    assert (order.printed, steps(order)) == (True, [S.PAID, S.RENDERED])
    submission = works.at_printer(order)
    book, print_ = submission.items
    assert (submission.owner, submission.method) == (USER.sub, ShippingMethod.STANDARD)
    assert (book.product, book.copies, book.pages, book.price) == (ALBUM, 2, 24, Cost(1_500, "USD"))
    assert (print_.product, print_.copies, print_.pages) == (PRINTS[0], 2, None)
    album, collage, _ = works.jobs_of(order)
    assert album.pdf
    assert collage.image
    assert [(each.file.key, each.file.md5) for each in submission.items] == [
        (album.pdf.key, MD5),
        (collage.image.key, MD5),
    ]
    assert submission.recipient
    assert vars(submission.recipient) == {**vars(ADDRESS), "email": None}
    assert works.documents.of_order(order.id) == []
    assert works.advance(order) == order


def test_the_steps_follow_the_printer_and_files_are_delivered_once_he_has_the_rest(works: Works) -> None:
    order = works.rendered(*PRINTS_TOO)
    works.take(order)
    assert steps(works.advance(order))[2:] == [S.DELIVERED, S.SUBMITTED]
    assert steps(works.seen(order, works.state(order, GOES)))[4:] == []
    assert steps(works.seen(order, works.state(order, GOES, made=Stage.IN_PROGRESS)))[4:] == [S.IN_PRODUCTION]
    order = works.seen(order, works.state(order, GOES, parcel("p1", "T1")))
    assert (steps(order)[5:], [each.tracking_number for each in order.parcels]) == ([S.SHIPPED], ["T1"])
    order = works.seen(order, works.state(order, COMPLETE, parcel("p1", "T1"), parcel("p2", "T2")))
    assert (order.status, [each.tracking_number for each in order.parcels]) == (OrderStatus.COMPLETED, ["T1", "T2"])
    assert order.due is None


def test_whoever_orders_prints_alone_has_no_files_delivered(works: Works) -> None:
    order = works.rendered(K.COLLAGE_PRINT)
    order = works.seen(order, works.state(order, COMPLETE, parcel("p1", "T1")))
    assert steps(order) == [S.PAID, S.RENDERED, S.SUBMITTED, S.IN_PRODUCTION, S.SHIPPED]


def test_late_states_take_nothing_back_and_a_late_number_is_told_after_the_end(works: Works) -> None:
    order = works.rendered(K.ALBUM_PRINT)
    early = works.state(order, DRAFT)
    order = works.seen(order, works.state(order, COMPLETE, parcel("p1")))
    assert (order.status, order.parcels[0].tracking_number) == (OrderStatus.COMPLETED, None)
    assert works.seen(order, early) == order
    after = works.seen(order, works.state(order, COMPLETE, parcel("p1", "T9"), parcel("p2", "T2")))
    assert (after.status, [each.tracking_number for each in after.parcels]) == (OrderStatus.COMPLETED, ["T9", "T2"])


def test_whom_it_goes_to_is_asked_for_before_anything_is_handed_over(works: Works, raised: Raised) -> None:
    order = works.paid(K.ALBUM_PRINT)
    works.shop.change(order, lambda now: transitions.unaddressed(now, works.world.time))
    works.make(works.running(order)[0])
    order = works.advance(order)
    assert (order.status, order.printed, works.print_orders.find(order.id)) == (OrderStatus.FAILED, False, None)
    assert asked_back(works.payment_of(order)) == order.total.minor
    assert raised.names() == [Alarm.INTERNAL_ERROR]


BACK: dict[str, tuple[Callable[[Works, Order], None], OrderFailure]] = {
    "refused": (lambda works, order: works.refuse(order), F.PRINTER_REFUSED),
    "canceled": (lambda works, order: works.see(order, works.state(order, CANCELED)), F.PRINTER_CANCELED),
}


@pytest.mark.parametrize("end", BACK)
def test_what_was_not_printed_is_paid_back_with_what_was_not_delivered(works: Works, end: str) -> None:
    order = works.rendered(*PRINTS_TOO)
    ends, why = BACK[end]
    ends(works, order)
    order = works.advance(order)
    assert (order.status, order.failure, order.due) == (OrderStatus.FAILED, why, None)
    assert (end == "canceled") == order.has(S.DELIVERED)
    assert asked_back(works.payment_of(order)) == order.total.minor


def test_what_may_have_been_printed_is_left_to_an_administrator(works: Works, raised: Raised) -> None:
    order = works.rendered(*PRINTS_TOO)
    order = works.seen(order, works.state(order, CANCELED, parcel("p1", "T1"), made=Stage.IN_PROGRESS))
    payment = works.payment_of(order)
    assert (order.status, order.failure) == (OrderStatus.FAILED, F.PRINTER_CANCELED)
    assert (payment.status, payment.review) == (PaymentStatus.REVIEW, ReviewReason.ORDER_ENDED)
    assert asked_back(payment) == 0
    assert raised.names() == [Alarm.PAYMENT_IN_REVIEW]
    assert works.shop.audit()[-1].details["status"] == ["PAID", "REVIEW"]


@pytest.mark.parametrize(
    ("mood", "meanwhile", "end"),
    [
        (Mood.ANSWERS, PaymentStatus.REFUNDED, PaymentStatus.REFUNDED),
        (Mood.AWAY, PaymentStatus.PAID, PaymentStatus.REFUNDED),
        (Mood.REFUSES, PaymentStatus.REVIEW, PaymentStatus.REVIEW),
    ],
)
def test_the_money_of_what_failed_goes_back_and_only_a_refusal_needs_somebody(
    works: Works, mood: Mood, meanwhile: PaymentStatus, end: PaymentStatus
) -> None:
    treasury = Treasury(mood).serve(works.shop)
    order = works.paid(K.ALBUM_PDF)
    works.spoil(works.running(order)[0], GONE)
    order = works.advance(order)
    works.world.later(60)
    works.shop.reconcile()
    assert works.payment_of(order).status == meanwhile
    works.shop.send_stripe("charge.refunded", charge(works.payment_of(order), 1))
    assert works.payment_of(order).status == meanwhile, "what is asked back needs nobody"
    treasury.mood = Mood.ANSWERS
    works.world.later(90_000)
    works.shop.reconcile()
    assert works.payment_of(order).status == end
    assert works.now(order) == order


@pytest.mark.parametrize("end", BACK)
@pytest.mark.parametrize("disputed_first", [True, False])
@pytest.mark.parametrize("dispute_ends", ["won", "lost"])
def test_what_a_dispute_held_as_the_order_failed_goes_back_once_it_is_won(
    works: Works, end: str, dispute_ends: str, *, disputed_first: bool
) -> None:
    treasury = Treasury().serve(works.shop)
    order = works.rendered(*PRINTS_TOO)
    payment = works.payment_of(order)
    dispute_opens = lambda: works.shop.send_stripe("charge.dispute.created", dispute(payment, "needs_response"))  # noqa: E731
    ends = lambda: (BACK[end][0](works, order), works.advance(order))  # noqa: E731
    for happens in (dispute_opens, ends) if disputed_first else (ends, dispute_opens):
        happens()
    assert works.now(order).status == OrderStatus.FAILED
    held = works.payment_of(order)
    assert (held.status, held.facts.refund, asked_back(held)) == (PaymentStatus.REFUNDED, None, order.total.minor)
    works.world.later(90_000)
    works.shop.reconcile()
    assert treasury.calls == []
    assert works.shop.send_stripe("charge.dispute.closed", dispute(payment, dispute_ends))
    assert works.payment_of(order).review is None, "it needs nobody"
    works.shop.reconcile()
    assert works.payment_of(order).status == PaymentStatus.REFUNDED
    assert treasury.sent_of(f"pi_{payment.id}") == (order.total.minor if dispute_ends == "won" else 0)


# ---- whoever is cut off, or is not alone


def to_the_end(works: Works, order: Order, *, fails: bool) -> None:
    """Do what there is to do once, and die where it comes so."""
    works.advance(order)
    for job in works.running(order):
        works.spoil(job) if fails else works.make(job)
    works.advance(order)


ENDS: dict[str, tuple[tuple[OrderItemKind, ...], bool]] = {
    "files": (FILES, False),
    "prints": (PRINTS_TOO, False),
    "failure": ((K.ALBUM_PDF,), True),
}


@pytest.mark.parametrize("acts", [False, True])
@pytest.mark.parametrize("end", ENDS)
def test_who_dies_at_any_call_leaves_what_the_next_finishes(works: Works, end: str, acts: bool) -> None:
    kinds, fails = ENDS[end]
    for budget in growing_budgets(acts=acts):
        order = works.ordered(*kinds)
        works.pay(order)
        dying = Works(works.world, budget)
        with suppress(KilledError):
            to_the_end(dying, order, fails=fails)
        for _ in range(MOST_TRIES + 1):
            to_the_end(works, order, fails=fails)
        order = works.now(order)
        assert (order.status, order.printed) == (
            OrderStatus.FAILED if fails else OrderStatus.PROCESSING if len(kinds) == 3 else OrderStatus.COMPLETED,
            len(kinds) == 3,
        )
        assert set(order.tries.values()) == {MOST_TRIES if fails else 1}
        assert asked_back(works.payment_of(order)) == (order.total.minor if fails else 0)
        assert works.documents.of_order(order.id) == []


def test_of_two_at_once_one_does_nothing(works: Works) -> None:
    order = works.ordered(*PRINTS_TOO)
    works.pay(order)
    other = Meanwhile(works.world.client, lambda: works.advance(order))
    fulfilment_on(other).advance(order.id, works.world.time)
    assert set(works.now(order).tries.values()) == {1}
    for job in works.running(order):
        works.make(job)
    other = Meanwhile(works.world.client, lambda: works.advance(order))
    fulfilment_on(other).advance(order.id, works.world.time)
    assert steps(works.now(order)) == [S.PAID, S.RENDERED]
    assert works.at_printer(order).version == 1


def test_an_order_that_is_canceled_in_that_moment_is_not_handed_over(works: Works) -> None:
    order = works.paid(K.ALBUM_PRINT)
    works.make(works.running(order)[0])
    works.fulfilment.orders.step(order, transitions.stepped(order, S.RENDERED, now=works.world.time))

    def cancel() -> None:
        works.shop.change(order, lambda now: transitions.canceled(now, F.CANCELED_BY_CUSTOMER, works.world.time))

    fulfilment_on(Meanwhile(works.world.client, cancel)).advance(order.id, works.world.time)
    assert (works.now(order).status, works.print_orders.find(order.id)) == (OrderStatus.CANCELED, None)


def test_what_is_new_while_somebody_finds_nothing_is_looked_at_again(works: Works) -> None:
    order = works.paid(K.ALBUM_PDF)
    works.shop.orders.apply(works.shop.orders.look_again(order.id, works.world.time))
    later = works.world.later(5)
    table, apply = works.fulfilment.orders, works.fulfilment.orders.apply

    def meanwhile(change: object) -> object:
        works.shop.orders.apply(works.shop.orders.look_again(order.id, later))
        return apply(change)  # pyright: ignore[reportArgumentType]

    table.apply = meanwhile  # pyright: ignore[reportAttributeAccessIssue]
    works.advance(order)
    assert works.now(order).due == millis(later)
