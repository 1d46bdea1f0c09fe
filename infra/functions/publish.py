"""Publishes to subscribers every change of what is theirs."""

from typing import Any

from infra.access import GET, GET_MANY, QUERY, Access
from infra.declaration import FunctionSpec, Streams
from studio.settings.streams import Publish

# Jobs, payments and documents have a version; the rows of transactions, beside the payments, have none.
_VERSIONED = {"NewImage": {"version": {"N": [{"exists": True}]}}}
# Of people those who had not left before; of uploads those that were looked at, or deleted.
_LISTED = {"OldImage": {"listed": {"S": [{"exists": True}]}}}
_UPLOADS = {"NewImage": {"status": {"S": ["READY", "REJECTED", "WITHDRAWN"]}}}
_PATTERNS: tuple[dict[str, Any], ...] = (
    {"eventName": ["INSERT", "MODIFY"], "dynamodb": _VERSIONED},
    {"eventName": ["MODIFY"], "dynamodb": _LISTED},
    {"eventName": ["MODIFY"], "dynamodb": _UPLOADS},
)

FUNCTION = FunctionSpec(
    name="publish",
    stack="jobs",
    handler="resolvers.streams.publish.handler",
    group="api",
    settings=Publish,
    timeout=30,
    concurrency="publish",
    # Publishing late is worth little, and whoever was away asks for the thing itself.
    trigger=Streams(
        ("Jobs", "Payments", "Documents", "Orders", "People", "Uploads"),
        "LATEST",
        _PATTERNS,
        batch=10,
        retries=5,
        max_age=300,
    ),
    access=Access(tables={"Documents": (GET,), "Photos": (QUERY,), "Jobs": (GET_MANY,)}),
    publishes=(
        "Mutation.publishJob",
        "Mutation.publishJobDeleted",
        "Mutation.publishShutOut",
        "Mutation.publishUser",
        "Mutation.publishUpload",
        "Mutation.publishPayment",
        "Mutation.publishAlbum",
        "Mutation.publishCollage",
        "Mutation.publishOrder",
    ),
)
