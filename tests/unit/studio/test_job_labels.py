"""An owner marks a job, to find it again: as a favorite, and with words of their own."""

from typing import Any

import pytest

from studio import ids
from studio.dynamo import ConditionFailed, update
from studio.errors import ErrorType, StudioError
from studio.jobs import states
from studio.jobs.item import job_from_item
from studio.jobs.model import Job, JobStatus
from studio.jobs.tags import checked_tags
from tests.unit.world import OTHER, USER, World, picture_of


def completed(world: World) -> Job:
    job = world.jobs.step(states.claim(world.generate()[0], "w", world.time, 150))
    return world.jobs.step(states.complete(job, picture_of(job), world.time))


def label(world: World, job: Job, favorite: bool | None = None, tags: list[str] | None = None) -> Job:
    found = world.job_actions.label(USER, job.id, world.later(1), favorite=favorite, tags=tags)
    assert found
    assert world.jobs.find(job.id) == found
    return found


def test_a_job_that_has_ended_gets_a_version_for_every_change(world: World) -> None:
    world.joined()
    job = completed(world)
    assert (job.favorite, job.tags) == (False, ())
    loved = label(world, job, favorite=True)
    assert (loved.favorite, loved.tags, loved.version) == (True, (), job.version + 1)
    assert (loved.updated_at > job.updated_at, loved.ended_at) == (True, job.ended_at)
    tagged = label(world, job, tags=["cover", "Huế"])
    assert (tagged.favorite, tagged.tags, tagged.version) == (True, ("cover", "Huế"), job.version + 2)
    cleared = label(world, job, favorite=False, tags=[])
    assert (cleared.favorite, cleared.tags, cleared.version) == (False, (), job.version + 3)
    assert [event.version for event in cleared.history] == [*range(1, cleared.version + 1)]


def test_what_changes_nothing_has_no_version(world: World) -> None:
    world.joined()
    job = label(world, completed(world), favorite=True, tags=["a"])
    for favorite, tags in ((None, None), (True, None), (None, ["a"]), (True, [" a "])):
        assert label(world, job, favorite, tags) == job


def test_a_job_at_work_is_marked_without_its_worker_noticing(world: World) -> None:
    world.joined()
    job = world.jobs.step(states.claim(world.generate()[0], "w", world.time, 150))
    marked = label(world, job, favorite=True, tags=["a"])
    assert (marked.favorite, marked.tags, marked.version, marked.updated_at) == (True, ("a",), 2, job.updated_at)
    done = world.jobs.step(states.complete(job, picture_of(job), world.time))
    assert (done.status, done.favorite, done.tags) == (JobStatus.COMPLETED, True, ("a",))


def test_of_two_changes_at_once_none_is_lost(world: World) -> None:
    world.joined()
    job = completed(world)
    label(world, job, favorite=True)
    with pytest.raises(ConditionFailed):
        world.jobs.step(states.label(job, world.time, tags=["a"]))
    assert label(world, job, tags=["a"]).favorite


def test_nobody_else_marks_it(world: World) -> None:
    world.joined()
    job = completed(world)
    assert world.job_actions.label(OTHER, job.id, world.time, favorite=True, tags=None) is None
    assert world.job_actions.label(USER, ids.new(), world.time, favorite=True, tags=None) is None
    assert world.jobs.find(job.id) == job


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ([], ()),
        (["b", "a", "B", " a\u2003"], ("b", "a")),
        (["Hue\u0302\u0301", "HUẾ"], ("Huế",)),
        (["🌊" * 50], ("🌊" * 50,)),
        ([f"{n}" for n in range(20)] + ["0"] * 90, tuple(f"{n}" for n in range(20))),
    ],
)
def test_tags_are_kept_once_and_trimmed(given: list[str], kept: tuple[str, ...]) -> None:
    assert checked_tags(given) == kept


@pytest.mark.parametrize(
    ("given", "type_"),
    [
        ([""], ErrorType.TAG_MALFORMED),
        (["\u200b"], ErrorType.TAG_MALFORMED),
        (["x" * 51], ErrorType.TAG_MALFORMED),
        (["two\nlines"], ErrorType.TAG_MALFORMED),
        (["\u202egnp"], ErrorType.TAG_MALFORMED),
        (["\x00"], ErrorType.TAG_MALFORMED),
        ([f"{n}" for n in range(21)], ErrorType.TOO_MANY_TAGS),
    ],
)
def test_tags_that_nobody_could_read_are_refused(given: list[str], type_: ErrorType) -> None:
    with pytest.raises(StudioError) as error:
        checked_tags(given)
    assert error.value.type == type_


@pytest.mark.parametrize("spoiled", [{"favorite": "yes"}, {"tags": "a"}, {"tags": [1]}])
def test_marks_that_could_not_be_answered_are_refused(world: World, spoiled: dict[str, Any]) -> None:
    world.joined()
    job = completed(world)
    row = world.jobs.apply(update({"id": job.id}, set=spoiled))
    with pytest.raises(Exception, match=next(iter(spoiled))):
        job_from_item(row)
