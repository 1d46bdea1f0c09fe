"""The root fields. AppSync resolves them; here they are only declared, so their bodies are empty."""

from collections.abc import AsyncGenerator
from typing import Annotated

import strawberry
from strawberry.schema.config import StrawberryConfig

from schema.albums import (
    Album,
    AlbumConnection,
    AlbumInput,
    Collage,
    CollageConnection,
    CollageInput,
    CollageTemplateInfo,
)
from schema.audit import AuditRecordConnection
from schema.directives import ADMIN, PUBLIC, SYSTEM, USER, Subscribe
from schema.edits import EditImageInput, SyncCameraInput, TransferTextureInput, TransformImageInput
from schema.job_input import JobInput
from schema.jobs import Download, GenerateImagesInput, Job, JobConnection, JobDeleted, JobFilter, JobView
from schema.media import CreateUploadInput, ImageVerdict, Upload, UploadConnection, UploadState
from schema.models import Model, Quote, QuoteInput
from schema.orders import (
    AddressInput,
    CreateOrderInput,
    Order,
    OrderConnection,
    OrderItem,
    OrderQuote,
    OrderQuoteInput,
    OrderView,
)
from schema.payments import CreatePaymentInput, Payment, PaymentConnection, PaymentEventConnection, PointPackage
from schema.people import ShutOut, UpdateMeInput, Usage, User, UserConnection
from schema.points import GrantPointsInput, PointsEntryConnection
from schema.rates import ExchangeRate
from schema.scalars import AWSJSON, SCALARS, AWSDate, AWSEmail
from studio.documents.album import PdfProduct
from studio.jobs.model import JobStatus
from studio.media.model import ImageFormat, UploadPurpose
from studio.money import Currency
from studio.orders.model import OrderStatus
from studio.payments.model import PaymentDecision, PaymentStatus
from studio.people.model import Role

# Python's own names are left alone: clients see these.
INPUT = strawberry.argument(name="input")
FILTER = strawberry.argument(name="filter")

AlbumId = Annotated[strawberry.ID, strawberry.argument(name="id")]
CollageId = Annotated[strawberry.ID, strawberry.argument(name="id")]
JobId = Annotated[strawberry.ID, strawberry.argument(name="id")]
OrderId = Annotated[strawberry.ID, strawberry.argument(name="id")]
PaymentId = Annotated[strawberry.ID, strawberry.argument(name="id")]
UserId = Annotated[strawberry.ID | None, strawberry.argument(name="id")]
UploadId = Annotated[strawberry.ID, strawberry.argument(name="id")]
Owner = Annotated[strawberry.ID, strawberry.argument(description="The caller's own id; anything else is refused.")]
Limit = Annotated[
    int | None,
    strawberry.argument(
        description="1 to 100, default 20. A page is full as long as there is more. It comes short, with its token,"
        " only where very little matches, once some 5,000 were looked at, and where one answer (5 MB) cannot hold more."
    ),
]
Day = Annotated[AWSDate | None, strawberry.argument(description="Default today, UTC.")]


