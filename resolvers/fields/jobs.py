"""The fields of jobs: making images, and what an owner does with a job."""

import time
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from resolvers.fields import models as model_fields
from resolvers.fields.graphql import Answer, Fields, caller, caller_or_none, files_at, follow_own, handler_of
from resolvers.shapes import images as image_shapes
from resolvers.shapes import jobs as job_shapes
from resolvers.shapes.base import connection
from studio import ids
from studio.catalogue.rules import StageModels
from studio.clock import now
from studio.errors import ErrorType, StudioError
from studio.functions import Function
from studio.images.model import JobKind
from studio.images.request import (
    ImageRequest,
    camera_sync,
    edit,
    generation,
    texture_transfer,
    transformation,
)
from studio.jobs.actions import JobActions
from studio.jobs.batches import JobBatches
from studio.jobs.create import JobCreator, Limits
from studio.jobs.delete import Deletions
from studio.jobs.download import SECONDS, Downloads, file_name
from studio.jobs.inputs import InputFinder
from studio.jobs.lists import JobLists
from studio.jobs.model import TERMINAL, Job, JobStatus
from studio.jobs.more_like import more_like
from studio.jobs.refund import Refunds
from studio.jobs.table import Jobs
from studio.jobs.typical_seconds import TypicalSeconds
from studio.lists import Listed
from studio.media.links import Link, Links
from studio.media.model import ImageFormat, StoredFile
from studio.media.store import Media
from studio.media.table import Uploads
from studio.people.find_or_create import PersonFinder
from studio.people.guard import Guard
from studio.people.join import UserDirectory, person_creator
from studio.people.model import Role
from studio.requests.table import Requests
from studio.secrets import Secret
from studio.settings import jobs as settings
from studio.settings.environment import read_settings

if TYPE_CHECKING:
    from studio.inputs import (
        EditImageInput,
        GenerateImagesInput,
        JobFilter,
        SyncCameraInput,
        TransferTextureInput,
        TransformImageInput,
    )

MAX_WAIT_SECONDS = 25  # AppSync gives a resolver 30 s
_POLL_SECONDS = (0.15, 0.3, 0.5, 1.0)

app = Fields()
config = read_settings(settings.JobsApi)

_jobs = Jobs(config.jobs_table)
_person_creator = person_creator(config)
_people, _ledger, _usage = _person_creator.people, _person_creator.ledger, _person_creator.usage
_media = Media(config.media_bucket)
_links = Links(config.downloads_url, Secret(config.downloads_secret).text)
_directory = UserDirectory(config.user_pool_id)
_person_finder = PersonFinder(_person_creator, _directory)
_input_finder = InputFinder(Uploads(config.uploads_table), _jobs)
_limits = Limits(
    config.free_images_per_day,
    config.job_ttl_days,
    config.deadline_seconds,
    config.patient_deadline_seconds,
    config.lease_seconds,
    config.running_jobs,
    StageModels(config.workers, config.retirements),
)
_requests = Requests(config.requests_table)
_job_creator = JobCreator(_jobs, _people, _ledger, _requests, _usage, _person_finder, _input_finder, _limits)
_refunds = Refunds(_jobs, _people, _ledger, _usage, _requests)
_job_actions = JobActions(_jobs, Deletions(_jobs, _refunds, _media))
_job_batches = JobBatches(_job_actions, _requests)
_lists = JobLists(_jobs, _requests)
_downloads = Downloads(_media, Function(config.credentials_function, SECONDS))
model_fields.register(app, _job_creator, TypicalSeconds(_jobs))


@app.resolver(type_name="Query", field_name="job")
def job(id: str) -> Answer | None:  # noqa: A002
    return _shown(_job_actions.visible(caller(app), id))


@app.resolver(type_name="Query", field_name="jobs")
def jobs(
    filter: "JobFilter | None" = None,  # noqa: A002
    limit: int | None = None,
    nextToken: str | None = None,  # noqa: N803
) -> Answer:
    return _page(_lists.own(caller(app), filter, limit, nextToken))


