"""How long a model typically takes is counted from what it made, now and then."""

from studio.dynamo import update
from studio.jobs import states
from studio.jobs.model import Job
from studio.jobs.typical_seconds import TypicalSeconds
from tests.unit.world import World, picture_of


def made(world: World, seconds: float, id_: str, model: str = "nanobanana-pro") -> Job:
    """Have an image asked for and made, so many seconds later."""
    (job,) = world.generate(clientRequestId=id_, model=model)
    claimed = world.jobs.step(states.claim(job, "w", world.later(seconds / 2), 150))
    return world.jobs.step(states.complete(claimed, picture_of(claimed), world.later(seconds / 2)))


def test_a_model_that_made_nothing_is_not_known_and_another_takes_its_median(world: World) -> None:
    world.joined()
    typical = TypicalSeconds(world.jobs)
    assert typical.by_model(world.time) == {}
    for i, seconds in enumerate((4, 60, 6)):
        made(world, seconds, f"r{i}")
    made(world, 0.2, "quick", "stable-image")
    failed = world.generate(clientRequestId="canceled", model="sdxl")[0]
    world.jobs.step(states.cancel(failed, world.later(9)))
    assert typical.by_model(world.time) == {}, "it looked a moment ago"
    assert typical.by_model(world.later(300)) == {"nanobanana-pro": 6, "stable-image": 1}


def test_smaller_sizes_that_come_later_do_not_count_and_what_cannot_be_read_is_left_out(world: World) -> None:
    world.joined()
    job = made(world, 5, "one")
    world.jobs.step(states.share(job, world.later(500), shared=False))
    spoiled = made(world, 50, "two")
    world.jobs.apply(update({"id": spoiled.id}, set={"version": "spoiled"}))
    assert TypicalSeconds(world.jobs).by_model(world.time) == {"nanobanana-pro": 5}
