"""A worker settles every job of its group by itself, whatever the provider or another worker does."""

import threading
import time
from dataclasses import replace

import pytest

from studio.alarms import Alarm
from studio.clock import now
from studio.jobs import states
from studio.jobs.item import job_from_item
from studio.jobs.model import Failure, Job, JobErrorCode, JobStatus
from tests.unit.raised import Raised
from tests.unit.workers.fakes import Act, png, runner, script_of
from tests.unit.world import USER, World
from workers.outcome import BLOCKED, REJECTED, RETIRED, FinalError, TransientError
from workers.picture import inspect
from workers.run import RETRIES


def fine(_: Job) -> bytes:
    return png()


def busy(_: Job) -> bytes:
    raise TransientError(retry_after=0.0)


def refuse(failure: Failure) -> Act:
    def act(_: Job) -> bytes:
        raise FinalError(failure)

    return act


@pytest.fixture
def world(world: World) -> World:
    world.joined()
    return world


def settled(world: World, job: Job) -> Job:
    found = world.jobs.find(job.id)
    assert found
    return found


def test_a_group_is_claimed_made_stored_and_completed(world: World) -> None:
    jobs = world.generate(count=3)
    runner(world, fine).run([job.id for job in jobs])
    for job in (settled(world, job) for job in jobs):
        assert job.status == JobStatus.COMPLETED
        assert job.image
        assert (job.image.width, job.image.height, job.image.content_type) == (64, 48, "image/png")
        stored = world.media.client.get_object(Bucket="media", Key=job.image.key)
        assert stored["ContentLength"] == job.image.byte_size
        assert world.media.job_of(job.image.key) == job.id
        assert job.id not in str(stored["ResponseMetadata"]["HTTPHeaders"])
        assert job.settled
        assert job.due is None


def test_a_group_runs_at_once(world: World) -> None:
    together = threading.Barrier(4, timeout=5)

    def wait_for_the_others(_: Job) -> bytes:
        together.wait()
        return png()

    jobs = world.generate(count=4)
    runner(world, wait_for_the_others).run([job.id for job in jobs])
    assert [settled(world, job).status for job in jobs] == [JobStatus.COMPLETED] * 4


def test_five_retries_then_all_points_are_due(world: World) -> None:
    job = world.generate()[0]
    worker = runner(world, busy)
    worker.run([job.id])
    assert script_of(worker).calls == 1 + RETRIES
    failure = settled(world, job).failure
    assert failure
    assert failure.code == JobErrorCode.PROVIDER_UNAVAILABLE


def test_the_fifth_retry_may_succeed(world: World) -> None:
    job = world.generate()[0]
    runner(world, *[busy] * RETRIES, fine).run([job.id])
    assert settled(world, job).status == JobStatus.COMPLETED


@pytest.mark.parametrize("failure", [BLOCKED, REJECTED, RETIRED])
def test_a_final_answer_is_not_asked_again(world: World, failure: Failure) -> None:
    job = world.generate()[0]
    worker = runner(world, refuse(failure))
    worker.run([job.id])
    assert script_of(worker).calls == 1
    assert settled(world, job).failure == failure


@pytest.mark.parametrize("content", [b"", b"not an image", png()[:-40], b"GIF89a" + b"\0" * 40])
def test_an_unusable_image_fails_the_job(world: World, content: bytes) -> None:
    job = world.generate()[0]
    runner(world, lambda _: content).run([job.id])
    found = settled(world, job)
    assert found.failure
    assert found.failure.code == JobErrorCode.PROVIDER_REJECTED
    assert found.image is None


def test_our_own_fault_is_internal_and_says_nothing_of_it(world: World, raised: Raised) -> None:
    def bug(_: Job) -> bytes:
        raise RuntimeError("secret prompt")

    job = world.generate()[0]
    runner(world, bug).run([job.id])
    failure = settled(world, job).failure
    assert failure
    assert failure.code == JobErrorCode.INTERNAL
    assert "secret" not in failure.message
    assert raised.lines() == [{"level": "ALARM", "alarm": Alarm.INTERNAL_ERROR, "job": job.id}]


