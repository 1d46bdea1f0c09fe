"""An asynchronous inference from claim to settlement: the real SDK against the local endpoint, S3 and SNS in memory."""

import base64
import io
import json
import threading
import time
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

import boto3
import httpx
import pytest
from botocore.config import Config
from PIL import Image

from studio.clock import millis, now
from studio.jobs import states
from studio.jobs.dispatch import Dispatch
from studio.jobs.model import Job, JobErrorCode, JobKind, JobStatus
from studio.jobs.sweep import Sweeper
from studio.media.store import inference_key
from tests.unit.workers.endpoints import clear_faults, models, set_fault
from tests.unit.workers.fakes import png
from tests.unit.world import USER, World
from workers.inferences import Inferences
from workers.providers.sagemaker import SageMaker
from workers.run import RETRIES, Runner

ENDPOINT = "namo-test-sdxl"
GIVEN: dict[str, Any] = {"model": "sdxl", "size": "ONE_K", "aspectRatio": "SQUARE", "seed": 5}
OURS = "s3://media/inference/output/"


@cache
def client(service: str) -> Any:
    make: Any = boto3.client
    return make(service)


@cache
def runtime(url: str) -> Any:
    once = Config(retries={"total_max_attempts": 1}, read_timeout=5)
    return boto3.client("sagemaker-runtime", endpoint_url=url, config=once)


@dataclass
class Stage:
    """One endpoint, the queue that hears both its topics, and the two halves of the worker."""

    url: str
    world: World
    queue: str
    sqs: Any
    topics: list[str]

    def configure(self, cold_seconds: float = 0) -> None:
        success, error = self.topics
        settings = {"outputPath": OURS, "successTopic": success, "errorTopic": error, "coldSeconds": cold_seconds}
        httpx.put(f"{self.url}/_endpoints/{ENDPOINT}", content=json.dumps(settings)).raise_for_status()

    @property
    def worker(self) -> Runner:
        provider = SageMaker(runtime(self.url), self.world.media, ENDPOINT)
        return Runner(
            self.world.jobs,
            self.world.media,
            {("sdxl", JobKind.GENERATE): provider},
            lease_seconds=150,
            attempt_seconds=120,
            retry_base_seconds=0,
        )

    @property
    def inferences(self) -> Inferences:
        return Inferences(self.world.jobs, self.world.media, [ENDPOINT])

    def submitted(self, **given: Any) -> Job:
        job = self.world.generate(**{**GIVEN, **given})[0]
        self.worker.run([job.id])
        return self.now(job)

    def now(self, job: Job) -> Job:
        found = self.world.jobs.find(job.id)
        assert found
        return found

    def message(self, seconds: int = 10) -> dict[str, Any]:
        """Wait for the next notification."""
        answer = self.sqs.receive_message(QueueUrl=self.queue, WaitTimeSeconds=seconds)
        (received,) = answer["Messages"]
        self.sqs.delete_message(QueueUrl=self.queue, ReceiptHandle=received["ReceiptHandle"])
        return json.loads(json.loads(received["Body"])["Message"])

    def objects(self, prefix: str) -> list[str]:
        return list(self.world.media.keys(prefix))


@pytest.fixture(scope="module")
def url() -> Iterator[str]:
    with models() as url:
        yield url


