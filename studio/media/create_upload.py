"""Letting a picture in: a form that S3 itself checks, and how the picture stands afterwards."""

from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Protocol

from studio import ids, links, text
from studio.clock import after, iso, parse
from studio.dynamo import ConditionFailed, Item, Write
from studio.errors import ErrorType, StudioError, UnreadableError
from studio.media.keys import EXTENSIONS, incoming_key
from studio.media.model import Upload, UploadPurpose, UploadStatus
from studio.media.store import Form, Media
from studio.media.table import Uploads, upload_from_item
from studio.optimistic import retry
from studio.people.model import Caller

if TYPE_CHECKING:
    from studio.inputs import CreateUploadInput

FORM_SECONDS = 900
MAX_FILE_NAME = 255
MAX_OPEN = 20  # of one person's forms
_OPEN, _PLACE = 1, 2  # where they are in the transaction
# What browsers and old programs call the same; in the end the bytes count, not the name.
_ALIASES = {
    "image/jpg": "image/jpeg",
    "image/jpe": "image/jpeg",
    "image/jfif": "image/jpeg",
    "image/pjpeg": "image/jpeg",
    "image/pipeg": "image/jpeg",
    "image/x-jpeg": "image/jpeg",
    "image/x-jpg": "image/jpeg",
    "image/x-citrix-jpeg": "image/jpeg",
    "image/x-png": "image/png",
    "image/x-citrix-png": "image/png",
    "image/vnd.mozilla.apng": "image/png",
    "image/apng": "image/png",
    "image/x-webp": "image/webp",
}
_OTHERS = {
    "image/heic": "HEIC",
    "image/heif": "HEIC",
    "image/heic-sequence": "HEIC",
    "image/heif-sequence": "HEIC",
    "image/avif": "AVIF",
    "image/gif": "GIF",
    "image/tiff": "TIFF",
    "image/bmp": "BMP",
    "image/svg+xml": "SVG",
}
_A_DAY = 86_400  # how long an upload may take to arrive and be looked at


@dataclass(frozen=True)
class UploadRequest:
    """A checked CreateUploadInput. The file's name is only looked at: it may be personal, and nothing needs it."""

    purpose: UploadPurpose
    content_type: str
    byte_size: int
    link: links.Link | None
    document: str | None = None


def upload_request(given: "CreateUploadInput") -> UploadRequest:
    """Check the input.

    Raises
    ------
    StudioError
        FILE_NAME_MALFORMED, FILE_TYPE_NOT_SUPPORTED, FILE_EMPTY, FILE_TOO_LARGE, LINK_MALFORMED, ID_MALFORMED,
        PURPOSE_MISMATCH.
    """
    purpose = UploadPurpose(given["purpose"])
    _check_name(given["fileName"])
    return UploadRequest(
        purpose=purpose,
        content_type=_type(given["contentType"]),
        byte_size=_size(given["byteSize"], purpose),
        link=links.checked(given.get("link")),
        document=_document(given, purpose),
    )


def _document(given: "CreateUploadInput", purpose: UploadPurpose) -> str | None:
    named = {UploadPurpose.ALBUM: given.get("albumId"), UploadPurpose.COLLAGE: given.get("collageId")}
    if any(id_ is not None and purpose != each for each, id_ in named.items()):
        message = "An album takes pictures whose purpose is an album, and a collage those whose purpose is a collage."
        raise StudioError(ErrorType.PURPOSE_MISMATCH, message)
    id_ = named.get(purpose)
    return None if id_ is None else ids.checked(id_)


def _check_name(name: str) -> None:
    flaw = text.flaw_of_name(text.composed(name), MAX_FILE_NAME)
    if flaw is None and set(name) & {"/", "\\"}:
        flaw = "holds neither / nor \\"
    if flaw is None and not set(name) - {".", " "}:
        flaw = "is more than dots"  # as . and .. are, which are folders
    if flaw:
        raise StudioError(
            ErrorType.FILE_NAME_MALFORMED,
            f"A file's name {flaw}.",
            **text.limit_of_name(text.composed(name), MAX_FILE_NAME),
        )


