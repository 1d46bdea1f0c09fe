"""Archives every line of the ledger and of the audit trail."""

from infra.access import Access
from infra.declaration import FunctionSpec, Streams
from infra.tables import APPEND_ONLY
from studio.settings.streams import Archive

FUNCTION = FunctionSpec(
    name="archive",
    stack="jobs",
    handler="resolvers.streams.archive.handler",
    group="api",
    settings=Archive,
    timeout=60,
    # A stream keeps a record for a day: what cannot be archived is tried for hours, and time is left to fetch by hand
    # what was given up.
    trigger=Streams(
        APPEND_ONLY,
        "TRIM_HORIZON",
        ({"eventName": ["INSERT", "MODIFY", "REMOVE"]},),
        batch=100,
        retries=10_000,
        max_age=6 * 3600,
    ),
    access=Access(),
)
