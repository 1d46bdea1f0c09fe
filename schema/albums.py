"""Albums and collages: pictures in an order, laid out and rendered."""

import strawberry

from schema.directives import PUBLIC, USER, USER_AND_SYSTEM
from schema.enums import described
from schema.jobs import Download, Image, ImageSet
from schema.scalars import AWSDateTime
from studio.albums.model import AlbumStatus, CollageStatus
from studio.documents.album import AlbumLayout, PdfProduct
from studio.documents.templates import CollageTemplate

described(
    AlbumLayout,
    "How many pictures stand on a page.",
    ONE_A_PAGE="One picture on each page.",
    TWO_A_PAGE="Two pictures on each page.",
    MIXED="One to three on a page; some fill it.",
)
described(
    PdfProduct,
    "SCREEN is small; PRINT is for a printer, at 300 dpi and with bleed.",
    SCREEN="Small, for screens.",
    PRINT="For a printer, at 300 dpi and with bleed.",
)
described(
    AlbumStatus,
    "UPLOADING until its pictures have come; a change makes it READY again.",
    UPLOADING="Some of its pictures have not come yet.",
    READY="All its pictures are there, and it can be rendered.",
    PROCESSING="It is being rendered.",
    COMPLETED="Its PDF is there.",
    FAILED="It could not be rendered.",
)
described(
    CollageStatus,
    "DRAFT until it is rendered; a change makes it one again.",
    DRAFT="It was made or changed, and not rendered since.",
    PROCESSING="It is being rendered.",
    COMPLETED="Its output is there.",
    FAILED="It could not be rendered.",
)
described(
    CollageTemplate,
    "How many pictures it takes: 4, 9, 4, 1, 3 to 12.",
    GRID_2X2="Four pictures, two by two.",
    GRID_3X3="Nine pictures, three by three.",
    STRIP_4="Four pictures in a strip.",
    POLAROID="One picture with a white frame.",
    MOSAIC="3 to 12 pictures of different sizes.",
)


@strawberry.type(directives=USER_AND_SYSTEM, description="A picture of an album or a collage, which has its own copy.")
class Photo:
    id: strawberry.ID = strawberry.field(description="Of the upload or the job that it came from.")
    image: ImageSet | None = strawberry.field(description="null until it has arrived.")
    caption: str | None = strawberry.field(description="What is written under it; null where nothing is.")
    focal_x: float = strawberry.field(description="The point that every crop keeps: 0 is left, 1 is right.")
    focal_y: float = strawberry.field(description="0 is the top, 1 the bottom.")


@strawberry.type(directives=USER_AND_SYSTEM, description="Pictures in the order of a book's pages.")
class Album:
    id: strawberry.ID = strawberry.field(description="Names the album in every other request.")
    customer: strawberry.ID = strawberry.field(description="The id of the person whose album it is.")
    name: str = strawberry.field(description="What its owner calls it.")
    description: str | None = strawberry.field(description="What its owner says of it.")
    layout: AlbumLayout = strawberry.field(description="How many pictures stand on a page.")
    status: AlbumStatus = strawberry.field(
        description="Where it stands: waiting for pictures, ready, or being rendered."
    )
    image_count: int = strawberry.field(description="Of the pictures that have arrived.")
    photos: list[Photo] = strawberry.field(description="Its pictures, in the order of the pages.")
    pdf: Download | None = strawberry.field(description="What was rendered last, of the album as it is now.")
    error_message: str | None = strawberry.field(description="Why a rendering failed, in a sentence for a person.")
    created_at: AWSDateTime = strawberry.field(description="When it was made.")
    updated_at: AWSDateTime = strawberry.field(description="When it last changed.")


@strawberry.type(directives=USER, description="One page of albums, newest first.")
class AlbumConnection:
    items: list[Album] = strawberry.field(description="The albums of this page.")
    next_token: str | None = strawberry.field(description="Ask with it for the next page; null on the last one.")


