"""Pictures that people bring: a form to send one with, and how it stands."""

import strawberry

from schema.directives import PUBLIC, USER, USER_AND_SYSTEM
from schema.enums import described
from schema.jobs import BoardLinkInput, ImageSet
from schema.scalars import AWSURL, AWSDateTime
from studio.media.model import Provenance, UploadPurpose, UploadRejection

described(
    UploadPurpose,
    "What a picture is brought for.",
    REFERENCE="To make or change pictures with.",
    MASK="To say where a picture may change.",
    TEXTURE="To be laid onto a picture.",
    ALBUM="For an album.",
    COLLAGE="For a collage.",
    AVATAR="For its owner to be known by; see updateMe.",
)
described(
    UploadRejection,
    "Why a picture cannot be used.",
    NOT_AN_IMAGE="What arrived is no image that is known.",
    TYPE_NOT_SUPPORTED="It is neither PNG, JPEG nor WebP, or a rare kind of these.",
    TOO_MANY_PIXELS="More than 50 megapixels.",
    TOO_EXPENSIVE="It would take too much time or memory to open.",
    DAMAGED="It is not all there.",
    ANIMATED="It moves.",
    TOO_LARGE="It has too many bytes.",
)

described(
    Provenance,
    "What is known of how a picture came to be, the surest first.",
    CREDENTIAL_VALID="It was signed by somebody whom the studio trusts.",
    MARK_FOUND="It says itself that a model made it or had a part in it.",
    KNOWN_PICTURE="It looks like one that was made here and is still there.",
    UNKNOWN="None of these; it may be anything.",
)


@strawberry.type(directives=PUBLIC, description="What is known of how a picture came to be. It is no proof of a photo.")
class ImageVerdict:
    provenance: Provenance = strawberry.field(description="How it is known; UNKNOWN where it is not.")
    made_at: AWSDateTime | None = strawberry.field(description="When, as far as that is said.")
    model: str | None = strawberry.field(description="By which model, as far as that is said: its title.")


@strawberry.type(directives=USER, description="One field of a form.")
class FormField:
    name: str = strawberry.field(description="The form field's name.")
    value: str = strawberry.field(description="The form field's value, to be sent as it is.")


@strawberry.type(
    directives=USER,
    description="Where to send a picture: a multipart POST of all the fields and then the file, as `file`. Storage"
    " itself refuses another key, another type, an empty file and one of more than maxBytes.",
)
class Upload:
    id: strawberry.ID = strawberry.field(description="Names the picture in every other request.")
    url: AWSURL = strawberry.field(description="Where to send the form.")
    fields: list[FormField] = strawberry.field(
        description="The form's fields, in their order; the file comes after them."
    )
    key: str = strawberry.field(description="Where the form puts the file. Nothing is served from there.")
    expires_at: AWSDateTime = strawberry.field(description="When the form ends: 15 minutes from now.")
    max_bytes: int = strawberry.field(description="The most bytes that the file may have.")


@strawberry.type(directives=USER_AND_SYSTEM, description="How an upload stands.")
class UploadState:
    id: strawberry.ID = strawberry.field(description="The upload's id.")
    owner: strawberry.ID = strawberry.field(description="The id of the person who brought it.")
    ready: bool = strawberry.field(description="Whether the picture can be used.")
    rejected: str | None = strawberry.field(description="Why it was rejected, in a sentence for a person.")
    rejected_code: UploadRejection | None = strawberry.field(
        description="Why it was rejected, for programs; null also where it was before there were codes."
    )
    deleted: bool = strawberry.field(
        description="true in the event that tells that its owner deleted it, otherwise false."
    )
    image: ImageSet | None = strawberry.field(description="null until ready, and once it is deleted.")
    purpose: UploadPurpose = strawberry.field(description="What it was brought for.")
    created_at: AWSDateTime = strawberry.field(description="When its form was made.")
    expires_at: AWSDateTime = strawberry.field(
        description="When it can no longer be used: a day after its form was made, and once it was looked at as long as"
        " the stage keeps uploads."
    )


@strawberry.type(directives=USER, description="One page of uploads, newest first.")
class UploadConnection:
    items: list[UploadState] = strawberry.field(description="The uploads of this page.")
    next_token: str | None = strawberry.field(description="Ask with it for the next page; null on the last one.")


@strawberry.input(description="A picture to bring: PNG, JPEG or WebP, of 20 MB at most, an AVATAR of 5 MB.")
class CreateUploadInput:
    file_name: str = strawberry.field(description="1 to 255 characters; looked at, not kept.")
    content_type: str = strawberry.field(description="The file's media type: image/png, image/jpeg or image/webp.")
    byte_size: int = strawberry.field(description="The file's size in bytes.")
    purpose: UploadPurpose = strawberry.field(description="What it is brought for.")
    album_id: strawberry.ID | None = strawberry.field(
        default=strawberry.UNSET, description="Of the caller's album that it comes to, at its end: purpose ALBUM."
    )
    collage_id: strawberry.ID | None = strawberry.field(
        default=strawberry.UNSET, description="Of the caller's collage that it comes to, at its end: purpose COLLAGE."
    )
    link: BoardLinkInput | None = strawberry.field(
        default=strawberry.UNSET, description="Where in the caller's boards it is to be shown."
    )
