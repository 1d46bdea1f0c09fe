"""A failed or canceled job gives its charge back exactly once, however often it is told."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from studio.catalogue import data
from studio.clock import millis
from studio.dynamo import update
from studio.errors import ErrorType, StudioError
from studio.jobs import brakes, states
from studio.jobs.model import Failure, Job, JobErrorCode, JobStatus
from studio.ledger.model import PointsReason
from tests.unit.world import NOON, USER, World, picture_of

BLOCKED = Failure(JobErrorCode.SAFETY_BLOCKED, "The safety filter blocked this image.")


def failed(world: World, code: JobErrorCode = JobErrorCode.INTERNAL, **given: Any) -> Job:
    job = world.generate(**given)[0]
    return world.jobs.step(states.fail(job, Failure(code, "It failed."), world.time))


@pytest.mark.parametrize("code", list(JobErrorCode))
def test_whatever_failed_all_points_come_back_once(world: World, code: JobErrorCode) -> None:
    world.joined()
    job = failed(world, code)
    assert world.refunds.give_back(job, world.time)
    assert not world.refunds.give_back(job, world.time)
    assert world.person().points == 20
    assert world.drift() == 0
    entry = next(e for e in world.entries() if e.reason == PointsReason.REFUND)
    assert (entry.id, entry.points, entry.job_id) == (f"refund#{job.id}", 1, job.id)
    assert world.usage.day(USER.sub, "2026-11-20").total.points == 0


@pytest.mark.parametrize("code", list(JobErrorCode))
def test_only_what_a_safety_filter_blocked_is_counted(world: World, code: JobErrorCode) -> None:
    world.joined()
    world.refunds.give_back(failed(world, code), world.time)
    assert len(world.person().counted["blocks"]) == (code == JobErrorCode.SAFETY_BLOCKED)


def test_a_canceled_job_is_refunded(world: World) -> None:
    world.joined()
    job = world.jobs.step(states.cancel(world.generate()[0], world.time))
    assert world.refunds.give_back(job, world.time)
    assert world.person().points == 20


@pytest.mark.parametrize("end", [JobStatus.PENDING, JobStatus.PROCESSING, JobStatus.COMPLETED])
def test_nothing_else_is_refunded(world: World, end: JobStatus) -> None:
    world.joined()
    job = world.generate()[0]
    if end != JobStatus.PENDING:
        job = world.jobs.step(states.claim(job, "w", world.time, 150))
    if end == JobStatus.COMPLETED:
        job = world.jobs.step(states.complete(job, picture_of(job), world.time))
    assert not world.refunds.give_back(job, world.time)
    assert world.person().points == 19


def test_one_image_of_a_request_settles_on_its_own(world: World) -> None:
    world.joined()
    first, *_ = world.generate(count=4)
    world.refunds.give_back(world.jobs.step(states.cancel(first, world.time)), world.time)
    assert world.person().points == 17


@pytest.mark.parametrize("code", [JobErrorCode.INTERNAL, JobErrorCode.SAFETY_BLOCKED])
def test_a_free_image_comes_back_on_the_day_it_was_taken(
    world: World, monkeypatch: pytest.MonkeyPatch, code: JobErrorCode
) -> None:
    pro = next(model for model in data.CATALOGUE if model.id == "nanobanana-pro")
    monkeypatch.setattr("studio.catalogue.rules.CATALOGUE", (replace(pro, id="daily", daily_free=True),))
    world.joined()
    job = failed(world, code, model="daily")
    assert job.charge.free_images == 1
    world.later(86_400)
    assert world.refunds.give_back(job, world.time)
    assert world.usage.day(USER.sub, "2026-11-20").of("daily").free == 0
    assert world.person().points == 20
    assert [e.reason for e in world.entries()] == [PointsReason.SIGN_UP]
    assert world.person().moves == 1
    assert len(world.person().counted["blocks"]) == (code == JobErrorCode.SAFETY_BLOCKED)


def test_more_than_ten_blocked_images_in_an_hour_close_generation_for_an_hour(world: World) -> None:
    world.joined()
    for i in range(11):
        assert not world.person().closed_until
        job = failed(world, JobErrorCode.SAFETY_BLOCKED, clientRequestId=f"r{i}")
        world.refunds.give_back(job, world.later(60))
    assert world.person().closed_until == millis(world.time + timedelta(hours=1))
    with pytest.raises(StudioError) as error:
        world.generate(clientRequestId="closed")
    assert error.value.type == ErrorType.GENERATION_CLOSED
    assert world.person().points == 20
    assert world.drift() == 0


def test_blocked_images_of_more_than_an_hour_do_not_count(world: World) -> None:
    world.joined()
    for i in range(15):
        job = failed(world, JobErrorCode.SAFETY_BLOCKED, clientRequestId=f"r{i}")
        world.refunds.give_back(job, world.later(6 * 60))
    assert world.person().closed_until <= millis(NOON)


def test_the_same_blocked_image_counts_once(world: World) -> None:
    world.joined()
    job = failed(world, JobErrorCode.SAFETY_BLOCKED)
    for _ in range(20):
        world.refunds.give_back(job, world.time)
    assert len(world.person().counted["blocks"]) == 1


def canceled_at_work(world: World, name: str) -> Job:
    job = world.jobs.step(states.claim(world.generate(clientRequestId=name)[0], "w", world.time, 1))
    canceled = world.job_actions.cancel(USER, job.id, world.time)
    assert canceled
    return canceled


def test_more_than_24_images_canceled_at_work_in_an_hour_close_generation_for_an_hour(world: World) -> None:
    world.joined()
    for i in range(brakes.CANCELS.most + 1):
        assert not world.person().closed_until
        world.refunds.give_back(canceled_at_work(world, f"r{i}"), world.later(60))
    assert world.person().closed_until == millis(world.time + timedelta(hours=1))
    with pytest.raises(StudioError, match="canceled while they were being made") as error:
        world.generate(clientRequestId="closed")
    assert error.value.type == ErrorType.GENERATION_CLOSED
    world.later(3600)
    assert world.generate(clientRequestId="open-again")
    assert world.drift() == 0


def test_canceled_before_work_began_counts_for_nothing(world: World) -> None:
    world.joined()
    for i in range(2 * brakes.CANCELS.most):
        job = world.job_actions.cancel(USER, world.generate(clientRequestId=f"r{i}")[0].id, world.time)
        assert job
        world.refunds.give_back(job, world.time)
    assert not world.person().closed_until


def test_blocked_and_canceled_images_are_counted_apart(world: World) -> None:
    world.joined()
    for i in range(brakes.BLOCKS.most):
        world.refunds.give_back(failed(world, JobErrorCode.SAFETY_BLOCKED, clientRequestId=f"b{i}"), world.time)
        world.refunds.give_back(canceled_at_work(world, f"c{i}"), world.time)
    person = world.person()
    assert not person.closed_until
    assert {name: len(times) for name, times in person.counted.items()} == {"blocks": 10, "cancels": 10}


def test_the_times_of_a_row_from_before_they_were_kept_begin_with_none(world: World) -> None:
    world.joined()
    world.people.apply(update({"id": USER.sub}, remove=("cancels",)))
    assert world.refunds.give_back(canceled_at_work(world, "r"), world.time)
    assert world.person().counted["cancels"] == (millis(world.time),)