@strawberry.type(directives=USER_AND_SYSTEM, description="Pictures on one sheet.")
class Collage:
    id: strawberry.ID = strawberry.field(description="Names the collage in every other request.")
    customer: strawberry.ID = strawberry.field(description="The id of the person whose collage it is.")
    name: str = strawberry.field(description="What its owner calls it.")
    template: CollageTemplate = strawberry.field(description="How its pictures are laid out.")
    status: CollageStatus = strawberry.field(description="Where it stands: a draft, being rendered, or done.")
    sources: list[strawberry.ID] = strawberry.field(description="The ids of its pictures.")
    photos: list[Photo] = strawberry.field(description="Its pictures, in the order of the template's places.")
    caption: str | None = strawberry.field(description="What is written on the sheet; null where nothing is.")
    background: str | None = strawberry.field(description="The sheet's colour as #rrggbb; null for the template's own.")
    preview: Image | None = strawberry.field(description="1,024 pixels at most; made by itself after a change.")
    output: ImageSet | None = strawberry.field(description="For printing, 3,000 pixels and more; null until COMPLETED.")
    error_message: str | None = strawberry.field(description="Why the rendering failed, in a sentence for a person.")
    created_at: AWSDateTime = strawberry.field(description="When it was made.")
    updated_at: AWSDateTime = strawberry.field(description="When it last changed.")


@strawberry.type(directives=USER, description="One page of collages, newest first.")
class CollageConnection:
    items: list[Collage] = strawberry.field(description="The collages of this page.")
    next_token: str | None = strawberry.field(description="Ask with it for the next page; null on the last one.")


@strawberry.type(directives=PUBLIC, description="A way to lay pictures out on one sheet.")
class CollageTemplateInfo:
    template: CollageTemplate = strawberry.field(description="The template's name.")
    min_pictures: int = strawberry.field(description="The fewest pictures that it takes.")
    max_pictures: int = strawberry.field(description="The most pictures that it takes.")
    width_mm: float = strawberry.field(description="Of the sheet; the print is as much larger as its paper lets it be.")
    height_mm: float = strawberry.field(description="The sheet's height in millimetres.")
    background: str = strawberry.field(description="Where the collage names none, as #rrggbb.")


@strawberry.input(description="A picture in its place.")
class PhotoInput:
    id: strawberry.ID = strawberry.field(description="Of the caller's upload, or of a completed job.")
    caption: str | None = strawberry.field(default=strawberry.UNSET, description="120 characters at most.")
    focal_x: float | None = strawberry.field(default=strawberry.UNSET, description="0 to 1; by default a guess.")
    focal_y: float | None = strawberry.field(default=strawberry.UNSET, description="0 to 1; by default a guess.")


@strawberry.input(description="What an album is to be; of what is left out, an update leaves the photos as they are.")
class AlbumInput:
    name: str = strawberry.field(description="1 to 100 characters.")
    description: str | None = strawberry.field(default=strawberry.UNSET, description="1,000 characters at most.")
    layout: AlbumLayout | None = strawberry.field(default=strawberry.UNSET, description="Default MIXED.")
    photos: list[PhotoInput] | None = strawberry.field(default=strawberry.UNSET, description="200 at most.")


@strawberry.input(description="What a collage is to be; of what is left out, an update leaves the photos as they are.")
class CollageInput:
    name: str = strawberry.field(description="1 to 100 characters.")
    template: CollageTemplate = strawberry.field(description="How its pictures are laid out.")
    sources: list[strawberry.ID] | None = strawberry.field(
        default=strawberry.UNSET, description="The ids of its pictures, where nothing more is to be said of them."
    )
    photos: list[PhotoInput] | None = strawberry.field(
        default=strawberry.UNSET,
        description="Its pictures in their places, with what is to be said of them; instead of sources.",
    )
    caption: str | None = strawberry.field(default=strawberry.UNSET, description="120 characters at most.")
    background: str | None = strawberry.field(default=strawberry.UNSET, description="As #rrggbb; else the template's.")
