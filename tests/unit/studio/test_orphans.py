"""What belongs to nothing is found, and nothing that belongs to somebody."""

import pytest

from studio.checks.orphans import Loss, Orphans
from studio.jobs import states
from studio.jobs.model import Job
from studio.media.keys import (
    inference_key,
    original_key,
    quarantine_key,
    resized_key,
    signed_key,
    signed_keys,
    sizes_of,
    upload_key,
)
from studio.media.model import SIZES, StoredImage, UploadRejection, Variants
from studio.media.table import ready, reject
from tests.unit.world import USER, World


def put(world: World, *keys: str, job: Job | None = None) -> None:
    for key in keys:
        world.media.put(image(key), b"x", job.id if job else None)


def put_all(world: World, job: Job) -> None:
    put(world, f"{job.prefix}/original.png", *(each.key for each in sizes(sizes_of(job.prefix)).values()), job=job)


def image(key: str) -> StoredImage:
    return StoredImage(key, "image/webp", 1, 1, 1)


def sizes(place: str) -> Variants:
    return {name: image(resized_key(place, name)) for name in SIZES}


def signed_keys_of(job: Job) -> list[str]:
    return list(signed_keys(job.prefix))


def completed(world: World, id_: str) -> Job:
    job = world.jobs.step(states.claim(world.generate(clientRequestId=id_)[0], "w", world.time, 150))
    job = world.jobs.step(states.complete(job, image(original_key(job.prefix, "image/png")), world.time))
    return world.jobs.step(states.resized(job, sizes(sizes_of(job.prefix)), "tag", world.time))


@pytest.fixture
def orphans(world: World) -> Orphans:
    """A studio in order: each state that a row can be in, with its objects."""
    world.joined()
    done, working, canceled = completed(world, "a"), world.generate(clientRequestId="b")[0], world.generate()[0]
    working = world.jobs.step(states.claim(working, "w", world.time, 150))
    world.job_actions.cancel(USER, canceled.id, world.time)
    put(world, inference_key(canceled.id))
    put_all(world, done)
    put(world, *signed_keys_of(done), job=done)
    put(world, f"{working.prefix}/original.png", resized_key(sizes_of(working.prefix), "large"), job=working)
    coming, good, bad = world.upload(), world.upload(), world.upload()
    world.uploads.step(ready(good, image(upload_key(USER.sub, good.id)), sizes(good.id), good.expires_at))
    world.uploads.step(reject(bad, UploadRejection.DAMAGED, "No.", bad.expires_at))
    put(
        world,
        coming.key,
        upload_key(USER.sub, coming.id),
        upload_key(USER.sub, good.id),
        *(each.key for each in sizes(good.id).values()),
    )
    put(world, quarantine_key(USER.sub, bad.id))
    return Orphans(world.jobs, world.uploads, world.people, world.media)


def test_a_studio_in_order_has_none(world: World, orphans: Orphans) -> None:
    assert list(orphans.objects()) == []
    assert list(orphans.rows(world.time)) == []


def test_objects_without_a_row_are_found(world: World, orphans: Orphans) -> None:
    canceled = world.jobs.step(states.claim(world.generate(clientRequestId="late")[0], "w", world.time, 150))
    world.job_actions.cancel(USER, canceled.id, world.time)
    twice = world.jobs.step(states.claim(world.generate(clientRequestId="twice")[0], "w", world.time, 150))
    world.jobs.step(states.claim(twice, "v", world.time, 150))
    done = completed(world, "other")
    rejected = world.upload()
    world.uploads.step(reject(rejected, UploadRejection.DAMAGED, "No.", rejected.expires_at))
    of_jobs = {
        f"{canceled.prefix}/original.png": canceled,
        f"{twice.prefix}/original.png": twice,
        resized_key(sizes_of(twice.prefix), "large"): twice,
        f"{done.prefix}/original.jpg": done,
        f"signed/vertex/{done.id}/original.png": done,
        signed_key(f"{canceled.prefix}/original.png", labelled=True): canceled,
        f"results/vertex/{done.id}/original.png": done,
    }
    strays = [
        "results/x",
        rejected.key,
        upload_key(USER.sub, rejected.id),
        "incoming/user-1/nobody",
        "resized/nobody/large.webp",
        "uploads/user-1",
        inference_key("nobody"),
        f"quarantine/user-1/{done.id}",
    ]
    put(world, *strays)
    put_all(world, done)
    for key, job in of_jobs.items():
        put(world, key, job=job)
    assert sorted(orphans.objects()) == sorted([*strays, *of_jobs])


def test_rows_without_their_object_are_found(world: World, orphans: Orphans) -> None:
    done = completed(world, "gone")
    place = sizes_of(done.prefix)
    put(world, *(each.key for name, each in sizes(place).items() if name != "large"), job=done)
    lost = {Loss(done.id, f"{done.prefix}/original.png"), Loss(done.id, resized_key(place, "large"))}
    assert set(orphans.rows(world.time)) == lost
    world.later(31 * 86_400)
    assert list(orphans.rows(world.time)) == []
