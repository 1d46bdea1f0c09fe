"""Google's Imagen on Vertex AI, which edits with a mask, through google-cloud-aiplatform.

Its client takes a second to import: workers do so with the first edit.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from google.api_core.exceptions import GoogleAPICallError
from google.auth.credentials import Credentials
from google.auth.exceptions import GoogleAuthError
from google.cloud.aiplatform_v1 import PredictionServiceClient, PredictResponse
from google.protobuf.json_format import MessageToDict, ParseDict, ParseError
from google.protobuf.struct_pb2 import Value
from requests import RequestException

from studio.images.model import EditMode
from studio.jobs.model import Job
from workers.imaging.prepare import Encoded, Limits
from workers.outcome import BLOCKED, RECITATION, UNUSABLE, FinalError, TransientError
from workers.provider import Pictures
from workers.providers.pictures import from_base64
from workers.providers.scene import scene
from workers.providers.status import failure_of

# It takes images of 10 MB; its own longest side is 1408 pixels.
LIMITS = Limits(max_side=1408, max_pixels=1408 * 1408, max_base64=10_000_000)


@dataclass(frozen=True)
class _Way:
    """How Google advises to ask for an edit: steps of diffusion, and how far a mask grows (of the image's width)."""

    mode: str
    steps: int
    dilation: float


# https://docs.cloud.google.com/vertex-ai/generative-ai/docs/image/edit-insert-objects and its neighbours
_WAYS: Mapping[EditMode, _Way] = {
    EditMode.INPAINT_INSERT: _Way("EDIT_MODE_INPAINT_INSERTION", 35, 0.01),
    EditMode.INPAINT_REMOVE: _Way("EDIT_MODE_INPAINT_REMOVAL", 12, 0.01),
    EditMode.OUTPAINT: _Way("EDIT_MODE_OUTPAINT", 35, 0.03),
    EditMode.BACKGROUND_SWAP: _Way("EDIT_MODE_BGSWAP", 75, 0.0),
}
# Support codes of the filter that knows other people's works; all others are about safety:
# https://docs.cloud.google.com/vertex-ai/generative-ai/docs/image/responsible-ai-imagen
_THIRD_PARTY = ("35561574", "35561575")
_BLOCKING = ("responsible ai", "may violate our policies")  # in the message of a 400: the prompt was stopped


@dataclass(frozen=True)
class Imagen:
    """Makes one edit a call; `model` is the model's whole resource name."""

    client: PredictionServiceClient
    model: str
    attempt_seconds: float

    @classmethod
    def connect(cls, endpoint: str, credentials: Credentials, model: str, attempt_seconds: float) -> "Imagen":
        """Make a client for a regional host, or for a URL on this machine."""
        options = {"api_endpoint": endpoint}
        client = PredictionServiceClient(credentials=credentials, transport="rest", client_options=options)
        return cls(client, model, attempt_seconds)

    def make(self, job: Job, inputs: Pictures) -> bytes:
        """Ask for one edit.

        Raises
        ------
        TransientError
            429, 5xx, a timeout or the network; with the pause that Google asked for.
        FinalError
            Blocked, refused, retired, or an answer without an image.
        """
        try:
            answer = self.client.predict(
                endpoint=self.model,
                instances=[_value(_instance(job, inputs))],
                parameters=_value(_parameters(job)),
                retry=None,
                timeout=self.attempt_seconds,
            )
        except GoogleAPICallError as error:
            raise _failed(error) from error
        except RequestException as error:
            raise TransientError from error
        except GoogleAuthError as error:
            if not error.retryable:
                raise
            raise TransientError from error
        except ParseError as error:
            raise FinalError(UNUSABLE) from error
        return _image(answer)


def _instance(job: Job, inputs: Pictures) -> dict[str, Any]:
    shown = scene(job, inputs, LIMITS)
    assert shown.mask  # every edit has one
    config = {"maskMode": "MASK_MODE_USER_PROVIDED", "dilation": _way(job).dilation}
    image, mask = _reference(1, "RAW", shown.pictures[0]), _reference(2, "MASK", shown.mask)
    spec = job.image_spec
    prompt = "" if spec.mode is EditMode.INPAINT_REMOVE else spec.prompt  # removing works best unprompted
    return {"prompt": prompt, "referenceImages": [image, {**mask, "maskImageConfig": config}]}


def _reference(id_: int, role: str, image: Encoded) -> dict[str, Any]:
    picture = {"bytesBase64Encoded": image.base64, "mimeType": image.content_type}
    return {"referenceType": f"REFERENCE_TYPE_{role}", "referenceId": id_, "referenceImage": picture}


def _parameters(job: Job) -> dict[str, Any]:
    way = _way(job)
    return {
        "editMode": way.mode,
        "editConfig": {"baseSteps": way.steps},
        "sampleCount": 1,
        "includeRaiReason": True,
        "outputOptions": {"mimeType": "image/png"},
    }


def _way(job: Job) -> _Way:
    assert job.image_spec.mode
    return _WAYS[job.image_spec.mode]


def _value(content: dict[str, Any]) -> Value:
    return ParseDict(content, Value())


def _image(answer: PredictResponse) -> bytes:
    """Return the image of the answer; a blocked one has a reason instead."""
    for prediction in PredictResponse.pb(answer).predictions:
        found = MessageToDict(prediction)
        if "raiFilteredReason" in found:
            third = any(code in str(found["raiFilteredReason"]) for code in _THIRD_PARTY)
            raise FinalError(RECITATION if third else BLOCKED)
        if "bytesBase64Encoded" in found:
            return from_base64(found["bytesBase64Encoded"])
    raise FinalError(UNUSABLE)


def _failed(error: GoogleAPICallError) -> Exception:
    status = int(error.code or 500)
    message = str(error.message).lower()
    if status == 400 and any(words in message for words in _BLOCKING):  # noqa: PLR2004
        return FinalError(BLOCKED)
    return failure_of(status, getattr(error.response, "headers", None), error.details, error.message)
