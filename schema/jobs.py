"""Jobs: one job makes one image, and is settled, retried and refunded on its own."""

import strawberry

from schema.directives import PUBLIC, USER, USER_AND_SYSTEM
from schema.enums import described
from schema.job_input import JobInput
from schema.scalars import AWSURL, AWSDateTime
from studio.images.model import AspectRatio, ImageSize, JobKind
from studio.jobs.model import JobErrorCode, JobStatus
from studio.media.model import ImageFormat

described(
    JobStatus,
    "COMPLETED, FAILED and CANCELED are ends: a job never leaves them.",
    PENDING="Accepted and charged; waits for a worker.",
    PROCESSING="A worker is at it.",
    COMPLETED="The picture is there.",
    FAILED="It failed, and its points come back.",
    CANCELED="Its owner stopped it; see the refund table.",
)
described(
    JobKind,
    "What a job does with its model.",
    GENERATE="Makes a picture from words.",
    EDIT="Changes a picture where a mask allows it.",
    CAMERA_SYNC="Shows the same scene from another camera.",
    TEXTURE_TRANSFER="Lays a texture onto a picture.",
    UPSCALE="Makes a picture larger.",
    REMOVE_BACKGROUND="Makes what is around the subject transparent.",
    VARIATION="Makes another picture like one.",
)
described(
    JobErrorCode,
    "Why a job failed. Its points are back whatever the code.",
    PROVIDER_UNAVAILABLE="The provider was away or too busy at every try.",
    PROVIDER_REJECTED="The provider refused the request, or answered with no picture that can be used.",
    SAFETY_BLOCKED="The provider's safety rules refused the prompt or the picture.",
    RECITATION="The picture came out too close to an existing work.",
    MODEL_REFUSED="The model declined in words to make it.",
    TIMED_OUT="It took too long.",
    INVALID_IMAGE="A picture that it was to be made from cannot be used.",
    MODEL_RETIRED="The provider has this model no more.",
    INTERNAL="Something went wrong in the studio.",
)
described(
    ImageFormat,
    "What a picture can be downloaded as.",
    PNG="Without loss.",
    JPEG="Small, and opened by everything; no transparency.",
    WEBP="Smaller still, for browsers.",
)


@strawberry.type(directives=PUBLIC, description="One file of a picture.")
class Image:
    url: AWSURL = strawberry.field(description="Signed and short-lived: show it, do not store it.")
    content_type: str = strawberry.field(description="The file's media type.")
    width: int = strawberry.field(description="Pixels.")
    height: int = strawberry.field(description="Pixels.")
    byte_size: int = strawberry.field(description="The file's size in bytes.")
    expires_at: AWSDateTime = strawberry.field(
        description="When the link ends, 30 to 60 minutes from now; for half an hour it stays the same."
    )


@strawberry.type(directives=PUBLIC, description="A picture and its smaller variants, which come a little later.")
class ImageSet:
    original: Image = strawberry.field(description="As it was made or brought.")
    large: Image | None = strawberry.field(
        description="At most 2,048 pixels on its longer side; null until it is made."
    )
    medium: Image | None = strawberry.field(
        description="At most 1,024 pixels on its longer side; null until it is made."
    )
    thumbnail: Image | None = strawberry.field(
        description="At most 320 pixels on its longer side; null until it is made."
    )


@strawberry.type(directives=USER_AND_SYSTEM, description="What a job cost and what came back.")
class Charge:
    points: int = strawberry.field(description="Points taken; 0 where a free daily image was used.")
    free_images: int = strawberry.field(description="Free daily images used.")
    refunded_points: int = strawberry.field(description="Points given back; 0 until a refund.")
    refunded_free_images: int = strawberry.field(description="Free daily images given back; 0 until a refund.")
    refunded_at: AWSDateTime | None = strawberry.field(description="When it was given back; null where nothing was.")


@strawberry.type(directives=USER_AND_SYSTEM, description="One change of a job.")
class JobEvent:
    version: int = strawberry.field(description="The job's version after this change.")
    status: JobStatus = strawberry.field(description="The job's status after this change.")
    at: AWSDateTime = strawberry.field(description="When it changed.")
    note: str | None = strawberry.field(description="What happened, in words; null where the status says it all.")


