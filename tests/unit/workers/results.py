"""Results as workers and the resizer make them, from whatever a model answers."""

from studio.jobs.model import Job
from tests.unit.imaging import making as m
from tests.unit.workers.fakes import png, runner
from tests.unit.world import World
from workers.arrivals import Arrivals

CODES = "http://cv.iptc.org/newscodes/digitalsourcetype/"
TRAINED, COMPOSITE = f"{CODES}trainedAlgorithmicMedia", f"{CODES}compositeWithTrainedAlgorithmicMedia"
ANSWERS = {
    "PNG": png(640, 480),
    "JPEG": m.sound("JPEG", size=(640, 480)),
    "WebP": m.sound("WEBP", size=(640, 480)),
    "WebP with alpha": m.sound("WEBP", "RGBA", size=(640, 480)),
    "small PNG": png(64, 48),
}


def done(world: World, arrivals: Arrivals, job: Job, answer: bytes) -> Job:
    """Have a job made from this answer of its model, and its smaller sizes too."""
    runner(world, lambda _: answer).run([job.id])
    return sized(world, arrivals, job)


def sized(world: World, arrivals: Arrivals, job: Job) -> Job:
    found = world.jobs.find(job.id)
    assert found
    assert found.image, found.failure
    arrivals.look_at(found.image.key)
    found = world.jobs.find(job.id)
    assert found
    return found


def uploaded(world: World) -> str:
    id_ = world.uploaded()
    upload = world.uploads.find(id_)
    assert upload
    assert upload.image
    world.store(upload.image, png(640, 480))
    return id_


def outpainted(world: World, arrivals: Arrivals, image: str, request: str) -> Job:
    asked = world.edit(image=image, mode="OUTPAINT", outpaint={"left": 32}, clientRequestId=request)
    return done(world, arrivals, asked, png(704, 480))
