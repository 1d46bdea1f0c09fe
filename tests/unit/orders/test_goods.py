"""Orders as goods: no branch in checkout, webhooks, review or a provider knows of them."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from resolvers.shapes import payments as payment_shapes
from studio import ids
from studio.alarms import Alarm
from studio.clock import iso
from studio.dynamo import update
from studio.errors import ErrorType, StudioError
from studio.mail.model import MailKind
from studio.mail.payments import mails_of
from studio.money import Currency, Money
from studio.orders import transitions
from studio.orders.model import Order, OrderFailure, OrderStatus, OrderStepKind
from studio.payments.model import Payment, PaymentDecision, PaymentProvider, PaymentStatus, ReviewReason
from studio.payments.packages import PACKAGES, Package
from tests.unit.fault_injection import FailingClient, KilledError, Meanwhile, growing_budgets
from tests.unit.orders.samples import PAY_SECONDS
from tests.unit.orders.shop import OrderShop
from tests.unit.payments.refunds import Treasury
from tests.unit.payments.shop import charge, dispute, session
from tests.unit.payments.stripe_api import StripeApi
from tests.unit.raised import Raised
from tests.unit.world import ADMIN, NOON, OTHER, USER

DONG: dict[str, Any] = {"total": Money(1_500_000, Currency.VND)}


def canceled(order: Order) -> Order:
    return transitions.canceled(order, OrderFailure.CANCELED_BY_CUSTOMER, NOON)


def printed(order: Order) -> Order:
    return transitions.printed(transitions.stepped(order, OrderStepKind.RENDERED, now=NOON), NOON)


def completed(order: Order) -> Order:
    return transitions.completed(order, NOON)


def refused(act: Callable[[], object]) -> ErrorType:
    with pytest.raises(StudioError) as error:
        act()
    return error.value.type


@pytest.mark.parametrize("provider", PaymentProvider)
def test_an_order_is_paid_together_with_its_payment(shop: OrderShop, provider: PaymentProvider) -> None:
    order = shop.ordered(**(DONG if provider == PaymentProvider.VNPAY else {}))
    payment = shop.begin(order, provider=provider)
    assert (payment.amount, payment.points, payment.goods_id) == (order.total, 0, order.id)
    shop.world.later(5)
    shop.pay(payment)
    shop.pay(payment)
    now = shop.as_it_is(order)
    assert (now.status, now.payment, now.version) == (OrderStatus.PROCESSING, payment.id, 2)
    assert [(step.kind, step.at) for step in now.steps] == [(OrderStepKind.PAID, iso(shop.world.time))]
    assert now.due == int(shop.world.time.timestamp() * 1000)
    assert (shop.now(payment).status, shop.world.person().points) == (PaymentStatus.PAID, 20)
    assert shop.audit()[-1].details["orderStatus"] == ["PENDING", "PROCESSING"]


def test_what_it_is_stands_on_the_row_in_the_answer_and_at_the_provider(shop: OrderShop, stripe_api: StripeApi) -> None:
    order = shop.ordered(**DONG)
    payment = shop.begin(order, provider="VNPAY")
    row = shop.payments.get({"id": payment.id})
    assert row
    assert (row["orderId"], "packageId" in row) == (order.id, False)
    answer = payment_shapes.payment(shop.now(payment))
    assert (answer["orderId"], answer.get("packageId"), answer["points"]) == (order.id, None, 0)
    assert parse_qs(urlsplit(payment.pay_url or "").query)["vnp_OrderInfo"] == [f"NamO Studio order {order.id}"]
    shop.begin(shop.ordered())
    [(_, asked)] = stripe_api.asked
    assert asked["line_items[0][price_data][product_data][name]"].startswith("order ")


def test_only_its_customer_pays_an_order(shop: OrderShop) -> None:
    order = shop.ordered()
    for who in (OTHER, ADMIN):
        shop.world.joined(who)
        assert refused(lambda who=who: shop.begin(order, who)) == ErrorType.ORDER_UNKNOWN
    for id_ in (ids.new(), "", "A-1", "x" * 3000):
        assert refused(lambda id_=id_: shop.order(orderId=id_)) == ErrorType.ORDER_UNKNOWN
    assert shop.payments.ids_of(OTHER.sub) == []


def test_an_order_is_paid_in_its_own_currency_by_who_takes_that(shop: OrderShop) -> None:
    order = shop.ordered()
    unsupported = ErrorType.CURRENCY_NOT_SUPPORTED
    assert refused(lambda: shop.begin(order, currency="VND")) == unsupported
    assert refused(lambda: shop.begin(order, provider="VNPAY", currency="VND")) == unsupported
    assert refused(lambda: shop.begin(order, provider="VNPAY")) == unsupported


def test_what_costs_more_than_a_provider_takes_at_once_is_paid_at_another(shop: OrderShop) -> None:
    def order(dong: int) -> Order:
        return shop.ordered(total=Money(dong, Currency.VND))

    for dong in (100_000_000, 999_999_999):
        too_much = order(dong)
        act = lambda too_much=too_much: shop.begin(too_much, currency="VND")  # noqa: E731
        assert refused(act) == ErrorType.AMOUNT_TOO_LARGE
        assert shop.begin(too_much, provider="VNPAY", currency="VND").amount.minor == dong
    assert shop.begin(order(99_999_999), currency="VND")
    act = lambda: shop.begin(order(1_000_000_000), provider="VNPAY", currency="VND")  # noqa: E731
    assert refused(act) == ErrorType.AMOUNT_TOO_LARGE


def test_an_order_past_its_time_is_not_to_be_paid(shop: OrderShop) -> None:
    order = shop.ordered()
    shop.world.later(PAY_SECONDS)
    assert refused(lambda: shop.begin(order)) == ErrorType.ORDER_NOT_PAYABLE
    shop.world.time -= timedelta(seconds=1)
    late = shop.begin(order)
    shop.world.later(30)  # begun in time
    shop.pay(late)
    assert shop.as_it_is(order).status == OrderStatus.PROCESSING


@pytest.mark.parametrize("change", [canceled, printed, completed])
def test_what_is_paid_or_has_ended_is_not_to_be_paid(shop: OrderShop, change: Callable[[Order], Order]) -> None:
    order, payment = shop.paid_for()
    assert refused(lambda: shop.begin(order)) == ErrorType.ORDER_NOT_PAYABLE
    shop.change(order, change)
    assert refused(lambda: shop.begin(order)) == ErrorType.ORDER_NOT_PAYABLE
    shop.pay(payment, "evt_again")
    assert shop.now(payment).status == PaymentStatus.PAID


# ---- money that comes where it should not


def check_in_review(shop: OrderShop, payment: Payment, reason: ReviewReason) -> None:
    now = shop.now(payment)
    assert (now.status, now.review) == (PaymentStatus.REVIEW, reason)
    assert refused(lambda: shop.resolve(payment, PaymentDecision.CREDIT)) == ErrorType.ORDER_NOT_PAYABLE
    shop.resolve(payment, PaymentDecision.REFUND)
    assert shop.now(payment).status == PaymentStatus.REFUNDED


@pytest.mark.parametrize("change", [lambda order: order, printed, completed, canceled])
def test_an_order_that_is_paid_twice_is_looked_at(
    shop: OrderShop, raised: Raised, change: Callable[[Order], Order]
) -> None:
    order = shop.ordered()
    first, second = shop.begin(order), shop.begin(order)
    shop.pay(first)
    before = shop.as_it_is(order)
    if change(before) != before:
        before = shop.change(order, change)
    shop.pay(second)
    assert raised.names() == [Alarm.PAYMENT_IN_REVIEW]
    check_in_review(shop, second, ReviewReason.ORDER_PAID_ALREADY)
    assert shop.as_it_is(order) == before
    assert shop.now(first).status == PaymentStatus.PAID


def test_an_order_that_ended_is_paid_in_vain(shop: OrderShop, raised: Raised) -> None:
    order = shop.ordered()
    payment = shop.begin(order)
    before = shop.change(order, canceled)
    shop.pay(payment)
    assert raised.names() == [Alarm.PAYMENT_IN_REVIEW]
    check_in_review(shop, payment, ReviewReason.ORDER_ENDED)
    assert shop.as_it_is(order) == before


def test_an_order_whose_row_has_expired_is_paid_in_vain(shop: OrderShop) -> None:
    order = shop.ordered()
    payment = shop.begin(order)
    shop.orders.discard({"id": order.id})
    shop.pay(payment)
    check_in_review(shop, payment, ReviewReason.ORDER_ENDED)


def test_an_order_of_who_has_left_is_not_begun(shop: OrderShop) -> None:
    order = shop.ordered()
    payment = shop.begin(order)
    shop.world.people.apply(update({"id": USER.sub}, set={"leftAt": "2026-11-20T12:00:00Z"}))
    shop.pay(payment)
    assert shop.now(payment).review == ReviewReason.OWNER_LEFT
    assert refused(lambda: shop.resolve(payment, PaymentDecision.CREDIT)) == ErrorType.USER_UNKNOWN
    assert shop.as_it_is(order).status == OrderStatus.PENDING


def credited(shop: OrderShop) -> tuple[Order, Payment]:
    """Return an order whose wrong amount an administrator took for enough."""
    order = shop.ordered()
    payment = shop.begin(order)
    assert shop.send_stripe("checkout.session.completed", session(payment, amount_total=500))
    assert (shop.now(payment).review, shop.as_it_is(order).status) == (ReviewReason.WRONG_AMOUNT, OrderStatus.PENDING)
    shop.resolve(payment, PaymentDecision.CREDIT)
    return shop.as_it_is(order), shop.now(payment)


def test_what_is_canceled_after_a_decision_by_a_dispute_that_is_won_is_looked_at(shop: OrderShop) -> None:
    order, payment = credited(shop)
    assert shop.send_stripe("charge.dispute.created", dispute(payment, "needs_response", amount=500))
    assert shop.as_it_is(order).failure == OrderFailure.MONEY_WENT_BACK
    assert shop.send_stripe("charge.dispute.closed", dispute(payment, "won", amount=500))
    shop.world.later(1)
    check_in_review(shop, payment, ReviewReason.ORDER_ENDED)


def test_money_that_goes_back_after_a_decision_of_what_was_printed_is_looked_at(shop: OrderShop) -> None:
    order, payment = credited(shop)
    shop.change(order, printed)
    assert shop.send_stripe("charge.refunded", charge(payment, 500, amount=500))
    assert (shop.now(payment).status, shop.now(payment).review) == (PaymentStatus.REVIEW, ReviewReason.MONEY_WENT_BACK)


def test_a_wrong_amount_pays_an_order_once_an_administrator_says_so(shop: OrderShop) -> None:
    order, payment = credited(shop)
    assert (shop.as_it_is(order).status, shop.as_it_is(order).payment) == (OrderStatus.PROCESSING, payment.id)


# ---- money that goes back


def back(shop: OrderShop, payment: Payment) -> None:
    assert shop.send_stripe("charge.refunded", charge(payment, payment.amount.minor))


def test_an_order_whose_money_goes_back_before_it_is_printed_ends(shop: OrderShop, raised: Raised) -> None:
    order, payment = shop.paid_for()
    back(shop, payment)
    now = shop.as_it_is(order)
    assert (now.status, now.failure, now.due) == (OrderStatus.CANCELED, OrderFailure.MONEY_WENT_BACK, None)
    assert (shop.now(payment).status, raised.names()) == (PaymentStatus.REFUNDED, [])


def test_an_order_goes_on_where_part_of_its_money_goes_back(shop: OrderShop) -> None:
    order, payment = shop.paid_for()
    assert shop.send_stripe("charge.refunded", charge(payment, 100))
    assert (shop.as_it_is(order), shop.now(payment).status) == (order, PaymentStatus.PAID)


@pytest.mark.parametrize("change", [printed, completed])
def test_what_is_printed_or_delivered_goes_on_and_its_payment_is_looked_at(
    shop: OrderShop, raised: Raised, change: Callable[[Order], Order]
) -> None:
    order, payment = shop.paid_for()
    before = shop.change(order, change)
    back(shop, payment)
    now = shop.now(payment)
    assert (now.status, now.review) == (PaymentStatus.REVIEW, ReviewReason.MONEY_WENT_BACK)
    assert (shop.as_it_is(order), raised.names()) == (before, [Alarm.PAYMENT_IN_REVIEW])
    assert [mail.kind for mail in mails_of(payment, now)] == [MailKind.PAYMENT_REFUNDED]
    shop.resolve(payment, PaymentDecision.CREDIT)
    assert (shop.now(payment).status, shop.as_it_is(order)) == (PaymentStatus.REFUNDED, before)


@pytest.mark.parametrize("change", [printed, completed])
def test_a_dispute_that_is_won_ends_the_review_of_what_was_delivered(
    shop: OrderShop, change: Callable[[Order], Order]
) -> None:
    order, payment = shop.paid_for()
    before = shop.change(order, change)
    assert shop.send_stripe("charge.dispute.created", dispute(payment, "needs_response"))
    assert shop.now(payment).review == ReviewReason.MONEY_WENT_BACK
    assert shop.send_stripe("charge.dispute.closed", dispute(payment, "won"))
    assert (shop.now(payment).status, shop.as_it_is(order)) == (PaymentStatus.PAID, before)


def test_a_dispute_that_is_won_after_the_order_ended_is_looked_at(shop: OrderShop) -> None:
    order, payment = shop.paid_for()
    assert shop.send_stripe("charge.dispute.created", dispute(payment, "needs_response"))
    ended = shop.as_it_is(order)
    assert ended.status == OrderStatus.CANCELED
    assert shop.send_stripe("charge.dispute.closed", dispute(payment, "won"))
    check_in_review(shop, payment, ReviewReason.ORDER_ENDED)
    assert shop.as_it_is(order) == ended


def paid_back_by_hand(shop: OrderShop, change: Callable[[Order], Order]) -> Payment:
    """Return the payment of an order that goes on, where a dispute took the money, and REFUND was decided."""
    order, payment = shop.paid_for()
    shop.change(order, change)
    assert shop.send_stripe("charge.dispute.created", dispute(payment, "needs_response"))
    shop.resolve(payment, PaymentDecision.REFUND)
    assert shop.now(payment).status == PaymentStatus.REFUNDED
    shop.world.later(1)
    return shop.now(payment)


@pytest.mark.parametrize("change", [printed, completed])
def test_a_dispute_that_is_won_after_a_decision_refund_is_looked_at(
    shop: OrderShop, raised: Raised, change: Callable[[Order], Order]
) -> None:
    before = paid_back_by_hand(shop, change)
    assert shop.send_stripe("charge.dispute.closed", dispute(before, "won"))
    now = shop.now(before)
    assert (now.status, now.review) == (PaymentStatus.REVIEW, ReviewReason.MONEY_WENT_BACK)
    assert raised.names()[-1] == Alarm.PAYMENT_IN_REVIEW
    assert [*mails_of(before, now)] == []
    shop.resolve(before, PaymentDecision.CREDIT)
    assert shop.now(before).status == PaymentStatus.PAID, "it is the studio's, and the order's"


def test_what_a_dispute_that_is_won_brought_after_a_decision_refund_goes_back(shop: OrderShop) -> None:
    treasury, payment = Treasury().serve(shop), paid_back_by_hand(shop, completed)
    assert shop.send_stripe("charge.dispute.closed", dispute(payment, "won"))
    shop.refund(payment)
    shop.reconcile()
    assert treasury.sent_of(f"pi_{payment.id}") == payment.amount.minor
    assert (shop.now(payment).status, shop.now(payment).facts.refund) == (PaymentStatus.REFUNDED, None)


def test_a_dispute_that_is_lost_as_a_decision_refund_said_is_no_news(shop: OrderShop) -> None:
    payment = paid_back_by_hand(shop, printed)
    assert shop.send_stripe("charge.dispute.closed", dispute(payment, "lost"))
    assert shop.now(payment).status == PaymentStatus.REFUNDED


@pytest.mark.parametrize("end", ["needs_response", "lost"])
def test_a_new_dispute_of_what_was_paid_back_by_hand_is_looked_at(shop: OrderShop, end: str) -> None:
    order = shop.ordered()
    payment = shop.begin(order)
    shop.change(order, canceled)
    shop.pay(payment)
    check_in_review(shop, payment, ReviewReason.ORDER_ENDED)
    before = shop.now(payment)
    assert shop.send_stripe("charge.dispute.created", dispute(payment, end))
    now = shop.now(payment)
    assert (now.status, now.review) == (PaymentStatus.REVIEW, ReviewReason.MONEY_WENT_BACK)
    assert [*mails_of(before, now)] == []
    assert refused(lambda: shop.refund(payment)) == ErrorType.PAYMENT_NOT_REFUNDABLE, "it would be paid twice"
    shop.world.later(1)
    assert shop.send_stripe("charge.dispute.closed", dispute(payment, "won"))
    assert shop.now(payment).status == PaymentStatus.REFUNDED, "as it was decided"


def test_the_money_of_what_was_printed_and_failed_may_be_kept(shop: OrderShop) -> None:
    order, payment = shop.paid_for()
    before = shop.change(shop.change(order, printed), canceled)
    assert shop.send_stripe("charge.refunded", charge(payment, 100))
    assert shop.now(payment).review == ReviewReason.ORDER_ENDED
    shop.resolve(payment, PaymentDecision.CREDIT)
    assert (shop.now(payment).status, shop.as_it_is(order)) == (PaymentStatus.PAID, before)
    assert shop.send_stripe("charge.refunded", charge(payment, 200))
    assert shop.now(payment).status == PaymentStatus.PAID, "that was decided already"


# ---- at the same moment, and cut off


def test_an_order_that_is_canceled_in_the_moment_it_is_paid_is_paid_in_vain(shop: OrderShop) -> None:
    order = shop.ordered()
    payment = shop.begin(order)
    slow = replace(shop, client=Meanwhile(shop.client, lambda: shop.change(order, canceled)))
    slow.pay(payment)
    assert (shop.now(payment).review, shop.as_it_is(order).payment) == (ReviewReason.ORDER_ENDED, None)


def test_an_order_that_is_printed_in_the_moment_its_money_goes_back_goes_on(shop: OrderShop) -> None:
    order, payment = shop.paid_for()
    slow = replace(shop, client=Meanwhile(shop.client, lambda: shop.change(order, printed)))
    back(slow, payment)
    assert shop.now(payment).review == ReviewReason.MONEY_WENT_BACK
    assert shop.as_it_is(order).status == OrderStatus.PROCESSING


def test_of_two_payments_at_once_one_pays_the_order(shop: OrderShop) -> None:
    order = shop.ordered()
    first, second = shop.begin(order), shop.begin(order)
    slow = replace(shop, client=Meanwhile(shop.client, lambda: shop.pay(second)))
    slow.pay(first)
    assert shop.as_it_is(order).payment == second.id
    assert shop.now(first).review == ReviewReason.ORDER_PAID_ALREADY


@pytest.mark.parametrize("acts", [False, True])
def test_dying_anywhere_pays_and_takes_back_once(shop: OrderShop, *, acts: bool) -> None:
    for i, budget in enumerate(growing_budgets(KilledError, acts=acts)):
        order = shop.ordered()
        payment = shop.waiting_for(order)
        dying = replace(shop, client=FailingClient(shop.client, budget))
        try:
            dying.pay(payment, f"evt_pay_{i}_{acts}")
            back(dying, payment)
        except KilledError:
            state = (shop.now(payment).status, shop.as_it_is(order).status)
            assert state in {
                (PaymentStatus.PENDING, OrderStatus.PENDING),
                (PaymentStatus.PAID, OrderStatus.PROCESSING),
                (PaymentStatus.REFUNDED, OrderStatus.CANCELED),
            }
        shop.pay(payment, f"evt_pay_{i}_{acts}")
        back(shop, payment)
        assert shop.now(payment).status == PaymentStatus.REFUNDED
        assert [event.status for event in shop.as_it_is(order).history] == ["PROCESSING", "CANCELED"]


# ---- what else is told


def test_a_receipt_for_an_order_says_nothing_of_points(shop: OrderShop) -> None:
    order = shop.ordered()
    before = shop.begin(order)
    shop.pay(before)
    (mail,) = mails_of(before, shop.now(before))
    assert (mail.kind, mail.facts["amount"], "points" in mail.facts) == (MailKind.RECEIPT, order.total, False)


@pytest.mark.parametrize("package", PACKAGES, ids=lambda package: package.id)
def test_points_are_named_at_the_provider_as_each_writes_them(
    shop: OrderShop, stripe_api: StripeApi, package: Package
) -> None:
    points = package.points
    payment = shop.order(packageId=f"points-{points}")
    assert parse_qs(urlsplit(payment.pay_url or "").query)["vnp_OrderInfo"] == [f"NamO Studio {points} points"]
    shop.order(packageId=f"points-{points}", provider="STRIPE", currency="USD")
    [(_, asked)] = stripe_api.asked
    assert asked["line_items[0][price_data][product_data][name]"] == f"{points:,} points"