@strawberry.type(directives=USER_AND_SYSTEM, description="Where in the caller's boards the picture belongs.")
class BoardLink:
    project_id: strawberry.ID | None = strawberry.field(description="The project that shows the picture.")
    board_id: strawberry.ID | None = strawberry.field(description="The board that shows the picture.")
    workflow_id: strawberry.ID | None = strawberry.field(description="The workflow that the picture is a result of.")


@strawberry.type(directives=USER_AND_SYSTEM, description="One image in the making, as its owner sees it.")
class Job:
    id: strawberry.ID = strawberry.field(description="Names the job in every other request; nobody can guess it.")
    owner: strawberry.ID = strawberry.field(description="The id of the person who asked for it.")
    kind: JobKind = strawberry.field(description="What is done.")
    model: str = strawberry.field(description="The id of the model that makes it.")
    prompt: str | None = strawberry.field(description="What was asked for in words; null where nothing was.")
    status: JobStatus = strawberry.field(description="Where it stands.")
    version: int = strawberry.field(description="Grows by one with every change: drop what is not newer than you have.")
    progress: int | None = strawberry.field(
        description="null until the picture is there, then 100: no provider reports how far it is."
    )
    error_code: JobErrorCode | None = strawberry.field(
        description="Why it failed, for programs; null where it has not."
    )
    error_message: str | None = strawberry.field(description="A sentence fit for the person who waits.")
    charge: Charge = strawberry.field(description="What it cost, and what came back.")
    image: ImageSet | None = strawberry.field(description="null until COMPLETED.")
    request_id: strawberry.ID = strawberry.field(description="Shared by the jobs of one generateImages call.")
    index: int = strawberry.field(
        description="Its place among the jobs of its request, from 0, in which generateImages answers them; in lists"
        " too, where they are a millisecond of createdAt apart. 0 also where a job is older than this."
    )
    input: JobInput = strawberry.field(description="What it is made from.")
    link: BoardLink | None = strawberry.field(
        description="Where in the owner's boards it is shown; null where nowhere."
    )
    shared: bool = strawberry.field(description="Whether jobStatus and download answer whoever holds the id.")
    favorite: bool = strawberry.field(description="Whether its owner marked it as one; see updateJob.")
    tags: list[str] = strawberry.field(description="Its owner's own words for it; see updateJob.")
    created_at: AWSDateTime = strawberry.field(description="When it was accepted.")
    updated_at: AWSDateTime = strawberry.field(description="When it last changed.")
    started_at: AWSDateTime | None = strawberry.field(
        description="When a worker first took it; null while it waits, and where it was canceled before."
    )
    ended_at: AWSDateTime | None = strawberry.field(
        description="When it was completed, failed or was canceled; null before. A refund and smaller sizes come later."
    )
    expires_at: AWSDateTime = strawberry.field(
        description="When it is removed with its images: the stage says for how long jobs are kept. The job itself may"
        " be there some days longer."
    )
    history: list[JobEvent] = strawberry.field(
        description="Every change so far: what a client missed while it was away. Of more than 100 the latest, and all"
        " changes of status."
    )


@strawberry.type(directives=PUBLIC, description="A job for whoever holds its id: no prompt, no owner, no charge.")
class JobView:
    id: strawberry.ID = strawberry.field(description="The job's id.")
    status: JobStatus = strawberry.field(description="Where it stands.")
    version: int = strawberry.field(description="Grows by one with every change: drop what is not newer than you have.")
    progress: int | None = strawberry.field(
        description="null until the picture is there, then 100: no provider reports how far it is."
    )
    error_code: JobErrorCode | None = strawberry.field(
        description="Why it failed, for programs; null where it has not."
    )
    error_message: str | None = strawberry.field(description="A sentence fit for the person who waits.")
    image: ImageSet | None = strawberry.field(description="null until COMPLETED.")
    updated_at: AWSDateTime = strawberry.field(description="When it last changed.")


@strawberry.type(directives=USER_AND_SYSTEM, description="A job that its owner has deleted.")
class JobDeleted:
    id: strawberry.ID = strawberry.field(description="The id of the job that is gone.")
    owner: strawberry.ID = strawberry.field(description="The id of the person whose it was.")


@strawberry.type(directives=USER, description="One page of jobs.")
class JobConnection:
    items: list[Job] = strawberry.field(description="The jobs of this page.")
    next_token: str | None = strawberry.field(description="Ask with it for the next page; null on the last one.")


@strawberry.type(directives=PUBLIC, description="A link to a finished picture.")
class Download:
    url: AWSURL = strawberry.field(description="Signed and short-lived: follow it, do not store it.")
    expires_at: AWSDateTime = strawberry.field(description="When the link ends.")


