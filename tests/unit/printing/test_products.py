"""What can be printed fits what is laid out, and the local printer prints it."""

from datetime import date

import pytest

from local.printer.catalogue import PRODUCTS as PRINTED
from studio.documents.album import (
    HEIGHT_MM,
    MAX_PHOTOS,
    MIN_PRINTED_PAGES,
    WIDTH_MM,
    Album,
    AlbumLayout,
    PdfProduct,
    Photo,
)
from studio.documents.pages import plan
from studio.documents.templates import TEMPLATES, CollageTemplate
from studio.printing.products import ALBUM, PRINTS, PRODUCTS, Product, Sizing, print_for


def test_the_album_fits_what_prodigi_binds() -> None:
    limits = ALBUM.pages
    assert limits is not None
    assert [pages for pages in (22, 23, 24, 25, 26, 300, 302) if limits.fits(pages)] == [24, 26, 300]


def test_the_album_is_printed_as_it_is_laid_out() -> None:
    limits = ALBUM.pages
    assert limits is not None
    assert (ALBUM.width_mm, ALBUM.height_mm, limits.least) == (WIDTH_MM, HEIGHT_MM, MIN_PRINTED_PAGES)
    for count in (1, 2, 3, 30, 31, MAX_PHOTOS):
        photos = tuple(Photo(str(number), 4000, 3000) for number in range(count))
        album = Album("Huế", date(2026, 11, 20), photos, AlbumLayout.ONE_A_PAGE)
        assert limits.fits(len(plan(album, PdfProduct.PRINT)))


@pytest.mark.parametrize("product", PRODUCTS.values(), ids=lambda product: product.id)
def test_the_local_printer_prints_each_product(product: Product) -> None:
    printed, limits = PRINTED[product.sku], product.pages
    wanted = None if limits is None else range(limits.least, limits.most + 1, limits.multiple)
    assert printed.pages == wanted
    inches = [round(float(inch) * 25.4) for inch in printed.inches]
    assert inches == [round(product.width_mm), round(product.height_mm)]


@pytest.mark.parametrize(
    ("template", "sku", "filled"),
    [
        (CollageTemplate.GRID_2X2, "GLOBAL-FAP-10X10", 1),
        (CollageTemplate.GRID_3X3, "GLOBAL-FAP-10X10", 1),
        (CollageTemplate.MOSAIC, "GLOBAL-FAP-8X12", 1),
        (CollageTemplate.POLAROID, "GLOBAL-FAP-8X10", 0.97),
        (CollageTemplate.STRIP_4, "GLOBAL-FAP-8X12", 0.5),
    ],
)
def test_each_template_has_the_print_that_it_fills_best(template: CollageTemplate, sku: str, filled: float) -> None:
    sheet = TEMPLATES[template]
    product = print_for(sheet.width, sheet.height)
    assert product.sku == sku
    assert product.filled_by(sheet.width, sheet.height) == pytest.approx(filled, abs=0.005)
    assert product == print_for(sheet.height, sheet.width)


def test_no_collage_is_cropped() -> None:
    assert {product.sizing for product in PRINTS} == {Sizing.FIT}
