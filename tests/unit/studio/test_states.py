"""A job's state only changes in legal steps, each from exactly what was read."""

from collections.abc import Callable
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from studio.clock import millis
from studio.dynamo import ConditionFailed, Update
from studio.jobs import refund, states
from studio.jobs.model import TERMINAL, Failure, Job, JobErrorCode, JobStatus
from studio.media.model import StoredImage
from tests.unit.world import World

FAILURE = Failure(JobErrorCode.PROVIDER_UNAVAILABLE, "The image model is not available right now.")
IMAGE = StoredImage("results/vertex/x/original.png", "image/png", 1024, 1024, 9)


def steps(world: World) -> dict[str, Callable[[Job], Update]]:
    return {
        "claim": lambda job: states.claim(job, "worker", world.time, 150),
        "complete": lambda job: states.complete(job, IMAGE, world.time),
        "fail": lambda job: states.fail(job, FAILURE, world.time),
        "cancel": lambda job: states.cancel(job, world.time),
    }


ALLOWED = {
    JobStatus.PENDING: {"claim", "fail", "cancel"},
    JobStatus.PROCESSING: {"claim", "complete", "fail", "cancel"},
    JobStatus.COMPLETED: set[str](),
    JobStatus.FAILED: set[str](),
    JobStatus.CANCELED: set[str](),
}


def bring_to(world: World, status: JobStatus) -> Job:
    world.joined()
    job = world.generate()[0]
    path = {
        JobStatus.PENDING: [],
        JobStatus.PROCESSING: ["claim"],
        JobStatus.COMPLETED: ["claim", "complete"],
        JobStatus.FAILED: ["claim", "fail"],
        JobStatus.CANCELED: ["cancel"],
    }[status]
    for name in path:
        job = world.jobs.step(steps(world)[name](job))
    return job


@pytest.mark.parametrize("status", list(JobStatus))
@pytest.mark.parametrize("name", ["claim", "complete", "fail", "cancel"])
def test_only_legal_steps_can_be_asked_for(world: World, status: JobStatus, name: str) -> None:
    job = bring_to(world, status)
    # FAILED and CANCELED step to themselves, but only by a refund.
    if name in ALLOWED[status] or (status, name) in {(JobStatus.FAILED, "fail"), (JobStatus.CANCELED, "cancel")}:
        assert steps(world)[name](job)
    else:
        with pytest.raises(states.IllegalChangeError):
            steps(world)[name](job)


@pytest.mark.parametrize("first", ["claim", "complete", "fail", "cancel"])
@pytest.mark.parametrize("second", ["claim", "complete", "fail", "cancel"])
def test_of_two_steps_from_the_same_state_one_is_refused(world: World, first: str, second: str) -> None:
    seen = bring_to(world, JobStatus.PROCESSING)
    after = world.jobs.step(steps(world)[first](seen))
    with pytest.raises(ConditionFailed):
        world.jobs.step(steps(world)[second](seen))
    assert world.jobs.find(seen.id) == after


def test_every_change_has_a_version_and_a_place_in_the_history(world: World) -> None:
    job = bring_to(world, JobStatus.FAILED)
    world.refunds.give_back(job, world.time)
    job = world.jobs.find(job.id)
    assert job
    assert [(e.version, e.status) for e in job.history] == [
        (1, JobStatus.PENDING),
        (2, JobStatus.PROCESSING),
        (3, JobStatus.FAILED),
        (4, JobStatus.FAILED),
    ]
    assert job.version == 4
    assert job.history[-1].note == "1 point given back."


def test_of_a_job_that_is_shared_on_and_off_those_of_its_status_and_the_latest_changes_are_kept(world: World) -> None:
    job = bring_to(world, JobStatus.COMPLETED)
    began, ended = job.started_at, job.ended_at
    for i in range(2 * states.MOST_HISTORY):
        job = world.jobs.step(states.share(job, world.time, shared=bool(i % 2)))
    assert len(job.history) == states.MOST_HISTORY
    latest = range(job.version - states.MOST_HISTORY + 4, job.version + 1)
    assert [event.version for event in job.history] == [1, 2, 3, *latest]
    assert (job.started_at, job.ended_at) == (began, ended)
    assert ended


def test_a_lease_holds_until_it_runs_out(world: World) -> None:
    job = bring_to(world, JobStatus.PROCESSING)
    assert not states.claimable(job, world.time)
    assert not states.claimable(job, world.later(149))
    assert states.claimable(job, world.later(2))
    again = world.jobs.step(states.claim(job, "another", world.time, 150))
    assert ((world.jobs.get({"id": again.id}) or {})["lease"], again.claims, again.version) == ("another", 2, 3)


def test_a_renewed_lease_cannot_be_taken_over(world: World) -> None:
    job = bring_to(world, JobStatus.PROCESSING)
    world.later(151)
    world.jobs.apply(states.renew(job, world.time, 150))
    with pytest.raises(ConditionFailed):
        world.jobs.step(states.claim(job, "another", world.time, 150))


def test_renewing_is_invisible_to_clients(world: World) -> None:
    job = bring_to(world, JobStatus.PROCESSING)
    world.jobs.apply(states.renew(job, world.later(1), 150))
    now = world.jobs.find(job.id)
    end = millis(world.time) + 150_000
    assert now == replace(job, due=end, lease_end=end)


def test_no_lease_outlives_the_deadline(world: World) -> None:
    job = bring_to(world, JobStatus.PENDING)
    world.later(800)
    claimed = world.jobs.step(states.claim(job, "worker", world.time, 150))
    assert claimed.due == claimed.deadline


def test_a_job_is_claimed_three_times_at_most(world: World) -> None:
    job = bring_to(world, JobStatus.PENDING)
    for _ in range(states.MAX_CLAIMS):
        assert states.claimable(job, world.time)
        job = world.jobs.step(states.claim(job, "worker", world.time, 150))
        world.later(151)
    assert not states.claimable(job, world.time)
    assert states.stuck(job, world.time)


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.sampled_from(["claim", "complete", "fail", "cancel", "refund", "stale"]), max_size=10))
def test_any_order_of_steps_ends_once_and_refunds_once(world: World, names: list[str]) -> None:
    world.clear().joined(points=1)
    stale = job = world.generate()[0]
    ends: list[JobStatus] = []
    for name in names:
        world.later(200)
        if name == "refund":
            world.refunds.give_back(job, world.time)
        else:
            try:
                seen, step = (stale, "fail") if name == "stale" else (job, name)
                if seen.status not in TERMINAL:
                    job = world.jobs.step(steps(world)[step](seen))
                    ends += [job.status] if job.status in TERMINAL else []
            except (ConditionFailed, states.IllegalChangeError):
                pass
    assert len(ends) <= 1
    current = world.jobs.find(job.id)
    assert current
    world.refunds.give_back(current, world.time)
    assert world.person().points == (1 if refund.due(current) or current.refunded_at else 0)
    assert world.drift() == 0
    versions = [event.version for event in current.history]
    assert versions == list(range(1, current.version + 1))
