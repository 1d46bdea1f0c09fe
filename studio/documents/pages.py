"""An album's pages: which photos stand where, and which of them are too small to print well."""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import cycle, islice
from typing import Final

from studio.documents import arrange
from studio.documents.album import MIN_PRINTED_PAGES, Album, AlbumLayout, PdfProduct, Photo, check
from studio.documents.arrange import Frame
from studio.documents.geometry import Box

GOOD_DPI: Final = 300
_RHYTHM: Final = (2, 1, 3, 1)  # of MIXED, behind its first page
_LOWER_HALF: Final = 0.55
_ROUNDING: Final = 1e-6


class PageKind(StrEnum):
    """What a page is."""

    COVER = "COVER"
    PHOTOS = "PHOTOS"
    BLANK = "BLANK"
    BACK = "BACK"


@dataclass(frozen=True)
class Page:
    """A page of the book.

    Parameters
    ----------
    number
        Counted from the first behind the cover; covers have none.
    title
        Where the cover's title stands.
    """

    kind: PageKind
    frames: Sequence[Frame] = ()
    number: int | None = None
    title: Box | None = None


@dataclass(frozen=True)
class PhotoWarning:
    """A photo that is printed below 300 dpi.

    `number` is its place in the album, from 1; `page` the number at its page's foot, none is the cover.
    """

    photo: Photo
    number: int
    page: int | None
    dpi: int

    @property
    def message(self) -> str:
        """The sentence that a person reads."""
        where = "the cover" if self.page is None else f"page {self.page}"
        return f"Photo {self.number}, on {where}, is printed at {self.dpi} dpi; below {GOOD_DPI} dpi it may look soft."


def plan(album: Album, product: PdfProduct) -> Sequence[Page]:
    """Lay an album out; both products have the same pages, but print fills a book up and closes it.

    Raises
    ------
    AlbumError
        It breaks a rule.
    """
    check(album)
    numbered = [Page(PageKind.PHOTOS, frames, number) for number, frames in enumerate(_groups(album), start=1)]
    pages = [_cover(album), *numbered]
    return [*pages, *_rest(len(pages))] if product == PdfProduct.PRINT else pages


def warnings(album: Album) -> Sequence[PhotoWarning]:
    """Name each photo that print would show below 300 dpi, in the order of the pages."""
    numbers = {photo.id: number for number, photo in enumerate(album.photos, start=1)}
    return [
        PhotoWarning(frame.photo, numbers[frame.photo.id], page.number, dpi)
        for page in plan(album, PdfProduct.PRINT)
        for frame in page.frames
        if (dpi := math.floor(frame.dpi + _ROUNDING)) < GOOD_DPI
    ]


def blank_pages(album: Album) -> int:
    """Return how many pages of the printed book are empty, because a book has no fewer pages."""
    return sum(page.kind == PageKind.BLANK for page in plan(album, PdfProduct.PRINT))


def _cover(album: Album) -> Page:
    photo = album.photos[0]
    return Page(PageKind.COVER, arrange.full(photo), title=_title(photo))


def _title(photo: Photo) -> Box:
    """Return where the title stands, away from what the photo is about."""
    shown = arrange.full(photo)[0].crop
    below = (photo.focal_y * photo.height - shown.top) / shown.height > _LOWER_HALF
    return arrange.TITLE_ABOVE if below else arrange.TITLE_BELOW


def _groups(album: Album) -> Iterator[Sequence[Frame]]:
    if album.layout == AlbumLayout.MIXED:
        yield from _mixed(album.photos)
        return
    size = 1 if album.layout == AlbumLayout.ONE_A_PAGE else 2
    for at in range(0, len(album.photos), size):
        yield arrange.row(album.photos[at : at + size])


def _mixed(photos: Sequence[Photo]) -> Iterator[Sequence[Frame]]:
    yield arrange.row(photos[:1])  # the cover's photo, which filled the page there
    rest = iter(photos[1:])
    for count in cycle(_RHYTHM):
        match list(islice(rest, count)):
            case []:
                return
            case [photo]:
                yield arrange.full(photo) if arrange.fills(photo) else arrange.row([photo])
            case [_, _, _] as three:
                yield arrange.beside_two(three)
            case two:
                yield arrange.row(two)


def _rest(count: int) -> Iterator[Page]:
    """Fill up to a book's fewest pages, and to whole leaves, and close it with a back cover."""
    last = max(MIN_PRINTED_PAGES, count + 1 + (count + 1) % 2) - 1
    for number in range(count, last):
        yield Page(PageKind.BLANK, number=number)
    yield Page(PageKind.BACK)
