"""Orders as they are looked at: newest first, paged, and nobody else's."""

from collections.abc import Callable

import pytest

from studio import ids
from studio.dynamo import update
from studio.errors import ErrorType, StudioError
from studio.orders import transitions
from studio.orders.lists import OrderLists
from studio.orders.model import Order, OrderStatus
from tests.unit.orders.shop import OrderShop
from tests.unit.world import ADMIN, NOON, OTHER, USER


def lists(shop: OrderShop) -> OrderLists:
    return OrderLists(shop.orders)


def some(shop: OrderShop, count: int) -> list[Order]:
    """Return orders, the newest first; every second is paid."""
    made: list[Order] = []
    for i in range(count):
        order = shop.ordered()
        made.append(shop.change(order, lambda o: transitions.paid(o, "p", shop.world.time)) if i % 2 else order)
        shop.world.later(1)
    return made[::-1]


def paged(read: Callable[[str | None], tuple[list[Order], str | None]]) -> list[Order]:
    found, token = read(None)
    while token:
        more, token = read(token)
        found += more
    return found


def test_a_customers_orders_are_listed_newest_first_of_all_or_one_status(shop: OrderShop) -> None:
    made = some(shop, 7)
    shop.ordered(OTHER)
    assert paged(lambda token: lists(shop).own(USER, None, 2, token)) == made
    for status in OrderStatus:
        found = paged(lambda token, status=status: lists(shop).own(USER, status, 2, token))
        assert found == [order for order in made if order.status == status]


def test_an_order_changes_its_list_with_its_status(shop: OrderShop) -> None:
    (order,) = some(shop, 1)
    shop.change(order, lambda o: transitions.paid(o, "p", NOON))
    assert lists(shop).own(USER, OrderStatus.PENDING, None, None) == ([], None)
    assert [each.id for each in lists(shop).own(USER, OrderStatus.PROCESSING, None, None)[0]] == [order.id]


def test_everybodys_orders_are_listed_by_status(shop: OrderShop) -> None:
    made = some(shop, 4)
    other = shop.ordered(OTHER)
    found = paged(lambda token: lists(shop).by_status(OrderStatus.PENDING, 1, token))
    assert found == [other, *(order for order in made if order.status == OrderStatus.PENDING)]


def test_a_token_is_of_one_list(shop: OrderShop) -> None:
    some(shop, 3)
    _, token = lists(shop).own(USER, None, 1, None)
    for read in (
        lambda: lists(shop).own(USER, OrderStatus.PENDING, 1, token),
        lambda: lists(shop).own(OTHER, None, 1, token),
        lambda: lists(shop).by_status(OrderStatus.PENDING, 1, token),
    ):
        with pytest.raises(StudioError) as error:
            read()
        assert error.value.type == ErrorType.PAGE_TOKEN_INVALID


def test_an_order_is_seen_by_its_customer_and_by_administrators(shop: OrderShop) -> None:
    order = shop.ordered()
    assert [lists(shop).visible(who, order.id) for who in (USER, ADMIN, OTHER)] == [order, order, None]
    assert lists(shop).visible(USER, ids.new()) is None
    with pytest.raises(StudioError) as error:
        lists(shop).visible(USER, "A-1")
    assert error.value.type == ErrorType.ID_MALFORMED


def test_a_row_that_cannot_be_read_hides_no_other(shop: OrderShop) -> None:
    good, bad = some(shop, 2)
    shop.orders.apply(update({"id": bad.id}, set={"total": "much"}))
    assert lists(shop).own(USER, None, None, None) == ([good], None)
