"""Goods other than points need no branch in checkout, webhooks, review or a provider: an order is bought here."""

from dataclasses import dataclass
from urllib.parse import parse_qs, urlsplit

import pytest

from resolvers.shapes import payments as payment_shapes
from studio.dynamo import update
from studio.errors import ErrorType, StudioError
from studio.money import Currency, Money
from studio.payments.goods import Delivery, Goods, is_here
from studio.payments.model import (
    GoodsKind,
    Payment,
    PaymentDecision,
    PaymentStatus,
    ReviewReason,
)
from studio.payments.packages import PACKAGES, Package
from studio.payments.providers.protocol import Provider
from studio.people.model import Person
from studio.people.table import People
from tests.unit.payments.shop import Shop, charge, session
from tests.unit.payments.stripe_api import StripeApi
from tests.unit.world import USER, World


@dataclass(frozen=True)
class Order:
    id: str
    points: int = 0

    def price(self, provider: Provider, currency: Currency) -> Money:
        assert currency in provider.currencies
        return Money(5_000, currency)


@dataclass(frozen=True)
class OrderGoods:
    """Orders, of which those delivered are counted on their owner's row."""

    people: People

    def offer(self, id_: str | None) -> Order:
        return Order(id_ or "")

    def title(self, payment: Payment) -> str:
        return f"Album {payment.goods_id}: 1,200 pages"

    def room(self, payment: Payment) -> int:  # noqa: ARG002 - protocol's
        return 0

    def undeliverable(self, payment: Payment, owner: Person | None) -> ReviewReason | None:  # noqa: ARG002
        return None if is_here(owner) else ReviewReason.OWNER_LEFT

    def review_reason(self, payment: Payment, owner: Person | None) -> ReviewReason | None:
        return self.undeliverable(payment, owner)

    def deliver(self, before: Payment, after: Payment, owner: Person | None) -> Delivery:  # noqa: ARG002
        orders = (after.status == PaymentStatus.PAID) - (before.status == PaymentStatus.PAID)
        change = update({"id": after.owner}, condition="attribute_exists(#id)", add={"orders": orders})
        return Delivery(after, [self.people.change(change)], {"orders": orders})


class OrderShop(Shop):
    @property
    def goods(self) -> dict[GoodsKind, Goods]:
        return {**super().goods, GoodsKind.ORDER: OrderGoods(self.world.people)}

    def orders(self) -> int:
        row = self.world.people.get({"id": USER.sub})
        assert row
        return row.get("orders", 0)


@pytest.fixture
def shop(world: World, stripe_api: StripeApi) -> OrderShop:
    world.joined()
    return OrderShop(world, world.client, stripe_api.address)


def test_an_order_is_paid_for_and_delivered_with_its_payment(shop: OrderShop) -> None:
    payment = shop.order(orderId="A-1")
    given = parse_qs(urlsplit(payment.pay_url or "").query)
    assert given["vnp_OrderInfo"] == ["NamO Studio Album A-1 1200 pages"]
    assert shop.send_ipn(shop.ipn(payment)) == "00"
    assert shop.send_ipn(shop.ipn(payment)) == "02"
    assert (shop.now(payment).status, shop.orders(), shop.world.person().points) == (PaymentStatus.PAID, 1, 20)
    assert shop.audit()[-1].details["orders"] == 1


def test_what_it_is_stands_on_the_row_and_in_the_answer(shop: OrderShop) -> None:
    payment = shop.order(orderId="A-1")
    row = shop.payments.get({"id": payment.id})
    assert row
    assert (row["orderId"], "packageId" in row) == ("A-1", False)
    answer = payment_shapes.payment(shop.now(payment))
    assert (answer["orderId"], answer["packageId"], answer["points"]) == ("A-1", None, 0)


def test_a_refund_takes_an_order_back(shop: OrderShop, stripe_api: StripeApi) -> None:
    payment = shop.order(orderId="A-1", provider="STRIPE", currency="USD")
    [(_, asked)] = stripe_api.asked
    assert asked["line_items[0][price_data][product_data][name]"] == "Album A-1: 1,200 pages"
    shop.send_stripe("checkout.session.completed", session(payment))
    assert shop.orders() == 1
    shop.send_stripe("charge.refunded", charge(payment, 5_000))
    assert (shop.now(payment).status, shop.orders()) == (PaymentStatus.REFUNDED, 0)


def test_an_order_that_cannot_be_delivered_goes_to_review(shop: OrderShop) -> None:
    payment = shop.order(orderId="A-1")
    shop.world.people.apply(update({"id": USER.sub}, set={"leftAt": "2026-11-20T12:00:00Z"}))
    shop.send_ipn(shop.ipn(payment))
    now = shop.now(payment)
    assert (now.status, now.review, shop.orders()) == (PaymentStatus.REVIEW, ReviewReason.OWNER_LEFT, 0)
    with pytest.raises(StudioError) as error:
        shop.resolve(payment, PaymentDecision.CREDIT)
    assert error.value.type == ErrorType.USER_UNKNOWN


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


def test_goods_that_are_not_sold_yet_are_unknown(world: World) -> None:
    world.joined()
    with pytest.raises(StudioError) as error:
        Shop(world, world.client).order(orderId="A-1")
    assert error.value.type == ErrorType.ORDER_UNKNOWN