@pytest.fixture
def stage(world: World, url: str) -> Stage:
    world.time = now()
    world.joined()
    clear_faults(url)
    sns, sqs = client("sns"), client("sqs")
    queue = sqs.create_queue(QueueName=str(uuid.uuid4()))["QueueUrl"]
    arn = sqs.get_queue_attributes(QueueUrl=queue, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
    topics = [sns.create_topic(Name=str(uuid.uuid4()))["TopicArn"] for _ in range(2)]
    for topic in topics:
        sns.subscribe(TopicArn=topic, Protocol="sqs", Endpoint=arn)
    for key in list(world.media.keys("")):
        world.media.delete_object(key)
    stage = Stage(url, world, queue, sqs, topics)
    stage.configure()
    return stage


def told(job: Job, output: str = f"{OURS}1.out", **other: Any) -> dict[str, Any]:
    """Return a success message as SageMaker writes it, with something else in it."""
    asked = {"endpointName": ENDPOINT, "inputLocation": f"s3://media/{inference_key(job.id)}"}
    done = {"invocationStatus": "Completed", "responseParameters": {"outputLocation": output}}
    return {"inferenceId": job.id, "requestParameters": asked, **done, **other}


def failed(job: Job, reason: str) -> dict[str, Any]:
    return told(job, invocationStatus="Failed", failureReason=reason, responseParameters=None)


def put_answer(stage: Stage, content: bytes, key: str = "inference/output/1.out") -> None:
    stage.world.media.client.put_object(Bucket="media", Key=key, Body=content)


def answer(**artifact: Any) -> bytes:
    return json.dumps({"artifacts": [{"seed": 1, "finishReason": "SUCCESS", **artifact}]}).encode()


def test_a_job_is_submitted_and_waits_under_its_own_deadline(stage: Stage) -> None:
    job = stage.submitted(negativePrompt="rain")
    assert job.status == JobStatus.PROCESSING
    assert job.due == job.deadline
    assert job.deadline - millis(stage.world.time) == 3_600_000
    asked = json.loads(stage.world.media.read(inference_key(job.id), 10_000).data)
    assert asked == {
        "text_prompts": [{"text": "a lighthouse at dusk", "weight": 1}, {"text": "rain", "weight": -1}],
        "width": 1024,
        "height": 1024,
        "seed": 5,
    }
    stage.inferences.hear(stage.message())


def test_the_message_completes_the_job_and_the_image_is_moved(stage: Stage) -> None:
    job = stage.submitted(aspectRatio="LANDSCAPE_16_9")
    message = stage.message()
    assert message["inferenceId"] == job.id
    stage.inferences.hear(message)
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
    stage.inferences.hear(stage.message())
    done = stage.now(job)
    stage.inferences.hear(stage.message())
    assert stage.now(job) == done
    assert stage.objects("results/") == [done.image.key if done.image else ""]


def test_duplicates_at_once_complete_the_job_once(stage: Stage) -> None:
    set_fault(stage.url, "twice")
    job = stage.submitted()
    messages = [stage.message(), stage.message()]
    threads = [threading.Thread(target=stage.inferences.hear, args=(message,)) for message in messages]
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
    stage.inferences.hear(told(claimed))
    assert stage.now(job).status == JobStatus.COMPLETED


def test_an_answer_that_comes_after_a_cancel_is_dropped(stage: Stage) -> None:
    job = stage.submitted()
    stage.world.care.cancel(USER, job.id, now())
    canceled = stage.now(job)
    stage.inferences.hear(stage.message())
    assert stage.now(job) == canceled
    assert stage.objects("results/") == stage.objects("inference/output/") == []


def test_an_answer_for_a_deleted_job_is_dropped(stage: Stage) -> None:
    job = stage.submitted()
    message = stage.message()
    stage.world.care.cancel(USER, job.id, now())
    stage.world.care.delete(USER, job.id, now())
    stage.inferences.hear(message)
    assert stage.objects("") == []


def test_a_late_success_does_not_overwrite_a_failure_nor_the_other_way_round(stage: Stage) -> None:
    first, second = stage.world.generate(count=2, **GIVEN)
    stage.worker.run([first.id, second.id])
    messages = {message["inferenceId"]: message for message in (stage.message(), stage.message())}
    stage.inferences.hear(failed(first, "ClientError: Received server error (500) from model."))
    failure = stage.now(first)
    stage.inferences.hear(messages[first.id])
    assert stage.now(first) == failure
    stage.inferences.hear(messages[second.id])
    done = stage.now(second)
    stage.inferences.hear(failed(second, "late"))
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
    stage.inferences.hear({**told(job), **change})
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
    stage.inferences.hear(stage.message())
    failure = stage.now(job).failure
    assert failure
    assert failure.code == code
    assert stage.objects("results/") == stage.objects("inference/output/") == []


@pytest.mark.parametrize(
    "content",
    [b"", b"[]", b'{"artifacts": [7]}', answer(base64="%"), answer(base64=None), answer(), b"\xff"],
)
def test_an_answer_that_is_none_fails_the_job(stage: Stage, content: bytes) -> None:
    job = stage.world.jobs.step(states.claim(stage.world.generate(**GIVEN)[0], "submitter", now(), 150))
    put_answer(stage, content)
    stage.inferences.hear(told(job))
    failure = stage.now(job).failure
    assert failure
    assert failure.code == JobErrorCode.PROVIDER_REJECTED


def test_an_answer_that_is_gone_fails_the_job(stage: Stage) -> None:
    job = stage.submitted()
    stage.inferences.hear(told(job, f"{OURS}gone.out"))
    assert stage.now(job).status == JobStatus.FAILED


@pytest.mark.parametrize("fault", ["429", "500", "503", "drop"])
def test_what_passes_is_submitted_again(stage: Stage, fault: str) -> None:
    set_fault(stage.url, *[fault] * RETRIES)
    job = stage.submitted()
    assert job.status == JobStatus.PROCESSING
    stage.inferences.hear(stage.message())
    assert stage.now(job).status == JobStatus.COMPLETED


def test_an_endpoint_that_stays_away_fails_the_job(stage: Stage) -> None:
    set_fault(stage.url, *["503"] * (1 + RETRIES))
    failure = stage.submitted().failure
    assert failure
    assert failure.code == JobErrorCode.PROVIDER_UNAVAILABLE


def test_a_request_that_is_refused_fails_the_job_at_once(stage: Stage) -> None:
    set_fault(stage.url, "400")
    failure = stage.submitted().failure
    assert failure
    assert failure.code == JobErrorCode.PROVIDER_REJECTED


class NoWorkers:
    def invoke(self, **_: Any) -> None:
        raise AssertionError("the job was handed out again")


def test_while_the_machine_starts_nobody_takes_the_job_over(stage: Stage) -> None:
    stage.configure(cold_seconds=0.5)
    started = time.monotonic()
    job = stage.submitted()
    sweeper = Sweeper(stage.world.jobs, stage.world.refunds, Dispatch(NoWorkers(), {"sagemaker": "f"}))  # pyright: ignore[reportArgumentType]
    sweeper.sweep(stage.world.later(3_599))
    assert stage.now(job) == job
    stage.inferences.hear(stage.message())
    assert time.monotonic() - started > 0.5
    assert stage.now(job).status == JobStatus.COMPLETED


def test_one_that_never_answers_fails_at_its_deadline(stage: Stage) -> None:
    set_fault(stage.url, "silent")
    job = stage.submitted()
    sweeper = Sweeper(stage.world.jobs, stage.world.refunds, Dispatch(NoWorkers(), {"sagemaker": "f"}))  # pyright: ignore[reportArgumentType]
    sweeper.sweep(stage.world.later(3_600))
    failure = stage.now(job).failure
    assert failure
    assert failure.code == JobErrorCode.TIMED_OUT


def test_another_submitter_takes_over_only_where_the_first_died_before_it_had_submitted(stage: Stage) -> None:
    job = stage.world.generate(**GIVEN)[0]
    stage.world.jobs.step(states.claim(job, "dead", now(), -1))
    stage.worker.run([job.id])
    stage.inferences.hear(stage.message())
    assert (stage.now(job).status, stage.now(job).claims) == (JobStatus.COMPLETED, 2)
