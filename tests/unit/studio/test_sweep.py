"""Whatever was lost, the sweeper hands it out again, fails it or refunds it."""

import json
from collections.abc import Collection
from dataclasses import asdict, dataclass, field
from datetime import timedelta
from typing import Any

import pytest

from infra.limits import AWS_LIMITS, LOCAL_LIMITS
from studio.clock import millis
from studio.dynamo import update
from studio.jobs import states
from studio.jobs.dispatch import Dispatch
from studio.jobs.model import Failure, Job, JobErrorCode, JobStatus
from studio.jobs.sweep import Sweeper, Swept
from studio.jobs.table import LONGEST
from studio.sweeping import FIRST_PAUSE
from tests.unit.world import OTHER, World


@dataclass
class Workers:
    """A Lambda client that remembers what it was asked to invoke."""

    invoked: list[dict[str, Any]] = field(default_factory=list)
    away: Collection[str] = ()

    def invoke(self, **request: Any) -> None:
        if request["FunctionName"] in self.away:
            raise ConnectionError(request["FunctionName"])
        self.invoked.append(request)


def sweep(world: World, workers: Workers | None = None) -> Swept:
    dispatch = Dispatch(workers or Workers(), {"vertex": "namo-vertex", "away": "namo-away"})  # pyright: ignore[reportArgumentType]
    return Sweeper(world.jobs, world.refunds, world.deletions, dispatch, 150).sweep(world.time)


def test_nothing_is_swept_before_its_time(world: World) -> None:
    world.joined()
    world.generate(count=2)
    assert sweep(world) == Swept()


def test_a_job_that_no_worker_took_is_handed_out_again(world: World) -> None:
    world.joined()
    world.generate(count=8)
    world.generate(count=4, clientRequestId="second")
    workers = Workers()
    world.later(151)
    assert sweep(world, workers) == Swept(handed_out=12)
    assert [request["InvocationType"] for request in workers.invoked] == ["Event", "Event"]


def test_a_backlog_is_not_handed_out_at_every_sweep(world: World) -> None:
    world.joined()
    world.generate(count=3)
    world.later(151)
    assert sweep(world).handed_out == 3
    world.later(60)
    assert sweep(world).handed_out == 0
    world.later(91)
    assert sweep(world).handed_out == 3


def test_a_dead_workers_job_is_handed_out_again(world: World) -> None:
    world.joined()
    world.jobs.step(states.claim(world.generate()[0], "dead", world.time, 150))
    world.later(151)
    assert sweep(world).handed_out == 1


def test_past_its_deadline_a_job_fails_and_is_refunded(world: World) -> None:
    world.joined()
    job = world.generate()[0]
    world.later(841)
    assert sweep(world) == Swept(failed=1)
    current = world.jobs.find(job.id)
    assert current
    assert current.failure
    assert (current.status, current.failure.code) == (JobStatus.FAILED, JobErrorCode.TIMED_OUT)
    world.later(states.REFUND_GRACE_SECONDS + 1)
    assert sweep(world) == Swept(refunded=1)
    assert world.person().points == 20
    world.later(10_000)
    assert sweep(world) == Swept()


def test_a_job_that_kills_its_workers_fails(world: World) -> None:
    world.joined()
    job = world.generate()[0]
    for _ in range(states.MAX_CLAIMS):
        job = world.jobs.step(states.claim(job, "dead", world.time, 150))
        world.later(151)
    assert sweep(world) == Swept(failed=1)
    current = world.jobs.find(job.id)
    assert current
    assert current.failure
    assert current.failure.code == JobErrorCode.INTERNAL


def broken(world: World, job: Job, **fields: Any) -> None:
    """Have a row hold what no code of ours wrote."""
    world.jobs.apply(update({"id": job.id}, set=fields))


def failing(world: World, *jobs: Job) -> None:
    for job in jobs:
        world.jobs.step(states.fail(job, Failure(JobErrorCode.INTERNAL, "It failed."), world.time))


def test_a_row_that_cannot_be_read_is_ended_and_keeps_no_other_waiting(world: World) -> None:
    world.joined()
    bad, other = world.generate(count=2)
    failing(world, bad, other)
    broken(world, bad, charge={"no": "charge"})
    world.later(states.REFUND_GRACE_SECONDS + 1)
    assert sweep(world) == Swept(refunded=1, failed=1)
    assert (world.person().points, world.drift()) == (20, 0)


