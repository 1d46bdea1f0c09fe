"""Follows the Uploads table: unlinks from boards what is gone."""

from typing import Any

from infra.access import Access
from infra.declaration import FunctionSpec, Streams
from studio.settings.media import UploadsStream

# What is being deleted, and what is gone, by its owner's wish, its age, or with its owner.
_PATTERNS: tuple[dict[str, Any], ...] = (
    {"eventName": ["MODIFY"], "dynamodb": {"NewImage": {"status": {"S": ["WITHDRAWN"]}}}},
    {"eventName": ["REMOVE"]},
)

FUNCTION = FunctionSpec(
    name="uploads-stream",
    stack="jobs",
    handler="resolvers.streams.uploads.handler",
    group="api",
    settings=UploadsStream,
    timeout=30,
    trigger=Streams(("Uploads",), "TRIM_HORIZON", _PATTERNS, batch=25, retries=5, max_age=600),
    access=Access(),
)
