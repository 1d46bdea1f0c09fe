"""The root fields of models and jobs."""

from collections.abc import AsyncGenerator
from typing import Annotated

import strawberry

from schema.arguments import FILTER, INPUT, Event, JobId, Limit, NextToken, OfJob, OptionalJobId, Owner, RequestId
from schema.directives import ADMIN, PUBLIC, SYSTEM, USER, Subscribe
from schema.edits import EditImageInput, SyncCameraInput, TransferTextureInput, TransformImageInput
from schema.job_input import JobInput
from schema.jobs import Download, GenerateImagesInput, Job, JobConnection, JobDeleted, JobFilter, JobView
from schema.models import Model, Quote, QuoteInput
from studio.jobs.model import JobStatus
from studio.media.model import ImageFormat


@strawberry.type
class Queries:
    @strawberry.field(directives=PUBLIC, description="The models the caller may use, and the retired ones.")
    def models(self) -> list[Model]: ...

    @strawberry.field(directives=USER, description="What a request would be charged: quote equals charge.")
    def quote(self, request: Annotated[QuoteInput, INPUT]) -> Quote: ...

    @strawberry.field(directives=USER, description="The caller's job (an administrator: anyone's), else null.")
    def job(self, job_id: JobId) -> Job | None: ...

    @strawberry.field(
        directives=USER,
        description="The caller's jobs, newest first, those of one request by their index; with `updatedSince` in the"
        " order of their last change.",
    )
    def jobs(
        self,
        conditions: Annotated[JobFilter | None, FILTER] = strawberry.UNSET,
        limit: Limit = strawberry.UNSET,
        next_token: NextToken = strawberry.UNSET,
    ) -> JobConnection: ...

    @strawberry.field(directives=PUBLIC, description="How a job stands, for whoever holds its unguessable id.")
    def job_status(self, job_id: JobId) -> JobView | None: ...

    @strawberry.field(
        directives=USER,
        description="Settings to begin from: those of the caller's own job first, then others that its model takes,"
        " with other seeds, the nearest shapes and sizes (GENERATE) or camera angles (CAMERA_SYNC). Kind, model and"
        " prompt are the job's; pictures that are gone are left out. Nothing is charged.",
    )
    def more_like(self, job_id: OfJob) -> list[JobInput]: ...

    @strawberry.field(
        directives=PUBLIC,
        description="A short-lived link to a finished picture, signed (C2PA), for whoever holds its job's id.",
    )
    def download(
        self,
        job_id: OfJob,
        format_: Annotated[
            ImageFormat | None,
            strawberry.argument(name="format", description="null: as it was made, to the pixel if it has no label."),
        ] = strawberry.UNSET,
        attachment: Annotated[
            bool | None, strawberry.argument(description="Whether a browser saves it instead of showing it.")
        ] = strawberry.UNSET,
        label: Annotated[
            bool | None,
            strawberry.argument(
                description="Whether it says for people to see that AI made it; null: as the stage does."
            ),
        ] = strawberry.UNSET,
    ) -> Download: ...

    @strawberry.field(directives=ADMIN, description="Everyone's jobs in one status, newest first.")
    def jobs_by_status(
        self,
        status: Annotated[JobStatus, strawberry.argument(description="The status that they are in.")],
        limit: Limit = strawberry.UNSET,
        next_token: NextToken = strawberry.UNSET,
    ) -> JobConnection: ...


