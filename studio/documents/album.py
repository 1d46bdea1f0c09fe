"""An album: photos in the order of its pages, a title and a date; and the book that it is laid out as.

The book is A4 landscape in hardcover, as printers on demand offer it (Prodigi's BOOK-FE-A4-L-HARD-G: 24 to 300 pages).
Bleed and safety margin, an eighth and half an inch, are the widest that printers ask for: Lulu's.
"""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final

from studio.documents.geometry import Box
from studio.people.model import Language

MM_AN_INCH: Final = 25.4
WIDTH_MM, HEIGHT_MM = 297.0, 210.0
BLEED_MM: Final = 3.175
SAFETY_MM: Final = 12.7
TRIM: Final = Box(0, 0, WIDTH_MM, HEIGHT_MM)
BLEED: Final = TRIM.grown(BLEED_MM)

MAX_PHOTOS: Final = 200
MIN_PRINTED_PAGES: Final = 24


class AlbumLayout(StrEnum):
    """How many photos stand on a page."""

    ONE_A_PAGE = "ONE_A_PAGE"
    TWO_A_PAGE = "TWO_A_PAGE"
    MIXED = "MIXED"  # one to three; some fill the page


class PdfProduct(StrEnum):
    """What the file is for."""

    SCREEN = "SCREEN"
    PRINT = "PRINT"  # with bleed and what a printer needs to know, and at least the pages of a book


class AlbumRule(StrEnum):
    """A rule that an album may break."""

    NO_PHOTOS = "NO_PHOTOS"
    TOO_MANY_PHOTOS = "TOO_MANY_PHOTOS"


class AlbumError(ValueError):
    """An album breaks a rule; the message is a sentence for a person."""

    def __init__(self, rule: AlbumRule, message: str) -> None:
        super().__init__(message)
        self.rule = rule


@dataclass(frozen=True)
class Photo:
    """A picture by its size in pixels, as a person sees it, and the point that stays in every crop, 0 to 1."""

    id: str
    width: int
    height: int
    focal_x: float = 0.5
    focal_y: float = 0.5
    caption: str | None = None

    @property
    def aspect(self) -> float:
        """Width over height."""
        return self.width / self.height


@dataclass(frozen=True)
class Album:
    """An album, whole; its date stands on the cover, and the language is that of our own words in it."""

    title: str
    date: date
    photos: tuple[Photo, ...]
    layout: AlbumLayout = AlbumLayout.MIXED
    language: Language = Language.EN


def check(album: Album) -> None:
    """Refuse what cannot be laid out.

    Raises
    ------
    AlbumError
        It breaks a rule.
    """
    if not album.photos:
        raise AlbumError(AlbumRule.NO_PHOTOS, "The album has no photos.")
    if len(album.photos) > MAX_PHOTOS:
        raise AlbumError(AlbumRule.TOO_MANY_PHOTOS, f"The album has more than {MAX_PHOTOS} photos.")
