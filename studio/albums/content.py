"""What the owner says of an album or a collage, checked."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from studio import ids, text
from studio.albums.model import Placed
from studio.documents.album import MAX_PHOTOS, AlbumLayout
from studio.documents.collage import MAX_CAPTION, CollageError, check_background
from studio.documents.spec import DocumentKind
from studio.documents.templates import TEMPLATES, CollageTemplate
from studio.errors import ErrorType, StudioError

if TYPE_CHECKING:
    from studio.inputs import AlbumInput, CollageInput, PhotoInput

MAX_NAME = 100
MAX_DESCRIPTION = 1000
# Of a collage, whatever its template takes: one may be chosen after the pictures.
MAX_SOURCES = max(template.most for template in TEMPLATES.values())
MAX_PLACED: Mapping[DocumentKind, int] = {DocumentKind.ALBUM: MAX_PHOTOS, DocumentKind.COLLAGE: MAX_SOURCES}


@dataclass(frozen=True)
class Content:
    """A checked AlbumInput or CollageInput; None of `placed` leaves the pictures as they are."""

    kind: DocumentKind
    name: str
    design: str
    placed: tuple[Placed, ...] | None
    description: str | None = None
    caption: str | None = None
    background: str | None = None


def album_content(given: "AlbumInput") -> Content:
    """Check the input.

    Raises
    ------
    StudioError
        NAME_MALFORMED, CAPTION_MALFORMED, FOCAL_POINT_OUT_OF_RANGE, TOO_MANY_PHOTOS, PHOTO_REPEATED, ID_MALFORMED.
    """
    return Content(
        DocumentKind.ALBUM,
        _name(given["name"]),
        AlbumLayout(given.get("layout") or AlbumLayout.MIXED),
        _placed(given.get("photos"), MAX_PHOTOS),
        description=_words(given.get("description"), MAX_DESCRIPTION, "A description"),
    )


def collage_content(given: "CollageInput") -> Content:
    """Check the input; `sources` are photos of which nothing more is said.

    Raises
    ------
    StudioError
        As of an album, and BACKGROUND_MALFORMED.
    """
    photos, sources = _placed(given.get("photos"), MAX_SOURCES), given.get("sources")
    if photos is None and sources is not None:
        photos = _checked([Placed(ids.checked(id_)) for id_ in sources], MAX_SOURCES)
    return Content(
        DocumentKind.COLLAGE,
        _name(given["name"]),
        CollageTemplate(given["template"]),
        photos,
        caption=_words(given.get("caption"), MAX_CAPTION, "A caption"),
        background=_background(given.get("background")),
    )


def _name(name: str) -> str:
    trimmed = text.composed(name.strip())
    if flaw := text.flaw_of_name(trimmed, MAX_NAME):
        raise StudioError(ErrorType.NAME_MALFORMED, f"A name {flaw}.", **text.limit_of_name(trimmed, MAX_NAME))
    return trimmed


def _words(words: str | None, most: int, what: str) -> str | None:
    if text.is_blank(words) or words is None:
        return None
    trimmed = text.composed(words.strip())
    flaw = f"has {most} characters at most" if len(trimmed) > most else text.flaw_beside(trimmed)
    if flaw:
        raise StudioError(ErrorType.CAPTION_MALFORMED, f"{what} {flaw}.", **text.limit_of_name(trimmed, most))
    return trimmed


def _background(colour: str | None) -> str | None:
    try:
        check_background(colour)
    except CollageError as error:
        raise StudioError(ErrorType.BACKGROUND_MALFORMED, str(error)) from error
    return colour.lower() if colour else None


def _placed(photos: "Sequence[PhotoInput] | None", most: int) -> tuple[Placed, ...] | None:
    return None if photos is None else _checked([_photo(photo) for photo in photos], most)


def _checked(placed: Sequence[Placed], most: int) -> tuple[Placed, ...]:
    if len(placed) > most:
        raise StudioError(ErrorType.TOO_MANY_PHOTOS, f"There is room for {most} pictures here.", max=most)
    if len({each.id for each in placed}) < len(placed):
        raise StudioError(ErrorType.PHOTO_REPEATED, "A picture can stand in one place only.")
    return tuple(placed)


def _photo(photo: "PhotoInput") -> Placed:
    return Placed(
        id=ids.checked(photo["id"]),
        caption=_words(photo.get("caption"), MAX_CAPTION, "A caption"),
        focal_x=_fraction(photo.get("focalX")),
        focal_y=_fraction(photo.get("focalY")),
    )


def _fraction(value: float | None) -> Decimal | None:
    if value is None:
        return None
    if not 0 <= value <= 1:
        raise StudioError(
            ErrorType.FOCAL_POINT_OUT_OF_RANGE, "A focal point is from 0 to 1, across and down.", min=0, max=1
        )
    return Decimal(str(round(value, 4)))
