"""One inference, as Stability's SDXL container makes it: ``text_prompts`` in, ``artifacts`` out."""

import base64
import json
import secrets
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from local.models.gemini import SAFETY_WORD
from local.models.pending import CallHandler, PendingCall
from local.models.render import PictureOrder
from local.models.sagemaker_endpoint import Endpoint

MAX_SIDE, STEP = 2048, 8
CLIENT_ERROR = (
    "ClientError: Received client error (400) from model. See the SageMaker Endpoint logs for more information."
)
SERVER_ERROR = (
    "ClientError: Received server error (500) from model. See the SageMaker Endpoint logs for more information."
)


@dataclass(frozen=True)
class Result:
    """How an inference ended: what it wrote, if it did, and what is said of it, how many times."""

    ok: bool
    output: bytes | None
    message: str
    times: int = 1


@dataclass(frozen=True)
class Inference:
    """One request that was taken in; ``patience`` is for how many seconds it may wait in line."""

    pending: PendingCall
    endpoint: Endpoint
    id: str
    content_type: str
    input: str
    output: str
    patience: float

    async def run(self, handler: CallHandler, content: bytes | None) -> Result:
        """Draw what the input asks for, or fail as the fault says."""
        order = _order(content)
        twist = self.pending.fault.twist
        if order is None or twist == "refused":
            return failed(self, CLIENT_ERROR)
        if twist == "failed":
            return failed(self, SERVER_ERROR)
        if twist == "not-json":
            return self._done(b"<html>upstream connect error</html>")
        if twist == "empty":
            return self._done(_artifacts([]))
        if twist in {"blocked", "prompt-blocked"} or SAFETY_WORD.search(order.prompt):
            return self._done(_artifacts([_artifact(b"", order.seed, "CONTENT_FILTERED")]))
        picture = await handler.draw(order, self.pending)
        return self._done(_artifacts([_artifact(picture.data, order.seed, "SUCCESS")]))

    def _done(self, output: bytes) -> Result:
        times = {"silent": 0, "twice": 2}.get(self.pending.fault.twist or "", 1)
        given = {"contentType": "application/json", "outputLocation": self.output}
        return Result(
            True, output, _notification(self, {"invocationStatus": "Completed", "responseParameters": given}), times
        )


def failed(inference: Inference, reason: str) -> Result:
    """Give the end of an inference without an output."""
    return Result(False, None, _notification(inference, {"invocationStatus": "Failed", "failureReason": reason}))


def prompt_of(content: bytes | None) -> str:
    """Give the first prompt of an input, empty where it has none."""
    order = _order(content)
    return order.prompt if order else ""


def _order(content: bytes | None) -> PictureOrder | None:
    """Read an input; None where it is none."""
    try:
        body = json.loads(content or b"")
        prompts = [(str(each["text"]), float(each.get("weight", 1))) for each in body["text_prompts"]]
        wanted = "\n".join(text for text, weight in prompts if weight > 0)
        avoid = ", ".join(text for text, weight in prompts if weight < 0)
        width, height = _side(body, "width"), _side(body, "height")
        seed = int(body.get("seed") or 1 + secrets.randbits(31))
    except (ValueError, TypeError, KeyError, AttributeError):
        return None
    return PictureOrder(f"{wanted}\n\nAvoid: {avoid}" if avoid else wanted, seed, width, height)


def _side(body: Any, name: str) -> int:
    side = int(body.get(name, 1024))
    if side % STEP or not STEP <= side <= MAX_SIDE:
        raise ValueError(name)
    return side


def _artifact(data: bytes, seed: int, reason: str) -> dict[str, Any]:
    return {"seed": seed, "base64": base64.b64encode(data).decode("ascii"), "finishReason": reason}


def _artifacts(artifacts: list[dict[str, Any]]) -> bytes:
    return json.dumps({"result": "success", "artifacts": artifacts}).encode()


# https://docs.aws.amazon.com/sagemaker/latest/dg/async-inference-check-predictions.html
def _notification(inference: Inference, outcome: dict[str, Any]) -> str:
    now = datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
    message = {
        "awsRegion": "ap-southeast-1",
        "eventTime": now,
        "receivedTime": now,
        **outcome,
        "requestParameters": {
            "contentType": inference.content_type,
            "endpointName": inference.pending.model,
            "inputLocation": inference.input,
        },
        "inferenceId": inference.id,
        "eventVersion": "1.0",
        "eventSource": "aws:sagemaker",
        "eventName": "InferenceResult",
    }
    return json.dumps(message)
