"""Images that have just been stored, and how they stand."""

from typing import Any

from studio.clock import now
from studio.functions import Function
from studio.jobs import states
from studio.jobs.model import Job
from studio.media.model import Upload
from studio.provenance.table import Fingerprints
from tests.unit.fault_injection import unreachable
from tests.unit.world import World
from workers.arrivals import Arrivals
from workers.origins import Origins
from workers.picture import inspect
from workers.uploads import ArrivedUploads


def fingerprints_of(world: World) -> Fingerprints:
    return Fingerprints("Fingerprints", world.client)


def arrivals_of(world: World, check: Function | None = None) -> Arrivals:
    """Return what looks at new images; `check` is asked of content credentials."""
    origins = Origins(check or Function("nobody", 1, unreachable))
    uploads = ArrivedUploads(world.uploads, world.media, 30, origins)
    return Arrivals(world.jobs, world.media, uploads, fingerprints_of(world))


def send(world: World, content: bytes, **given_: Any) -> Upload:
    """Send a file with an upload's form, as S3 takes it."""
    upload = world.upload(**given_)
    world.media.client.put_object(Bucket="media", Key=upload.key, Body=content, ContentType=upload.content_type)
    return upload


def stored(world: World, job: Job, content: bytes) -> str:
    image = inspect(job.prefix, content)
    world.media.put(image, content, job.id)
    return image.key


def claimed(world: World, **given_: Any) -> Job:
    return world.jobs.step(states.claim(world.generate(**given_)[0], "w", world.time, 150))


def completed(world: World, content: bytes) -> Job:
    job = claimed(world)
    stored(world, job, content)
    return world.jobs.step(states.complete(job, inspect(job.prefix, content), now()))


def upload_now(world: World, upload: Upload) -> Upload:
    found = world.uploads.find(upload.id)
    assert found
    return found


def job_now(world: World, job: Job) -> Job:
    found = world.jobs.find(job.id)
    assert found
    return found


def key_of(job: Job) -> str:
    assert job.image
    return job.image.key


def resized(world: World, id_: str = "") -> list[str]:
    return [key.rpartition("/")[2] for key in world.media.keys(f"resized/{id_}")]
