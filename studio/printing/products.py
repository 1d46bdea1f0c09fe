"""What can be printed, and as which product of Prodigi's.

Sizes are those of the printed page; a file has 300 dots an inch. Books are one PDF whose first page is the front cover
and whose last one is the back, of an even number of pages; hardcover books have 24 to 300, counted with the covers
(https://www.prodigi.com/blog/photo-books-technical-guide/). SKUs are as others order them; fine art prints (FAP) are
in Prodigi's own examples. None was asked of Prodigi from here: `GET /v4.0/products/{sku}` says of each what it needs
and where it ships.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final


class Sizing(StrEnum):
    """What is done with a file of other proportions than its page: crop it, or leave the rest white."""

    FILL = "fillPrintArea"
    FIT = "fitPrintArea"


@dataclass(frozen=True)
class PageLimits:
    """How many pages a book may have, with its covers."""

    least: int
    most: int
    multiple: int = 2

    def fits(self, pages: int) -> bool:
        return self.least <= pages <= self.most and pages % self.multiple == 0


@dataclass(frozen=True)
class Product:
    """Something that can be printed; a page is `width_mm` by `height_mm`."""

    id: str
    sku: str
    width_mm: float
    height_mm: float
    sizing: Sizing
    pages: PageLimits | None = None
    attributes: tuple[tuple[str, str], ...] = ()

    def filled_by(self, width: float, height: float) -> float:
        """Return how much of the page a picture of these proportions covers uncropped, turned if it helps; 1 is all."""
        picture, page = min(width, height) / max(width, height), self._shape
        return min(picture, page) / max(picture, page)

    @property
    def _shape(self) -> float:
        return min(self.width_mm, self.height_mm) / max(self.width_mm, self.height_mm)


ALBUM: Final = Product(
    "ALBUM_A4_LANDSCAPE", "BOOK-FE-A4-L-HARD-G", 297, 210, Sizing.FILL, PageLimits(least=24, most=300)
)
_INCH = 25.4
# A collage is never cropped: a face might be. Its file has 3,600 pixels at its longest side, which are 12 inches.
PRINTS: Final = (
    Product("PRINT_8X10", "GLOBAL-FAP-8X10", 8 * _INCH, 10 * _INCH, Sizing.FIT),
    Product("PRINT_8X12", "GLOBAL-FAP-8X12", 8 * _INCH, 12 * _INCH, Sizing.FIT),
    Product("PRINT_10X10", "GLOBAL-FAP-10X10", 10 * _INCH, 10 * _INCH, Sizing.FIT),
)
PRODUCTS: Final = {product.id: product for product in (ALBUM, *PRINTS)}


def print_for(width: float, height: float) -> Product:
    """Return the print that a picture of these proportions fills best; of equals, the smallest."""
    return max(PRINTS, key=lambda product: product.filled_by(width, height))
