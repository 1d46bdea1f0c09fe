"""The price list: it is complete, grows with what is ordered, and covers what the printer asks."""

from decimal import Decimal
from itertools import pairwise
from itertools import product as combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from local.printer import catalogue
from studio.documents.spec import DocumentKind
from studio.documents.templates import TEMPLATES
from studio.money import Currency, Money
from studio.orders.asked_items import MAX_COPIES, MAX_ITEMS
from studio.orders.countries import COUNTRIES
from studio.orders.model import OrderItem, OrderItemKind
from studio.orders.price_list import PRICE_LIST, SHIPPING, STEP_GRAMS, Zone
from studio.orders.prices import grams, parcel_price, shipping_price, total_price, unit_price
from studio.payments.providers.registry import PROVIDERS
from studio.printing.products import ALBUM, PRINTS, PRODUCTS, Product, print_for
from studio.rows import MOST_INT

# How many units of each a dollar is, as the local bank quotes them, with a tenth for days on which it is dearer.
DEAR = Decimal("1.1")
RATES = {currency: catalogue.CURRENCIES[currency][0] * DEAR for currency in Currency}
COPIES = st.integers(1, MAX_COPIES)
BOOKS = st.builds(lambda pages, copies: (ALBUM, 2 * pages, copies), st.integers(12, 150), COPIES)
SHEETS = st.builds(lambda product, copies: (product, None, copies), st.sampled_from(PRINTS), COPIES)


def item(product: Product, pages: int | None, copies: int, currency: Currency) -> OrderItem:
    kind = OrderItemKind.ALBUM_PRINT if pages else OrderItemKind.COLLAGE_PRINT
    return OrderItem(kind, "x", copies, unit_price(kind, product, pages, currency), pages, product.id)


def test_whatever_can_be_ordered_has_a_price_in_each_currency() -> None:
    sheets = {print_for(sheet.width, sheet.height) for sheet in TEMPLATES.values()}
    assert sheets == set(PRINTS)
    files = [(kind, None, None) for kind in OrderItemKind if not kind.is_printed]
    prints = [(OrderItemKind.COLLAGE_PRINT, each, None) for each in PRINTS]
    wanted = [*files, *prints, (OrderItemKind.ALBUM_PRINT, ALBUM, 24)]
    for (kind, product, pages), currency in combinations(wanted, Currency):
        price = unit_price(kind, product, pages, currency)
        assert price.currency == currency
        assert price.minor > 0
    assert len(PRICE_LIST) == len(wanted)
    assert {each.kind.document for each in PRICE_LIST} == set(DocumentKind)


def test_every_country_that_is_served_can_be_sent_to_and_its_own_example_is_a_postal_code_there() -> None:
    assert {country.zone for country in COUNTRIES.values()} == set(Zone) == SHIPPING.keys()
    assert COUNTRIES.keys() <= catalogue.COUNTRIES
    for country in COUNTRIES.values():
        assert country.postal.fullmatch(country.example)


@pytest.mark.parametrize("currency", Currency)
def test_a_book_costs_more_by_each_two_pages_and_weighs_more(currency: Currency) -> None:
    counts = range(24, 301, 2)
    prices = [unit_price(OrderItemKind.ALBUM_PRINT, ALBUM, pages, currency).minor for pages in counts]
    assert len({more - less for less, more in pairwise(prices)}) == 1
    assert prices == sorted(set(prices))
    weights = [grams(ALBUM, pages) for pages in counts]
    assert weights == sorted(set(weights))


@given(st.sampled_from(Zone), st.sampled_from(Currency), st.integers(1, 200_000))
def test_a_parcel_costs_more_by_each_step_that_is_begun(zone: Zone, currency: Currency, weight: int) -> None:
    price, heavier = parcel_price(zone, weight, currency), parcel_price(zone, weight + STEP_GRAMS, currency)
    assert heavier.minor - price.minor == SHIPPING[zone].further[currency].minor > 0
    assert parcel_price(zone, weight - weight % STEP_GRAMS + STEP_GRAMS, currency).minor >= price.minor


@settings(max_examples=300)
@given(st.lists(BOOKS | SHEETS, min_size=1, max_size=MAX_ITEMS), st.sampled_from(sorted(COUNTRIES)))
def test_an_order_covers_what_the_printer_asks_for_it(
    prints: list[tuple[Product, int | None, int]], country: str
) -> None:
    asked = sum(catalogue.PRODUCTS[product.sku].price(pages) * copies for product, pages, copies in prints)
    asked += catalogue.shipping("Standard", sum(copies for _, _, copies in prints))
    for currency, rate in RATES.items():
        items = [item(*each, currency) for each in prints]
        total = total_price(items, shipping_price(items, country, currency))
        assert total.minor >= asked * rate * 10**currency.digits / 100
        assert total.minor <= MOST_INT


def test_two_pages_more_cover_what_the_printer_asks_for_them() -> None:
    asked = 2 * catalogue.PRODUCTS[ALBUM.sku].cents_a_page
    for currency, rate in RATES.items():
        less, more = (unit_price(OrderItemKind.ALBUM_PRINT, ALBUM, pages, currency) for pages in (24, 26))
        assert more.minor - less.minor >= asked * rate * 10**currency.digits / 100


@given(st.lists(BOOKS | SHEETS, max_size=MAX_ITEMS), st.sampled_from(Currency), st.sampled_from(sorted(COUNTRIES)))
def test_a_total_is_the_sum_of_its_parts_and_whole(
    prints: list[tuple[Product, int | None, int]], currency: Currency, country: str
) -> None:
    items = [item(*each, currency) for each in prints]
    shipping = shipping_price(items, country, currency)
    total = total_price(items, shipping)
    assert total.minor == sum(each.unit_price.minor * each.quantity for each in items) + shipping.minor
    assert total.currency == shipping.currency == currency
    assert {type(each.unit_price.minor) for each in items} | {type(shipping.minor), type(total.minor)} == {int}
    assert (shipping.minor > 0) is bool(prints)


def test_files_are_not_sent() -> None:
    file = OrderItem(OrderItemKind.ALBUM_PDF, "x", 1, Money(5, Currency.USD))
    assert shipping_price([file], None, Currency.USD) == Money(0, Currency.USD)


def test_what_a_book_and_a_print_weigh() -> None:
    assert grams(ALBUM, 24) == 500 + 12 * 13
    assert grams(PRODUCTS["PRINT_8X12"], None) == 150 + 13


@pytest.mark.parametrize("currency", Currency)
@pytest.mark.parametrize("zone", Zone)
def test_every_order_can_be_paid_at_some_provider_at_once(currency: Currency, zone: Zone) -> None:
    dearest = unit_price(OrderItemKind.ALBUM_PRINT, ALBUM, 300, currency)
    items = [OrderItem(OrderItemKind.ALBUM_PRINT, str(i), MAX_COPIES, dearest, 300, ALBUM.id) for i in range(MAX_ITEMS)]
    weight = sum(each.quantity * grams(ALBUM, 300) for each in items)
    total = total_price(items, parcel_price(zone, weight, currency))
    assert any(total.minor <= each.most for each in PROVIDERS.values() if currency in each.currencies)