@strawberry.input(description="Where in the caller's boards the picture belongs.")
class BoardLinkInput:
    project_id: strawberry.ID | None = strawberry.field(
        default=strawberry.UNSET,
        description="The project that is to show the picture: 1 to 128 letters, digits, - and _.",
    )
    board_id: strawberry.ID | None = strawberry.field(
        default=strawberry.UNSET,
        description="The board that is to show the picture: 1 to 128 letters, digits, - and _.",
    )
    workflow_id: strawberry.ID | None = strawberry.field(
        default=strawberry.UNSET,
        description="The workflow that the picture is a result of: 1 to 128 letters, digits, - and _.",
    )


@strawberry.input(description="All conditions that are set must hold.")
class JobFilter:
    status: JobStatus | None = strawberry.field(default=strawberry.UNSET, description="In this status.")
    statuses: list[JobStatus] | None = strawberry.field(
        default=strawberry.UNSET, description="In one of these; an empty list matches nothing, here and below."
    )
    kind: JobKind | None = strawberry.field(default=strawberry.UNSET, description="Of this kind.")
    kinds: list[JobKind] | None = strawberry.field(default=strawberry.UNSET, description="Of one of these kinds.")
    model: str | None = strawberry.field(default=strawberry.UNSET, description="Made by the model of this id.")
    request_id: strawberry.ID | None = strawberry.field(
        default=strawberry.UNSET, description="Made by the request of this clientRequestId."
    )
    ids: list[strawberry.ID] | None = strawberry.field(
        default=strawberry.UNSET,
        description="One of these, 100 at most. What is nobody's, somebody else's or has been deleted is left out: so"
        " this tells which of the jobs that a client holds are still there.",
    )
    board_id: strawberry.ID | None = strawberry.field(
        default=strawberry.UNSET, description="Whose link has this board."
    )
    created_after: AWSDateTime | None = strawberry.field(
        default=strawberry.UNSET, description="Made later than this, to the millisecond."
    )
    updated_since: AWSDateTime | None = strawberry.field(
        default=strawberry.UNSET,
        description="Changed at this time or later. They come in the order of their last change, the latest at the end:"
        " what changes meanwhile comes again, rather than being missed. To catch up, ask for what changed since a"
        " minute before the latest updatedAt that the client has, and drop what is of no newer version. Deleted jobs"
        " are not among them: see ids.",
    )
    text: str | None = strawberry.field(
        default=strawberry.UNSET, description="With this in its prompt, in any case; blank asks for nothing."
    )
    favorite: bool | None = strawberry.field(
        default=strawberry.UNSET, description="Marked as a favorite, or with false not."
    )
    tag: str | None = strawberry.field(default=strawberry.UNSET, description="With this tag, in any case.")


@strawberry.input(description="What to make. Nothing is charged unless all of it is accepted.")
class GenerateImagesInput:
    client_request_id: strawberry.ID = strawberry.field(
        description="Made by the client. The same id again gives the same jobs and is charged once, for ever."
    )
    model: str = strawberry.field(description="A model's id, of those whose kinds have GENERATE.")
    prompt: str = strawberry.field(description="1 to 4,000 characters.")
    negative_prompt: str | None = strawberry.field(
        default=strawberry.UNSET, description="What to keep out of the picture."
    )
    count: int | None = strawberry.field(
        default=strawberry.UNSET, description="1 to 8 images, one job each; default 1."
    )
    size: ImageSize | None = strawberry.field(default=strawberry.UNSET, description="Default ONE_K.")
    aspect_ratio: AspectRatio | None = strawberry.field(default=strawberry.UNSET, description="Default SQUARE.")
    seed: int | None = strawberry.field(
        default=strawberry.UNSET, description="Equal seeds, equal pictures, where the model can."
    )
    references: list[strawberry.ID] | None = strawberry.field(
        default=strawberry.UNSET,
        description="Up to 6 of the caller's own uploads or completed jobs, where the model looks at references.",
    )
    link: BoardLinkInput | None = strawberry.field(
        default=strawberry.UNSET, description="Where in the caller's boards the pictures are to be shown."
    )
    wait_seconds: int | None = strawberry.field(
        default=strawberry.UNSET,
        description="0 to 25, default 0: answer when all is settled, or after so many seconds.",
    )
