"""The jobs of a group share a function's memory: each part of their work waits until what it needs is free."""

import os
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import pytest

from infra.functions import declared
from studio.clock import now
from studio.jobs.model import Job, JobErrorCode, JobStatus
from studio.settings.environment import function_megabytes
from tests.unit.workers.fakes import png, runner
from tests.unit.workers.test_inputs import SIZE, bring, ended, left_half, plain
from tests.unit.world import USER, World
from workers import finish, memory, memory_needs
from workers.imaging.headers.header import MAX_PIXELS
from workers.memory import Memory, for_pictures, keeping
from workers.outcome import TOO_LARGE, FinalError
from workers.providers import gemini, stability

PATIENCE = 20


@dataclass
class Hall:
    """Counts what is held at once."""

    lock: threading.Lock = field(default_factory=threading.Lock)
    held: int = 0
    most: int = 0

    def enter(self, size: int) -> None:
        with self.lock:
            self.held += size
            self.most = max(self.most, self.held)

    def leave(self, size: int) -> None:
        with self.lock:
            self.held -= size


def together(*acts: Callable[[], Any]) -> None:
    threads = [threading.Thread(target=act) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(PATIENCE)
        assert not thread.is_alive()


def waiting(of: Memory, count: int) -> bool:
    end = time.monotonic() + PATIENCE
    while of.waiting < count and time.monotonic() < end:
        os.sched_yield()
    return of.waiting == count


def test_no_more_is_held_than_there_is_and_all_get_their_turn() -> None:
    of, hall, sizes = Memory(100), Hall(), [60, 50, 40, 100, 10, 70, 30, 1]

    def hold(size: int) -> None:
        with of.reserve(size):
            hall.enter(size)
            hall.leave(size)

    together(*[lambda size=size: hold(size) for size in sizes * 10])
    assert 0 < hall.most <= 100
    assert hall.held == 0


def test_what_fits_goes_on_at_once() -> None:
    of, met = Memory(100), threading.Barrier(4, timeout=PATIENCE)

    def meet() -> None:
        with of.reserve(25):
            met.wait()

    together(*[meet] * 4)


def test_a_large_one_is_not_passed_by_small_ones() -> None:
    of, order = Memory(100), list[int]()

    def note(size: int) -> None:
        with of.reserve(size):
            order.append(size)

    large, small = (threading.Thread(target=note, args=(size,)) for size in (100, 1))
    with of.reserve(50):
        large.start()
        assert waiting(of, 1)
        small.start()
        assert waiting(of, 2)
    for thread in (large, small):
        thread.join(PATIENCE)
    assert order == [100, 1]


def test_what_there_never_will_be_is_refused_at_once() -> None:
    with pytest.raises(FinalError) as error, Memory(100).reserve(101):
        pytest.fail("it was let in")
    assert error.value.failure == TOO_LARGE


def test_what_failed_gives_back_what_it_held() -> None:
    of = Memory(100)
    with pytest.raises(ZeroDivisionError), of.reserve(100):
        raise ZeroDivisionError
    with of.reserve(100):
        pass


def test_the_lease_is_kept_while_one_waits_and_who_has_lost_it_leaves_the_line() -> None:
    of, kept, lost = Memory(100, keep_seconds=0.01), threading.Semaphore(0), threading.Event()

    def keep() -> None:
        kept.release()
        if lost.is_set():
            raise LookupError

    def wait() -> None:
        with pytest.raises(LookupError), keeping(keep), of.reserve(100):
            pytest.fail("it was let in")

    thread = threading.Thread(target=wait)
    with of.reserve(1):
        thread.start()
        for _ in range(3):
            assert kept.acquire(timeout=PATIENCE)
        lost.set()
        thread.join(PATIENCE)
        with of.reserve(99):
            pass


def test_after_long_work_the_lease_is_kept_for_what_follows() -> None:
    times, kept = iter([0.0, 1.0, 10.0, 30.0]), list[str]()
    of = Memory(100, clock=lambda: next(times))
    with keeping(lambda: kept.append("kept")):
        with of.reserve(1):
            pass
        assert kept == []
        with of.reserve(1):
            pass
    assert kept == ["kept"]


@pytest.mark.parametrize("spec", [declared(name) for name in ("vertex", "bedrock", "sagemaker-done")])
def test_every_picture_that_is_taken_in_fits_alone(spec: Any) -> None:
    room, largest = for_pictures(spec.memory), (MAX_PIXELS // 5_000, 5_000)
    assert memory_needs.compositing(largest, (4096, 4096)) <= room
    for limits in (gemini.LIMITS, stability.LIMITS):
        assert memory_needs.preparing(largest, limits.max_pixels) <= room


@pytest.fixture
def world(world: World) -> World:
    world.time = now()
    world.joined()
    return world


def edits(world: World, count: int) -> list[Job]:
    ids: dict[str, Any] = {"image": bring(world, png(*SIZE)), "mask": bring(world, left_half())}
    return [world.edit(clientRequestId=f"e{i}", **ids) for i in range(count)]


def test_a_group_of_edits_is_put_together_one_after_the_other(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    jobs, hall, inpainted = edits(world, 4), Hall(), finish.inpainted
    one = memory_needs.compositing(SIZE, SIZE)

    def counted(*given: bytes) -> bytes:
        hall.enter(1)
        content = inpainted(*given)
        hall.leave(1)
        return content

    monkeypatch.setattr(finish, "memory", Memory(one + one // 2))
    monkeypatch.setattr(finish, "inpainted", counted)
    runner(world, lambda _: plain()).run([job.id for job in jobs])
    assert [found.status for found in world.jobs.find_many([job.id for job in jobs])] == [JobStatus.COMPLETED] * 4
    assert hall.most == 1


def test_what_no_function_could_hold_fails_the_job_and_all_comes_back(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(finish, "memory", Memory(1000))
    (wish,) = edits(world, 1)
    job = ended(world, runner(world, lambda _: plain()), wish)
    assert job.failure == TOO_LARGE
    assert TOO_LARGE.code == JobErrorCode.INVALID_IMAGE
    world.refunds.give_back(job, now())
    assert world.person().points == 20
    assert world.drift() == 0


def test_a_job_that_is_canceled_while_it_waits_leaves_the_line(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    of = Memory(memory_needs.compositing(SIZE, SIZE), keep_seconds=0.01)
    monkeypatch.setattr(finish, "memory", of)
    (wish,) = edits(world, 1)
    worker = runner(world, lambda _: plain())
    thread = threading.Thread(target=worker.run, args=([wish.id],))
    with of.reserve(of.total):
        thread.start()
        assert waiting(of, 1)
        world.job_actions.cancel(USER, wish.id, now())
        thread.join(PATIENCE)
        assert not thread.is_alive()
    found = world.jobs.find(wish.id)
    assert found
    assert found.status == JobStatus.CANCELED
    assert list(world.media.keys(f"results/{wish.id}/")) == []


def test_the_function_says_how_much_there_is() -> None:
    assert function_megabytes({"AWS_LAMBDA_FUNCTION_MEMORY_SIZE": "2048"}) == 2048
    assert memory.memory.total == for_pictures(function_megabytes({}))
