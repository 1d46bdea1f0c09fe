"""Quotes: what an order would cost and what in it would look poor, or why it cannot be ordered."""

from typing import Any

import pytest

from studio.clock import iso
from studio.documents.album import MAX_PHOTOS, Album, AlbumLayout, PdfProduct, Photo
from studio.documents.pages import plan
from studio.documents.templates import TEMPLATES, CollageTemplate
from studio.errors import ErrorType
from studio.ids import new
from studio.money import Currency, Money
from studio.orders.asked_items import MAX_ITEMS
from studio.orders.model import OrderItem, OrderItemKind
from studio.orders.offer import check_pages
from studio.orders.warnings import OrderWarning
from studio.printing.products import ALBUM
from tests.unit.orders.counter import Counter, item, refusal, refused
from tests.unit.world import NOON, OTHER, USER


def test_a_quote_is_of_each_item_and_of_sending_what_is_printed(counter: Counter) -> None:
    album, collage = counter.album(), counter.collage()
    asked = [item("ALBUM_PDF", album), item("ALBUM_PRINT", album, 2), item("COLLAGE_PRINT", collage, 3)]
    quote = counter.quote(*asked, item("COLLAGE_FILE", collage))
    assert quote.items == (
        OrderItem(OrderItemKind.ALBUM_PDF, album.id, 1, Money(129_000, Currency.VND)),
        OrderItem(OrderItemKind.ALBUM_PRINT, album.id, 2, Money(659_000, Currency.VND), 24, "ALBUM_A4_LANDSCAPE"),
        OrderItem(OrderItemKind.COLLAGE_PRINT, collage.id, 3, Money(342_000, Currency.VND), None, "PRINT_8X10"),
        OrderItem(OrderItemKind.COLLAGE_FILE, collage.id, 1, Money(49_000, Currency.VND)),
    )
    grams = 2 * (500 + 12 * 13) + 3 * (150 + 11)
    assert 1_500 < grams <= 2_000
    assert quote.shipping == Money(289_000 + 3 * 92_000, Currency.VND)
    assert (quote.owner, quote.country) == (album.owner, "VN")
    assert quote.versions == {album.id: album.version, collage.id: collage.version}
    assert quote.created_at == iso(counter.world.time)
    assert quote.valid_until == iso(counter.world.later(48 * 3600))


def test_a_longer_book_costs_more(counter: Counter) -> None:
    album = counter.album(30, layout="ONE_A_PAGE")
    (book,) = counter.quote(item("ALBUM_PRINT", album), currency="USD", countryCode="US").items
    assert book.pages == 32
    assert book.unit_price == Money(2_499 + 4 * 99, Currency.USD)


def test_files_are_sent_nowhere_and_need_no_country(counter: Counter) -> None:
    quote = counter.quote(item("ALBUM_PDF", counter.album()), countryCode=None)
    assert quote.shipping == Money(0, Currency.VND)
    assert quote.country is None
    assert counter.quote(item("ALBUM_PDF", counter.album()), countryCode="KP").country is None


def test_a_quote_is_kept_as_it_was_told_for_its_owner_alone(counter: Counter) -> None:
    quote = counter.quote(item("ALBUM_PRINT", counter.album()))
    assert counter.quotes.find(quote.owner, quote.id) == quote
    assert counter.quotes.find(OTHER.sub, quote.id) is None
    (row,) = counter.rows("Quotes")
    assert int(row["expiresAt"]["N"]) == int(counter.world.time.timestamp()) + (2 + 7) * 86_400
    counter.quotes.remove_all(quote.owner)
    assert counter.rows("Quotes") == []


# ---- warnings


def test_a_photo_below_300_dpi_is_named_with_its_page(counter: Counter) -> None:
    album = counter.album(2, layout="ONE_A_PAGE")
    _, warnings = counter.quoted(item("ALBUM_PRINT", album))
    assert [(each.page, each.dpi) for each in warnings] == [(None, 53), (1, 71), (2, 71), (None, None)]
    assert {each.document for each in warnings} == {album.id}
    assert warnings[1].message == "Photo 1, on page 1, is printed at 71 dpi; below 300 dpi it may look soft."
    assert warnings[2].message.startswith("Photo 2, on page 2, is ")
    assert warnings[3].message == "20 pages stay empty: a book has no fewer."


