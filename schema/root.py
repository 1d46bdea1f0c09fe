"""The root fields. AppSync resolves them; here they are only declared, so their bodies are empty."""

from collections.abc import AsyncGenerator
from typing import Annotated

import strawberry
from strawberry.schema.config import StrawberryConfig

from schema.directives import ADMIN, PUBLIC, SYSTEM, USER, Subscribe
from schema.edits import EditImageInput, SyncCameraInput, TransferTextureInput
from schema.jobs import Download, GenerateImagesInput, Job, JobConnection, JobFilter, JobView
from schema.media import CreateUploadInput, Upload, UploadState
from schema.models import Model, Quote, QuoteInput
from schema.people import Usage, User
from schema.points import GrantPointsInput, PointsEntryConnection
from schema.scalars import AWSJSON, SCALARS, AWSDate
from studio.jobs.model import JobStatus

# Python's own names are left alone: clients see these.
INPUT = strawberry.argument(name="input")
FILTER = strawberry.argument(name="filter")

JobId = Annotated[strawberry.ID, strawberry.argument(name="id")]
UploadId = Annotated[strawberry.ID, strawberry.argument(name="id")]
Owner = Annotated[strawberry.ID, strawberry.argument(description="The caller's own id; anything else is refused.")]
Limit = Annotated[int | None, strawberry.argument(description="1 to 100, default 20.")]
Day = Annotated[AWSDate | None, strawberry.argument(description="Default today, UTC.")]


@strawberry.type
class Query:
    @strawberry.field(directives=PUBLIC, description="The models the caller may use, and the retired ones.")
    def models(self) -> list[Model]: ...

    @strawberry.field(directives=USER, description="What a request would be charged: quote equals charge.")
    def quote(self, request: Annotated[QuoteInput, INPUT]) -> Quote: ...

    @strawberry.field(directives=USER, description="The caller's job (an administrator: anyone's), else null.")
    def job(self, job_id: JobId) -> Job | None: ...

    @strawberry.field(directives=USER, description="The caller's jobs, newest first.")
    def jobs(
        self,
        conditions: Annotated[JobFilter | None, FILTER] = strawberry.UNSET,
        limit: Limit = strawberry.UNSET,
        next_token: str | None = strawberry.UNSET,
    ) -> JobConnection: ...

    @strawberry.field(directives=PUBLIC, description="How a job stands, for whoever holds its unguessable id.")
    def job_status(self, job_id: JobId) -> JobView | None: ...

    @strawberry.field(
        directives=PUBLIC, description="A short-lived link to a finished picture, for whoever holds its job's id."
    )
    def download(self, job_id: strawberry.ID) -> Download: ...

    @strawberry.field(directives=USER, description="The caller's upload, else null.")
    def upload(self, upload_id: UploadId) -> UploadState | None: ...

    @strawberry.field(directives=USER, description="The caller.")
    def me(self) -> User: ...

    @strawberry.field(directives=USER, description="What the caller used on one day.")
    def usage(self, day: Day = strawberry.UNSET) -> Usage: ...

    @strawberry.field(directives=USER, description="The caller's ledger, newest first.")
    def points_history(
        self, limit: Limit = strawberry.UNSET, next_token: str | None = strawberry.UNSET
    ) -> PointsEntryConnection: ...

    @strawberry.field(directives=ADMIN, description="Everyone's jobs in one status, newest first.")
    def jobs_by_status(
        self, status: JobStatus, limit: Limit = strawberry.UNSET, next_token: str | None = strawberry.UNSET
    ) -> JobConnection: ...


@strawberry.type
class Mutation:
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

    @strawberry.mutation(directives=USER, description="A form to send a picture with, straight to storage.")
    def create_upload(self, request: Annotated[CreateUploadInput, INPUT]) -> Upload: ...

    @strawberry.mutation(directives=USER, description="Stops a job that has not ended; see the refund table.")
    def cancel_job(self, job_id: JobId) -> Job | None: ...

    @strawberry.mutation(directives=USER, description="A new job, with its own charge, from a failed one.")
    def retry_job(self, job_id: JobId, client_request_id: strawberry.ID) -> Job | None: ...

    @strawberry.mutation(directives=USER, description="Removes a job that has ended, with its images; answers its id.")
    def delete_job(self, job_id: JobId) -> strawberry.ID | None: ...

    @strawberry.mutation(directives=ADMIN, description="Gives a person points, or takes some back.")
    def grant_points(self, grant: Annotated[GrantPointsInput, INPUT]) -> User: ...

    @strawberry.mutation(directives=SYSTEM, description="The backend tells the subscribers of onJob.")
    def publish_job(self, job: AWSJSON) -> Job | None: ...


@strawberry.type
class Subscription:
    @strawberry.subscription(
        directives=(*USER, Subscribe(mutations=["publishJob"])),
        description="Every change of the caller's jobs, or of the one named.",
    )
    def on_job(
        self, owner: Owner, job_id: Annotated[strawberry.ID | None, strawberry.argument(name="id")] = strawberry.UNSET
    ) -> AsyncGenerator[Job | None, None]: ...


schema = strawberry.Schema(
    query=Query,
    mutation=Mutation,
    subscription=Subscription,
    config=StrawberryConfig(scalar_map=SCALARS),
)
