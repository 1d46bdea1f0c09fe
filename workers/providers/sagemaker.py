"""Stable Diffusion XL on an asynchronous SageMaker endpoint: requested here, received in `workers.sagemaker_done`.

The bodies are those of Stability's own SDXL container: `text_prompts` in, `artifacts` out.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from botocore.exceptions import ClientError, ConnectionError, HTTPClientError  # noqa: A004

from studio.clock import millis, now
from studio.images.model import AspectRatio
from studio.jobs.model import Failure, Job
from studio.media.keys import inference_key
from studio.media.store import Media
from workers.outcome import BLOCKED, REJECTED, UNAVAILABLE, UNUSABLE, FinalError, TransientError
from workers.provider import Pictures
from workers.providers.aws_error import failure
from workers.providers.pictures import cropped, from_base64

if TYPE_CHECKING:
    from types_boto3_sagemaker_runtime import SageMakerRuntimeClient

_JSON = "application/json"
_NETWORK = (ConnectionError, HTTPClientError)
_MAX_WAIT = timedelta(hours=6)  # what RequestTTLSeconds takes
_MIN_WAIT = timedelta(minutes=1)
# To the container seed 0 is none; this one is beyond all that can be asked for here.
_SEED_ZERO = 2**32 - 2
# The nearest sizes among those that SDXL was trained on.
SIZES: Mapping[AspectRatio, tuple[int, int]] = {
    AspectRatio.SQUARE: (1024, 1024),
    AspectRatio.PORTRAIT_3_4: (896, 1152),
    AspectRatio.LANDSCAPE_4_3: (1152, 896),
    AspectRatio.PORTRAIT_9_16: (768, 1344),
    AspectRatio.LANDSCAPE_16_9: (1344, 768),
}


@dataclass(frozen=True)
class SageMaker:
    """Hands jobs to an endpoint, which may have to start a machine first."""

    client: "SageMakerRuntimeClient"
    media: Media
    endpoint: str

    def make(self, job: Job, inputs: Pictures) -> None:  # noqa: ARG002 - the model takes no images
        """Write down what is asked and submit it under the job's id; of two answers the first settles the job.

        Raises
        ------
        TransientError
            Throttled, 5xx or the network; with the pause that AWS asked for.
        FinalError
            Refused.
        """
        key = inference_key(job.id)
        self.media.put_json(key, body(job))
        try:
            self.client.invoke_endpoint_async(
                EndpointName=self.endpoint,
                InputLocation=self.media.uri(key),
                InferenceId=job.id,
                ContentType=_JSON,
                Accept=_JSON,
                RequestTTLSeconds=_patience(job),
            )
        except ClientError as error:
            raise failure(error) from error
        except _NETWORK as error:
            raise TransientError from error


def body(job: Job) -> dict[str, Any]:
    """Return what the endpoint is asked for one image."""
    spec = job.image_spec
    assert spec.aspect_ratio  # every generation has one
    width, height = SIZES[spec.aspect_ratio]
    prompts = [{"text": spec.prompt, "weight": 1}]
    if spec.negative_prompt:
        prompts.append({"text": spec.negative_prompt, "weight": -1})
    seed = {"seed": spec.seed or _SEED_ZERO} if spec.seed is not None else {}
    return {"text_prompts": prompts, "width": width, "height": height, **seed}


def image(job: Job, answer: bytes) -> bytes:
    """Read the image out of an endpoint's answer.

    Raises
    ------
    FinalError
        Blocked, or there is none.
    """
    artifact = _artifact(answer)
    if artifact.get("finishReason") == "CONTENT_FILTERED":
        raise FinalError(BLOCKED)
    if artifact.get("finishReason") == "ERROR":  # whatever image is with it
        raise FinalError(UNUSABLE)
    return cropped(from_base64(artifact.get("base64")), job.image_spec.aspect_ratio)


def _artifact(answer: bytes) -> Mapping[str, Any]:
    try:
        artifact = json.loads(answer)["artifacts"][0]
    except (ValueError, TypeError, LookupError) as error:
        raise FinalError(UNUSABLE) from error
    if not isinstance(artifact, dict):
        raise FinalError(UNUSABLE)
    return artifact


def refusal(reason: str) -> Failure:
    """Say why an inference failed; SageMaker says it in words: "Received client error (400) from model …"."""
    return REJECTED if "client error (4" in reason else UNAVAILABLE


def _patience(job: Job) -> int:
    """Return for how many seconds the request may wait in line: there is no use in it after the job's deadline."""
    left = timedelta(milliseconds=job.deadline - millis(now()))
    return int(min(max(left, _MIN_WAIT), _MAX_WAIT).total_seconds())
