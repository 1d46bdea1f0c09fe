"""Whatever was lost, the sweeper hands it out again, fails it or refunds it."""

from dataclasses import dataclass, field
from typing import Any

from studio.jobs import states
from studio.jobs.dispatch import Dispatch
from studio.jobs.model import Failure, JobErrorCode, JobStatus
from studio.jobs.sweep import Sweeper, Swept
from tests.unit.world import World


@dataclass
class Workers:
    """A Lambda client that remembers what it was asked to invoke."""

    invoked: list[dict[str, Any]] = field(default_factory=list)

    def invoke(self, **request: Any) -> None:
        self.invoked.append(request)


def sweep(world: World, workers: Workers | None = None) -> Swept:
    dispatch = Dispatch(workers or Workers(), {"vertex": "namo-vertex"})  # pyright: ignore[reportArgumentType]
    return Sweeper(world.jobs, world.refunds, dispatch, 150).sweep(world.time)


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


def test_one_job_that_cannot_be_helped_keeps_no_other_waiting(world: World) -> None:
    world.joined()
    broken, other = world.generate(count=2)
    for job in (broken, other):
        world.jobs.step(states.fail(job, Failure(JobErrorCode.INTERNAL, "It failed."), world.time))
    world.client.put_item(  # its refund's line is already there, so its transaction can never succeed
        TableName="Ledger", Item={"owner": {"S": broken.owner}, "entry": {"S": f"refund#{broken.id}"}}
    )
    world.later(states.REFUND_GRACE_SECONDS + 1)
    swept = sweep(world)
    assert (swept.refunded, swept.errors) == (1, 1)
