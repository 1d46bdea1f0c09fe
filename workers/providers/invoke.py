"""One call of a model on Amazon Bedrock, whatever its body is."""

import json
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from botocore.exceptions import ClientError, ConnectionError, HTTPClientError, IncompleteReadError  # noqa: A004

from workers.outcome import BLOCKED, UNUSABLE, FinalError, TransientError
from workers.providers.aws_error import failure

if TYPE_CHECKING:
    from types_boto3_bedrock_runtime import BedrockRuntimeClient

_NETWORK = (ConnectionError, HTTPClientError, IncompleteReadError)
_JSON = "application/json"


def invoke(client: "BedrockRuntimeClient", model: str, body: Mapping[str, Any]) -> dict[str, Any]:
    """Return a model's answer.

    Raises
    ------
    TransientError
        Throttled, timed out, not ready, 5xx or the network; with the pause that AWS asked for.
    FinalError
        Blocked by a content filter, refused, at its end of life, or an answer that is no JSON object.
    """
    try:
        answer = client.invoke_model(modelId=model, body=json.dumps(body), contentType=_JSON, accept=_JSON)
        content = answer["body"].read()
    except ClientError as error:
        raise _failed(error) from error
    except _NETWORK as error:
        raise TransientError from error
    return _object(content)


def _object(content: bytes) -> dict[str, Any]:
    try:
        found = json.loads(content)
    except ValueError as error:
        raise FinalError(UNUSABLE) from error
    if not isinstance(found, dict):
        raise FinalError(UNUSABLE)
    return found


def filtered(message: object) -> bool:
    """Tell whether Amazon's content filters are meant."""
    return "content filter" in str(message).lower()


def _failed(error: ClientError) -> Exception:
    details = error.response.get("Error", {})
    if details.get("Code") == "ValidationException" and filtered(details.get("Message")):
        return FinalError(BLOCKED)
    return failure(error)
