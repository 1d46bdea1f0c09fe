"""An owner cancels a whole request, and deletes several jobs at once: each alone, refunded once, and nobody else's."""

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from studio import ids
from studio.dynamo import update
from studio.errors import ErrorType, StudioError
from studio.jobs import states
from studio.jobs.batches import MAX_DELETED, JobBatches
from studio.jobs.model import Job, JobStatus
from studio.media.store import UndeletedError
from tests.unit.world import OTHER, USER, World, picture_of


def batches(world: World) -> JobBatches:
    return JobBatches(world.job_actions, world.requests)


def completed(world: World, job: Job) -> Job:
    job = world.jobs.step(states.claim(job, "w", world.time, 150))
    world.media.put(picture_of(job), b"x")
    return world.jobs.step(states.complete(job, picture_of(job), world.time))


def spoil(world: World, job: Job) -> None:
    world.jobs.apply(update({"id": job.id}, set={"history": "none"}))


def test_a_request_is_canceled_but_for_what_has_ended(world: World) -> None:
    world.joined(points=100)
    first, second, third = world.generate(count=3, clientRequestId="three")
    [other] = world.generate(clientRequestId="other")
    done = completed(world, second)
    canceled = batches(world).cancel_request(USER, "three", world.time)
    assert [job.id for job in canceled] == [first.id, second.id, third.id]
    assert [job.status for job in canceled] == [JobStatus.CANCELED, JobStatus.COMPLETED, JobStatus.CANCELED]
    assert canceled[1] == done
    assert world.jobs.find(other.id) == other
    assert batches(world).cancel_request(USER, "three", world.time) == canceled


def test_of_a_request_only_its_owner_knows(world: World) -> None:
    world.joined()
    world.joined(OTHER)
    [job] = world.generate(clientRequestId="mine")
    for who, named in ((OTHER, "mine"), (USER, "none"), (USER, ""), (USER, "x" * 1000)):
        assert batches(world).cancel_request(who, named, world.time) == []
    assert world.jobs.find(job.id) == job


def test_one_that_cannot_be_read_or_was_deleted_keeps_none_of_a_request(world: World) -> None:
    world.joined(points=100)
    spoiled, gone, last = world.generate(count=3, clientRequestId="three")
    world.job_actions.cancel(USER, gone.id, world.time)
    world.job_actions.delete(USER, gone.id, world.time)
    completed(world, spoiled)
    spoil(world, spoiled)
    canceled = batches(world).cancel_request(USER, "three", world.time)
    assert [(job.id, job.status) for job in canceled] == [(last.id, JobStatus.CANCELED)]


@pytest.mark.parametrize("failing", [0, 1, 2])
def test_one_that_fails_keeps_none_of_the_others_and_is_told(
    world: World, monkeypatch: pytest.MonkeyPatch, failing: int
) -> None:
    world.joined(points=100)
    made = world.generate(count=3, clientRequestId="three")
    cancel = type(world.job_actions).cancel

    def fails(self: Any, caller: Any, id_: str, now: Any) -> Job | None:
        if id_ == made[failing].id:
            raise ConnectionError
        return cancel(self, caller, id_, now)

    with monkeypatch.context() as patch:
        patch.setattr(type(world.job_actions), "cancel", fails)
        with pytest.raises(ConnectionError):
            batches(world).cancel_request(USER, "three", world.time)
    left = [world.jobs.find(job.id) for job in made]
    assert [job.id for job in left if job and job.status == JobStatus.PENDING] == [made[failing].id]
    assert {job.status for job in batches(world).cancel_request(USER, "three", world.time)} == {JobStatus.CANCELED}


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(ends=st.lists(st.sampled_from(["completed", "canceled", "pending", "spoiled", "other's", "none"]), max_size=6))
def test_what_is_deleted_is_what_was_the_callers_and_had_ended(world: World, ends: list[str]) -> None:
    world.clear()
    for who in (USER, OTHER):
        world.joined(who, points=100)
    jobs = [_job(world, end, f"r{i}") for i, end in enumerate(ends)]
    charged = sum(job.charge.points for job, end in zip(jobs, ends, strict=True) if end in {"completed", "pending"})
    named, gone = [job.id for job in jobs], {"completed", "canceled", "spoiled"}
    deleted = [job.id for job, end in zip(jobs, ends, strict=True) if end in gone]
    assert batches(world).delete(USER, [*named, *named], world.time) == deleted
    for job, end in zip(jobs, ends, strict=True):
        assert (world.jobs.row(job.id) is not None) == (end in {"pending", "other's"})
    assert list(world.media.keys("")) == []
    assert (world.person().points, world.drift(), world.drift(OTHER)) == (100 - charged, 0, 0)
    assert batches(world).delete(USER, named, world.time) == []


def _job(world: World, end: str, request: str) -> Job:
    [job] = world.generate(OTHER if end == "other's" else USER, clientRequestId=request)
    if end == "completed":
        completed(world, job)
    if end in {"canceled", "none"}:
        world.job_actions.cancel(USER, job.id, world.time)
    if end == "none":
        world.job_actions.delete(USER, job.id, world.time)
    if end == "spoiled":
        spoil(world, job)
    return job


def test_too_many_or_a_malformed_id_delete_nothing(world: World) -> None:
    world.joined()
    job = completed(world, world.generate()[0])
    for named, type_ in (
        ([job.id, *(ids.new() for _ in range(MAX_DELETED))], ErrorType.TOO_MANY_IDS),
        ([job.id, "x"], ErrorType.ID_MALFORMED),
    ):
        with pytest.raises(StudioError) as error:
            batches(world).delete(USER, named, world.time)
        assert error.value.type == type_
        assert world.jobs.find(job.id) == job
    assert batches(world).delete(USER, [job.id], world.time) == [job.id]


def test_what_storage_keeps_the_sweeper_finishes(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    world.joined(points=100)
    jobs = [completed(world, job) for job in world.generate(count=2)]

    def kept(*_: Any) -> None:
        raise UndeletedError

    with monkeypatch.context() as patch:
        patch.setattr(type(world.media), "delete_job", kept)
        assert batches(world).delete(USER, [job.id for job in jobs], world.time) == [job.id for job in jobs]
    assert world.jobs.find_many([job.id for job in jobs]) == []
    assert all(world.jobs.row(job.id) for job in jobs), "marked, for the sweeper"
