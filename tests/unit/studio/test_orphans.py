"""What belongs to nothing is found, and nothing that belongs to somebody."""

import pytest

from studio.jobs import states
from studio.jobs.model import Job
from studio.media.model import SIZES, StoredImage, Variants
from studio.media.orphans import Loss, Orphans
from studio.media.store import inference_key, original_key, quarantine_key, resized_key, upload_key
from studio.media.uploads import ready, reject
from tests.unit.world import USER, World


def put(world: World, *keys: str) -> None:
    for key in keys:
        world.media.put(image(key), b"x")


def image(key: str) -> StoredImage:
    return StoredImage(key, "image/webp", 1, 1, 1)


def sizes(id_: str) -> Variants:
    return {name: image(resized_key(id_, name)) for name in SIZES}


def completed(world: World, id_: str) -> Job:
    job = world.jobs.step(states.claim(world.generate(clientRequestId=id_)[0], "w", world.time, 150))
    job = world.jobs.step(states.complete(job, image(original_key(job.id, "image/png")), world.time))
    return world.jobs.step(states.resized(job, sizes(job.id), "tag", world.time))


@pytest.fixture
def orphans(world: World) -> Orphans:
    """A studio in order: each state that a row can be in, with its objects."""
    world.joined()
    done, working, canceled = completed(world, "a"), world.generate(clientRequestId="b")[0], world.generate()[0]
    world.jobs.step(states.claim(working, "w", world.time, 150))
    world.care.cancel(USER, canceled.id, world.time)
    put(
        world,
        inference_key(canceled.id),
        f"results/{done.id}/original.png",
        *(each.key for each in sizes(done.id).values()),
    )
    put(world, f"results/{working.id}/original.png", resized_key(working.id, "large"))
    coming, good, bad = world.upload(), world.upload(), world.upload()
    world.uploads.step(ready(good, image(upload_key(USER.sub, good.id)), sizes(good.id), good.expires_at))
    world.uploads.step(reject(bad, "No.", bad.expires_at))
    put(
        world,
        coming.key,
        upload_key(USER.sub, coming.id),
        upload_key(USER.sub, good.id),
        *(each.key for each in sizes(good.id).values()),
    )
    put(world, quarantine_key(USER.sub, bad.id))
    return Orphans(world.jobs, world.uploads, world.media)


def test_a_studio_in_order_has_none(world: World, orphans: Orphans) -> None:
    assert list(orphans.objects()) == []
    assert list(orphans.rows(world.time)) == []


def test_objects_without_a_row_are_found(world: World, orphans: Orphans) -> None:
    canceled = world.care.cancel(USER, world.generate(clientRequestId="late")[0].id, world.time)
    done = completed(world, "other")
    rejected = world.upload()
    world.uploads.step(reject(rejected, "No.", rejected.expires_at))
    assert canceled
    strays = [
        "results/x",
        f"results/{canceled.id}/original.png",
        f"results/{done.id}/original.jpg",
        rejected.key,
        upload_key(USER.sub, rejected.id),
        "incoming/user-1/nobody",
        "resized/nobody/large.webp",
        "uploads/user-1",
        inference_key("nobody"),
        f"quarantine/user-1/{done.id}",
    ]
    put(world, *strays, f"results/{done.id}/original.png", *(each.key for each in sizes(done.id).values()))
    assert sorted(orphans.objects()) == sorted(strays)


def test_rows_without_their_object_are_found(world: World, orphans: Orphans) -> None:
    done = completed(world, "gone")
    put(world, *(each.key for name, each in sizes(done.id).items() if name != "large"))
    lost = {Loss(done.id, f"results/{done.id}/original.png"), Loss(done.id, resized_key(done.id, "large"))}
    assert set(orphans.rows(world.time)) == lost
    world.later(31 * 86_400)
    assert list(orphans.rows(world.time)) == []
