"""Orders are made once for a request, at the price that was quoted, and of documents as they were then."""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from studio.clock import iso, millis
from studio.dynamo import update
from studio.errors import ErrorType, StudioError, UnreadableError
from studio.ids import new
from studio.money import Currency, Money
from studio.orders import price_list, prices
from studio.orders.create import MAX_OPEN_ORDERS
from studio.orders.model import Order, OrderEvent, OrderStatus
from studio.orders.prices import total_price
from studio.orders.table import OrderDocuments, Orders
from studio.payments.table import GRACE
from tests.unit.albums.parts import Parts
from tests.unit.fault_injection import KilledError, Meanwhile, growing_budgets
from tests.unit.orders.counter import PAYMENT_SECONDS, SAIGON, Counter, item, refused
from tests.unit.world import NOON, OTHER, USER

HOURS = 3600


def documents(counter: Counter, order: Order) -> list[Any]:
    return [each.spec for each in OrderDocuments("OrderDocuments", counter.world.client).of_order(order.id)]


def nothing_was_ordered(counter: Counter) -> None:
    for table in ("Orders", "OrderDocuments", "Requests"):
        assert counter.rows(table) == [], table
    assert counter.world.person().ordering == set()


def test_an_order_waits_to_be_paid(counter: Counter) -> None:
    album, collage = counter.album(), counter.collage()
    order = counter.order(item("ALBUM_PRINT", album, 2), item("COLLAGE_FILE", collage))
    assert order.status == OrderStatus.PENDING
    assert order.total == Money(2 * 659_000 + 49_000 + 289_000 + 2 * 92_000, Currency.VND)
    assert order.address
    assert (order.address.name, order.country, order.quote) == ("Đặng Thị Hoa", "VN", None)
    assert order.pay_by == iso(NOON + timedelta(hours=48))
    assert order.due == millis(NOON + timedelta(hours=48, seconds=PAYMENT_SECONDS) + GRACE)
    assert order.history == (OrderEvent(1, OrderStatus.PENDING, iso(NOON)),)
    assert counter.orders.find(order.id) == order
    assert counter.world.person().ordering == {order.id}


def test_what_is_rendered_is_the_document_as_it_was_each_once(counter: Counter) -> None:
    album, collage = counter.album(2), counter.collage(caption="Tết")
    asked = item("ALBUM_PDF", album), item("ALBUM_PRINT", album), item("COLLAGE_FILE", collage)
    order = counter.order(*asked)
    counter.parts.change(album, name="Huế", photos=[])
    specs = {spec.document: spec for spec in documents(counter, order)}
    assert specs.keys() == {album.id, collage.id}
    assert {spec.order for spec in specs.values()} == {order.id}
    assert (specs[album.id].product, specs[album.id].name, len(specs[album.id].photos)) == ("PRINT", "Đà Lạt", 2)
    assert (specs[collage.id].product, specs[collage.id].caption) == ("PICTURE", "Tết")


# ---- asked twice


def test_the_same_request_is_the_same_order(counter: Counter) -> None:
    album = counter.album()
    order = counter.order(item("ALBUM_PRINT", album))
    counter.world.later(60)
    counter.parts.change(album, photos=[])
    assert counter.order(item("ALBUM_PRINT", album)) == order
    assert len(counter.rows("Orders")) == 1


@pytest.mark.parametrize(
    "changes",
    [
        {"currency": "USD"},
        {"address": SAIGON | {"name": "Somebody else"}},
        {"address": SAIGON | {"phone": "+84912345678"}},
        {"quoteId": "0d4de5f4-0000-4000-8000-000000000000"},
    ],
)
def test_the_same_id_for_something_else_is_refused(counter: Counter, changes: dict[str, Any]) -> None:
    asked = item("ALBUM_PRINT", counter.album())
    counter.order(asked)
    assert refused(lambda: counter.order(asked, **changes)) == ErrorType.REQUEST_ID_REUSED
    assert refused(lambda: counter.order(asked | {"quantity": 2})) == ErrorType.REQUEST_ID_REUSED


def test_a_request_is_known_when_its_quote_has_expired_and_its_album_is_gone(counter: Counter) -> None:
    album = counter.album()
    quote = counter.quote(item("ALBUM_PRINT", album))
    order = counter.order(item("ALBUM_PRINT", album), quoteId=quote.id)
    counter.parts.deletions.delete(USER, album.id, album.kind, counter.world.later(49 * HOURS))
    assert counter.order(item("ALBUM_PRINT", album), quoteId=quote.id) == order


def test_an_order_that_is_gone_is_not_made_again(counter: Counter) -> None:
    asked = item("ALBUM_PDF", counter.album())
    counter.world.client.delete_item(TableName="Orders", Key={"id": {"S": counter.order(asked).id}})
    assert refused(lambda: counter.order(asked)) == ErrorType.REQUEST_DELETED


def test_of_an_address_the_request_keeps_nothing(counter: Counter) -> None:
    counter.order(item("ALBUM_PRINT", counter.album()))
    assert "Hoa" not in str(counter.rows("Requests"))