@strawberry.type
class Mutations:
    @strawberry.mutation(directives=USER, description="One job an image, PENDING, charged in the same moment.")
    def generate_images(self, request: Annotated[GenerateImagesInput, INPUT]) -> list[Job]: ...

    @strawberry.mutation(
        directives=USER, description="A job that changes an image where it may change, and only there."
    )
    def edit_image(self, request: Annotated[EditImageInput, INPUT]) -> Job: ...

    @strawberry.mutation(directives=USER, description="A job that shows the same scene from another camera.")
    def sync_camera(self, request: Annotated[SyncCameraInput, INPUT]) -> Job: ...

    @strawberry.mutation(directives=USER, description="A job that lays a texture onto an image.")
    def transfer_texture(self, request: Annotated[TransferTextureInput, INPUT]) -> Job: ...

    @strawberry.mutation(
        directives=USER,
        description="A job that makes an image larger, in its own shape; stable-image: four times as wide and high.",
    )
    def upscale_image(self, request: Annotated[TransformImageInput, INPUT]) -> Job: ...

    @strawberry.mutation(
        directives=USER,
        description="A job that makes what is around an image's subject transparent: a PNG of the image's own size,"
        " whose colours stay as they are.",
    )
    def remove_background(self, request: Annotated[TransformImageInput, INPUT]) -> Job: ...

    @strawberry.mutation(directives=USER, description="A job that makes an image like another, drawn anew.")
    def vary_image(self, request: Annotated[TransformImageInput, INPUT]) -> Job: ...

    @strawberry.mutation(directives=USER, description="Stops a job that has not ended; see the refund table.")
    def cancel_job(self, job_id: JobId) -> Job | None: ...

    @strawberry.mutation(
        directives=USER,
        description="Stops those of a request's jobs that have not ended; answers all of its jobs that are there, by"
        " their index. None where the caller made no such request.",
    )
    def cancel_request(
        self,
        request_id: Annotated[strawberry.ID, strawberry.argument(description="The request's `clientRequestId`.")],
    ) -> list[Job]: ...

    @strawberry.mutation(directives=USER, description="A new job, with its own charge, from a failed one.")
    def retry_job(self, job_id: JobId, client_request_id: RequestId) -> Job | None: ...

    @strawberry.mutation(directives=USER, description="Removes a job that has ended, with its images; answers its id.")
    def delete_job(self, job_id: JobId) -> strawberry.ID | None: ...

    @strawberry.mutation(
        directives=USER,
        description="Removes the caller's jobs that have ended, with their images, and answers their ids. One that has"
        " not ended stays as it is and is left out, like one that is not there.",
    )
    def delete_jobs(
        self, ids: Annotated[list[strawberry.ID], strawberry.argument(description="25 at most.")]
    ) -> list[strawberry.ID]: ...

    @strawberry.mutation(
        directives=USER,
        description="Lets whoever holds the id look at a job, or no longer. Links that were given out last their time.",
    )
    def set_job_sharing(
        self,
        job_id: JobId,
        shared: Annotated[bool, strawberry.argument(description="True lets them, false no longer.")],
    ) -> Job | None: ...

    @strawberry.mutation(
        directives=USER,
        description="Marks a job for its owner; what is null or left out stays as it is. A job that has ended gets a"
        " new version, which onJob tells; one that has not shows it with its next change.",
    )
    def update_job(
        self,
        job_id: JobId,
        favorite: Annotated[
            bool | None, strawberry.argument(description="Whether it is a favorite.")
        ] = strawberry.UNSET,
        tags: Annotated[
            list[str] | None,
            strawberry.argument(
                description="All its tags: 20 at most, of 1 to 50 characters; spaces around them go, and each is kept"
                " once whatever its case. [] takes them away."
            ),
        ] = strawberry.UNSET,
    ) -> Job | None: ...

    @strawberry.mutation(directives=SYSTEM, description="The backend publishes to the subscribers of onJob.")
    def publish_job(self, job: Event) -> Job | None: ...

    @strawberry.mutation(directives=SYSTEM, description="The backend tells the subscribers of onJobDeleted.")
    def publish_job_deleted(self, job: Event) -> JobDeleted | None: ...


@strawberry.type
class Subscriptions:
    @strawberry.subscription(
        directives=(*USER, Subscribe(mutations=["publishJob"])),
        description="Every change of the caller's jobs, or of the one named.",
    )
    def on_job(self, owner: Owner, job_id: OptionalJobId = strawberry.UNSET) -> AsyncGenerator[Job | None, None]: ...

    @strawberry.subscription(
        directives=(*USER, Subscribe(mutations=["publishJobDeleted"])),
        description="Every job of the caller's that is deleted; one that is removed at its expiresAt is not.",
    )
    def on_job_deleted(self, owner: Owner) -> AsyncGenerator[JobDeleted | None, None]: ...