def test_of_large_photos_and_a_full_book_nothing_is_to_be_said(counter: Counter) -> None:
    album = counter.album(22, layout="ONE_A_PAGE")
    counter.resize(album, 4_000, 3_000)
    assert counter.quoted(item("ALBUM_PRINT", album))[1] == []


def test_one_empty_page_is_one(counter: Counter) -> None:
    album = counter.album(21, layout="ONE_A_PAGE")
    counter.resize(album, 4_000, 3_000)
    (warning,) = counter.quoted(item("ALBUM_PRINT", album))[1]
    assert warning == OrderWarning(album.kind, album.id, "One page stays empty: a book has no fewer.")


def test_a_collages_print_is_as_good_as_its_worst_picture(counter: Counter) -> None:
    collage = counter.collage()
    (small,) = counter.quoted(item("COLLAGE_PRINT", collage))[1]
    # 480 pixels for 77 mm of a sheet that is 88 mm wide, on paper of 8 inches.
    assert small.dpi == int(480 / 77 * 88 / 8)
    assert small.message == "The collage is printed at 68 dpi; below 300 dpi it may look soft."


@pytest.mark.parametrize("template", CollageTemplate)
def test_of_large_pictures_no_collage_is_warned_of(counter: Counter, template: CollageTemplate) -> None:
    pictures = [counter.parts.picture() for _ in range(TEMPLATES[template].least)]
    collage = counter.parts.collage(*pictures, template=template)
    counter.resize(collage, 4_000, 4_000)
    assert counter.quoted(item("COLLAGE_PRINT", collage))[1] == []


def test_files_are_not_warned_of(counter: Counter) -> None:
    asked = [item("ALBUM_PDF", counter.album()), item("COLLAGE_FILE", counter.collage())]
    assert counter.quoted(*asked)[1] == []


# ---- what is refused


@pytest.mark.parametrize("kind", OrderItemKind)
@pytest.mark.parametrize("quantity", [0, -1, 21, 2**31 - 1, -(2**31)])
def test_a_quantity_that_is_none_or_absurd_is_refused(counter: Counter, kind: str, quantity: int) -> None:
    assert refused(lambda: counter.quote(item(kind, new(), quantity))) == ErrorType.QUANTITY_OUT_OF_RANGE


@pytest.mark.parametrize("kind", ["ALBUM_PDF", "COLLAGE_FILE"])
def test_a_file_is_bought_once(counter: Counter, kind: str) -> None:
    error = refusal(lambda: counter.quote(item(kind, new(), 2)))
    assert error
    assert error.message == "The quantity of a file is 1."


@pytest.mark.parametrize("count", [0, MAX_ITEMS + 1, 1_000])
def test_an_order_has_one_to_ten_items(counter: Counter, count: int) -> None:
    items = [item("ALBUM_PDF", new()) for _ in range(count)]
    assert refused(lambda: counter.quote(*items)) == ErrorType.ITEMS_OUT_OF_RANGE


@pytest.mark.parametrize("kind", OrderItemKind)
def test_an_item_names_a_document_of_its_kind_and_no_other(counter: Counter, kind: OrderItemKind) -> None:
    own, other = ("albumId", "collageId") if kind.document == "ALBUM" else ("collageId", "albumId")
    of = "an album" if own == "albumId" else "a collage"
    for ids in ({}, {other: new()}, {own: new(), other: new()}, {own: None}):
        asked: dict[str, Any] = {"kind": kind, "quantity": 1, **ids}
        error = refusal(lambda asked=asked: counter.quote(asked))
        assert error
        assert error.type == ErrorType.ITEM_MISMATCH
        assert error.message == f"What is ordered of {of} has {own}, and no other id."


