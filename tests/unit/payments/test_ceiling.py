"""A balance has a ceiling: what would pass it is refused before money is taken, and after that no money is lost."""

import pytest

from studio.dynamo import update
from studio.errors import ErrorType, StudioError
from studio.payments.model import PaymentDecision, PaymentProvider, PaymentStatus, ReviewReason
from studio.people.model import MAX_BALANCE
from tests.unit.payments.shop import Shop, dispute, session
from tests.unit.world import USER

POINTS = 100  # of the package


def set_balance(shop: Shop, points: int) -> None:
    shop.world.people.apply(update({"id": USER.sub}, set={"points": points}))


def balance(shop: Shop) -> int:
    return shop.world.person().points


def test_a_package_that_does_not_fit_is_not_sold(shop: Shop) -> None:
    set_balance(shop, MAX_BALANCE - POINTS + 1)
    with pytest.raises(StudioError) as error:
        shop.order()
    assert error.value.type == ErrorType.POINTS_OUT_OF_RANGE
    assert not shop.payments.ids_of(USER.sub)
    set_balance(shop, MAX_BALANCE - POINTS)
    payment = shop.order()
    shop.send_ipn(shop.ipn(payment))
    assert balance(shop) == MAX_BALANCE


def test_money_for_points_that_fit_no_more_waits_for_a_decision(shop: Shop) -> None:
    payment = shop.waiting()
    set_balance(shop, MAX_BALANCE - POINTS + 1)
    assert shop.send_ipn(shop.ipn(payment)) == "00", "the provider has done its part"
    now = shop.now(payment)
    assert (now.status, now.review, now.standing) == (PaymentStatus.REVIEW, ReviewReason.BALANCE_FULL, 0)
    with pytest.raises(StudioError) as error:
        shop.resolve(payment, PaymentDecision.CREDIT)
    assert error.value.type == ErrorType.POINTS_OUT_OF_RANGE
    assert balance(shop) == MAX_BALANCE - POINTS + 1
    shop.spend(1)
    shop.resolve(payment, PaymentDecision.CREDIT)
    assert (shop.now(payment).status, balance(shop)) == (PaymentStatus.PAID, MAX_BALANCE)


def test_it_can_be_paid_back_as_well(shop: Shop) -> None:
    payment = shop.waiting()
    set_balance(shop, MAX_BALANCE)
    shop.send_ipn(shop.ipn(payment))
    shop.resolve(payment, PaymentDecision.REFUND)
    assert (shop.now(payment).status, balance(shop)) == (PaymentStatus.REFUNDED, MAX_BALANCE)


def test_what_was_credited_once_comes_back_with_a_dispute_that_is_won(shop: Shop) -> None:
    payment = shop.waiting(PaymentProvider.STRIPE)
    shop.send_stripe("checkout.session.completed", session(payment))
    shop.send_stripe("charge.dispute.created", dispute(payment, "needs_response"))
    assert balance(shop) == 20
    set_balance(shop, MAX_BALANCE)
    shop.send_stripe("charge.dispute.closed", dispute(payment, "won"))
    assert (shop.now(payment).status, balance(shop)) == (PaymentStatus.PAID, MAX_BALANCE + POINTS)
