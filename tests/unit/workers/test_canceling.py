"""What is canceled while it is made holds its worker until that one stops: canceling buys nobody more workers."""

from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import timedelta
from threading import Condition, Event
from unittest.mock import patch

import pytest

from studio.catalogue.data import CATALOGUE
from studio.dynamo import ConditionFailed
from studio.errors import ErrorType, StudioError
from studio.images.model import JobKind
from studio.jobs import states
from studio.jobs.model import Failure, Job, JobErrorCode
from tests.unit.workers.fakes import png
from tests.unit.world import LIMITS, NOON, USER, World
from workers.maker import ImageMaker
from workers.provider import Pictures
from workers.run import Runner

LEASE = 150


@dataclass
class Model:
    """Keeps every call open until it is let go, and counts them."""

    open: int = 0
    most: int = 0
    go: Event = field(default_factory=Event)
    changed: Condition = field(default_factory=Condition)

    def make(self, job: Job, inputs: Pictures) -> bytes:  # noqa: ARG002 - a provider's
        self._count(1)
        self.go.wait()
        self._count(-1)
        return png()

    def _count(self, by: int) -> None:
        with self.changed:
            self.open += by
            self.most = max(self.most, self.open)
            self.changed.notify_all()

    def opened(self, calls: int) -> None:
        with self.changed:
            assert self.changed.wait_for(lambda: self.open == calls, timeout=30)


@dataclass
class Studio:
    """A studio whose workers run in threads, at the world's time."""

    world: World
    model: Model
    threads: ThreadPoolExecutor
    working: list[Future[None]] = field(default_factory=list[Future[None]])

    def begin(self, jobs: list[Job]) -> None:
        providers = {(model.id, kind): self.model for model in CATALOGUE for kind in JobKind}
        runner = Runner(
            self.world.jobs,
            self.world.media,
            ImageMaker(self.world.media, providers),
            LEASE,
            attempt_seconds=120,
            retry_base_seconds=0,
        )
        self.working.append(self.threads.submit(runner.run, [job.id for job in jobs]))

    def cancel(self, jobs: list[Job]) -> None:
        for job in jobs:
            canceled = self.world.job_actions.cancel(USER, job.id, self.world.time)
            assert canceled
            self.world.refunds.give_back(canceled, self.world.time)

    def stop(self) -> None:
        self.model.go.set()
        for worker in self.working:
            worker.result()


@pytest.fixture
def studio(world: World) -> Iterator[Studio]:
    with (
        ThreadPoolExecutor(8) as threads,
        patch("workers.run.now", lambda: world.time),
        patch("workers.settle.now", lambda: world.time),
    ):
        studio = Studio(world, Model(), threads)
        yield studio
        studio.model.go.set()


def refusal(world: World, name: str) -> ErrorType | None:
    with pytest.raises(StudioError) as error:
        world.generate(clientRequestId=name)
    return error.value.type


def test_canceling_and_asking_again_opens_no_more_calls_than_may_run(studio: Studio) -> None:
    world = studio.world
    world.joined(points=8)
    for turn in range(LIMITS.running_jobs // 8):
        jobs = world.generate(count=8, clientRequestId=f"turn-{turn}")
        studio.begin(jobs)
        studio.model.opened(8 * (turn + 1))
        studio.cancel(jobs)
        assert world.person().points == 8
    assert refusal(world, "more") == ErrorType.TOO_MANY_RUNNING
    assert studio.model.most == LIMITS.running_jobs
    studio.stop()
    assert list(world.media.keys("")) == []
    assert world.generate(clientRequestId="more", count=8), "who has stopped makes room at once"


def test_a_worker_that_died_holds_its_place_until_its_lease_ends(studio: Studio) -> None:
    world = studio.world
    world.joined(points=100)
    jobs = [job for i in range(LIMITS.running_jobs // 8) for job in world.generate(count=8, clientRequestId=f"{i}")]
    claimed = [world.jobs.step(states.claim(job, "dead", world.time, LEASE)) for job in jobs]
    world.jobs.apply(states.renew(claimed[0], world.later(60), LEASE))
    studio.cancel(jobs)
    assert refusal(world, "more") == ErrorType.TOO_MANY_RUNNING
    world.time = NOON + timedelta(seconds=LEASE + 1)
    assert len(world.generate(clientRequestId="more", count=8)) == 8
    assert jobs[0].id in world.person().running, "its lease was renewed"


def test_a_job_that_somebody_else_failed_holds_its_worker_too(studio: Studio) -> None:
    """A lease may outlive the deadline by which the sweeper fails the job."""
    world = studio.world
    world.joined(points=100)
    jobs = [job for i in range(LIMITS.running_jobs // 8) for job in world.generate(count=8, clientRequestId=f"{i}")]
    world.time = NOON + timedelta(seconds=LIMITS.deadline_seconds - 1)
    for job in jobs:
        claimed = world.jobs.step(states.claim(job, "w", world.time, LEASE))
        late = Failure(JobErrorCode.TIMED_OUT, "Late.")
        world.jobs.step(states.fail(claimed, late, world.time, stopped=False))
    assert refusal(world, "more") == ErrorType.TOO_MANY_RUNNING
    world.later(LEASE + 2)
    assert world.generate(clientRequestId="more")


def test_a_job_that_nobody_began_makes_room_at_once(studio: Studio) -> None:
    world = studio.world
    world.joined(points=100)
    jobs = [job for i in range(LIMITS.running_jobs // 8) for job in world.generate(count=8, clientRequestId=f"{i}")]
    studio.cancel(jobs)
    assert len(world.generate(clientRequestId="more", count=8)) == 8


def test_another_workers_place_is_not_given_away(studio: Studio) -> None:
    world = studio.world
    world.joined()
    job = world.jobs.step(states.claim(world.generate()[0], "first", world.time, LEASE))
    world.later(LEASE + 1)
    job = world.jobs.step(states.claim(job, "second", world.time, LEASE))
    studio.cancel([job])
    with pytest.raises(ConditionFailed):
        world.jobs.apply(states.release(job.id, "first"))
    row = world.jobs.get({"id": job.id})
    assert row
    assert states.holds_worker(row, world.time)