def test_the_same_thing_twice_is_refused_and_as_a_file_and_a_book_is_not(counter: Counter) -> None:
    album = counter.album()
    twice = item("ALBUM_PRINT", album), item("ALBUM_PRINT", album, 2)
    assert refused(lambda: counter.quote(*twice)) == ErrorType.ITEM_REPEATED
    assert len(counter.quote(item("ALBUM_PRINT", album), item("ALBUM_PDF", album)).items) == 2


@pytest.mark.parametrize("id_", ["", "x", "../../etc", "A" * 36, "0d4de5f4-0000-4000-8000-00000000000"])
def test_what_is_no_id_is_refused(counter: Counter, id_: str) -> None:
    assert refused(lambda: counter.quote(item("ALBUM_PDF", id_))) == ErrorType.ID_MALFORMED


def test_a_document_that_is_not_there_is_foreign_or_of_the_other_kind_is_one_error(counter: Counter) -> None:
    gone, foreign, collage = counter.album(), counter.album(caller=OTHER), counter.collage()
    counter.parts.deletions.delete(USER, gone.id, gone.kind, counter.world.time)
    for id_ in (new(), gone.id, foreign.id, collage.id):
        error = refusal(lambda id_=id_: counter.quote(item("ALBUM_PRINT", id_)))
        assert error
        assert error.type == ErrorType.DOCUMENT_UNKNOWN
        assert error.message == "There is no such album of yours."


def test_a_document_is_whole_before_it_is_ordered(counter: Counter) -> None:
    awaiting = counter.album()
    counter.parts.send(awaiting)
    few = counter.parts.collage(counter.parts.picture(), template="GRID_2X2")
    assert refused(lambda: counter.quote(item("ALBUM_PRINT", counter.album(0)))) == ErrorType.DOCUMENT_EMPTY
    assert refused(lambda: counter.quote(item("ALBUM_PDF", awaiting))) == ErrorType.UPLOAD_NOT_READY
    assert refused(lambda: counter.quote(item("COLLAGE_PRINT", few))) == ErrorType.PICTURES_MISMATCH


def test_a_book_that_cannot_be_bound_is_refused() -> None:
    error = refusal(lambda: check_pages(ALBUM, 302))
    assert error
    assert error.type == ErrorType.TOO_MANY_PAGES
    assert "300" in error.message
    assert "302" in error.message


@pytest.mark.parametrize("layout", AlbumLayout)
def test_the_fullest_album_can_be_bound(layout: AlbumLayout) -> None:
    photos = (Photo("x", 640, 480),) * MAX_PHOTOS
    check_pages(ALBUM, len(plan(Album("Huế", NOON.date(), photos, layout), PdfProduct.PRINT)))


@pytest.mark.parametrize(
    ("country", "type_"),
    [
        (None, ErrorType.COUNTRY_MISSING),
        ("KP", ErrorType.COUNTRY_NOT_SERVED),
        ("Vietnam", ErrorType.ADDRESS_MALFORMED),
        ("", ErrorType.ADDRESS_MALFORMED),
    ],
)
def test_what_is_printed_goes_to_a_country_that_is_served(
    counter: Counter, country: str | None, type_: ErrorType
) -> None:
    asked = item("ALBUM_PRINT", counter.album())
    assert refused(lambda: counter.quote(asked, countryCode=country)) == type_


def test_what_is_refused_leaves_no_quote(counter: Counter) -> None:
    album = counter.album()
    assert refused(lambda: counter.quote(item("ALBUM_PDF", album), item("ALBUM_PDF", new())))
    assert counter.rows("Quotes") == []


def test_a_quote_in_one_currency_is_all_in_it(counter: Counter) -> None:
    quote = counter.quote(item("ALBUM_PRINT", counter.album()), currency="SGD", countryCode="sg")
    assert {quote.shipping.currency, *(each.unit_price.currency for each in quote.items)} == {Currency.SGD}
    assert quote.country == "SG"
