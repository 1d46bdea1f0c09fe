"""What albums and collages are: pictures in an order, each with a caption and the point that every crop keeps."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum

from studio.documents.spec import DocumentKind, Product
from studio.media.model import StoredImage, Variants


class AlbumStatus(StrEnum):
    """UPLOADING until its pictures have come; PROCESSING while a PDF is made of it, and then how that ended."""

    UPLOADING = "UPLOADING"
    READY = "READY"
    PROCESSING = "PROCESSING"
    COMPLETED = "COMPLETED"
    FAILED = "FAILED"


class CollageStatus(StrEnum):
    """DRAFT until it is rendered; a change makes it one again."""

    DRAFT = "DRAFT"
    PROCESSING = "PROCESSING"
    COMPLETED = "COMPLETED"
    FAILED = "FAILED"


@dataclass(frozen=True)
class Placed:
    """A picture of a document by the id that its owner knows it by: an upload's or a job's.

    The focal point is the owner's, in fractions of width and height; without one it is the picture's own. One that is
    still awaited is so up to `until`, in seconds since the epoch: its form ends then, where it is `sent` by one.
    """

    id: str
    caption: str | None = None
    focal_x: Decimal | None = None
    focal_y: Decimal | None = None
    until: int | None = None
    sent: bool = False


@dataclass(frozen=True)
class Photo:
    """A document's own copy of a picture, kept as long as the document; the focal point is guessed where it can be."""

    document: str
    id: str
    image: StoredImage
    variants: Variants
    focal_x: Decimal
    focal_y: Decimal


@dataclass(frozen=True)
class Rendering:
    """A job that renders a document, and the document's version when it was asked for."""

    job: str
    version: int


def _no_renderings() -> Mapping[Product, Rendering]:
    return {}


@dataclass(frozen=True)
class Document:
    """An album or a collage. `design` is its layout or template.

    `arrived` are the ids of the pictures that have come, `rejected` those that never will. `renderings` are of what the
    document is now: a change of it takes them away. `jobs` are all that were begun and have not been removed yet. `due`
    is when the sweeper looks next, in milliseconds: only what is being deleted has it.
    """

    id: str
    owner: str
    kind: DocumentKind
    name: str
    design: str
    version: int
    created_at: str
    updated_at: str
    description: str | None = None
    caption: str | None = None
    background: str | None = None
    placed: tuple[Placed, ...] = ()
    arrived: frozenset[str] = frozenset()
    rejected: frozenset[str] = frozenset()
    renderings: Mapping[Product, Rendering] = field(default_factory=_no_renderings)
    jobs: frozenset[str] = frozenset()
    deleted_at: str | None = None

    def photos(self, now: float) -> list[Placed]:
        """Return its pictures in their order, without those that have been rejected, or that nobody sent in time."""
        return [each for each in self.placed if each.id not in self.rejected and self._comes(each, now)]

    def holds(self, id_: str) -> bool:
        """Tell whether a picture has its place in it, be it there yet or not."""
        return any(each.id == id_ for each in self.placed)

    def awaits(self, now: float) -> bool:
        """Tell whether a picture has yet to come."""
        return any(each.id not in self.arrived for each in self.photos(now))

    def _comes(self, placed: Placed, now: float) -> bool:
        return placed.id in self.arrived or placed.until is None or now < placed.until
