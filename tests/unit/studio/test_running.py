"""Nobody has more jobs in the making than the stage allows, and whatever ends makes room."""

from collections.abc import Callable
from typing import Any

import pytest

from studio.errors import ErrorType, StudioError
from studio.jobs import states
from studio.jobs.model import Failure, Job, JobErrorCode
from tests.unit.world import LIMITS, OTHER, USER, World, picture_of

MOST = LIMITS.running_jobs


def claimed(world: World, job: Job) -> Job:
    return world.jobs.step(states.claim(job, "worker", world.time, 60))


def completed(world: World, job: Job) -> None:
    job = claimed(world, job)
    world.jobs.step(states.complete(job, picture_of(job), world.time))


def failed(world: World, job: Job) -> None:
    world.jobs.step(states.fail(claimed(world, job), Failure(JobErrorCode.INTERNAL, "No."), world.time))


def canceled(world: World, job: Job) -> None:
    assert world.job_actions.cancel(USER, job.id, world.time)


def deleted(world: World, job: Job) -> None:
    completed(world, job)
    assert world.job_actions.delete(USER, job.id, world.time)


def expired(world: World, job: Job) -> None:
    """Remove the row as its TTL does, without a word to anybody."""
    world.client.delete_item(TableName="Jobs", Key={"id": {"S": job.id}})


def filled(world: World, points: int = 100) -> list[Job]:
    """Use up all the room there is."""
    world.joined(points=points)
    return [job for i in range(MOST // 8) for job in world.generate(count=8, clientRequestId=f"fill-{i}")]


def more(world: World, name: str = "more", **given: Any) -> list[Job]:
    return world.generate(clientRequestId=name, **given)


def refused(world: World, name: str = "more", **given: Any) -> bool:
    """Tell whether one more is refused, for this reason and with nothing changed."""
    before = world.person(), world.entries()
    with pytest.raises(StudioError) as error:
        more(world, name, **given)
    assert (world.person(), world.entries()) == before
    return error.value.type == ErrorType.TOO_MANY_RUNNING


def calls(world: World, act: Callable[[], object]) -> list[str]:
    made: list[str] = []

    def note(model: Any, **_: Any) -> None:
        made.append(model.name)

    world.client.meta.events.register("before-call.dynamodb", note)
    try:
        act()
    finally:
        world.client.meta.events.unregister("before-call.dynamodb", note)
    return made


def test_the_limit_is_reached_and_not_passed(world: World) -> None:
    jobs = filled(world)
    assert len(jobs) == MOST
    assert world.person().running == {job.id for job in jobs}
    assert refused(world)
    assert not world.requests.get({"owner": USER.sub, "request": "more"})


def test_what_does_not_fit_as_a_whole_is_refused_as_a_whole(world: World) -> None:
    completed(world, filled(world)[0])
    assert refused(world, count=2)
    assert more(world, count=1)
    assert refused(world, "another", count=1)


def test_work_that_has_begun_still_runs(world: World) -> None:
    for job in filled(world):
        claimed(world, job)
    assert refused(world)


@pytest.mark.parametrize("end", [completed, failed, canceled, deleted, expired])
def test_every_end_makes_room_for_one(world: World, end: Callable[[World, Job], None]) -> None:
    first, *others = filled(world)
    end(world, first)
    (new,) = more(world)
    assert world.person().running == {new.id, *(job.id for job in others)}
    assert refused(world, "another")


def test_when_all_have_ended_there_is_all_the_room_again(world: World) -> None:
    for job in filled(world):
        completed(world, job)
    jobs = [job for i in range(MOST // 8) for job in more(world, f"again-{i}", count=8)]
    assert world.person().running == {job.id for job in jobs}
    assert refused(world)


def test_deleting_what_was_canceled_at_work_makes_no_room_before_its_worker_stops(world: World) -> None:
    first, *_ = filled(world)
    claimed(world, first)
    canceled(world, first)
    assert world.job_actions.delete(USER, first.id, world.time) == first.id
    assert world.jobs.find(first.id) is None
    assert refused(world)
    world.later(61)
    assert more(world)


def test_the_same_request_again_takes_no_more_room_and_is_answered_when_there_is_none(world: World) -> None:
    filled(world)
    for _ in range(3):
        assert len(world.generate(count=8, clientRequestId="fill-0")) == 8
    assert len(world.person().running) == MOST


def test_edits_and_retries_count_too(world: World) -> None:
    first, *_ = filled(world)
    picture = world.uploaded()
    with pytest.raises(StudioError, match="in the making"):
        world.edit(clientRequestId="edit", image=picture, mask=world.uploaded(purpose="MASK"))
    failed(world, first)
    again = world.job_actions.again(USER, first.id, "retry")
    assert again
    assert world.job_creator.accept(USER, again, world.time)
    twice = world.job_actions.again(USER, first.id, "retry-2")
    assert twice
    with pytest.raises(StudioError, match="in the making"):
        world.job_creator.accept(USER, twice, world.time)


def test_somebody_else_has_their_own_room(world: World) -> None:
    filled(world)
    world.joined(OTHER)
    assert world.generate(OTHER)


def test_points_are_asked_first(world: World) -> None:
    filled(world, points=MOST)
    with pytest.raises(StudioError) as error:
        more(world)
    assert error.value.type == ErrorType.POINTS_NOT_ENOUGH


def test_room_is_made_only_when_there_is_none(world: World) -> None:
    first, *_ = filled(world)
    completed(world, first)
    cleared = ["TransactWriteItems", "BatchGetItem", "TransactWriteItems", "TransactWriteItems"]
    assert calls(world, lambda: more(world)) == cleared
    world.clear()
    world.joined()
    assert calls(world, lambda: more(world)) == ["TransactWriteItems"]


def test_a_refusal_writes_nothing(world: World) -> None:
    filled(world)
    assert calls(world, lambda: refused_quietly(world)) == ["TransactWriteItems", "BatchGetItem"]


def refused_quietly(world: World) -> None:
    with pytest.raises(StudioError):
        more(world)


def test_a_job_that_is_being_written_counts(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """A transaction's rows do not become visible at once: the person's may be there and its job's not yet."""
    jobs = filled(world)
    rows = world.jobs.rows
    looks = iter([rows([job.id for job in jobs[1:]])])
    monkeypatch.setattr(world.jobs, "rows", lambda ids: next(looks, None) or rows(ids))
    assert refused(world)
    assert next(looks, None) is None
    assert world.person().running == {job.id for job in jobs}


def test_room_that_another_request_took_meanwhile_is_not_given_twice(world: World) -> None:
    completed(world, filled(world)[0])
    seen: list[str] = []

    def intrude(model: Any, **_: Any) -> None:
        seen.append(model.name)
        if seen == ["TransactWriteItems", "BatchGetItem", "TransactWriteItems", "TransactWriteItems"]:
            assert more(world, "quicker")

    world.client.meta.events.register("before-call.dynamodb", intrude)
    try:
        with pytest.raises(StudioError, match="in the making"):
            more(world)
    finally:
        world.client.meta.events.unregister("before-call.dynamodb", intrude)
    assert len(world.person().running) == MOST
    assert world.person().points == 100 - MOST - 1
    assert world.drift() == 0