@strawberry.type
class Query:
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
        next_token: str | None = strawberry.UNSET,
    ) -> JobConnection: ...

    @strawberry.field(directives=PUBLIC, description="How a job stands, for whoever holds its unguessable id.")
    def job_status(self, job_id: JobId) -> JobView | None: ...

    @strawberry.field(
        directives=USER,
        description="Settings to begin from: those of the caller's own job first, then others that its model takes,"
        " with other seeds, the nearest shapes and sizes. Kind, model and prompt are the job's. Nothing is charged.",
    )
    def more_like(self, job_id: strawberry.ID) -> list[JobInput]: ...

    @strawberry.field(
        directives=PUBLIC,
        description="A short-lived link to a finished picture, signed (C2PA), for whoever holds its job's id.",
    )
    def download(
        self,
        job_id: strawberry.ID,
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

    @strawberry.field(
        directives=PUBLIC,
        description="How an uploaded picture came to be, for whoever holds its id: what it said of itself when it"
        " arrived, or that it was made here. 50 times at most.",
    )
    def verify_image(self, upload_id: strawberry.ID) -> ImageVerdict: ...

    @strawberry.field(directives=USER, description="The caller's upload, else null.")
    def upload(self, upload_id: UploadId) -> UploadState | None: ...

    @strawberry.field(directives=USER, description="The caller's uploads that have not expired, newest first.")
    def uploads(
        self,
        purpose: Annotated[
            UploadPurpose | None, strawberry.argument(description="Only those brought for this.")
        ] = strawberry.UNSET,
        limit: Limit = strawberry.UNSET,
        next_token: str | None = strawberry.UNSET,
    ) -> UploadConnection: ...

    @strawberry.field(directives=USER, description="The caller's album, else null.")
    def album(self, album_id: AlbumId) -> Album | None: ...

    @strawberry.field(
        directives=USER,
        description="The caller's albums, newest first.",
    )
    def albums(self, limit: Limit = strawberry.UNSET, next_token: str | None = strawberry.UNSET) -> AlbumConnection: ...

    @strawberry.field(directives=USER, description="The caller's collage, else null.")
    def collage(self, collage_id: CollageId) -> Collage | None: ...

    @strawberry.field(
        directives=USER,
        description="The caller's collages, newest first.",
    )
    def collages(
        self, limit: Limit = strawberry.UNSET, next_token: str | None = strawberry.UNSET
    ) -> CollageConnection: ...

    @strawberry.field(directives=USER, description="The caller.")
    def me(self) -> User: ...

    @strawberry.field(directives=USER, description="What the caller used on one day.")
    def usage(self, day: Day = strawberry.UNSET) -> Usage: ...

    @strawberry.field(directives=USER, description="The caller's ledger, newest first.")
    def points_history(
        self, limit: Limit = strawberry.UNSET, next_token: str | None = strawberry.UNSET
    ) -> PointsEntryConnection: ...

    @strawberry.field(directives=ADMIN, description="Anybody's ledger, newest first.")
    def points_history_of(
        self, user_id: strawberry.ID, limit: Limit = strawberry.UNSET, next_token: str | None = strawberry.UNSET
    ) -> PointsEntryConnection: ...

    @strawberry.field(directives=ADMIN, description="Everyone's jobs in one status, newest first.")
    def jobs_by_status(
        self, status: JobStatus, limit: Limit = strawberry.UNSET, next_token: str | None = strawberry.UNSET
    ) -> JobConnection: ...

    @strawberry.field(directives=PUBLIC, description="What points cost.")
    def point_packages(self) -> list[PointPackage]: ...

    @strawberry.field(directives=PUBLIC, description="The last good rate of any pair; all go by the US dollar's.")
    def exchange_rate(self, base: Currency, quote: Currency) -> ExchangeRate: ...

    @strawberry.field(directives=PUBLIC, description="What can be ordered costs; sending what is printed comes on top.")
    def price_list(self, currency: Currency) -> list[OrderItem]: ...

    @strawberry.field(directives=USER, description="What an order would cost, for 48 hours, and what would look poor.")
    def quote_order(self, request: Annotated[OrderQuoteInput, INPUT]) -> OrderQuote: ...

    @strawberry.field(directives=PUBLIC, description="How collages can be laid out.")
    def collage_templates(self) -> list[CollageTemplateInfo]: ...

    @strawberry.field(directives=USER, description="The caller's order (an administrator: anyone's), else null.")
    def order(self, order_id: OrderId) -> Order | None: ...

    @strawberry.field(
        directives=USER,
        description="The caller's orders, newest first; with `downloads` at most 40 a page, whatever the limit.",
    )
    def orders(
        self,
        status: OrderStatus | None = strawberry.UNSET,
        limit: Limit = strawberry.UNSET,
        next_token: str | None = strawberry.UNSET,
    ) -> OrderConnection: ...

    @strawberry.field(directives=ADMIN, description="Everyone's orders in one status, newest first.")
    def orders_by_status(
        self, status: OrderStatus, limit: Limit = strawberry.UNSET, next_token: str | None = strawberry.UNSET
    ) -> OrderConnection: ...

    @strawberry.field(directives=PUBLIC, description="How an order stands, for whoever holds its unguessable id.")
    def order_status(self, order_id: OrderId) -> OrderView | None: ...

    @strawberry.field(directives=USER, description="The caller's payment (an administrator: anyone's), else null.")
    def payment(self, payment_id: PaymentId) -> Payment | None: ...

    @strawberry.field(directives=USER, description="The caller's payments, newest first.")
    def payments(
        self,
        status: Annotated[
            PaymentStatus | None, strawberry.argument(description="Only those in this status.")
        ] = strawberry.UNSET,
        limit: Limit = strawberry.UNSET,
        next_token: str | None = strawberry.UNSET,
    ) -> PaymentConnection: ...

    @strawberry.field(directives=ADMIN, description="Everyone's payments in one status, newest first.")
    def payments_by_status(
        self, status: PaymentStatus, limit: Limit = strawberry.UNSET, next_token: str | None = strawberry.UNSET
    ) -> PaymentConnection: ...

    @strawberry.field(
        directives=ADMIN,
        description="A payment's events, as its provider sent them; without one, those that name no payment of ours.",
    )
    def payment_events(
        self,
        payment_id: strawberry.ID | None = strawberry.UNSET,
        limit: Limit = strawberry.UNSET,
        next_token: str | None = strawberry.UNSET,
    ) -> PaymentEventConnection: ...

    @strawberry.field(directives=ADMIN, description="A person by id or by e-mail address, else null.")
    def user(self, user_id: UserId = strawberry.UNSET, email: AWSEmail | None = strawberry.UNSET) -> User | None: ...

    @strawberry.field(directives=ADMIN, description="Everyone who is as asked for, newest first.")
    def users(
        self,
        text: Annotated[
            str | None, strawberry.argument(description="Part of a name or an e-mail address, in any case.")
        ] = strawberry.UNSET,
        role: Annotated[Role | None, strawberry.argument(description="Only those of this role.")] = strawberry.UNSET,
        disabled: Annotated[
            bool | None, strawberry.argument(description="Only those who are disabled, or with false are not.")
        ] = strawberry.UNSET,
        limit: Limit = strawberry.UNSET,
        next_token: str | None = strawberry.UNSET,
    ) -> UserConnection: ...

    @strawberry.field(
        directives=ADMIN, description="What was done on a day, or to somebody; by default today. Newest first."
    )
    def audit_trail(
        self,
        day: Day = strawberry.UNSET,
        subject: strawberry.ID | None = strawberry.UNSET,
        limit: Limit = strawberry.UNSET,
        next_token: str | None = strawberry.UNSET,
    ) -> AuditRecordConnection: ...


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

    @strawberry.mutation(directives=USER, description="A form to send a picture with, straight to storage.")
    def create_upload(self, request: Annotated[CreateUploadInput, INPUT]) -> Upload: ...

    @strawberry.mutation(
        directives=USER,
        description="Removes the caller's upload with its images, and answers its id; null where it is gone. Albums and"
        " collages keep their copies; a job that has still to read it fails, and is refunded.",
    )
    def delete_upload(self, upload_id: UploadId) -> strawberry.ID | None: ...

    @strawberry.mutation(directives=USER, description="An album, with pictures from the first, or sent to it.")
    def create_album(self, request: Annotated[AlbumInput, INPUT]) -> Album: ...

    @strawberry.mutation(directives=USER, description="Changes an album, the order of its pictures too.")
    def update_album(self, album_id: AlbumId, request: Annotated[AlbumInput, INPUT]) -> Album | None: ...

    @strawberry.mutation(directives=USER, description="Removes an album with its pictures; answers its id.")
    def delete_album(self, album_id: AlbumId) -> strawberry.ID | None: ...

    @strawberry.mutation(directives=USER, description="Has an album's PDF made; it costs no points.")
    def render_album(self, album_id: AlbumId, product: PdfProduct) -> Album | None: ...

    @strawberry.mutation(directives=USER, description="A collage; its preview comes by itself.")
    def create_collage(self, request: Annotated[CollageInput, INPUT]) -> Collage: ...

    @strawberry.mutation(directives=USER, description="Changes a collage, which makes it a draft again.")
    def update_collage(self, collage_id: CollageId, request: Annotated[CollageInput, INPUT]) -> Collage | None: ...

    @strawberry.mutation(directives=USER, description="Removes a collage with its pictures; answers its id.")
    def delete_collage(self, collage_id: CollageId) -> strawberry.ID | None: ...

    @strawberry.mutation(directives=USER, description="Has a collage made in print size; it costs no points.")
    def render_collage(self, collage_id: CollageId) -> Collage | None: ...

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
    def retry_job(self, job_id: JobId, client_request_id: strawberry.ID) -> Job | None: ...

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
    def set_job_sharing(self, job_id: JobId, shared: bool) -> Job | None: ...  # noqa: FBT001 - the schema's

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

    @strawberry.mutation(directives=ADMIN, description="Gives a person points, or takes some back.")
    def grant_points(self, grant: Annotated[GrantPointsInput, INPUT]) -> User: ...

    @strawberry.mutation(directives=USER, description="Changes what the caller may change of themselves.")
    def update_me(self, changes: Annotated[UpdateMeInput, INPUT]) -> User: ...

    @strawberry.mutation(
        directives=USER, description="Removes the caller and all that is theirs, at once for them; answers their id."
    )
    def delete_me(self) -> strawberry.ID: ...

    @strawberry.mutation(directives=ADMIN, description="Makes somebody an administrator, or no longer one.")
    def set_role(self, user_id: strawberry.ID, role: Role) -> User: ...

    @strawberry.mutation(
        directives=ADMIN,
        description="Locks somebody out at once, open subscriptions too, or lets them in.",
    )
    def set_disabled(self, user_id: strawberry.ID, disabled: bool) -> User: ...  # noqa: FBT001 - the schema's

    @strawberry.mutation(directives=USER, description="A payment for a package of points, and where to pay.")
    def create_payment(self, request: Annotated[CreatePaymentInput, INPUT]) -> Payment: ...

    @strawberry.mutation(
        directives=USER,
        description="Ends the caller's payment that waits to be paid, else null: it is EXPIRED, and another may begin."
        " One that ended unpaid is answered as it is. Money that comes all the same counts.",
    )
    def cancel_payment(self, payment_id: PaymentId) -> Payment | None: ...

    @strawberry.mutation(
        directives=USER, description="An order of albums and collages as they are now; it is paid with createPayment."
    )
    def create_order(self, request: Annotated[CreateOrderInput, INPUT]) -> Order: ...

    @strawberry.mutation(
        directives=USER, description="Ends an order while its `actions` say so; what was paid for it goes back."
    )
    def cancel_order(self, order_id: OrderId) -> Order | None: ...

    @strawberry.mutation(
        directives=USER, description="Sends an order elsewhere in its country, while its `actions` say so."
    )
    def change_order_address(self, order_id: OrderId, address: AddressInput) -> Order | None: ...

    @strawberry.mutation(
        directives=USER, description="Has a paid order looked at now, which happens by itself. Safe to repeat."
    )
    def process_order(self, order_id: OrderId) -> Order | None: ...

    @strawberry.mutation(
        directives=ADMIN,
        description="Ends an order: PENDING becomes CANCELED; PROCESSING becomes COMPLETED, FAILED or CANCELED.",
    )
    def update_order_status(
        self,
        order_id: OrderId,
        status: OrderStatus,
        error_message: Annotated[
            str | None, strawberry.argument(description="What its customer reads, and the audit trail keeps.")
        ] = strawberry.UNSET,
    ) -> Order | None: ...

    @strawberry.mutation(directives=ADMIN, description="Ends a payment's REVIEW.")
    def resolve_payment(self, payment_id: PaymentId, decision: PaymentDecision, note: str) -> Payment | None: ...

    @strawberry.mutation(
        directives=ADMIN,
        description="Has the provider send all of a payment's money back; what was bought goes as it does. Once.",
    )
    def refund_payment(self, payment_id: PaymentId, note: str) -> Payment | None: ...

    @strawberry.mutation(
        directives=ADMIN,
        description="Sets how much of quote one US dollar is, for a day, whatever the provider says; base must be USD.",
    )
    def set_exchange_rate(self, base: Currency, quote: Currency, rate: float) -> ExchangeRate: ...

    @strawberry.mutation(directives=SYSTEM, description="The backend publishes to the subscribers of onJob.")
    def publish_job(self, job: AWSJSON) -> Job | None: ...

    @strawberry.mutation(directives=SYSTEM, description="The backend tells the subscribers of onJobDeleted.")
    def publish_job_deleted(self, job: AWSJSON) -> JobDeleted | None: ...

    @strawberry.mutation(directives=SYSTEM, description="The backend tells the subscribers of onMe.")
    def publish_user(self, user: AWSJSON) -> User | None: ...

    @strawberry.mutation(directives=SYSTEM, description="Ends onMe, onUpload and onJobDeleted of who is shut out.")
    def publish_shut_out(self, person: AWSJSON) -> ShutOut | None: ...

    @strawberry.mutation(directives=SYSTEM, description="The backend tells the subscribers of onUpload.")
    def publish_upload(self, upload: AWSJSON) -> UploadState | None: ...

    @strawberry.mutation(directives=SYSTEM, description="The backend publishes to the subscribers of onPayment.")
    def publish_payment(self, payment: AWSJSON) -> Payment | None: ...

    @strawberry.mutation(directives=SYSTEM, description="The backend tells the subscribers of onAlbum.")
    def publish_album(self, album: AWSJSON) -> Album | None: ...

    @strawberry.mutation(directives=SYSTEM, description="The backend tells the subscribers of onCollage.")
    def publish_collage(self, collage: AWSJSON) -> Collage | None: ...

    @strawberry.mutation(directives=SYSTEM, description="The backend tells the subscribers of onOrder.")
    def publish_order(self, order: AWSJSON) -> Order | None: ...


@strawberry.type
class Subscription:
    @strawberry.subscription(
        directives=(*USER, Subscribe(mutations=["publishJob"])),
        description="Every change of the caller's jobs, or of the one named.",
    )
    def on_job(
        self, owner: Owner, job_id: Annotated[strawberry.ID | None, strawberry.argument(name="id")] = strawberry.UNSET
    ) -> AsyncGenerator[Job | None, None]: ...

    @strawberry.subscription(
        directives=(*USER, Subscribe(mutations=["publishJobDeleted"])),
        description="Every job of the caller's that is deleted; one that is removed at its expiresAt is not.",
    )
    def on_job_deleted(self, owner: Owner) -> AsyncGenerator[JobDeleted | None, None]: ...

    @strawberry.subscription(
        directives=(*USER, Subscribe(mutations=["publishUser"])),
        description="The caller, whenever their points, name, language, mailing, role or being disabled change.",
    )
    def on_me(self, owner: Owner) -> AsyncGenerator[User | None, None]: ...

    @strawberry.subscription(
        directives=(*USER, Subscribe(mutations=["publishUpload"])),
        description="Every upload of the caller's when it is ready or rejected, and when its smaller sizes are there.",
    )
    def on_upload(self, owner: Owner) -> AsyncGenerator[UploadState | None, None]: ...

    @strawberry.subscription(
        directives=(*USER, Subscribe(mutations=["publishPayment"])),
        description="Every change of the caller's payments.",
    )
    def on_payment(self, owner: Owner) -> AsyncGenerator[Payment | None, None]: ...

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

    @strawberry.subscription(
        directives=(*USER, Subscribe(mutations=["publishOrder"])),
        description="Every change of the caller's orders, without address and downloads.",
    )
    def on_order(self, customer: Owner) -> AsyncGenerator[Order | None, None]: ...


schema = strawberry.Schema(
    query=Query,
    mutation=Mutation,
    subscription=Subscription,
    config=StrawberryConfig(scalar_map=SCALARS),
)
