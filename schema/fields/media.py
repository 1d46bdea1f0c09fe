"""The root fields of uploads."""

from collections.abc import AsyncGenerator
from typing import Annotated

import strawberry

from schema.arguments import INPUT, Event, Limit, NextToken, OfUpload, Owner, UploadId
from schema.directives import PUBLIC, SYSTEM, USER, Subscribe
from schema.media import CreateUploadInput, ImageVerdict, Upload, UploadConnection, UploadState
from studio.media.model import UploadPurpose


@strawberry.type
class Queries:
    @strawberry.field(
        directives=PUBLIC,
        description="How an uploaded picture came to be, for whoever holds its id: what it said of itself when it"
        " arrived, or that it was made here. 50 times at most.",
    )
    def verify_image(self, upload_id: OfUpload) -> ImageVerdict: ...

    @strawberry.field(directives=USER, description="The caller's upload, else null.")
    def upload(self, upload_id: UploadId) -> UploadState | None: ...

    @strawberry.field(directives=USER, description="The caller's uploads that have not expired, newest first.")
    def uploads(
        self,
        purpose: Annotated[
            UploadPurpose | None, strawberry.argument(description="Only those brought for this.")
        ] = strawberry.UNSET,
        limit: Limit = strawberry.UNSET,
        next_token: NextToken = strawberry.UNSET,
    ) -> UploadConnection: ...


@strawberry.type
class Mutations:
    @strawberry.mutation(directives=USER, description="A form to send a picture with, straight to storage.")
    def create_upload(self, request: Annotated[CreateUploadInput, INPUT]) -> Upload: ...

    @strawberry.mutation(
        directives=USER,
        description="Removes the caller's upload with its images, and answers its id; null where it is gone. Albums and"
        " collages keep their copies; a job that has still to read it fails, and is refunded.",
    )
    def delete_upload(self, upload_id: UploadId) -> strawberry.ID | None: ...

    @strawberry.mutation(directives=SYSTEM, description="The backend tells the subscribers of onUpload.")
    def publish_upload(self, upload: Event) -> UploadState | None: ...


@strawberry.type
class Subscriptions:
    @strawberry.subscription(
        directives=(*USER, Subscribe(mutations=["publishUpload"])),
        description="Every upload of the caller's when it is ready or rejected, when its smaller sizes are there,"
        " and when it is deleted.",
    )
    def on_upload(self, owner: Owner) -> AsyncGenerator[UploadState | None, None]: ...