@pytest.mark.parametrize("id_", ["", "x" * 129, "a b", "é"])
def test_a_client_names_its_request(counter: Counter, id_: str) -> None:
    asked = item("ALBUM_PDF", counter.album())
    assert refused(lambda: counter.order(asked, clientRequestId=id_)) == ErrorType.REQUEST_ID_MALFORMED
    nothing_was_ordered(counter)


@pytest.mark.parametrize("acts", [True, False])
def test_cut_off_anywhere_an_order_is_whole_or_is_not_and_asking_again_makes_it(
    counter: Counter, *, acts: bool
) -> None:
    asked = item("ALBUM_PRINT", counter.album())
    for budget in growing_budgets(acts=acts):
        with suppress(KilledError):
            Counter(Parts(counter.world, budget)).order(asked)
        left = [len(counter.rows(table)) for table in ("Orders", "OrderDocuments", "Requests")]
        assert {*left, len(counter.world.person().ordering)} in ({0}, {1})
        order = counter.order(asked)
        assert counter.world.person().ordering == {order.id}
        asked = item("ALBUM_PRINT", counter.anew())


def test_the_same_request_at_once_is_one_order(counter: Counter) -> None:
    asked, first = item("ALBUM_PDF", counter.album()), list[Order]()
    creator = counter.creator
    client: Any = Meanwhile(counter.world.client, lambda: first.append(Counter(counter.parts).order(asked)))
    creator = replace(creator, orders=Orders("Orders", client))
    again: Any = {"clientRequestId": "order-1", "items": [asked], "currency": "VND"}
    assert creator.create(USER, again, counter.world.time) == first[0]
    assert len(counter.rows("Orders")) == 1


# ---- quotes


