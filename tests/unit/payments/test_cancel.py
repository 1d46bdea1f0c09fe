"""A payer cancels what they will not pay: it ends once, its place is free, and money that comes still counts."""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from datetime import datetime

import pytest

from studio import ids
from studio.errors import ErrorType, StudioError
from studio.payments.checkout import MAX_PENDING
from studio.payments.model import Awaits, Payment, PaymentProvider, PaymentStatus, ReviewReason
from studio.payments.providers.protocol import UnansweredError
from tests.unit.fault_injection import FailingClient, KilledError, Meanwhile, growing_budgets
from tests.unit.payments.shop import Shop, session
from tests.unit.payments.stripe_api import StripeApi
from tests.unit.world import ADMIN, OTHER


def refused(act: Callable[[], object]) -> ErrorType:
    with pytest.raises(StudioError) as error:
        act()
    return error.value.type


def paid(shop: Shop, payment: Payment) -> None:
    if payment.provider == PaymentProvider.VNPAY:
        assert shop.send_ipn(shop.ipn(payment)) == "00"
    else:
        assert shop.send_stripe("checkout.session.completed", session(payment))


def test_after_five_pending_payments_something_can_be_bought_again(shop: Shop) -> None:
    payments = [shop.order() for _ in range(MAX_PENDING)]
    assert refused(shop.order) == ErrorType.TOO_MANY_PAYMENTS
    canceled = shop.cancel(payments[2])
    assert canceled
    assert canceled == shop.now(payments[2])
    assert (canceled.status, canceled.version, canceled.pay_url, canceled.return_url) == ("EXPIRED", 2, None, "")
    assert shop.world.person().paying == {each.id for each in payments} - {payments[2].id}
    assert shop.order().status == PaymentStatus.PENDING
    assert refused(shop.order) == ErrorType.TOO_MANY_PAYMENTS
    assert shop.order(clientRequestId="buy-3") == canceled, "the same request stays the same payment"


def test_canceled_twice_is_canceled_once(shop: Shop) -> None:
    payment = shop.order()
    canceled = shop.cancel(payment)
    shop.world.later(5)
    assert shop.cancel(payment) == canceled == shop.now(payment)


def test_somebody_elses_is_null_and_stays(shop: Shop) -> None:
    payment = shop.order()
    for who in (OTHER, ADMIN):
        assert shop.cancel(payment, who) is None
    assert shop.cancel(replace(payment, id=ids.new())) is None
    assert refused(lambda: shop.cancel(replace(payment, id="x"))) == ErrorType.ID_MALFORMED
    assert (shop.now(payment), shop.world.person().paying) == (payment, {payment.id})


@pytest.mark.parametrize("provider", PaymentProvider)
def test_what_was_paid_is_not_canceled(shop: Shop, provider: PaymentProvider) -> None:
    payment = shop.waiting(provider)
    paid(shop, payment)
    before = shop.now(payment)
    assert refused(lambda: shop.cancel(payment)) == ErrorType.PAYMENT_NOT_CANCELABLE
    assert (shop.now(payment), shop.world.person().points) == (before, 120)


def test_nor_is_what_is_suspected_or_on_its_way(shop: Shop) -> None:
    suspected, promised = shop.waiting(), shop.waiting(PaymentProvider.STRIPE)
    shop.send_ipn(shop.ipn(suspected, vnp_ResponseCode="07", vnp_TransactionStatus="07"))
    shop.send_stripe("checkout.session.completed", session(promised, payment_status="unpaid"))
    for payment in (suspected, promised):
        before = shop.now(payment)
        assert refused(lambda payment=payment: shop.cancel(payment)) == ErrorType.PAYMENT_NOT_CANCELABLE
        assert shop.now(payment) == before


def test_what_failed_or_expired_is_answered_as_it_is(shop: Shop) -> None:
    failed, expired = shop.waiting(PaymentProvider.STRIPE), shop.waiting()
    shop.send_stripe("checkout.session.async_payment_failed", session(failed))
    shop.world.later(4300)
    shop.reconcile()
    assert shop.cancel(failed) == shop.now(failed)
    assert shop.cancel(expired) == shop.now(expired)
    assert (shop.now(failed).status, shop.now(expired).status) == (PaymentStatus.FAILED, PaymentStatus.EXPIRED)


@pytest.mark.parametrize("provider", PaymentProvider)
@pytest.mark.parametrize("later", [1, 4300, 999_999])
def test_money_that_comes_all_the_same_counts_once(shop: Shop, provider: PaymentProvider, later: int) -> None:
    payment = shop.waiting(provider)
    shop.cancel(payment)
    shop.world.later(later)
    shop.reconcile()
    paid(shop, payment)
    assert (shop.now(payment).status, shop.world.person().points) == (PaymentStatus.PAID, 120)
    assert shop.is_sound(payment)
    assert refused(lambda: shop.cancel(payment)) == ErrorType.PAYMENT_NOT_CANCELABLE
    shop.world.later(4300)
    assert shop.reconcile().expired == 0


