"""Has a collage previewed when a picture that was sent to it has come, or never will."""

from collections.abc import Mapping
from typing import Any

from resolvers.streams.records import Record, failures, row_of
from studio.albums.preview import SentPreviews
from studio.albums.render import RenderTimes
from studio.albums.table import Documents, Photos
from studio.clock import now
from studio.jobs.table import Jobs
from studio.people.table import People
from studio.settings import albums as settings
from studio.settings.environment import read_settings
from studio.sweeping import each

config = read_settings(settings.CollagePreviews)
_previews = SentPreviews(
    Documents(config.documents_table),
    Photos(config.photos_table),
    Jobs(config.jobs_table),
    People(config.people_table),
    RenderTimes(config.job_ttl_days, config.deadline_seconds, config.lease_seconds),
)


def handler(event: Mapping[str, Any], _context: Any) -> dict[str, Any]:
    """Look at the collages of a batch; what failed comes again."""
    records = [record for record in event["Records"] if _is_arrival(record)]
    return failures(each(records, lambda found: _previews.look(row_of(found), now()), what="preview", name=row_of))


def _is_arrival(record: Record) -> bool:
    before, after = (record["dynamodb"][image] for image in ("OldImage", "NewImage"))
    return any(before.get(name) != after.get(name) for name in ("arrived", "rejected"))
