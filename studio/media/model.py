"""What an image and an upload are."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from typing import Protocol

# The names of the smaller sizes of every image, the largest first.
SIZES = ("large", "medium", "thumbnail")

# The most that an image may have, be it brought or made.
MAX_PIXELS = 50_000_000

PDF = "application/pdf"
_MEGABYTE = 1_000_000


class UploadPurpose(StrEnum):
    """What a picture is brought for."""

    REFERENCE = "REFERENCE"
    MASK = "MASK"
    TEXTURE = "TEXTURE"
    ALBUM = "ALBUM"
    COLLAGE = "COLLAGE"
    AVATAR = "AVATAR"

    @property
    def max_bytes(self) -> int:
        return (5 if self is UploadPurpose.AVATAR else 20) * _MEGABYTE


class UploadStatus(StrEnum):
    """UPLOADING → READY or REJECTED, once; whatever it is becomes WITHDRAWN just before it is deleted."""

    UPLOADING = "UPLOADING"
    READY = "READY"
    REJECTED = "REJECTED"
    WITHDRAWN = "WITHDRAWN"


class UploadRejection(StrEnum):
    """Why what arrived cannot be used."""

    NOT_AN_IMAGE = "NOT_AN_IMAGE"
    TYPE_NOT_SUPPORTED = "TYPE_NOT_SUPPORTED"
    TOO_MANY_PIXELS = "TOO_MANY_PIXELS"
    TOO_EXPENSIVE = "TOO_EXPENSIVE"
    DAMAGED = "DAMAGED"
    ANIMATED = "ANIMATED"
    TOO_LARGE = "TOO_LARGE"


class ImageFormat(StrEnum):
    """What an image can be downloaded as."""

    PNG = "PNG"
    JPEG = "JPEG"
    WEBP = "WEBP"

    @property
    def content_type(self) -> str:
        return f"image/{self.lower()}"


class Provenance(StrEnum):
    """What is known of how a picture came to be, the surest first."""

    CREDENTIAL_VALID = "CREDENTIAL_VALID"
    MARK_FOUND = "MARK_FOUND"
    KNOWN_PICTURE = "KNOWN_PICTURE"
    UNKNOWN = "UNKNOWN"


@dataclass(frozen=True)
class Origin:
    """How a picture came to be: how that is known, and when and by which model, as far as it is said."""

    provenance: Provenance
    made_at: str | None = None
    model: str | None = None


@dataclass(frozen=True)
class StoredImage:
    """One file in the media bucket; sizes in pixels and bytes. One that can be printed has its MD5, in hex digits.

    A thumbnail has the guess of its picture's focal point, in fractions of width and height.
    """

    key: str
    content_type: str
    width: int
    height: int
    byte_size: int
    md5: str | None = None
    focal_x: Decimal | None = None
    focal_y: Decimal | None = None


@dataclass(frozen=True)
class StoredPdf:
    """A PDF in the media bucket, with what a printer asks for beside it: its MD5, in hex digits, and its pages."""

    key: str
    byte_size: int
    md5: str
    pages: int

    @property
    def content_type(self) -> str:
        return PDF


StoredFile = StoredImage | StoredPdf


class LinkedFile(Protocol):
    """What a link can lead to: any file in the media bucket."""

    @property
    def key(self) -> str: ...

    @property
    def content_type(self) -> str: ...


@dataclass(frozen=True)
class StoredObject:
    """A file of which no more is known than what a link needs."""

    key: str
    content_type: str


Variants = Mapping[str, StoredImage]


def no_variants() -> Variants:
    return {}


@dataclass(frozen=True)
class Upload:
    """One picture that its owner brings.

    `expires_at` is in seconds since the epoch; `rejected` says why, if it was, and `rejection` the same for programs:
    one of before there were codes has none.

    `looked_at` is when it was first begun to look at what arrived. `document` is the album or collage it comes to.
    `origin` is what the file said of how it came to be, before that was taken out; `fingerprint` its perceptual hash.
    """

    id: str
    owner: str
    purpose: UploadPurpose
    key: str
    content_type: str
    byte_size: int
    status: UploadStatus
    created_at: str
    expires_at: int
    rejected: str | None = None
    rejection: UploadRejection | None = None
    image: StoredImage | None = None
    variants: Variants = field(default_factory=no_variants)
    link: Mapping[str, str] | None = None
    looked_at: str | None = None
    document: str | None = None
    origin: Origin | None = None
    fingerprint: str | None = None
