"""Follows the Documents table: begins the previews of collages that are filled by uploads."""

from typing import Any

from infra import attributes
from infra.access import GET, PUT, QUERY, UPDATE, Access
from infra.declaration import FunctionSpec, Streams
from studio.settings.albums import CollagePreviews

_PATTERNS: tuple[dict[str, Any], ...] = (
    {"eventName": ["MODIFY"], "dynamodb": {"NewImage": {"kind": {"S": ["COLLAGE"]}}}},
)

FUNCTION = FunctionSpec(
    name="collage-previews",
    stack="jobs",
    handler="resolvers.streams.collages.handler",
    group="api",
    settings=CollagePreviews,
    timeout=30,
    trigger=Streams(("Documents",), "TRIM_HORIZON", _PATTERNS, batch=10, retries=5, max_age=600),
    access=Access(
        tables={"Documents": (GET, UPDATE), "Photos": (QUERY,), "Jobs": (PUT,), "People": (GET,)},
        changes={"Documents": attributes.PREVIEW},
    ),
)
