"""Whatever dies in between, and however many do the same at once: credited exactly once."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import replace
from threading import Barrier

import pytest

from studio.alarms import Alarm
from studio.dynamo import update
from studio.payments.model import Outcome, Payment, PaymentEventState, PaymentStatus, ReviewReason
from studio.payments.model import PaymentProvider as Provider
from studio.payments.refund_request import RefundStatus
from tests.unit.fault_injection import CallBudget, FailingClient, KilledError, Meanwhile, growing_budgets
from tests.unit.payments.refunds import Mood, Treasury
from tests.unit.payments.shop import CENTS, Shop, charge, session
from tests.unit.raised import Raised
from tests.unit.world import USER


def killed_at_each_call(
    shop: Shop, act: Callable[[Shop], None], error: type[BaseException] = KilledError, *, once: bool = False
) -> Iterator[None]:
    """Have one fresh thing done after another, dying at the first call, at the second…, until one survives."""
    for acts in (False, True):
        for budget in growing_budgets(error, acts=acts, once=once):
            with suppress(error):
                act(replace(shop, client=FailingClient(shop.client, budget)))
            yield


@pytest.mark.parametrize("provider", Provider)
def test_dying_anywhere_credits_exactly_once(shop: Shop, provider: Provider) -> None:
    made: list[Payment] = []

    def pay(dying: Shop) -> None:
        made.append(shop.waiting(provider))
        if provider == Provider.VNPAY:
            dying.send_ipn(dying.ipn(made[-1]))
        else:
            dying.send_stripe("checkout.session.completed", session(made[-1]), f"evt_{len(made)}")

    for i, _ in enumerate(killed_at_each_call(shop, pay)):
        stored = bool(shop.events_of(made[-1]))
        shop.world.later(61)
        shop.reconcile()
        if not stored:  # then the provider got no good answer, and tells again
            assert shop.now(made[-1]).status == PaymentStatus.PENDING
            if provider == Provider.VNPAY:
                assert shop.send_ipn(shop.ipn(made[-1])) == "00"
            else:
                assert shop.send_stripe("checkout.session.completed", session(made[-1]), f"evt_{len(made)}")
        assert shop.world.person().points == 20 + 100 * (i + 1)
        assert shop.is_sound(made[-1])
        assert {event.state for event in shop.events_of(made[-1])} == {PaymentEventState.HANDLED}
        assert len([r for r in shop.audit() if r.details["paymentId"] == made[-1].id]) == 1
    assert len(made) > 6


def test_dying_anywhere_takes_back_exactly_once(shop: Shop) -> None:
    made: list[Payment] = []

    def refund(dying: Shop) -> None:
        made.append(shop.waiting(Provider.STRIPE))
        shop.send_stripe("checkout.session.completed", session(made[-1]))
        dying.send_stripe("charge.refunded", charge(made[-1], CENTS), f"evt_refund_{len(made)}")

    for _ in killed_at_each_call(shop, refund):
        shop.world.later(61)
        shop.reconcile()
        shop.send_stripe("charge.refunded", charge(made[-1], CENTS), f"evt_refund_{len(made)}")
        assert shop.world.person().points == 20
        assert shop.is_sound(made[-1])


@pytest.mark.parametrize(("error", "once"), [(KilledError, False), (ConnectionError, True)], ids=["killed", "failed"])
def test_a_reconciler_that_dies_is_followed_by_another(shop: Shop, error: type[BaseException], once: bool) -> None:
    made: list[Payment] = []

    def count(dying: Shop) -> None:
        payment = shop.waiting()
        made.append(payment)
        with suppress(KilledError):
            # Kept, and then nobody acted on it.
            replace(shop, client=FailingClient(shop.client, CallBudget(1))).send_ipn(shop.ipn(payment))
        shop.world.later(61)
        dying.reconcile()

    for i, _ in enumerate(killed_at_each_call(shop, count, error, once=once)):
        shop.world.later(600)
        shop.reconcile()
        assert shop.world.person().points == 20 + 100 * (i + 1)
        assert shop.is_sound(made[-1])


@pytest.mark.parametrize("mood", [Mood.ANSWERS, Mood.LOSES, Mood.HOLDS])
@pytest.mark.parametrize(("death", "once"), [(KilledError, False), (ConnectionError, True)], ids=["killed", "failed"])
def test_dying_anywhere_sends_back_exactly_once(shop: Shop, mood: Mood, death: type[BaseException], once: bool) -> None:
    treasury, made = Treasury().serve(shop), list[Payment]()

    def send_back(dying: Shop) -> None:
        made.append(shop.waiting(Provider.STRIPE))
        shop.send_stripe("checkout.session.completed", session(made[-1]))
        treasury.mood = mood
        dying.refund_requester.ask(made[-1].id, "its order failed", "orders", shop.world.time)
        dying.reconcile()

    for _ in killed_at_each_call(shop, send_back, death, once=once):
        # Whoever asked in vain asks again, as an order does.
        shop.refund_requester.ask(made[-1].id, "its order failed", "orders", shop.world.time)
        treasury.mood = Mood.ANSWERS
        treasury.ended |= {id_ for _, id_ in treasury.sent}
        for pause in (61, 601, 7201):
            shop.world.later(pause)
            assert shop.reconcile().errors == 0
        now = shop.now(made[-1])
        assert (now.status, now.refund_status) == (PaymentStatus.REFUNDED, RefundStatus.DONE)
        assert [minor for (of, _), minor in treasury.sent.items() if of == f"pi_{now.id}"] == [CENTS]
        assert shop.is_sound(now)
        assert now.version in {4, 5}, "paid, asked back once, under way perhaps, done"
    assert len(made) > 6


def test_eight_who_ask_at_once_send_back_once(shop: Shop) -> None:
    treasury, payment = Treasury().serve(shop), shop.waiting(Provider.STRIPE)
    shop.send_stripe("checkout.session.completed", session(payment))
    start = Barrier(8)

    def ask(_: int) -> bool:
        start.wait()
        shop.refund_requester.ask(payment.id, "its order failed", "orders", shop.world.time)
        return shop.refund_caller.one(payment.id, shop.world.time)

    with ThreadPoolExecutor(8) as threads:
        answers = [*threads.map(ask, range(8))]
    assert sum(answers) == len(treasury.calls) == len(treasury.sent) == 1
    assert shop.now(payment).status == PaymentStatus.REFUNDED


def test_points_that_are_spent_in_the_same_moment_are_owed(shop: Shop) -> None:
    payment = shop.waiting(Provider.STRIPE)
    shop.send_stripe("checkout.session.completed", session(payment))
    spending = replace(shop, client=Meanwhile(shop.client, lambda: shop.spend(90)))
    spending.send_stripe("charge.refunded", charge(payment, CENTS))
    now = shop.now(payment)
    assert (now.standing, now.owed, now.balance, shop.world.person().points) == (0, 70, 0, 0)
    assert shop.is_sound(payment)


@pytest.mark.parametrize("points", [5, -5])
def test_a_balance_that_moves_in_the_same_moment_is_told_right(shop: Shop, points: int) -> None:
    payment = shop.waiting()
    spending = replace(shop, client=Meanwhile(shop.client, lambda: shop.spend(points)))
    assert spending.send_ipn(shop.ipn(payment)) == "00"
    assert shop.now(payment).balance == shop.world.person().points == 120 - points
    assert shop.is_sound(payment)


def test_nobody_is_credited_who_leaves_in_the_same_moment(shop: Shop) -> None:
    payment = shop.waiting()
    gone = update({"id": USER.sub}, set={"leftAt": "2026-11-20T12:00:00.000Z"})
    leaving = replace(shop, client=Meanwhile(shop.client, lambda: shop.world.people.apply(gone)))
    assert leaving.send_ipn(shop.ipn(payment)) == "00"
    assert shop.now(payment).review == ReviewReason.OWNER_LEFT
    assert shop.world.person().points == 20


def test_eight_at_once_credit_once(shop: Shop) -> None:
    payment = shop.waiting()
    query = shop.ipn(payment)
    start = Barrier(8)

    def send(_: int) -> str:
        start.wait()
        return shop.receive_vnpay(query)

    with ThreadPoolExecutor(8) as threads:
        answers = sorted(threads.map(send, range(8)))
    assert answers == ["00", *["02"] * 7]
    assert [event.outcome for event in shop.events_of(payment)] == [Outcome.APPLIED]
    assert shop.world.person().points == 120
    assert shop.is_sound(payment)


def test_what_came_of_an_event_is_not_forgotten_by_who_was_second(shop: Shop) -> None:
    payment = shop.waiting()
    query = shop.ipn(payment)
    slow = replace(shop, client=Meanwhile(shop.client, lambda: shop.send_ipn(query)))
    assert slow.send_ipn(query) == "02"
    assert [event.outcome for event in shop.events_of(payment)] == [Outcome.APPLIED]


def test_a_wrong_amount_told_at_once_is_wrong_to_all(shop: Shop) -> None:
    payment = shop.waiting()
    query = shop.ipn(payment, vnp_Amount="100")
    slow = replace(shop, client=Meanwhile(shop.client, lambda: shop.send_ipn(query)))
    assert slow.send_ipn(query) == "04"
    assert len(shop.events_of(payment)) == 1


def test_different_events_at_once_all_count(shop: Shop) -> None:
    payment = shop.waiting(Provider.STRIPE)
    start = Barrier(4)
    steps = [("checkout.session.completed", session(payment))]
    steps += [("charge.refunded", charge(payment, refunded)) for refunded in (100, 200, 333)]

    def send(i: int) -> bool:
        start.wait()
        return shop.send_stripe(*steps[i], event_id=f"evt_{i}")

    with ThreadPoolExecutor(4) as threads:
        assert all(threads.map(send, range(4)))
    assert shop.now(payment).standing == 66
    assert shop.is_sound(payment, USER)


@pytest.mark.parametrize("provider", Provider)
def test_eight_payments_that_one_transaction_paid_at_once_are_one(
    shop: Shop, raised: Raised, provider: Provider
) -> None:
    payments = [shop.waiting(provider) for _ in range(8)]
    start = Barrier(8)

    def send(payment: Payment) -> str | bool:
        start.wait()
        if provider == Provider.VNPAY:
            return shop.receive_vnpay(shop.ipn(payment, vnp_TransactionNo="7"))
        return shop.send_stripe("checkout.session.completed", session(payment, payment_intent="pi_7"))

    with ThreadPoolExecutor(8) as threads:
        answers = sorted(threads.map(send, payments))
    assert answers == (["00", *["01"] * 7] if provider == Provider.VNPAY else [True] * 8)
    assert sorted(shop.now(each).status for each in payments) == [PaymentStatus.PAID, *[PaymentStatus.PENDING] * 7]
    assert [event.outcome for event in shop.events_of()] == [Outcome.NOT_OURS] * 7
    assert raised.names() == [Alarm.EVENT_UNMATCHED] * 7
    assert shop.world.person().points == 120
    assert all(shop.is_sound(each) for each in payments)


def test_of_two_payments_that_one_transaction_paid_in_one_moment_the_second_gets_nothing(
    shop: Shop, raised: Raised
) -> None:
    payment, other = shop.waiting(), shop.waiting()
    first = shop.ipn(other, vnp_TransactionNo="7")
    slow = replace(shop, client=Meanwhile(shop.client, lambda: shop.send_ipn(first)))
    assert slow.send_ipn(shop.ipn(payment, vnp_TransactionNo="7")) == "01"
    assert (shop.now(payment), shop.now(other).status) == (payment, PaymentStatus.PAID)
    assert (shop.world.person().points, raised.names()) == (120, [Alarm.EVENT_UNMATCHED])
