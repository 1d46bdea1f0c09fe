"""What was left behind is found: events too early or half done, payments that nobody paid."""

from datetime import timedelta
from typing import Any

import pytest

from studio.alarms import Alarm
from studio.clock import iso
from studio.dynamo import ConditionFailed, transact, update
from studio.errors import ContendedError
from studio.payments.events import PATIENCE
from studio.payments.item import payment_to_item
from studio.payments.model import Facts, Payment, PaymentEventState, PaymentProvider, PaymentStatus, ReviewReason
from studio.payments.notice import Notice
from studio.payments.rules import add_notice
from studio.payments.table import Payments
from tests.unit.fault_injection import unreachable
from tests.unit.payments.shop import Shop, dispute, pending, session
from tests.unit.raised import Raised
from tests.unit.world import USER


def due(shop: Shop) -> int:
    """Return in how many seconds the one event that waits is looked at again."""
    rows = shop.events.query("#open = :open", {"open": "open"}, index="open", limit=10).rows
    assert len(rows) == 1
    return round(rows[0]["due"] / 1000 - shop.world.time.timestamp())


def test_a_payment_that_nobody_pays_expires_after_a_grace(shop: Shop) -> None:
    payment = shop.waiting()
    shop.world.later(3600 + 599)
    assert shop.reconcile().expired == 0
    shop.world.later(1)
    assert shop.reconcile().expired == 1
    now = shop.now(payment)
    assert (now.status, now.version) == (PaymentStatus.EXPIRED, 2)
    assert shop.reconcile().expired == 0


def test_what_was_paid_does_not_expire(shop: Shop) -> None:
    payment = shop.waiting()
    shop.send_ipn(shop.ipn(payment))
    shop.world.later(9999)
    assert shop.reconcile().expired == 0
    assert shop.now(payment).status == PaymentStatus.PAID


