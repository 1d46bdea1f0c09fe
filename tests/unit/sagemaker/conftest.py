"""One asynchronous endpoint: the real SDK against the local one, S3 and SNS in memory."""

import json
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

import boto3
import httpx
import pytest
from botocore.config import Config

from studio.images.model import JobKind
from studio.jobs.model import Job
from studio.media.keys import inference_key
from tests.unit.workers.endpoints import clear_faults, models
from tests.unit.world import World
from workers.inferences import Inferences
from workers.maker import ImageMaker
from workers.providers.sagemaker import SageMaker
from workers.run import Runner

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
            ImageMaker(self.world.media, {("sdxl", JobKind.GENERATE): provider}),
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


def notification(job: Job, output: str = f"{OURS}1.out", **other: Any) -> dict[str, Any]:
    """Return a success message as SageMaker writes it, with something else in it."""
    asked = {"endpointName": ENDPOINT, "inputLocation": f"s3://media/{inference_key(job.id)}"}
    done = {"invocationStatus": "Completed", "responseParameters": {"outputLocation": output}}
    return {"inferenceId": job.id, "requestParameters": asked, **done, **other}


def failed(job: Job, reason: str) -> dict[str, Any]:
    return notification(job, invocationStatus="Failed", failureReason=reason, responseParameters=None)


def put_answer(stage: Stage, content: bytes, key: str = "inference/output/1.out") -> None:
    stage.world.media.client.put_object(Bucket="media", Key=key, Body=content)


def answer(**artifact: Any) -> bytes:
    return json.dumps({"artifacts": [{"seed": 1, "finishReason": "SUCCESS", **artifact}]}).encode()
