"""The rows of the Documents and Photos tables, and back."""

from collections.abc import Mapping
from dataclasses import asdict
from enum import StrEnum
from typing import Any

from studio import rows
from studio.albums.model import Document, Photo, Placed, Rendering
from studio.documents.album import AlbumLayout
from studio.documents.spec import DocumentKind, Product
from studio.documents.templates import CollageTemplate
from studio.media.item import image_from_item, image_to_item, variants_from_item
from studio.rows import Row

# Characters of a row: two hundred pictures, each with the longest caption.
_LARGEST = 100_000
_DESIGNS: Mapping[DocumentKind, type[StrEnum]] = {
    DocumentKind.ALBUM: AlbumLayout,
    DocumentKind.COLLAGE: CollageTemplate,
}


def list_of(owner: str, kind: DocumentKind) -> str:
    """Return the index's partition: one person's albums, or their collages."""
    return f"{kind}#{owner}"


def document_to_item(document: Document) -> dict[str, Any]:
    return {
        "id": document.id,
        "owner": document.owner,
        "kind": document.kind,
        "list": list_of(document.owner, document.kind),
        "createdAt": document.created_at,
        **content_to_item(document),
    }


def content_to_item(document: Document) -> dict[str, Any]:
    return {
        "name": document.name,
        "design": document.design,
        "version": document.version,
        "updatedAt": document.updated_at,
        "description": document.description,
        "caption": document.caption,
        "background": document.background,
        "placed": [placed_to_item(each) for each in document.placed],
        "renderings": renderings_to_item(document.renderings),
    }


def renderings_to_item(renderings: Mapping[Product, Rendering]) -> dict[str, Any]:
    return {product: asdict(each) for product, each in renderings.items()}


def placed_to_item(placed: Placed) -> dict[str, Any]:
    return {name: value for name, value in asdict(placed).items() if value not in (None, False)}


def photo_to_item(photo: Photo) -> dict[str, Any]:
    return {
        "document": photo.document,
        "id": photo.id,
        "image": image_to_item(photo.image),
        "variants": {name: image_to_item(variant) for name, variant in photo.variants.items()},
        "focalX": photo.focal_x,
        "focalY": photo.focal_y,
    }


def document_from_item(item: Mapping[str, Any]) -> Document:
    """Read a row of the Documents table.

    Raises
    ------
    UnreadableError
    """
    row = rows.small_row(item, _LARGEST)
    kind = row.get("kind", DocumentKind)
    return Document(
        id=row.get("id", rows.text),
        owner=row.get("owner", rows.text),
        kind=kind,
        name=row.get("name", rows.text),
        design=row.get("design", _DESIGNS[kind]),
        version=row.get("version", rows.version),
        created_at=row.get("createdAt", rows.time),
        updated_at=row.get("updatedAt", rows.time),
        description=row.find("description", rows.text),
        caption=row.find("caption", rows.text),
        background=row.find("background", rows.text),
        placed=row.get("placed", rows.list_of(_placed)),
        arrived=row.find("arrived", rows.set_of(rows.text)) or frozenset(),
        rejected=row.find("rejected", rows.set_of(rows.text)) or frozenset(),
        renderings=row.find("renderings", _renderings) or {},
        jobs=row.find("jobs", rows.set_of(rows.text)) or frozenset(),
        deleted_at=row.find("deletedAt", rows.time),
    )


def _placed(value: Any) -> Placed:
    row = rows.row(value)
    return Placed(
        id=row.get("id", rows.text),
        caption=row.find("caption", rows.text),
        focal_x=row.find("focal_x", rows.decimal),
        focal_y=row.find("focal_y", rows.decimal),
        until=row.find("until", rows.seconds),
        sent=row.find("sent", rows.flag) or False,
    )


def _renderings(value: Any) -> Mapping[Product, Rendering]:
    return {Product(name): each for name, each in rows.map_of(_rendering)(value).items()}


def _rendering(value: Any) -> Rendering:
    row = rows.row(value)
    return Rendering(job=row.get("job", rows.text), version=row.get("version", rows.version))


def photo_from_item(item: Mapping[str, Any]) -> Photo:
    """Read a row of the Photos table.

    Raises
    ------
    UnreadableError
    """
    row = Row(item)
    return Photo(
        document=row.get("document", rows.text),
        id=row.get("id", rows.text),
        image=row.get("image", image_from_item),
        variants=variants_from_item(item),
        focal_x=row.get("focalX", rows.decimal),
        focal_y=row.get("focalY", rows.decimal),
    )
