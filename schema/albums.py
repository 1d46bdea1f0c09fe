"""Albums and collages: pictures in an order, laid out and rendered."""

import strawberry

from schema.directives import PUBLIC, USER, USER_AND_SYSTEM
from schema.jobs import Download, Image, ImageSet
from schema.scalars import AWSDateTime
from studio.albums.model import AlbumStatus, CollageStatus
from studio.documents.album import AlbumLayout, PdfProduct
from studio.documents.templates import CollageTemplate

strawberry.enum(AlbumLayout, description="How many pictures stand on a page.")
strawberry.enum(PdfProduct, description="SCREEN is small; PRINT is for a printer, at 300 dpi and with bleed.")
strawberry.enum(AlbumStatus, description="UPLOADING until its pictures have come; a change makes it READY again.")
strawberry.enum(CollageStatus, description="DRAFT until it is rendered; a change makes it one again.")
strawberry.enum(CollageTemplate, description="How many pictures it takes: 4, 9, 4, 1, 3 to 12.")


@strawberry.type(directives=USER_AND_SYSTEM, description="A picture of an album or a collage, which has its own copy.")
class Photo:
    id: strawberry.ID = strawberry.field(description="Of the upload or the job that it came from.")
    image: ImageSet | None = strawberry.field(description="null until it has arrived.")
    caption: str | None
    focal_x: float = strawberry.field(description="The point that every crop keeps: 0 is left, 1 is right.")
    focal_y: float = strawberry.field(description="0 is the top, 1 the bottom.")


@strawberry.type(directives=USER_AND_SYSTEM, description="Pictures in the order of a book's pages.")
class Album:
    id: strawberry.ID
    customer: strawberry.ID
    name: str
    description: str | None
    layout: AlbumLayout
    status: AlbumStatus
    image_count: int = strawberry.field(description="Of the pictures that have arrived.")
    photos: list[Photo]
    pdf: Download | None = strawberry.field(description="What was rendered last, of the album as it is now.")
    error_message: str | None = strawberry.field(description="Why a rendering failed, in a sentence for a person.")
    created_at: AWSDateTime
    updated_at: AWSDateTime


@strawberry.type(directives=USER, description="One page of albums, newest first.")
class AlbumConnection:
    items: list[Album]
    next_token: str | None


@strawberry.type(directives=USER_AND_SYSTEM, description="Pictures on one sheet.")
class Collage:
    id: strawberry.ID
    customer: strawberry.ID
    name: str
    template: CollageTemplate
    status: CollageStatus
    sources: list[strawberry.ID] = strawberry.field(description="The ids of its pictures.")
    photos: list[Photo]
    caption: str | None
    background: str | None
    preview: Image | None = strawberry.field(description="1,024 pixels at most; made by itself after a change.")
    output: ImageSet | None = strawberry.field(description="For printing, 3,000 pixels and more; null until COMPLETED.")
    error_message: str | None = strawberry.field(description="Why the rendering failed, in a sentence for a person.")
    created_at: AWSDateTime
    updated_at: AWSDateTime


@strawberry.type(directives=USER, description="One page of collages, newest first.")
class CollageConnection:
    items: list[Collage]
    next_token: str | None


@strawberry.type(directives=PUBLIC, description="A way to lay pictures out on one sheet.")
class CollageTemplateInfo:
    template: CollageTemplate
    min_pictures: int
    max_pictures: int
    width_mm: float = strawberry.field(description="Of the sheet; the print is as much larger as its paper lets it be.")
    height_mm: float
    background: str = strawberry.field(description="Where the collage names none, as #rrggbb.")


@strawberry.input(description="A picture in its place.")
class PhotoInput:
    id: strawberry.ID = strawberry.field(description="Of the caller's upload, or of a completed job.")
    caption: str | None = strawberry.field(default=strawberry.UNSET, description="120 characters at most.")
    focal_x: float | None = strawberry.field(default=strawberry.UNSET, description="0 to 1; by default a guess.")
    focal_y: float | None = strawberry.UNSET


@strawberry.input(description="What an album is to be; of what is left out, an update leaves the photos as they are.")
class AlbumInput:
    name: str = strawberry.field(description="1 to 100 characters.")
    description: str | None = strawberry.field(default=strawberry.UNSET, description="1,000 characters at most.")
    layout: AlbumLayout | None = strawberry.field(default=strawberry.UNSET, description="Default MIXED.")
    photos: list[PhotoInput] | None = strawberry.field(default=strawberry.UNSET, description="200 at most.")


@strawberry.input(description="What a collage is to be; of what is left out, an update leaves the photos as they are.")
class CollageInput:
    name: str = strawberry.field(description="1 to 100 characters.")
    template: CollageTemplate
    sources: list[strawberry.ID] | None = strawberry.field(
        default=strawberry.UNSET, description="The ids of its pictures, where nothing more is to be said of them."
    )
    photos: list[PhotoInput] | None = strawberry.UNSET
    caption: str | None = strawberry.field(default=strawberry.UNSET, description="120 characters at most.")
    background: str | None = strawberry.field(default=strawberry.UNSET, description="As #rrggbb; else the template's.")
