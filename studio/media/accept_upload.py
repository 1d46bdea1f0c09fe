"""Letting a picture in: a form that S3 itself checks, and how the picture stands afterwards."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from studio import ids, links, text
from studio.clock import iso
from studio.errors import ErrorType, StudioError
from studio.media.model import Upload, UploadPurpose, UploadStatus
from studio.media.store import EXTENSIONS, Form, Media, upload_key
from studio.media.uploads import Uploads
from studio.people.model import Caller

FORM_SECONDS = 900
MAX_FILE_NAME = 255
_A_DAY = 86_400  # how long an upload may take to arrive and be looked at


@dataclass(frozen=True)
class UploadRequest:
    """A checked CreateUploadInput. The file's name is only looked at: it may be personal, and nothing needs it."""

    purpose: UploadPurpose
    content_type: str
    byte_size: int
    link: links.Link | None


def upload_request(given: Mapping[str, Any]) -> UploadRequest:
    """Check the input.

    Raises
    ------
    StudioError
        FILE_NAME_MALFORMED, FILE_TYPE_NOT_SUPPORTED, FILE_EMPTY, FILE_TOO_LARGE, LINK_MALFORMED.
    """
    purpose = UploadPurpose(given["purpose"])
    _check_name(given["fileName"])
    return UploadRequest(
        purpose=purpose,
        content_type=_type(given["contentType"]),
        byte_size=_size(given["byteSize"], purpose),
        link=links.checked(given.get("link")),
    )


def _check_name(name: str) -> None:
    flaw = text.flaw_of_name(text.composed(name), MAX_FILE_NAME)
    if flaw is None and set(name) & {"/", "\\"}:
        flaw = "holds neither / nor \\"
    if flaw:
        raise StudioError(ErrorType.FILE_NAME_MALFORMED, f"A file's name {flaw}.")


def _type(content_type: str) -> str:
    plain = content_type.strip().lower()
    if plain not in EXTENSIONS:
        raise StudioError(ErrorType.FILE_TYPE_NOT_SUPPORTED, "Only PNG, JPEG and WebP images can be uploaded.")
    return plain


def _size(byte_size: int, purpose: UploadPurpose) -> int:
    if byte_size < 1:
        raise StudioError(ErrorType.FILE_EMPTY, "The file is empty.")
    if byte_size > purpose.max_bytes:
        megabytes = purpose.max_bytes // 1_000_000
        raise StudioError(ErrorType.FILE_TOO_LARGE, f"This file may have {megabytes} MB at most.")
    return byte_size


@dataclass(frozen=True)
class Ticket:
    """An upload that may begin, and the form to send it with."""

    upload: Upload
    form: Form


@dataclass(frozen=True)
class Reception:
    """Where pictures come in."""

    uploads: Uploads
    media: Media

    def create(self, caller: Caller, asked: UploadRequest, now: datetime) -> Ticket:
        """Make the row and sign the form; S3 takes nothing but this key, this type and up to the purpose's size."""
        id_ = ids.new()
        upload = Upload(
            id=id_,
            owner=caller.sub,
            purpose=asked.purpose,
            key=upload_key(caller.sub, id_),
            content_type=asked.content_type,
            byte_size=asked.byte_size,
            status=UploadStatus.UPLOADING,
            created_at=iso(now),
            expires_at=int(now.timestamp()) + _A_DAY,
            link=asked.link,
        )
        self.uploads.add(upload)
        return Ticket(
            upload, self.media.form(upload.key, upload.content_type, asked.purpose.max_bytes, FORM_SECONDS, now)
        )

    def own(self, caller: Caller, id_: str, now: datetime) -> Upload | None:
        """Find the caller's own upload; somebody else's is None, like one that does not exist."""
        return self.uploads.owned(caller.sub, [ids.checked(id_)], now).get(id_)