def test_an_order_costs_what_its_quote_said_whatever_prices_are_now(
    counter: Counter, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = item("ALBUM_PDF", counter.album()), item("ALBUM_PRINT", counter.album(), 3)
    quote = counter.quote(*asked)
    dearer = [replace(each, prices={c: Money(2 * p.minor, c) for c, p in each.prices.items()}) for each in LISTED]
    monkeypatch.setattr(prices, "PRICE_LIST", dearer)
    order = counter.order(*reversed(asked), quoteId=quote.id)
    assert order.total == total_price(quote.items, quote.shipping)
    assert {*order.items} == {*quote.items}
    assert order.quote == quote.id
    assert counter.order(*asked, clientRequestId="2").total.minor > order.total.minor


LISTED = price_list.PRICE_LIST


def test_a_quote_holds_for_48_hours(counter: Counter) -> None:
    asked = item("ALBUM_PDF", counter.album())
    quote = counter.quote(asked)
    counter.world.later(48 * HOURS - 1)
    assert counter.order(asked, quoteId=quote.id).quote == quote.id
    counter.world.later(1)
    late = refused(lambda: counter.order(asked, quoteId=quote.id, clientRequestId="2"))
    assert late == ErrorType.QUOTE_EXPIRED


def test_a_quote_is_of_its_owner(counter: Counter) -> None:
    asked = item("ALBUM_PDF", counter.album())
    foreign = counter.quote(item("ALBUM_PDF", counter.album(caller=OTHER)), caller=OTHER)
    for id_ in (foreign.id, new()):
        assert refused(lambda id_=id_: counter.order(asked, quoteId=id_)) == ErrorType.QUOTE_UNKNOWN
    for id_ in ("x", ""):
        assert refused(lambda id_=id_: counter.order(asked, quoteId=id_)) == ErrorType.ID_MALFORMED
    nothing_was_ordered(counter)


LYON = SAIGON | {"countryCode": "FR", "postalCode": "69001"}
OTHERWISE: list[Callable[[dict[str, Any]], tuple[list[dict[str, Any]], dict[str, Any]]]] = [
    lambda asked: ([asked], {"currency": "USD"}),
    lambda asked: ([asked], {"address": LYON}),
    lambda asked: ([asked | {"quantity": 2}], {}),
    lambda asked: ([asked, asked | {"kind": "ALBUM_PDF"}], {}),
    lambda asked: ([asked | {"kind": "ALBUM_PDF"}], {"address": None}),
]


@pytest.mark.parametrize("otherwise", OTHERWISE)
def test_a_quote_is_for_what_it_names(counter: Counter, otherwise: Any) -> None:
    asked = item("ALBUM_PRINT", counter.album())
    quote = counter.quote(asked)
    items, changes = otherwise(asked)
    assert refused(lambda: counter.order(*items, quoteId=quote.id, **changes)) == ErrorType.QUOTE_MISMATCH
    nothing_was_ordered(counter)


def test_a_quote_is_for_an_album_as_it_was(counter: Counter) -> None:
    album = counter.album()
    quote = counter.quote(item("ALBUM_PDF", album))
    counter.parts.change(album, name="Huế")
    assert refused(lambda: counter.order(item("ALBUM_PDF", album), quoteId=quote.id)) == ErrorType.QUOTE_MISMATCH
    assert counter.order(item("ALBUM_PDF", album)).quote is None


@pytest.mark.parametrize(
    "damage",
    [{"validUntil": "soon"}, {"items": "none"}, {"shipping": {"minor": -1, "currency": "VND"}}, {"versions": 1}],
)
def test_a_quote_that_cannot_be_read_charges_nothing(counter: Counter, damage: dict[str, Any]) -> None:
    asked = item("ALBUM_PDF", counter.album())
    quote = counter.quote(asked)
    counter.quotes.apply(update({"owner": quote.owner, "id": quote.id}, set=damage))
    with pytest.raises(UnreadableError):
        counter.order(asked, quoteId=quote.id)
    nothing_was_ordered(counter)


KINDS = st.sampled_from(["ALBUM_PDF", "ALBUM_PRINT", "COLLAGE_FILE", "COLLAGE_PRINT"])


@settings(max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    kinds=st.dictionaries(KINDS, st.integers(1, 20), min_size=1),
    currency=st.sampled_from(sorted(Currency)),
    quoted=st.booleans(),
)
def test_a_total_is_the_sum_of_its_items_and_of_sending_them(
    counter: Counter, kinds: dict[str, int], currency: str, *, quoted: bool
) -> None:
    own = {"ALBUM": counter.anew(), "COLLAGE": counter.collage()}
    asked = [
        item(kind, own[kind.split("_")[0]], copies if kind.endswith("PRINT") else 1) for kind, copies in kinds.items()
    ]
    quote = counter.quote(*asked, currency=currency)
    order = counter.order(*asked, currency=currency, quoteId=quote.id if quoted else None)
    goods = sum(each.quantity * each.unit_price.minor for each in order.items)
    assert (
        order.total
        == Money(goods + order.shipping.minor, Currency(currency))
        == total_price(quote.items, quote.shipping)
    )
    row = counter.orders.find(order.id)
    assert row
    assert {type(each.minor) for each in (row.total, row.shipping, *(it.unit_price for it in row.items))} == {int}


# ---- where it goes


def test_what_is_printed_needs_an_address_and_files_have_none(counter: Counter) -> None:
    album = counter.album()
    printed, file = item("ALBUM_PRINT", album), item("ALBUM_PDF", album)
    assert refused(lambda: counter.order(printed, address=None)) == ErrorType.ADDRESS_MISSING
    assert refused(lambda: counter.order(file, address=SAIGON)) == ErrorType.ADDRESS_NOT_NEEDED
    unserved = SAIGON | {"countryCode": "KP"}
    assert refused(lambda: counter.order(printed, address=unserved)) == ErrorType.COUNTRY_NOT_SERVED
    without = SAIGON | {"postalCode": None}
    assert refused(lambda: counter.order(printed, address=without)) == ErrorType.ADDRESS_MALFORMED
    nothing_was_ordered(counter)
    order = counter.order(file)
    assert (order.address, order.country, order.shipping.minor) == (None, None, 0)


@pytest.mark.parametrize("id_", ["7c0e4b1e-6a35-4b7e-9a51-3d9c1f0a2b4d", "foreign"])
def test_a_foreign_album_is_not_ordered(counter: Counter, id_: str) -> None:
    foreign = counter.album(caller=OTHER).id
    asked = item("ALBUM_PRINT", foreign if id_ == "foreign" else id_)
    assert refused(lambda: counter.order(asked)) == ErrorType.DOCUMENT_UNKNOWN
    assert counter.rows("Orders") == []


# ---- how many


def test_so_many_orders_are_open_at_a_time_and_one_that_ends_makes_room(counter: Counter) -> None:
    asked = item("ALBUM_PDF", counter.album())
    orders = [counter.order(asked, clientRequestId=str(i)) for i in range(MAX_OPEN_ORDERS)]
    assert refused(lambda: counter.order(asked, clientRequestId="more")) == ErrorType.TOO_MANY_ORDERS
    assert len(counter.rows("Orders")) == MAX_OPEN_ORDERS
    counter.end(orders[3])
    counter.world.client.delete_item(TableName="Orders", Key={"id": {"S": orders[4].id}})
    new_ = counter.order(asked, clientRequestId="more")
    assert counter.world.person().ordering == {each.id for each in orders} - {orders[3].id, orders[4].id} | {new_.id}


def test_who_has_left_orders_nothing(counter: Counter) -> None:
    asked = item("ALBUM_PDF", counter.album())
    counter.world.people.apply(update({"id": USER.sub}, set={"leftAt": iso(NOON)}))
    assert refused(lambda: counter.order(asked)) == ErrorType.USER_DISABLED
    assert counter.rows("Orders") == []


def test_refusals_are_sentences(counter: Counter) -> None:
    with pytest.raises(StudioError, match=r"^Please say where the parcels go\.$"):
        counter.order(item("ALBUM_PRINT", counter.album()), address=None)
