"""An album or a collage as it is at this moment, to be rendered."""

from collections.abc import Mapping
from datetime import datetime

from studio.albums.model import Document, Photo, Placed
from studio.albums.table import Documents, Photos
from studio.documents.collage import CollageError, check_count
from studio.documents.spec import DocumentKind, DocumentSpec, Product, SpecPhoto
from studio.documents.templates import CollageTemplate
from studio.dynamo import ConditionFailed
from studio.errors import ErrorType, StudioError, UnreadableError
from studio.people.model import Language


def document_spec(
    documents: Documents, photos: Photos, document: Document, product: Product, language: Language, now: datetime
) -> DocumentSpec:
    """Read a document's pictures, and return all that a rendering needs.

    Raises
    ------
    StudioError
        DOCUMENT_EMPTY, UPLOAD_NOT_READY, PICTURES_MISMATCH.
    UnreadableError
        What is kept of a picture.
    ConditionFailed
        The document is another by now.
    """
    placed = _ready(document, now)
    stored = photos.of_document(document.id)
    if unread := [each.id for each in placed if each.id not in stored]:
        if documents.find(document.id) != document:
            raise ConditionFailed({})  # they were taken out, or all is being deleted
        raise UnreadableError(f"photos {unread}")
    return DocumentSpec(
        document=document.id,
        product=product,
        design=document.design,
        name=document.name,
        photos=_photos(placed, stored),
        day=now.date().isoformat(),
        language=language,
        caption=document.caption,
        background=document.background,
    )


def _ready(document: Document, now: datetime) -> list[Placed]:
    photos = document.photos(now.timestamp())
    if not photos:
        raise StudioError(ErrorType.DOCUMENT_EMPTY, "There are no pictures in it yet.")
    if document.awaits(now.timestamp()):
        raise StudioError(ErrorType.UPLOAD_NOT_READY, "A picture has not arrived yet.")
    if document.kind == DocumentKind.COLLAGE:
        _check_count(CollageTemplate(document.design), len(photos))
    return photos


def _check_count(template: CollageTemplate, count: int) -> None:
    try:
        check_count(template, count)
    except CollageError as error:
        raise StudioError(ErrorType.PICTURES_MISMATCH, str(error)) from error


def _photos(placed: list[Placed], stored: Mapping[str, Photo]) -> tuple[SpecPhoto, ...]:
    return tuple(_photo(each, stored[each.id]) for each in placed)


def _photo(placed: Placed, photo: Photo) -> SpecPhoto:
    image = photo.image
    return SpecPhoto(
        id=photo.id,
        content_type=image.content_type,
        width=image.width,
        height=image.height,
        focal_x=photo.focal_x if placed.focal_x is None else placed.focal_x,
        focal_y=photo.focal_y if placed.focal_y is None else placed.focal_y,
        caption=placed.caption,
    )
