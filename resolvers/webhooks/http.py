"""What the webhooks share: a request's bytes, and an answer in JSON."""

import base64
import json
from collections.abc import Mapping
from typing import Any

Event = Mapping[str, Any]
Answer = dict[str, Any]


def body_of(event: Event) -> bytes:
    """Return the body as it was sent: a signature is over its bytes."""
    body: str = event.get("body") or ""
    return base64.b64decode(body) if event["isBase64Encoded"] else body.encode()


def json_answer(status: int, body: Mapping[str, Any]) -> Answer:
    headers = {"content-type": "application/json", "cache-control": "no-store"}
    return {"statusCode": status, "headers": headers, "body": json.dumps(body)}
