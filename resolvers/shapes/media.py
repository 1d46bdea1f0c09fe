"""Uploads."""

from collections.abc import Collection
from dataclasses import replace

from resolvers.shapes.base import Shape
from resolvers.shapes.images import FILES, Sign, image_set
from studio.clock import iso, iso_of_seconds
from studio.media.create_upload import Ticket
from studio.media.model import Origin, Upload, UploadStatus


def ticket(ticket_: Ticket) -> Shape:
    """Return an Upload."""
    return {
        "id": ticket_.upload.id,
        "url": ticket_.form.url,
        "fields": [{"name": name, "value": value} for name, value in ticket_.form.fields.items()],
        "key": ticket_.upload.key,
        "expiresAt": iso(ticket_.form.expires_at),
        "maxBytes": ticket_.upload.purpose.max_bytes,
    }


def upload(upload_: Upload, sign: Sign, files: Collection[str] = FILES) -> Shape:
    """Return an UploadState; of what was deleted nothing of the picture."""
    deleted = upload_.status == UploadStatus.WITHDRAWN
    if deleted:
        upload_ = replace(upload_, image=None, rejected=None, rejection=None)
    image = upload_.image
    return {
        "id": upload_.id,
        "owner": upload_.owner,
        "ready": image is not None,
        "rejected": upload_.rejected,
        "rejectedCode": upload_.rejection,
        "deleted": deleted,
        "image": image_set(image, upload_.variants, sign, files) if image else None,
        "purpose": upload_.purpose,
        "createdAt": upload_.created_at,
        "expiresAt": iso_of_seconds(upload_.expires_at),
    }


def verdict(origin: Origin) -> Shape:
    """Return an ImageVerdict."""
    return {"provenance": origin.provenance, "madeAt": origin.made_at, "model": origin.model}
