"""Pictures that people bring: a form to send one with, and how it stands."""

import strawberry

from schema.directives import PUBLIC, USER, USER_AND_SYSTEM
from schema.jobs import BoardLinkInput, ImageSet
from schema.scalars import AWSURL, AWSDateTime
from studio.media.model import Provenance, UploadPurpose, UploadRejection

strawberry.enum(UploadPurpose, description="What a picture is brought for.")
strawberry.enum(
    UploadRejection,
    description="Why a picture cannot be used. NOT_AN_IMAGE: what arrived is none that is known. TYPE_NOT_SUPPORTED: it"
    " is neither PNG, JPEG nor WebP, or a rare kind of these. ANIMATED: it moves. TOO_LARGE: too many bytes."
    " TOO_MANY_PIXELS: more than 50 megapixels. TOO_EXPENSIVE: it would take too much time or memory to open. DAMAGED:"
    " it is not all there.",
)

strawberry.enum(
    Provenance,
    description="What is known of how a picture came to be, the surest first. CREDENTIAL_VALID: it was signed by"
    " somebody whom the studio trusts. MARK_FOUND: it says itself that a model made it or had a part in it."
    " KNOWN_PICTURE: it looks like one that was made here and is still there. UNKNOWN: none of these; it may be"
    " anything.",
)


@strawberry.type(directives=PUBLIC, description="What is known of how a picture came to be. It is no proof of a photo.")
class ImageVerdict:
    provenance: Provenance
    made_at: AWSDateTime | None = strawberry.field(description="When, as far as that is said.")
    model: str | None = strawberry.field(description="By which model, as far as that is said: its title.")


@strawberry.type(directives=USER, description="One field of a form.")
class FormField:
    name: str
    value: str


@strawberry.type(
    directives=USER,
    description="Where to send a picture: a multipart POST of all the fields and then the file, as `file`. Storage"
    " itself refuses another key, another type, an empty file and one of more than maxBytes.",
)
class Upload:
    id: strawberry.ID = strawberry.field(description="Names the picture in every other request.")
    url: AWSURL
    fields: list[FormField]
    key: str
    expires_at: AWSDateTime = strawberry.field(description="When the form ends: 15 minutes from now.")
    max_bytes: int


@strawberry.type(directives=USER_AND_SYSTEM, description="How an upload stands.")
class UploadState:
    id: strawberry.ID
    owner: strawberry.ID
    ready: bool = strawberry.field(description="Whether the picture can be used.")
    rejected: str | None = strawberry.field(description="Why it was rejected, in a sentence for a person.")
    rejected_code: UploadRejection | None = strawberry.field(
        description="Why it was rejected, for programs; null also where it was before there were codes."
    )
    image: ImageSet | None = strawberry.field(description="null until ready.")
    purpose: UploadPurpose = strawberry.field(description="What it was brought for.")
    created_at: AWSDateTime = strawberry.field(description="When its form was made.")
    expires_at: AWSDateTime = strawberry.field(
        description="When it can no longer be used: a day after its form was made, and once it was looked at as long as"
        " the stage keeps uploads."
    )


@strawberry.type(directives=USER, description="One page of uploads, newest first.")
class UploadConnection:
    items: list[UploadState]
    next_token: str | None = strawberry.field(description="Ask with it for the next page; null on the last one.")


@strawberry.input(description="A picture to bring: PNG, JPEG or WebP, of 20 MB at most, an AVATAR of 5 MB.")
class CreateUploadInput:
    file_name: str = strawberry.field(description="1 to 255 characters; looked at, not kept.")
    content_type: str
    byte_size: int
    purpose: UploadPurpose
    album_id: strawberry.ID | None = strawberry.field(
        default=strawberry.UNSET, description="Of the caller's album that it comes to, at its end: purpose ALBUM."
    )
    collage_id: strawberry.ID | None = strawberry.field(
        default=strawberry.UNSET, description="Of the caller's collage that it comes to, at its end: purpose COLLAGE."
    )
    link: BoardLinkInput | None = strawberry.UNSET
