"""From claim to lease: a job is handed to the endpoint, and waits."""

import importlib
import json
import time
from typing import Any

import boto3
import pytest
from botocore.stub import Stubber

from studio.clock import millis, now
from studio.dynamo import update
from studio.jobs import states
from studio.jobs.dispatch import Dispatch
from studio.jobs.model import JobErrorCode, JobStatus
from studio.jobs.sweep import Sweeper
from studio.media.keys import inference_key
from tests.unit.resolvers.conftest import ENVIRONMENT
from tests.unit.sagemaker.conftest import ENDPOINT, GIVEN, Stage
from tests.unit.workers.endpoints import set_fault
from workers.outcome import TransientError
from workers.providers.sagemaker import SageMaker
from workers.run import RETRIES


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
    stage.inferences.handle(stage.message())


def test_seed_0_is_not_said_as_the_none_that_it_is_to_the_container(stage: Stage) -> None:
    job = stage.submitted(seed=0)
    assert job.image_spec.seed == 0
    assert json.loads(stage.world.media.read(inference_key(job.id), 10_000).data)["seed"] == 2**32 - 2


@pytest.mark.parametrize("fault", ["429", "500", "503", "drop"])
def test_what_passes_is_submitted_again(stage: Stage, fault: str) -> None:
    set_fault(stage.url, *[fault] * RETRIES)
    job = stage.submitted()
    assert job.status == JobStatus.PROCESSING
    stage.inferences.handle(stage.message())
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


@pytest.mark.parametrize(
    ("code", "headers", "message", "seconds"),
    [
        ("ThrottlingException", {"retry-after": "7"}, "Rate exceeded", 7),
        ("ThrottlingException", {}, "Rate exceeded, retry after 7s", 7),
        ("ServiceUnavailable", {"x-amz-retry-after": "7000"}, "Unavailable", 7),
    ],
)
def test_the_pause_that_sagemaker_asks_for(
    stage: Stage, code: str, headers: dict[str, str], message: str, seconds: float
) -> None:
    client = boto3.Session("a", "b", region_name="us-east-1").client("sagemaker-runtime")
    stub = Stubber(client)
    status = 503 if code == "ServiceUnavailable" else 400
    stub.add_client_error("invoke_endpoint_async", code, message, status, response_meta={"HTTPHeaders": headers})
    with stub, pytest.raises(TransientError) as error:
        SageMaker(client, stage.world.media, ENDPOINT).make(stage.world.generate(**GIVEN)[0], {})
    assert error.value.retry_after == seconds


class NoWorkers:
    def invoke(self, **_: Any) -> None:
        raise AssertionError("the job was handed out again")


def sweeping(stage: Stage) -> Sweeper:
    world, dispatch = stage.world, Dispatch(NoWorkers(), {"sagemaker": "f"})  # pyright: ignore[reportArgumentType]
    return Sweeper(world.jobs, world.refunds, world.deletions, dispatch, 150)


def test_while_the_machine_starts_nobody_takes_the_job_over(stage: Stage) -> None:
    stage.configure(cold_seconds=0.5)
    started = time.monotonic()
    job = stage.submitted()
    sweeper = sweeping(stage)
    sweeper.sweep(stage.world.later(3_599))
    assert stage.now(job) == job
    stage.inferences.handle(stage.message())
    assert time.monotonic() - started > 0.5
    assert stage.now(job).status == JobStatus.COMPLETED


def test_one_that_never_answers_fails_at_its_deadline(stage: Stage) -> None:
    set_fault(stage.url, "silent")
    job = stage.submitted()
    sweeper = sweeping(stage)
    sweeper.sweep(stage.world.later(3_600))
    failure = stage.now(job).failure
    assert failure
    assert failure.code == JobErrorCode.TIMED_OUT


def test_another_submitter_takes_over_only_where_the_first_died_before_it_had_submitted(stage: Stage) -> None:
    job = stage.world.generate(**GIVEN)[0]
    stage.world.jobs.step(states.claim(job, "dead", now(), -1))
    stage.worker.run([job.id])
    stage.inferences.handle(stage.message())
    assert (stage.now(job).status, stage.now(job).claims) == (JobStatus.COMPLETED, 2)


def handler(name: str, monkeypatch: pytest.MonkeyPatch, **more: str) -> Any:
    """Import a handler as Lambda does."""
    worker = {"RETRY_BASE_SECONDS": "0", "ATTEMPT_SECONDS": "120", "LEASE_SECONDS": "150"}
    models = {"PROVIDER_MODELS": json.dumps({"sdxl": ENDPOINT})}
    for variable, value in {**ENVIRONMENT, **worker, **models, **more}.items():
        monkeypatch.setenv(variable, value)
    return importlib.reload(importlib.import_module(name))


def test_both_functions_together_from_their_environment(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    submit = handler("workers.sagemaker", monkeypatch, AWS_ENDPOINT_URL_SAGEMAKER_RUNTIME=stage.url)
    done = handler("workers.sagemaker_done", monkeypatch)
    job = stage.world.generate(**GIVEN)[0]
    submit.handler({"jobs": [job.id]}, None)
    record = {"Sns": {"Message": json.dumps(stage.message())}}
    unreadable = [{"Sns": {"Message": "no JSON"}}, {"Sns": {"Message": "[]"}}, {"Sns": {}}, {}, None]
    done.handler({"Records": [*unreadable, record, record]}, None)
    assert stage.now(job).status == JobStatus.COMPLETED


def test_a_message_that_cannot_be_settled_now_holds_up_no_other_and_comes_again(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    submit = handler("workers.sagemaker", monkeypatch, AWS_ENDPOINT_URL_SAGEMAKER_RUNTIME=stage.url)
    done = handler("workers.sagemaker_done", monkeypatch)
    job = stage.world.generate(**GIVEN)[0]
    submit.handler({"jobs": [job.id]}, None)
    unsettled = {"Sns": {"Message": json.dumps({"requestParameters": "no object"})}}
    settled = {"Sns": {"Message": json.dumps(stage.message())}}
    with pytest.raises(done.UnsettledError):
        done.handler({"Records": [unsettled, settled]}, None)
    assert stage.now(job).status == JobStatus.COMPLETED


def test_a_job_whose_row_cannot_be_read_holds_up_no_other_and_does_not_come_again(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    submit = handler("workers.sagemaker", monkeypatch, AWS_ENDPOINT_URL_SAGEMAKER_RUNTIME=stage.url)
    done = handler("workers.sagemaker_done", monkeypatch)
    job = stage.world.generate(**GIVEN)[0]
    submit.handler({"jobs": [job.id]}, None)
    stage.world.jobs.apply(update({"id": job.id}, set={"history": "x"}))
    assert done.handler({"Records": [{"Sns": {"Message": json.dumps(stage.message())}}]}, None) is None
