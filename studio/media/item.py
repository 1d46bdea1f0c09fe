"""The rows of the Uploads table, the images in other rows, and back."""

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from studio import rows
from studio.links import link_of
from studio.media.model import (
    SIZES,
    Origin,
    Provenance,
    StoredImage,
    StoredPdf,
    Upload,
    UploadPurpose,
    UploadRejection,
    UploadStatus,
    Variants,
)
from studio.rows import Row, small_row


def image_to_item(image: StoredImage) -> dict[str, Any]:
    return rows.without_none(asdict(image))


def image_from_item(item: Any) -> StoredImage:
    row = rows.row(item)
    return StoredImage(
        key=row.get("key", rows.text),
        content_type=row.get("content_type", rows.text),
        width=row.get("width", rows.count),
        height=row.get("height", rows.count),
        byte_size=row.get("byte_size", rows.total),
        md5=row.find("md5", rows.text),
        focal_x=row.find("focal_x", rows.decimal),
        focal_y=row.find("focal_y", rows.decimal),
    )


def pdf_to_item(pdf: StoredPdf) -> dict[str, Any]:
    return asdict(pdf)


def pdf_from_item(item: Any) -> StoredPdf:
    row = rows.row(item)
    return StoredPdf(
        key=row.get("key", rows.text),
        byte_size=row.get("byte_size", rows.total),
        md5=row.get("md5", rows.text),
        pages=row.get("pages", rows.count),
    )


def variants_from_item(item: Mapping[str, Any]) -> Variants:
    """Read the smaller sizes of a row."""
    found = Row(item).find("variants", rows.row)
    return {name: image for name in SIZES if found and (image := found.find(name, image_from_item))}


def upload_to_item(upload: Upload) -> dict[str, Any]:
    return {
        "id": upload.id,
        "owner": upload.owner,
        "purpose": upload.purpose,
        "key": upload.key,
        "contentType": upload.content_type,
        "byteSize": upload.byte_size,
        "status": upload.status,
        "createdAt": upload.created_at,
        "expiresAt": upload.expires_at,
        "link": dict(upload.link) if upload.link else None,
        "document": upload.document,
    }


def upload_from_item(item: Mapping[str, Any]) -> Upload:
    """Read an upload's row.

    Raises
    ------
    UnreadableError
    """
    row = small_row(item)
    return Upload(
        id=row.get("id", rows.text),
        owner=row.get("owner", rows.text),
        purpose=row.get("purpose", UploadPurpose),
        key=row.get("key", rows.text),
        content_type=row.get("contentType", rows.text),
        byte_size=row.get("byteSize", rows.total),
        status=row.get("status", UploadStatus),
        created_at=row.get("createdAt", rows.time),
        expires_at=row.get("expiresAt", rows.seconds),
        rejected=row.find("rejected", rows.text),
        rejection=row.find("rejection", UploadRejection),
        image=row.find("image", image_from_item),
        variants=variants_from_item(item),
        link=row.find("link", link_of),
        looked_at=row.find("lookedAt", rows.time),
        document=row.find("document", rows.text),
        origin=row.find("origin", origin_from_item),
        fingerprint=row.find("fingerprint", rows.text),
    )


def origin_to_item(origin: Origin) -> dict[str, Any]:
    return rows.without_none(asdict(origin))


def origin_from_item(item: Any) -> Origin:
    row = rows.row(item)
    return Origin(
        provenance=row.get("provenance", Provenance),
        made_at=row.find("made_at", rows.text),
        model=row.find("model", rows.text),
    )