def test_a_row_that_cannot_be_helped_is_put_off(world: World) -> None:
    world.joined()
    world.joined(OTHER)
    bad, other = world.generate(OTHER)[0], world.generate()[0]
    failing(world, bad, other)
    world.people.discard({"id": OTHER.sub})
    world.later(states.REFUND_GRACE_SECONDS + 1)
    assert sweep(world) == Swept(refunded=1, errors=1)
    looks: list[int] = []
    for minute in range(1, 16):
        world.later(60)
        looks += [minute] * sweep(world).errors
    assert looks == [1, 3, 7, 14]  # each pause twice as long, but that its deadline comes before the fourth ends


def test_a_job_whose_worker_is_unknown_keeps_no_other_waiting(world: World) -> None:
    world.joined()
    unknown, late, new, owed = world.generate(count=4)
    broken(world, unknown, worker="none")
    failing(world, owed)
    broken(world, late, deadline=0)
    workers = Workers()
    world.later(151)
    assert sweep(world, workers) == Swept(handed_out=1, failed=1, refunded=1, errors=1)
    assert [json.loads(request["Payload"])["jobs"] for request in workers.invoked] == [[new.id]]


def test_a_worker_that_cannot_be_invoked_keeps_no_other_waiting(world: World) -> None:
    world.joined()
    first, second, owed = world.generate(count=3)
    broken(world, first, worker="away")
    failing(world, owed)
    workers = Workers(away={"namo-away"})
    world.later(151)
    assert sweep(world, workers) == Swept(handed_out=1, refunded=1, errors=1)
    assert [json.loads(request["Payload"])["jobs"] for request in workers.invoked] == [[second.id]]
    held = world.jobs.find(first.id)
    assert held
    assert held.due == millis(world.time + FIRST_PAUSE)


def test_what_cannot_be_handed_out_fails_at_its_deadline_all_the_same(world: World) -> None:
    world.joined()
    job = world.generate()[0]
    broken(world, job, worker="none")
    for _ in range(14):
        world.later(60)
        sweep(world)
    found = world.jobs.find(job.id)
    assert found
    assert found.failure
    assert found.failure.code == JobErrorCode.TIMED_OUT


def status(world: World, job: Job) -> JobStatus:
    found = world.jobs.find(job.id)
    assert found
    return found.status


SPOILED: list[dict[str, Any]] = [
    {"remove": ("open",)},
    {"remove": ("open", "due")},
    {"set": {"due": 253_402_300_799_000}},
    {"set": {"due": "never"}, "remove": ("open",)},
    {"set": {"open": "elsewhere"}},
    {"set": {"version": "x"}, "remove": ("open",)},
]


@pytest.mark.parametrize("at_work", [False, True])
@pytest.mark.parametrize("spoiled", SPOILED)
def test_a_job_that_a_worker_took_out_of_the_list_is_ended_and_refunded(
    world: World, spoiled: dict[str, Any], at_work: bool
) -> None:
    world.joined()
    job, other = world.generate(count=2)
    if at_work:
        world.jobs.step(states.claim(job, "worker", world.time, 150))
    world.jobs.apply(update({"id": job.id}, **spoiled))
    world.later(3700)
    first = sweep(world)
    assert (first.listed, first.errors) == (1, 0)
    for _ in range(3):
        world.later(180)
        assert sweep(world).listed == 0
    assert [status(world, each) for each in (job, other)] == [JobStatus.FAILED] * 2
    assert (world.person().points, world.drift()) == (20, 0)


def test_a_job_that_waits_for_its_turn_is_not_listed_again(world: World) -> None:
    world.joined()
    job = world.generate()[0]
    world.later(3700)
    world.jobs.apply(update({"id": job.id}, set={"worker": "unknown"}))
    for _ in range(4):
        assert sweep(world).listed == 0
        world.later(60)


def test_no_job_has_longer_than_it_may_be_unlisted() -> None:
    of_each = [asdict(limits) for limits in (AWS_LIMITS, LOCAL_LIMITS)]
    longest = max(value for limits in of_each for name, value in limits.items() if "deadline" in name)
    assert timedelta(minutes=5) < timedelta(seconds=longest) < LONGEST
