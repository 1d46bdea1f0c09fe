"""A result gets its smaller sizes, however its job goes on meanwhile."""

import io
import threading
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image

from studio.clock import now
from studio.errors import ContendedError
from studio.jobs import states
from studio.jobs.model import Failure, Job, JobErrorCode, JobStatus
from studio.media.model import SIZES, UploadStatus
from tests.unit.workers.arriving import (
    claimed,
    completed,
    job_now,
    key_of,
    resized,
    send,
    stored,
    upload_now,
)
from tests.unit.workers.fakes import png
from tests.unit.world import USER, World
from workers.arrivals import Arrivals
from workers.picture import inspect

FAILURE = Failure(JobErrorCode.INTERNAL, "It failed.")


def test_while_the_work_goes_on_the_version_stays(world: World, arrivals: Arrivals) -> None:
    job = claimed(world)
    content = png(640, 480)
    key = stored(world, job, content)
    arrivals.look_at(key)
    seen = job_now(world, job)
    assert (seen.version, seen.status, set(seen.variants)) == (job.version, JobStatus.PROCESSING, set(SIZES))
    done = world.jobs.step(states.complete(job, inspect(job.prefix, content), now()))
    assert done.variants == seen.variants
    arrivals.look_at(key)
    assert job_now(world, job) == done


def test_after_the_work_it_is_a_step_that_subscribers_see(world: World, arrivals: Arrivals) -> None:
    done = completed(world, png(640, 480))
    for _ in range(3):
        arrivals.look_at(key_of(done))
    found = job_now(world, done)
    assert (found.version, found.status) == (done.version + 1, JobStatus.COMPLETED)
    assert found.history[-1].note == "Smaller sizes are ready."
    assert found.variants["medium"].width == 640
    assert found.settled


def test_another_claims_image_gets_its_own_sizes(world: World, arrivals: Arrivals) -> None:
    job = claimed(world)
    earlier = stored(world, job, png(640, 480))
    arrivals.look_at(earlier)
    again = world.jobs.step(states.claim(job_now(world, job), "another", now(), 150))
    assert not again.variants
    key = stored(world, again, png(400, 300))
    world.jobs.step(states.complete(again, inspect(again.prefix, png(400, 300)), now()))
    for each in (earlier, key, earlier):
        arrivals.look_at(each)
    assert job_now(world, job).variants["large"].width == 400


def test_sizes_of_an_earlier_claim_that_come_late_are_dropped(
    world: World, arrivals: Arrivals, monkeypatch: pytest.MonkeyPatch
) -> None:
    job = claimed(world)
    key, put = stored(world, job, png(640, 480)), world.media.put

    def taken_over_meanwhile(*args: Any) -> None:
        put(*args)
        if job_now(world, job).claims == 1:
            world.jobs.step(states.claim(job_now(world, job), "another", now(), 150))

    monkeypatch.setattr(world.media, "put", taken_over_meanwhile)
    arrivals.look_at(key)
    assert not job_now(world, job).variants
    assert resized(world) == []


def test_an_object_that_names_another_job_changes_nothing(world: World, arrivals: Arrivals) -> None:
    done, job = completed(world, png(64, 48)), claimed(world, clientRequestId="b")
    image = inspect(job.prefix, png(640, 480))
    world.media.put(image, png(640, 480), done.id)
    arrivals.look_at(image.key)
    assert job_now(world, done) == done
    assert resized(world) == []


def test_a_worker_may_settle_at_any_moment_of_the_look(
    world: World, arrivals: Arrivals, monkeypatch: pytest.MonkeyPatch
) -> None:
    job, content = claimed(world), png(640, 480)
    key = stored(world, job, content)
    put = world.media.put

    def completed_meanwhile(*args: Any) -> None:
        put(*args)
        if job_now(world, job).status == JobStatus.PROCESSING:
            world.jobs.step(states.complete(job, inspect(job.prefix, content), now()))

    monkeypatch.setattr(world.media, "put", completed_meanwhile)
    arrivals.look_at(key)
    found = job_now(world, job)
    assert (found.status, found.version, set(found.variants)) == (JobStatus.COMPLETED, 4, set(SIZES))


