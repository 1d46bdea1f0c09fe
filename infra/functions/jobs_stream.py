"""Follows the Jobs table: hands out new jobs, gives points back, links images to boards, wakes orders."""

from typing import Any

from infra import attributes
from infra.access import REFUND, UPDATE, Access
from infra.declaration import EVERY_WORKER, FunctionSpec, Streams
from studio.settings.jobs import JobsStream

# New jobs to hand out; ended ones whose charge has to come back, whose image belongs on a board or whose order waits;
# and jobs that are gone, by their owner's wish or their age, from their boards. The others would wake it for nothing.
_STATUSES = ("PENDING", "FAILED", "CANCELED", "COMPLETED")
_PATTERNS: tuple[dict[str, Any], ...] = (
    {"eventName": ["INSERT", "MODIFY"], "dynamodb": {"NewImage": {"status": {"S": list(_STATUSES)}}}},
    {"eventName": ["REMOVE"]},
)

FUNCTION = FunctionSpec(
    name="jobs-stream",
    stack="jobs",
    handler="resolvers.streams.jobs.handler",
    group="api",
    settings=JobsStream,
    timeout=60,
    # What fails is tried again at once, a few times only: all that follows it waits meanwhile, and the sweeper finds by
    # the job's row whatever was given up here.
    trigger=Streams(("Jobs",), "TRIM_HORIZON", _PATTERNS, batch=25, retries=5, max_age=600),
    access=Access(
        tables={"Jobs": (UPDATE,), "Orders": (UPDATE,), **REFUND},
        changes={"Jobs": attributes.REFUND, "People": attributes.CREDIT, "Orders": attributes.LOOK_AGAIN},
    ),
    invokes=(EVERY_WORKER,),
)
