"""Deleting marks first, then removes, then finishes, and goes on from wherever it was cut off."""

from collections.abc import Callable
from typing import Any

import pytest

from studio.checks.orphans import Orphans
from studio.jobs import states
from studio.jobs.dispatch import Dispatch
from studio.jobs.lists import JobLists
from studio.jobs.model import Job
from studio.jobs.sweep import Sweeper, Swept
from tests.unit.world import OTHER, USER, World, picture_of


@pytest.fixture
def job(world: World) -> Job:
    """A completed job with its image."""
    world.joined()
    job = world.jobs.step(states.claim(world.generate()[0], "w", world.time, 150))
    world.media.put(picture_of(job), b"x")
    return world.jobs.step(states.complete(job, picture_of(job), world.time))


def sweep(world: World) -> Swept:
    dispatch = Dispatch(None, {})  # pyright: ignore[reportArgumentType]
    return Sweeper(world.jobs, world.refunds, world.deletions, dispatch, 150).sweep(world.time)


def kept_by_storage(*_: Any, **__: Any) -> dict[str, Any]:
    return {"Errors": [{"Key": "k", "Code": "InternalError"}]}


def before(world: World, monkeypatch: pytest.MonkeyPatch, call: str, happens: Callable[[], object]) -> None:
    """Have something happen right before the first call of this name."""
    real, waiting = getattr(world.client, call), [happens]

    def called(**request: Any) -> Any:
        while waiting:
            waiting.pop()()
        return real(**request)

    monkeypatch.setattr(world.client, call, called)


def gone(world: World, job: Job) -> bool:
    return world.jobs.get({"id": job.id}) is None and list(world.media.keys("")) == []


def test_a_marked_job_is_seen_by_nobody(world: World, job: Job) -> None:
    assert world.deletions.mark(job, world.time)
    assert world.job_actions.own(USER, job.id) is None
    assert world.job_actions.public(None, job.id) is None
    assert world.jobs.find_many([job.id]) == []
    assert JobLists(world.jobs, world.requests).own(USER, {}, 10, None).items == []
    assert list(Orphans(world.jobs, world.uploads, world.people, world.media).rows(world.time)) == []


def test_smaller_sizes_that_come_at_the_same_time_leave_no_job_without_its_image(
    world: World, job: Job, monkeypatch: pytest.MonkeyPatch
) -> None:
    before(world, monkeypatch, "update_item", lambda: world.jobs.step(states.resized(job, {}, "tag", world.time)))
    assert world.job_actions.delete(USER, job.id, world.time) == job.id
    assert gone(world, job)


def test_two_deletes_at_once_both_answer(world: World, job: Job, monkeypatch: pytest.MonkeyPatch) -> None:
    first: list[str | None] = []
    before(world, monkeypatch, "update_item", lambda: first.append(world.job_actions.delete(USER, job.id, world.time)))
    assert world.job_actions.delete(USER, job.id, world.time) == job.id
    assert first == [job.id]
    assert gone(world, job)


def test_two_that_finish_at_once_both_answer(world: World, job: Job, monkeypatch: pytest.MonkeyPatch) -> None:
    first: list[str | None] = []
    before(world, monkeypatch, "delete_item", lambda: first.append(world.job_actions.delete(USER, job.id, world.time)))
    assert world.job_actions.delete(USER, job.id, world.time) == job.id
    assert first == [job.id]
    assert gone(world, job)


def test_what_storage_keeps_the_sweeper_removes(world: World, job: Job, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(world.media.client, "delete_objects", kept_by_storage)
        assert world.job_actions.delete(USER, job.id, world.time) == job.id
        assert world.jobs.find(job.id) is None
        world.later(states.REFUND_GRACE_SECONDS + 1)
        assert sweep(world) == Swept(errors=1)
    assert sweep(world) == Swept(), "it waits for its pause to end"
    world.later(61)
    assert sweep(world) == Swept(deleted=1)
    assert gone(world, job)


def test_a_delete_that_was_cut_off_goes_on_when_asked_again(world: World, job: Job) -> None:
    assert world.deletions.mark(job, world.time)
    assert world.job_actions.delete(OTHER, job.id, world.time) is None
    assert world.job_actions.delete(USER, job.id, world.time) == job.id
    assert gone(world, job)
    assert world.job_actions.delete(USER, job.id, world.time) is None


def test_what_a_worker_may_be_at_keeps_its_row_until_the_lease_ends(world: World) -> None:
    world.joined()
    job = world.jobs.step(states.claim(world.generate()[0], "w", world.time, 150))
    assert world.job_actions.cancel(USER, job.id, world.time)
    assert world.job_actions.delete(USER, job.id, world.time) == job.id
    assert world.person().points == 20
    world.media.put(picture_of(job), b"late")
    world.later(149)
    assert sweep(world) == Swept()
    assert world.jobs.rows([job.id])
    world.later(2)
    assert sweep(world) == Swept(deleted=1)
    assert gone(world, job)
