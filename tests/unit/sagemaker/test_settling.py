"""What a message makes of a job, and what it must not."""

import base64
import io
import threading
from dataclasses import replace
from typing import Any

import pytest
from PIL import Image

from studio.clock import now
from studio.jobs import states
from studio.jobs.model import JobErrorCode, JobStatus
from tests.unit.sagemaker.conftest import ENDPOINT, GIVEN, OURS, Stage, answer, failed, notification, put_answer
from tests.unit.workers.endpoints import set_fault
from tests.unit.workers.fakes import png
from tests.unit.world import USER


def test_the_message_completes_the_job_and_the_image_is_moved(stage: Stage) -> None:
    job = stage.submitted(aspectRatio="LANDSCAPE_16_9")
    message = stage.message()
    assert message["inferenceId"] == job.id
    stage.inferences.handle(message)
    done = stage.now(job)
    assert done.status == JobStatus.COMPLETED
    assert done.version == job.version + 1
    assert done.image
    stored = Image.open(io.BytesIO(stage.world.media.read(done.image.key, 10_000_000).data))
    assert stored.size == (done.image.width, done.image.height) == (1344, 756)
    assert stage.objects("inference/output/") == []


def test_a_duplicate_changes_nothing(stage: Stage) -> None:
    set_fault(stage.url, "twice")
    job = stage.submitted()
    stage.inferences.handle(stage.message())
    done = stage.now(job)
    stage.inferences.handle(stage.message())
    assert stage.now(job) == done
    assert stage.objects("results/") == [done.image.key if done.image else ""]


def test_duplicates_at_once_complete_the_job_once(stage: Stage) -> None:
    set_fault(stage.url, "twice")
    job = stage.submitted()
    messages = [stage.message(), stage.message()]
    threads = [threading.Thread(target=stage.inferences.handle, args=(message,)) for message in messages]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    done = stage.now(job)
    assert (done.status, done.version) == (JobStatus.COMPLETED, job.version + 1)
    assert stage.objects("results/") == [done.image.key if done.image else ""]


def test_a_message_before_the_lease_is_extended_settles_the_job_all_the_same(stage: Stage) -> None:
    job = stage.world.generate(**GIVEN)[0]
    claimed = stage.world.jobs.step(states.claim(job, "submitter", now(), 150))
    put_answer(stage, answer(base64=base64.b64encode(png()).decode()))
    stage.inferences.handle(notification(claimed))
    assert stage.now(job).status == JobStatus.COMPLETED


def test_an_answer_that_comes_after_a_cancel_is_dropped(stage: Stage) -> None:
    job = stage.submitted()
    stage.world.job_actions.cancel(USER, job.id, now())
    canceled = stage.now(job)
    assert canceled.lease_end == job.deadline, "the model is at it"
    stage.inferences.handle(stage.message())
    assert stage.now(job) == replace(canceled, lease_end=None)
    assert stage.objects("results/") == stage.objects("inference/output/") == []


def test_an_answer_for_a_deleted_job_is_dropped(stage: Stage) -> None:
    job = stage.submitted()
    message = stage.message()
    stage.world.job_actions.cancel(USER, job.id, now())
    stage.world.job_actions.delete(USER, job.id, now())
    stage.inferences.handle(message)
    assert stage.objects("") == []


def test_a_late_success_does_not_overwrite_a_failure_nor_the_other_way_round(stage: Stage) -> None:
    first, second = stage.world.generate(count=2, **GIVEN)
    stage.worker.run([first.id, second.id])
    messages = {message["inferenceId"]: message for message in (stage.message(), stage.message())}
    stage.inferences.handle(failed(first, "ClientError: Received server error (500) from model."))
    failure = stage.now(first)
    stage.inferences.handle(messages[first.id])
    assert stage.now(first) == failure
    stage.inferences.handle(messages[second.id])
    done = stage.now(second)
    stage.inferences.handle(failed(second, "late"))
    assert stage.now(second) == done
    assert done.status == JobStatus.COMPLETED


@pytest.mark.parametrize(
    "change",
    [
        {"requestParameters": {"endpointName": "another", "inputLocation": "s3://media/inference/input/x.json"}},
        {"requestParameters": {"endpointName": ENDPOINT, "inputLocation": "s3://media/inference/input/x.json"}},
        {"requestParameters": None},
        {"responseParameters": {"outputLocation": "s3://media/uploads/user-2/1/original"}},
        {"responseParameters": {"outputLocation": "s3://elsewhere/inference/output/1.out"}},
        {"responseParameters": None},
        {"invocationStatus": "InProgress"},
        {"inferenceId": "6f9619ff-8b86-4011-b42d-00cf4fc964ff"},
        {"inferenceId": None},
    ],
)
def test_a_foreign_message_changes_nothing_and_reads_nothing(stage: Stage, change: dict[str, Any]) -> None:
    job = stage.submitted()
    stage.message()
    before = stage.objects("")
    stage.inferences.handle({**notification(job), **change})
    assert stage.now(job) == job
    assert stage.objects("") == before


@pytest.mark.parametrize(
    ("fault", "code"),
    [
        ("failed", JobErrorCode.PROVIDER_UNAVAILABLE),
        ("refused", JobErrorCode.PROVIDER_REJECTED),
        ("garbage", JobErrorCode.PROVIDER_REJECTED),
        ("truncated", JobErrorCode.PROVIDER_REJECTED),
        ("not-json", JobErrorCode.PROVIDER_REJECTED),
        ("empty", JobErrorCode.PROVIDER_REJECTED),
        ("blocked", JobErrorCode.SAFETY_BLOCKED),
    ],
)
def test_what_went_wrong_in_the_words_of_the_refund_table(stage: Stage, fault: str, code: JobErrorCode) -> None:
    set_fault(stage.url, fault)
    job = stage.submitted()
    stage.inferences.handle(stage.message())
    failure = stage.now(job).failure
    assert failure
    assert failure.code == code
    assert stage.objects("results/") == stage.objects("inference/output/") == []


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"[]",
        b'{"artifacts": [7]}',
        answer(base64=base64.b64encode(png()).decode(), finishReason="ERROR"),
        answer(base64="%"),
        answer(base64=None),
        answer(),
        b"\xff",
    ],
)
def test_an_answer_that_is_none_fails_the_job(stage: Stage, content: bytes) -> None:
    job = stage.world.jobs.step(states.claim(stage.world.generate(**GIVEN)[0], "submitter", now(), 150))
    put_answer(stage, content)
    stage.inferences.handle(notification(job))
    failure = stage.now(job).failure
    assert failure
    assert failure.code == JobErrorCode.PROVIDER_REJECTED


def test_an_answer_that_is_gone_fails_the_job(stage: Stage) -> None:
    job = stage.submitted()
    stage.inferences.handle(notification(job, f"{OURS}gone.out"))
    assert stage.now(job).status == JobStatus.FAILED
