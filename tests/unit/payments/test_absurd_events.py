"""What is signed and cannot be true: numbers that are none, and more money going back than came. Nothing moves."""

from collections.abc import Callable
from typing import Any

import pytest

from studio.alarms import Alarm
from studio.payments.model import Outcome, Payment, PaymentEventState, PaymentProvider, PaymentStatus
from tests.unit.payments.shop import CENTS, Shop, charge, dispute, refund, session
from tests.unit.raised import Raised

COMPLETED, REFUNDED = "checkout.session.completed", "charge.refunded"
DISPUTED, CLOSED = "charge.dispute.created", "charge.dispute.closed"


NO_NUMBERS = [
    *("", "+24900000", "-24900000", "2.49e7", "24900000.0", "24_900_000", "24,900,000", "024900000", "0x17BEFA0"),
    *(" 24900000", "24900000 ", "24900000\n", "\u0662\u0664\u0669\u0660\u0660\u0660\u0660\u0660", "\uff12\uff14\uff19"),
    *("1" + "0" * 15, "9" * 5000, "\u00b2"),
]


@pytest.mark.parametrize("amount", NO_NUMBERS, ids=ascii)
def test_an_amount_that_is_no_number_is_not_understood(shop: Shop, amount: str) -> None:
    mine = shop.waiting()
    for codes in ({}, {"vnp_ResponseCode": "24", "vnp_TransactionStatus": "02"}):
        assert shop.send_ipn(shop.ipn(mine, vnp_Amount=amount, **codes)) == "99"
    assert shop.now(mine) == mine
    assert {event.outcome for event in shop.events_of(mine)} == {Outcome.NOT_UNDERSTOOD}


@pytest.mark.parametrize("code", ["0", "000", "\u0660\u0660", "+0", "OK", "00\n"], ids=ascii)
@pytest.mark.parametrize("name", ["vnp_ResponseCode", "vnp_TransactionStatus"])
def test_a_code_that_is_none_says_nothing(shop: Shop, name: str, code: str) -> None:
    mine = shop.waiting()
    assert shop.send_ipn(shop.ipn(mine, **{name: code})) == "99"
    assert shop.now(mine) == mine


@pytest.mark.parametrize(
    ("kind", "thing"),
    [
        (REFUNDED, lambda payment: charge(payment, CENTS + 1)),
        (REFUNDED, lambda payment: charge(payment, 10**11)),
        (REFUNDED, lambda payment: charge(payment, CENTS, amount=1)),
        (REFUNDED, lambda payment: charge(payment, 1, amount=1)),
        (REFUNDED, lambda payment: charge(payment, 1, amount=CENTS + 1)),
        ("refund.updated", lambda payment: refund(payment, "succeeded", CENTS + 1)),
        ("refund.failed", lambda payment: refund(payment, "failed", 10**11)),
        (DISPUTED, lambda payment: dispute(payment, "?")),
        (DISPUTED, lambda payment: dispute(payment, "warning_")),
        (CLOSED, lambda payment: dispute(payment, "WON")),
    ],
)
def test_what_cannot_be_true_of_a_payment_moves_nothing(
    shop: Shop, raised: Raised, kind: str, thing: Callable[[Payment], dict[str, Any]]
) -> None:
    payment = shop.waiting(PaymentProvider.STRIPE)
    shop.send_stripe(COMPLETED, session(payment))
    before = shop.now(payment)
    assert shop.send_stripe(kind, thing(payment), "evt_absurd"), "to tell it again would help nobody"
    assert (shop.now(payment), shop.world.person().points) == (before, 120)
    [event] = [each for each in (*shop.events_of(payment), *shop.events_of()) if each.name == "evt_absurd"][:1]
    assert (event.state, bool(event.cause)) == (PaymentEventState.UNMATCHED, True)
    assert raised.names() == [Alarm.EVENT_UNMATCHED]


@pytest.mark.parametrize("paid", [500, CENTS])
def test_a_refund_told_first_waits_to_hear_of_which_money_it_is(shop: Shop, paid: int) -> None:
    payment = shop.waiting(PaymentProvider.STRIPE)
    assert shop.send_stripe(REFUNDED, charge(payment, 500, amount=500))
    shop.send_stripe(COMPLETED, session(payment, amount_total=paid))
    shop.world.later(61)
    done = shop.reconcile()
    assert (done.handled, done.given_up) == ((1, 0) if paid == 500 else (0, 1))
    status = PaymentStatus.REFUNDED if paid == 500 else PaymentStatus.PAID
    assert (shop.now(payment).status, shop.is_sound(payment)) == (status, True)