@pytest.mark.parametrize("end", ["cancel", "fail", "delete"])
def test_of_a_job_that_came_to_nothing_nothing_is_left(
    world: World, arrivals: Arrivals, monkeypatch: pytest.MonkeyPatch, end: str
) -> None:
    job = claimed(world)
    key = stored(world, job, png(640, 480))
    put = world.media.put

    def ended_meanwhile(*args: Any) -> None:
        put(*args)
        current = world.jobs.find(job.id)
        if current and current.status == JobStatus.PROCESSING:
            world.jobs.step(states.fail(job, FAILURE, now()) if end == "fail" else states.cancel(job, now()))
            if end == "delete":
                world.job_actions.delete(USER, job.id, now())

    monkeypatch.setattr(world.media, "put", ended_meanwhile)
    arrivals.look_at(key)
    assert resized(world) == []
    arrivals.look_at(key)
    assert resized(world) == []


def test_a_job_that_never_stands_still_is_tried_again_later(
    world: World, arrivals: Arrivals, monkeypatch: pytest.MonkeyPatch
) -> None:
    done = completed(world, png(640, 480))
    resized_ = states.resized

    def raced(job: Job, *args: Any) -> Any:
        step = resized_(job, *args)
        world.jobs.apply(resized_(job_now(world, job), {}, "another", now()))
        return step

    monkeypatch.setattr(states, "resized", raced)
    with pytest.raises(ContendedError):
        arrivals.look_at(key_of(done))


def test_many_looks_at_once_are_one(world: World, arrivals: Arrivals) -> None:
    done, upload = completed(world, png(64, 48)), send(world, png(64, 48))
    keys = [key_of(done), upload.key] * 4
    threads = [threading.Thread(target=arrivals.look_at, args=(key,)) for key in keys]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert job_now(world, done).version == done.version + 1
    assert upload_now(world, upload).status == UploadStatus.READY


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.sampled_from(["claim", "look", "complete", "cancel", "delete", "refund"]), max_size=9))
def test_in_any_order_of_events_what_is_shown_is_there(world: World, arrivals: Arrivals, names: list[str]) -> None:
    world.clear()
    world.joined(points=1)
    job, content = world.generate()[0], png(64, 48)
    for name in names:
        current = world.jobs.find(job.id)
        if current is None:
            break
        _act(world, arrivals, current, name, content)
    shown = world.jobs.find(job.id)
    kept = set(world.media.keys("resized/"))
    assert {each.key for each in shown.variants.values()} == kept if shown else not kept
    assert world.drift() == 0


def _act(world: World, arrivals: Arrivals, job: Job, name: str, content: bytes) -> None:
    if name == "look":
        arrivals.look_at(f"{job.prefixes[-1] if job.prefixes else 'results'}/original.png")
    elif name == "claim" and job.status == JobStatus.PENDING:
        stored(world, world.jobs.step(states.claim(job, "w", now(), 150)), content)
    elif name == "complete" and job.status == JobStatus.PROCESSING:
        world.jobs.step(states.complete(job, inspect(job.prefix, content), now()))
    elif name == "cancel":
        world.job_actions.cancel(USER, job.id, now())
    elif name == "refund":
        world.refunds.give_back(job, now())
    elif name == "delete" and job.status in {JobStatus.COMPLETED, JobStatus.FAILED, JobStatus.CANCELED}:
        world.job_actions.delete(USER, job.id, now())


def test_with_the_thumbnail_comes_a_guess_of_the_focal_point(world: World, arrivals: Arrivals) -> None:
    picture = Image.new("RGB", (640, 480), "white")
    picture.paste("saddlebrown", (500, 300, 580, 420))
    out = io.BytesIO()
    picture.save(out, "PNG")
    done = completed(world, out.getvalue())
    arrivals.look_at(key_of(done))
    upload = send(world, out.getvalue())
    arrivals.look_at(upload.key)
    for variants in (job_now(world, done).variants, upload_now(world, upload).variants):
        across, down = variants["thumbnail"].focal_x, variants["thumbnail"].focal_y
        assert across is not None
        assert down is not None
        assert float(across) == pytest.approx(540 / 640, abs=0.1)
        assert float(down) == pytest.approx(360 / 480, abs=0.15)
        assert variants["large"].focal_x is None