def test_what_the_index_still_says_is_looked_at_again(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    payment = shop.waiting()
    shop.send_ipn(shop.ipn(payment))
    paid = shop.now(payment)
    monkeypatch.setattr(type(shop.payments), "due", lambda *_: iter([[payment_to_item(paid)]]))
    assert shop.reconcile().expired == 0
    assert shop.now(payment) == paid


def test_money_that_comes_in_the_moment_of_expiry_wins(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    payment = shop.waiting()
    shop.send_ipn(shop.ipn(payment))
    monkeypatch.setattr(
        type(shop.payments), "due", lambda *_: iter([[payment_to_item(payment)]])
    )  # as it was read before
    assert shop.reconcile().expired == 0
    assert shop.now(payment).status == PaymentStatus.PAID


def test_pauses_grow_until_the_event_is_given_up(shop: Shop, raised: Raised) -> None:
    payment = pending(PaymentProvider.VNPAY, USER, shop.world.time)
    query = shop.ipn(payment)
    shop.send_ipn(query)
    begun, pauses = shop.world.time, [due(shop)]
    while shop.world.time - begun < PATIENCE - timedelta(hours=7):
        shop.world.later(pauses[-1])
        assert shop.reconcile().put_off == 1
        pauses.append(due(shop))
    assert pauses[:5] == [60, 120, 240, 480, 960]
    assert max(pauses) == 6 * 3600
    assert len(pauses) < 25
    assert raised.names() == []
    shop.world.later(24 * 3600)
    assert shop.reconcile().given_up == 1
    assert [(line["alarm"], line["payment"]) for line in raised.lines()] == [(Alarm.EVENT_UNMATCHED, payment.id)]
    assert shop.reconcile().given_up == 0
    [event] = shop.events_of()
    assert (event.payment_id, event.state) == (payment.id, PaymentEventState.UNMATCHED)
    assert shop.events_of(payment) == [event]
    # Even then the money is not lost.
    transact(shop.client, [shop.payments.new(payment)])
    assert shop.send_ipn(query) == "00"
    assert shop.events_of() == []
    assert shop.is_sound(payment)


def test_money_of_another_shop_at_the_same_account_is_given_up(shop: Shop) -> None:
    other = pending(PaymentProvider.STRIPE, USER, shop.world.time)
    shop.send_stripe("charge.dispute.created", dispute(other, "needs_response", payment_intent="pi_other"))
    shop.world.later(PATIENCE.total_seconds())
    assert shop.reconcile().given_up == 1
    assert [event.payment_id for event in shop.events_of()] == [None]


def test_one_that_cannot_be_helped_keeps_no_other_from_its_turn(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    early = [pending(PaymentProvider.STRIPE, USER, shop.world.time) for _ in range(2)]
    for payment in early:
        shop.send_stripe("checkout.session.completed", session(payment))
    transact(shop.client, [shop.payments.new(payment) for payment in early])

    def poisoned(payment: Payment, notice: Notice) -> Facts:
        if notice.payment_id == early[0].id:
            raise RuntimeError("poison")
        return add_notice(payment, notice)

    monkeypatch.setattr("studio.payments.apply_event.add_notice", poisoned)
    shop.world.later(61)
    done = shop.reconcile()
    assert (done.handled, done.errors, done.put_off) == (1, 1, 1)
    assert shop.events_of(early[0])[0].tries == 1
    monkeypatch.undo()
    shop.world.later(121)
    assert shop.reconcile().handled == 1
    assert shop.world.person().points == 220


def test_one_that_can_never_be_helped_is_given_up(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    payment = pending(PaymentProvider.STRIPE, USER, shop.world.time)
    shop.send_stripe("checkout.session.completed", session(payment))
    monkeypatch.setattr("studio.payments.apply_event.notice_of", unreachable)
    shop.world.later(PATIENCE.total_seconds())
    done = shop.reconcile()
    assert (done.given_up, done.errors) == (1, 1)
    assert shop.events_of(payment)[0].state == PaymentEventState.UNMATCHED
    assert shop.reconcile().errors == 0


def test_one_that_cannot_be_put_off_keeps_no_other_from_its_turn(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    for _ in range(2):
        shop.send_stripe("checkout.session.completed", session(pending(PaymentProvider.STRIPE, USER, shop.world.time)))
    mine = shop.waiting()
    monkeypatch.setattr(type(shop.events), "put_off", unreachable)
    shop.world.later(4201)
    done = shop.reconcile()
    assert (done.errors, done.put_off, done.expired) == (2, 0, 1)
    assert shop.now(mine).status == PaymentStatus.EXPIRED


def test_a_payment_that_never_stands_still_waits_for_the_reconciler(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    payment = shop.waiting()

    def contended(*_: Any, **__: Any) -> None:
        raise ConditionFailed({0: {}})

    with monkeypatch.context() as patch:
        patch.setattr("studio.payments.transitions.transact", contended)
        with pytest.raises(ContendedError):
            shop.send_ipn(shop.ipn(payment))
    shop.world.later(61)
    assert shop.reconcile().handled == 1
    assert shop.is_sound(payment)


def test_more_than_one_page_is_due(shop: Shop) -> None:
    for _ in range(105):
        shop.waiting()
    shop.world.later(4300)
    assert shop.reconcile().expired == 105


def test_what_was_told_of_who_left_is_forgotten(shop: Shop) -> None:
    payment, other = shop.waiting(), shop.waiting()
    for each in (payment, other):
        shop.send_ipn(shop.ipn(each))
    early = pending(PaymentProvider.VNPAY, USER, shop.world.time)
    shop.send_ipn(shop.ipn(early))
    shop.events.forget([payment.id, early.id])
    [event] = shop.events_of(payment)
    assert (event.body, event.source_ip, event.state) == (None, None, PaymentEventState.HANDLED)
    assert shop.events_of(other)[0].body
    assert shop.events_of(early)[0].body  # it has still to be acted on
    shop.events.forget([payment.id])
    assert shop.send_ipn(shop.ipn(payment)) == "02"


def test_what_is_told_after_they_left_is_not_kept_either(shop: Shop) -> None:
    payment = shop.waiting()
    shop.world.people.apply(update({"id": USER.sub}, set={"leftAt": iso(shop.world.time)}))
    assert shop.send_ipn(shop.ipn(payment)) == "00"
    assert shop.send_ipn(shop.ipn(payment, vnp_BankCode="VCB")) == "02"  # nothing new, under another name
    assert [(event.body, event.source_ip) for event in shop.events_of(payment)] == [(None, None)] * 2
    assert shop.now(payment).review == ReviewReason.OWNER_LEFT


def test_a_payment_that_cannot_expire_keeps_no_other_from_it(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    stuck, other = shop.waiting(), shop.waiting()
    step = Payments.step

    def failing(self: Payments, before: Payment, after: Payment) -> Payment:
        if before.id == stuck.id:
            raise ConnectionError
        return step(self, before, after)

    monkeypatch.setattr(Payments, "step", failing)
    shop.world.later(4300)
    done = shop.reconcile()
    assert (done.expired, done.errors) == (1, 1)
    assert shop.now(other).status == PaymentStatus.EXPIRED


@pytest.mark.parametrize("name", ["Payments", "PaymentEvents"])
def test_a_row_that_cannot_be_read_holds_up_no_other(shop: Shop, name: str) -> None:
    table, id_ = (shop.payments, "0") if name == "Payments" else (shop.events, "VNPAY#0")
    broken = {"id": id_, "open": "open", "due": 1, "expiresAt": iso(shop.world.time), "at": iso(shop.world.time)}
    table.insert(broken, new="id")
    good = shop.waiting()
    early = pending(PaymentProvider.VNPAY, USER, shop.world.time)
    shop.send_ipn(shop.ipn(early))
    transact(shop.client, [shop.payments.new(early)])
    shop.world.later(4300)
    done = shop.reconcile()
    assert (done.handled, done.expired, done.errors) == (1, 1, 1)
    assert shop.now(good).status == PaymentStatus.EXPIRED
    assert shop.reconcile().errors == 0  # it is put off
    shop.world.later(61)
    assert shop.reconcile().errors == 1