def test_other_money_that_comes_needs_somebody(shop: Shop) -> None:
    payment = shop.waiting()
    shop.cancel(payment)
    assert shop.send_ipn(shop.ipn(payment, vnp_Amount="500")) == "04"
    now = shop.now(payment)
    assert (now.status, now.review) == (PaymentStatus.REVIEW, ReviewReason.WRONG_AMOUNT)


def test_vnpay_is_asked_when_its_page_has_ended_in_case_a_notice_got_lost(shop: Shop) -> None:
    payment, unpaid = shop.order(), shop.order()
    for each in (payment, unpaid):
        shop.cancel(each)
    asked: list[str] = []

    def ask(about: Payment, now: datetime) -> dict[str, str] | None:
        asked.append(about.id)
        if len(asked) == 1:
            raise UnansweredError
        assert now == shop.world.time
        return None

    shop.ask = ask
    assert (shop.now(unpaid).awaits, shop.reconcile().expired) == (Awaits.PAGE_END, 0)
    shop.world.later(3600 + 599)
    assert (shop.reconcile().expired, asked) == (0, [])
    shop.world.later(1)
    shop.reconcile()
    shop.world.later(61)
    shop.reconcile()
    assert sorted({*asked}) == sorted([payment.id, unpaid.id])
    assert len(asked) == 3, "who did not answer is asked again"
    for each in (payment, unpaid):
        assert (shop.now(each).status, shop.now(each).awaits) == (PaymentStatus.EXPIRED, None)
        assert "open" not in (shop.payments.get({"id": each.id}) or {})
    shop.world.later(9999)
    assert (shop.reconcile().expired, len(asked)) == (0, 3)


def test_stripes_page_is_ended_and_one_that_stays_open_holds_nothing_up(shop: Shop, stripe_api: StripeApi) -> None:
    shop.stripe_url = stripe_api.address
    first, second = (shop.order(provider="STRIPE", currency="USD") for _ in range(2))
    shop.cancel(first)
    assert stripe_api.paths[-1] == f"/v1/checkout/sessions/{first.session}/expire"
    stripe_api.status = 400  # it has ended, or was paid
    assert shop.cancel(second) == shop.now(second)
    shop.stripe_url = "http://127.0.0.1:9"  # it is away
    third = shop.waiting(PaymentProvider.STRIPE)
    opened = shop.payments.step(third, replace(third, session="cs_3", version=2))
    assert shop.cancel(opened) == shop.now(third)
    for each in (first, second, third):
        assert shop.now(each).status == PaymentStatus.EXPIRED
    asked = len(stripe_api.paths)
    assert shop.send_stripe("checkout.session.expired", session(first, payment_status="unpaid"))
    assert (shop.now(first).status, shop.now(first).awaits) == (PaymentStatus.EXPIRED, None)
    shop.stripe_url = stripe_api.address
    shop.cancel(first)
    assert len(stripe_api.paths) == asked, "what Stripe ended is not ended again"


@pytest.mark.parametrize("acts", [False, True])
def test_dying_anywhere_ends_it_with_its_place_or_not_at_all(shop: Shop, acts: bool) -> None:
    tried = 0
    for budget in growing_budgets(acts=acts):
        payment = shop.order()
        with suppress(KilledError):
            replace(shop, client=FailingClient(shop.client, budget)).cancel(payment)
        ended = shop.now(payment).status == PaymentStatus.EXPIRED
        assert ended == (payment.id not in shop.world.person().paying)
        canceled = shop.cancel(payment)
        assert canceled
        assert (canceled.status, canceled.version) == (PaymentStatus.EXPIRED, 2)
        assert shop.world.person().paying == frozenset()
        tried += 1
    assert tried > 1


def test_money_that_comes_in_the_same_moment_wins(shop: Shop) -> None:
    payment = shop.order()
    slow = replace(shop, client=Meanwhile(shop.client, lambda: shop.send_ipn(shop.ipn(payment))))
    assert refused(lambda: slow.cancel(payment)) == ErrorType.PAYMENT_NOT_CANCELABLE
    assert (shop.now(payment).status, shop.world.person().points) == (PaymentStatus.PAID, 120)


def test_a_cancellation_in_the_same_moment_loses_no_money(shop: Shop) -> None:
    payment = shop.order()
    slow = replace(shop, client=Meanwhile(shop.client, lambda: shop.cancel(payment)))
    assert slow.send_ipn(slow.ipn(payment)) == "00"
    assert (shop.now(payment).status, shop.world.person().points) == (PaymentStatus.PAID, 120)
    assert shop.is_sound(payment)
