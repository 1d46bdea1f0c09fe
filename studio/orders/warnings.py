"""What would look poor in print, said before it is paid."""

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from studio.documents.collage import PRINT_SIDE, CollageSpec
from studio.documents.contents import album_of, collage_of
from studio.documents.geometry import crop
from studio.documents.layout import layout
from studio.documents.pages import GOOD_DPI, blank_pages, warnings
from studio.documents.spec import DocumentKind, DocumentSpec
from studio.orders.model import OrderItem
from studio.orders.offer import Offer
from studio.printing.products import PRODUCTS, Product

_INCH: Final = 25.4  # millimetres
_ROUNDING: Final = 1e-6


@dataclass(frozen=True)
class OrderWarning:
    """A sentence about a document; `page` is the number at its foot, of a photo on a page that has one."""

    kind: DocumentKind
    document: str
    message: str
    page: int | None = None
    dpi: int | None = None


def warnings_of(offer: Offer) -> list[OrderWarning]:
    """Name what would be printed below 300 dpi, and what would stay empty; files are as good as their pictures."""
    return [warning for item in offer.items for warning in _of_item(item, offer.specs[item.document])]


def _of_item(item: OrderItem, spec: DocumentSpec) -> Iterator[OrderWarning]:
    if item.printed_as is None:
        return
    if item.kind.document == DocumentKind.ALBUM:
        yield from _of_book(spec)
    else:
        yield from _of_print(spec, PRODUCTS[item.printed_as])


def _of_book(spec: DocumentSpec) -> Iterator[OrderWarning]:
    album = album_of(spec)
    for each in warnings(album):
        yield OrderWarning(DocumentKind.ALBUM, spec.document, each.message, each.page, each.dpi)
    if blank := blank_pages(album):
        pages = "One page stays" if blank == 1 else f"{blank} pages stay"
        yield OrderWarning(DocumentKind.ALBUM, spec.document, f"{pages} empty: a book has no fewer.")


def _of_print(spec: DocumentSpec, product: Product) -> Iterator[OrderWarning]:
    dpi = print_dpi(collage_of(spec), product)
    if dpi < GOOD_DPI:
        message = f"The collage is printed at {dpi} dpi; below {GOOD_DPI} dpi it may look soft."
        yield OrderWarning(DocumentKind.COLLAGE, spec.document, message, dpi=dpi)


def print_dpi(collage: CollageSpec, product: Product) -> int:
    """Return how many dots an inch a print has where it has fewest: by the file, or by a picture in it."""
    plan = layout(collage)
    sheet = max(plan.width, plan.height), min(plan.width, plan.height)
    page = max(product.width_mm, product.height_mm), min(product.width_mm, product.height_mm)
    enlarged = min(page[0] / sheet[0], page[1] / sheet[1])  # the sheet fits the page, turned if it helps
    dots = [PRINT_SIDE / sheet[0]]  # of a millimetre of the sheet
    for picture, cell in zip(collage.pictures, plan.cells, strict=True):
        shown = crop(picture.width, picture.height, picture.focal_x, picture.focal_y, cell.picture.aspect)
        dots.append(shown.width / cell.picture.width)
    return math.floor(min(dots) * _INCH / enlarged + _ROUNDING)
