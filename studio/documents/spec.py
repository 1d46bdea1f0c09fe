"""What is laid out: a collage or an album as it was at one moment, and as which file it is wanted."""

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from studio.people.model import Language


class DocumentKind(StrEnum):
    """What is made of several pictures."""

    COLLAGE = "COLLAGE"
    ALBUM = "ALBUM"


class Product(StrEnum):
    """The files of a document: a collage's small and large picture, an album's PDF for screens and for printing."""

    PREVIEW = "PREVIEW"
    PICTURE = "PICTURE"
    SCREEN = "SCREEN"
    PRINT = "PRINT"

    @property
    def kind(self) -> DocumentKind:
        return DocumentKind.COLLAGE if self in {Product.PREVIEW, Product.PICTURE} else DocumentKind.ALBUM


@dataclass(frozen=True)
class SpecPhoto:
    """One picture in its place; the focal point is in fractions of its width and height."""

    id: str
    content_type: str
    width: int
    height: int
    focal_x: Decimal
    focal_y: Decimal
    caption: str | None = None


@dataclass(frozen=True)
class DocumentSpec:
    """A document to be rendered. `design` is its template or layout; names and captions are personal: never logged.

    `order` is the id of the order that it is rendered for; None of what its owner asked for.
    """

    document: str
    product: Product
    design: str
    name: str
    photos: tuple[SpecPhoto, ...]
    day: str
    language: Language
    caption: str | None = None
    background: str | None = None
    order: str | None = None
