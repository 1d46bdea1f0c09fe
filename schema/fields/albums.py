"""The root fields of albums and collages."""

from collections.abc import AsyncGenerator
from typing import Annotated

import strawberry

from schema.albums import (
    Album,
    AlbumConnection,
    AlbumInput,
    Collage,
    CollageConnection,
    CollageInput,
    CollageTemplateInfo,
)
from schema.arguments import INPUT, AlbumId, CollageId, Event, Limit, NextToken, Owner
from schema.directives import PUBLIC, SYSTEM, USER, Subscribe
from studio.documents.album import PdfProduct


@strawberry.type
class Queries:
    @strawberry.field(directives=USER, description="The caller's album, else null.")
    def album(self, album_id: AlbumId) -> Album | None: ...

    @strawberry.field(
        directives=USER,
        description="The caller's albums, newest first.",
    )
    def albums(self, limit: Limit = strawberry.UNSET, next_token: NextToken = strawberry.UNSET) -> AlbumConnection: ...

    @strawberry.field(directives=USER, description="The caller's collage, else null.")
    def collage(self, collage_id: CollageId) -> Collage | None: ...

    @strawberry.field(
        directives=USER,
        description="The caller's collages, newest first.",
    )
    def collages(
        self, limit: Limit = strawberry.UNSET, next_token: NextToken = strawberry.UNSET
    ) -> CollageConnection: ...

    @strawberry.field(directives=PUBLIC, description="How collages can be laid out.")
    def collage_templates(self) -> list[CollageTemplateInfo]: ...


@strawberry.type
class Mutations:
    @strawberry.mutation(directives=USER, description="An album, with pictures from the first, or sent to it.")
    def create_album(self, request: Annotated[AlbumInput, INPUT]) -> Album: ...

    @strawberry.mutation(directives=USER, description="Changes an album, the order of its pictures too.")
    def update_album(self, album_id: AlbumId, request: Annotated[AlbumInput, INPUT]) -> Album | None: ...

    @strawberry.mutation(directives=USER, description="Removes an album with its pictures; answers its id.")
    def delete_album(self, album_id: AlbumId) -> strawberry.ID | None: ...

    @strawberry.mutation(directives=USER, description="Has an album's PDF made; it costs no points.")
    def render_album(
        self,
        album_id: AlbumId,
        product: Annotated[PdfProduct, strawberry.argument(description="For a screen or for a printer.")],
    ) -> Album | None: ...

    @strawberry.mutation(directives=USER, description="A collage; its preview comes by itself.")
    def create_collage(self, request: Annotated[CollageInput, INPUT]) -> Collage: ...

    @strawberry.mutation(directives=USER, description="Changes a collage, which makes it a draft again.")
    def update_collage(self, collage_id: CollageId, request: Annotated[CollageInput, INPUT]) -> Collage | None: ...

    @strawberry.mutation(directives=USER, description="Removes a collage with its pictures; answers its id.")
    def delete_collage(self, collage_id: CollageId) -> strawberry.ID | None: ...

    @strawberry.mutation(directives=USER, description="Has a collage made in print size; it costs no points.")
    def render_collage(self, collage_id: CollageId) -> Collage | None: ...

    @strawberry.mutation(directives=SYSTEM, description="The backend tells the subscribers of onAlbum.")
    def publish_album(self, album: Event) -> Album | None: ...

    @strawberry.mutation(directives=SYSTEM, description="The backend tells the subscribers of onCollage.")
    def publish_collage(self, collage: Event) -> Collage | None: ...


@strawberry.type
class Subscriptions:
    @strawberry.subscription(
        directives=(*USER, Subscribe(mutations=["publishAlbum"])),
        description="Every change of the caller's albums.",
    )
    def on_album(self, customer: Owner) -> AsyncGenerator[Album | None, None]: ...

    @strawberry.subscription(
        directives=(*USER, Subscribe(mutations=["publishCollage"])),
        description="Every change of the caller's collages.",
    )
    def on_collage(self, customer: Owner) -> AsyncGenerator[Collage | None, None]: ...
