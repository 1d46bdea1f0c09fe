"""The local endpoint keeps to what AWS documents."""

import httpx
import pytest

from tests.unit.sagemaker.conftest import ENDPOINT, OURS, Stage, runtime


def post(stage: Stage, endpoint: str, **headers: str) -> tuple[int, str]:
    answer = httpx.post(f"{stage.url}/endpoints/{endpoint}/async-invocations", headers=headers)
    return answer.status_code, answer.headers["x-amzn-errortype"]


def test_the_endpoint_takes_signed_calls_for_endpoints_that_it_knows(stage: Stage) -> None:
    signed = {
        "Authorization": "AWS4-HMAC-SHA256 Credential=k/20261120/eu-west-1/sagemaker/aws4_request, SignedHeaders=h"
    }
    assert post(stage, ENDPOINT) == (403, "MissingAuthenticationTokenException")
    assert post(stage, "another", **signed) == (400, "ValidationError")
    assert post(stage, ENDPOINT, **signed) == (400, "ValidationError")


@pytest.mark.parametrize("content", ["{", "[]", '{"outputPath": "s3://b/o/"}'])
def test_an_endpoint_needs_a_whole_configuration(stage: Stage, content: str) -> None:
    assert httpx.put(f"{stage.url}/_endpoints/new", content=content).status_code == 400


@pytest.mark.parametrize("content", [b"", b"{}", b'{"text_prompts": [{"text": "a"}], "width": 1000, "height": 5}'])
def test_an_input_that_the_container_does_not_take_fails_later(stage: Stage, content: bytes) -> None:
    stage.world.media.client.put_object(Bucket="media", Key="inference/input/odd.json", Body=content)
    answer = runtime(stage.url).invoke_endpoint_async(
        EndpointName=ENDPOINT, InputLocation="s3://media/inference/input/odd.json", InferenceId="odd"
    )
    assert answer["OutputLocation"].startswith(OURS)
    message = stage.message()
    assert (message["invocationStatus"], message["inferenceId"]) == ("Failed", "odd")
    assert "client error (400)" in message["failureReason"]
    assert "responseParameters" not in message