@app.resolver(type_name="Query", field_name="jobsByStatus", role=Role.ADMIN)
def jobs_by_status(status: str, limit: int | None = None, nextToken: str | None = None) -> Answer:  # noqa: N803
    return _page(_lists.by_status(JobStatus(status), limit, nextToken))


@app.resolver(type_name="Query", field_name="jobStatus")
def job_status(id: str) -> Answer | None:  # noqa: A002
    found = _job_actions.public(caller_or_none(app), id)
    return job_shapes.job_view(found, _sign, files_at(app, "image")) if found else None


@app.resolver(type_name="Query", field_name="download")
def download(
    jobId: str,  # noqa: N803 - the schema's
    format: str | None = None,  # noqa: A002
    attachment: bool | None = None,  # noqa: FBT001
    label: bool | None = None,  # noqa: FBT001
) -> Answer:
    found = _known(_job_actions.public(caller_or_none(app), jobId))
    if found.image is None:
        raise StudioError(ErrorType.JOB_NOT_COMPLETED, "This job has no image to download.")
    labelled = config.label_downloads if label is None else label
    wanted = ImageFormat(format) if format else None
    file = _downloads.file(found, found.image, labelled=labelled, format_=wanted)
    name = file_name(found, file) if attachment else None
    return image_shapes.download(_links.link(file, config.link_seconds, now(), attachment=name))


@app.resolver(type_name="Query", field_name="moreLike")
def more_like_(jobId: str) -> list[Answer]:  # noqa: N803
    me = caller(app)
    found = _known(_job_actions.own(me, jobId))
    model = _limits.models.usable_by(me, found.model, now().date())
    inputs = _input_finder.remaining(found.owner, found.image_spec.inputs, now())
    return [job_shapes.job_input(spec) for spec in more_like(found, model, inputs)]


@app.resolver(type_name="Mutation", field_name="generateImages", guarded=False)
def generate_images(input: "GenerateImagesInput") -> list[Answer]:  # noqa: A002
    wait = _checked_wait(input.get("waitSeconds"))
    until = time.monotonic() + wait
    made = _job_creator.accept(caller(app), generation(input), now())
    return [_job_shape(job_) for job_ in _finished(made, until)]


@app.resolver(type_name="Mutation", field_name="editImage", guarded=False)
def edit_image(input: "EditImageInput") -> Answer:  # noqa: A002
    return _accepted(edit(input))


@app.resolver(type_name="Mutation", field_name="syncCamera", guarded=False)
def sync_camera(input: "SyncCameraInput") -> Answer:  # noqa: A002
    return _accepted(camera_sync(input))


@app.resolver(type_name="Mutation", field_name="transferTexture", guarded=False)
def transfer_texture(input: "TransferTextureInput") -> Answer:  # noqa: A002
    return _accepted(texture_transfer(input))


@app.resolver(type_name="Mutation", field_name="upscaleImage", guarded=False)
def upscale_image(input: "TransformImageInput") -> Answer:  # noqa: A002
    return _accepted(transformation(JobKind.UPSCALE, input))


@app.resolver(type_name="Mutation", field_name="removeBackground", guarded=False)
def remove_background(input: "TransformImageInput") -> Answer:  # noqa: A002
    return _accepted(transformation(JobKind.REMOVE_BACKGROUND, input))


@app.resolver(type_name="Mutation", field_name="varyImage", guarded=False)
def vary_image(input: "TransformImageInput") -> Answer:  # noqa: A002
    return _accepted(transformation(JobKind.VARIATION, input))


@app.resolver(type_name="Mutation", field_name="cancelJob")
def cancel_job(id: str) -> Answer | None:  # noqa: A002
    return _shown(_job_actions.cancel(caller(app), id, now()))