def _type(content_type: str) -> str:
    plain = content_type.partition(";")[0].strip().lower()
    known = _ALIASES.get(plain, plain)
    if known not in EXTENSIONS:
        name = _OTHERS.get(known)
        first = f"{name} files cannot be uploaded: please save it as one of these. " if name else ""
        message = f"{first}Only PNG, JPEG and WebP images can be uploaded."
        raise StudioError(ErrorType.FILE_TYPE_NOT_SUPPORTED, message, allowed=[*EXTENSIONS])
    return known


def _size(byte_size: int, purpose: UploadPurpose) -> int:
    if byte_size < 1:
        raise StudioError(ErrorType.FILE_EMPTY, "The file is empty.", min=1)
    if byte_size > purpose.max_bytes:
        megabytes = purpose.max_bytes // 1_000_000
        message = f"This file may have {megabytes} MB at most."
        raise StudioError(ErrorType.FILE_TOO_LARGE, message, max=purpose.max_bytes)
    return byte_size


@dataclass(frozen=True)
class Ticket:
    """An upload that may begin, and the form to send it with."""

    upload: Upload
    form: Form


class Place(Protocol):
    """Where a picture comes to beside its own row: in the same transaction, or neither."""

    def awaiting(self, upload: Upload, now: datetime) -> Write: ...

    def make_room(self, upload: Upload, row: Item, now: datetime) -> None: ...


@dataclass(frozen=True)
class UploadCreator:
    """Where pictures come in."""

    uploads: Uploads
    media: Media

    def create(self, caller: Caller, asked: UploadRequest, now: datetime, place: Place | None = None) -> Ticket:
        """Make the row and sign the form; S3 takes nothing but this key, this type and up to the purpose's size.

        `place` has a document await the picture.

        Raises
        ------
        StudioError
            TOO_MANY_UPLOADS, and what `place` has no room for.
        """
        id_ = ids.new()
        upload = Upload(
            id=id_,
            owner=caller.sub,
            purpose=asked.purpose,
            key=incoming_key(caller.sub, id_),
            content_type=asked.content_type,
            byte_size=asked.byte_size,
            status=UploadStatus.UPLOADING,
            created_at=iso(now),
            expires_at=int(now.timestamp()) + _A_DAY,
            link=asked.link,
            document=asked.document,
        )
        self._begin(upload, now, place)
        return Ticket(
            upload, self.media.form(upload.key, upload.content_type, asked.purpose.max_bytes, FORM_SECONDS, now)
        )

    def _begin(self, upload: Upload, now: datetime, place: Place | None) -> None:
        def attempt() -> None:
            try:
                self.uploads.begin(upload, MAX_OPEN, [place.awaiting(upload, now)] if place else [])
            except ConditionFailed as failed:
                if place and _PLACE in failed.refused:
                    place.make_room(upload, failed.refused[_PLACE], now)
                else:
                    self._make_room(upload.owner, failed.refused[_OPEN]["open"], now)
                raise

        retry(attempt)

    def _make_room(self, owner: str, opened: set[str], now: datetime) -> None:
        """Take out those that have arrived, or whose form has ended, unless all of them are still awaited.

        One without a row has been deleted, or the transaction that makes it is being written: then this one waits.
        """
        rows = {row["id"]: row for row in self.uploads.rows([*opened])}
        gone = opened - rows.keys()
        over = {*gone, *(id_ for id_, row in rows.items() if not _is_open(row, now))}
        if not over:
            message = f"{MAX_OPEN} of your pictures are awaited already. Please send them, or wait for 15 minutes."
            raise StudioError(ErrorType.TOO_MANY_UPLOADS, message, max=MAX_OPEN)
        with suppress(ConditionFailed):  # then the next try looks again
            self.uploads.close(owner, over, gone)

    def own(self, caller: Caller, id_: str, now: datetime) -> Upload | None:
        """Find the caller's own upload; somebody else's is None, like one that does not exist."""
        return self.uploads.owned(caller.sub, [ids.checked(id_)], now).get(id_)


def _is_open(row: Item, now: datetime) -> bool:
    try:
        upload = upload_from_item(row)
    except UnreadableError:
        return False
    return upload.status == UploadStatus.UPLOADING and now < after(parse(upload.created_at), FORM_SECONDS)