def test_the_log_has_the_cause_and_not_the_prompt(world: World, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("INFO")
    job = world.generate(prompt="a private dragon")[0]

    def quoting(job_: Job) -> bytes:
        raise FinalError(REJECTED) from ConnectionRefusedError(job_.image_spec.prompt)

    runner(world, quoting).run([job.id])
    logged = str([vars(record) for record in caplog.records])
    assert "ConnectionRefusedError" in logged
    assert job.id in logged
    assert "dragon" not in logged


def test_told_twice_the_image_is_made_once(world: World) -> None:
    job = world.generate()[0]
    worker = runner(world, fine)
    worker.run([job.id])
    worker.run([job.id, job.id])
    assert script_of(worker).calls == 1


def test_two_workers_at_once_make_the_image_once(world: World) -> None:
    job = world.generate()[0]
    calls: list[str] = []

    def count(job_: Job) -> bytes:
        calls.append(job_.id)
        return png()

    threads = [threading.Thread(target=runner(world, count).run, args=([job.id],)) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert calls == [job.id]
    assert settled(world, job).status == JobStatus.COMPLETED


def test_an_image_that_comes_after_the_cancel_is_dropped(world: World) -> None:
    job = world.generate()[0]

    def cancel_then_answer(job_: Job) -> bytes:
        world.job_actions.cancel(USER, job_.id, now())
        return png()

    runner(world, cancel_then_answer).run([job.id])
    assert settled(world, job).status == JobStatus.CANCELED
    assert list(world.media.keys("results/")) == []


def test_a_canceled_job_is_not_tried_again(world: World) -> None:
    job = world.generate()[0]

    def cancel_then_fail(job_: Job) -> bytes:
        world.job_actions.cancel(USER, job_.id, now())
        raise TransientError(0.0)

    worker = runner(world, cancel_then_fail)
    worker.run([job.id])
    assert script_of(worker).calls == 1
    assert settled(world, job).status == JobStatus.CANCELED


def test_a_late_success_overwrites_nothing_and_leaves_the_others_image(world: World) -> None:
    job = world.generate()[0]

    def taken_over(job_: Job) -> bytes:
        lapsed = world.jobs.apply(states.renew(job_, now(), -1))
        assert lapsed["due"] < job_.deadline
        runner(world, fine).run([job_.id])
        return png(8, 8)

    runner(world, taken_over).run([job.id])
    found = settled(world, job)
    assert found.status == JobStatus.COMPLETED
    assert (found.claims, found.version) == (2, 4)
    assert_kept(world, found)


def test_a_loser_does_not_take_its_successors_image_away(world: World) -> None:
    job = world.generate()[0]

    def successor_has_stored_but_not_settled(job_: Job) -> bytes:
        lapsed = job_from_item(world.jobs.apply(states.renew(job_, now(), -1)))
        claimed = world.jobs.step(states.claim(lapsed, "successor", now(), 150))
        content = png()
        world.media.put(inspect(claimed.prefix, content), content)
        return content

    runner(world, successor_has_stored_but_not_settled).run([job.id])
    found = settled(world, job)
    assert found.status == JobStatus.PROCESSING
    assert list(world.media.keys("results/")) == [f"{found.prefix}/original.png"]


def test_a_loser_that_dies_before_it_cleans_up_has_changed_nothing(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    job = world.generate()[0]

    def taken_over(job_: Job) -> bytes:
        world.jobs.apply(states.renew(job_, now(), -1))
        runner(world, fine).run([job_.id])
        return png(8, 8)

    monkeypatch.setattr(world.media, "delete_result", lambda _: None)
    runner(world, taken_over).run([job.id])
    assert len(list(world.media.keys("results/"))) == 2
    assert_kept(world, settled(world, job))


def assert_kept(world: World, job: Job) -> None:
    """Compare the row with the object that it names."""
    assert job.image
    assert len(world.media.read(job.image.key, 1_000_000).data) == job.image.byte_size


def test_what_a_claim_stored_it_stores_once(world: World) -> None:
    """S3 took the image, but its answer got lost: what lies there is settled."""
    job, first = world.generate()[0], png(32, 32)

    def stored_before(job_: Job) -> bytes:
        world.media.put_new(inspect(job_.prefix, first), first, job_.id)
        return png()

    runner(world, stored_before).run([job.id])
    found = settled(world, job)
    assert found.image
    assert found.image.width == 32
    assert_kept(world, found)


def test_no_key_holds_the_jobs_id(world: World) -> None:
    jobs = world.generate(count=2)
    runner(world, fine).run([job.id for job in jobs])
    images = [image for job in jobs if (image := settled(world, job).image)]
    assert len({image.key for image in images}) == 2
    assert [image.key.split("/")[:2] for image in images] == [["results", "vertex"]] * 2
    assert not any(job.id in image.key for job in jobs for image in images)


def test_no_pause_outlives_the_lease(world: World) -> None:
    def asks_for_an_hour(_: Job) -> bytes:
        raise TransientError(retry_after=3600)

    job = world.generate()[0]
    worker = replace(runner(world, asks_for_an_hour, fine), lease_seconds=123.05)
    started = time.monotonic()
    worker.run([job.id])
    assert settled(world, job).status == JobStatus.COMPLETED
    assert time.monotonic() - started < 60


def test_a_job_past_its_deadline_is_not_begun(world: World) -> None:
    job = world.generate(clientRequestId="old")[0]
    world.later(841)
    worker = runner(world, fine)
    worker.run([job.id])
    assert settled(world, job).status == JobStatus.PENDING