@app.resolver(type_name="Mutation", field_name="cancelRequest")
def cancel_request(requestId: str) -> list[Answer]:  # noqa: N803
    return [_job_shape(job_) for job_ in _job_batches.cancel_request(caller(app), requestId, now())]


@app.resolver(type_name="Mutation", field_name="retryJob", guarded=False)
def retry_job(id: str, clientRequestId: str) -> Answer | None:  # noqa: A002, N803
    me = caller(app)
    made = _job_creator.retried(me, id, clientRequestId)
    if made is None and (asked := _job_actions.again(me, id, clientRequestId)):
        made = _job_creator.accept(me, asked, now())
    return _shown(made[0]) if made else None


@app.resolver(type_name="Mutation", field_name="deleteJob")
def delete_job(id: str) -> str | None:  # noqa: A002
    return _job_actions.delete(caller(app), id, now())


@app.resolver(type_name="Mutation", field_name="deleteJobs")
def delete_jobs(ids: Sequence[str]) -> list[str]:
    return _job_batches.delete(caller(app), ids, now())


@app.resolver(type_name="Mutation", field_name="setJobSharing")
def set_job_sharing(id: str, shared: bool) -> Answer | None:  # noqa: A002, FBT001 - the schema's
    return _shown(_job_actions.share(caller(app), id, now(), shared=shared))


@app.resolver(type_name="Mutation", field_name="updateJob")
def update_job(
    id: str,  # noqa: A002
    favorite: bool | None = None,  # noqa: FBT001 - the schema's
    tags: Sequence[str] | None = None,
) -> Answer | None:
    return _shown(_job_actions.label(caller(app), id, now(), favorite=favorite, tags=tags))


@app.resolver(type_name="Subscription", field_name="onJob")
def on_job(owner: str, id: str | None = None) -> None:  # noqa: A002
    follow_own(app, owner, "your own jobs")
    if id is not None:
        ids.checked(id)


@app.resolver(type_name="Subscription", field_name="onJobDeleted")
def on_job_deleted(owner: str) -> None:
    follow_own(app, owner, "your own jobs")


def _known(found: Job | None) -> Job:
    if found is None:
        raise StudioError(ErrorType.JOB_UNKNOWN, "There is no job with this id.")
    return found


def _accepted(asked: ImageRequest) -> Answer:
    return _job_shape(_job_creator.accept(caller(app), asked, now())[0])


def _checked_wait(seconds: int | None) -> int:
    if seconds is not None and not 0 <= seconds <= MAX_WAIT_SECONDS:
        message = f"waitSeconds must be 0 to {MAX_WAIT_SECONDS}."
        raise StudioError(ErrorType.WAIT_OUT_OF_RANGE, message, min=0, max=MAX_WAIT_SECONDS)
    return seconds or 0


def _finished(made: list[Job], until: float) -> list[Job]:
    """Look again until every job has ended or the time is up."""
    pauses = iter(_POLL_SECONDS)
    pause = _POLL_SECONDS[0]
    while any(job_.status not in TERMINAL for job_ in made):
        pause = next(pauses, pause)
        if time.monotonic() + pause > until:
            break
        time.sleep(pause)
        made = _jobs.find_many([job_.id for job_ in made])
    return made


def _page(page: Listed[Job]) -> Answer:
    files = files_at(app, "items/image")
    return connection(page, lambda job_: job_shapes.job(job_, _sign, files))


def _shown(job_: Job | None) -> Answer | None:
    return _job_shape(job_) if job_ else None


def _job_shape(job_: Job) -> Answer:
    return job_shapes.job(job_, _sign, files_at(app, "image"))


def _sign(image: StoredFile) -> Link:
    return _links.link(image, config.link_seconds, now())


_second_factor = _directory.has_second_factor if config.second_factor else None
handler: Callable[[Answer, Any], Answer] = handler_of(app, Guard(_people, has_second_factor=_second_factor))
