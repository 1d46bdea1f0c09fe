"""The worker that renders albums and collages, one to a call."""

from functools import cache
from typing import Any

from studio import settings
from studio.jobs.table import Jobs
from studio.media.store import Media
from workers.documents.maker import DocumentMaker
from workers.run import Runner

config = settings.read(settings.DocumentsWorker)


@cache
def runner() -> Runner:
    """Return this process's runner."""
    media = Media(config.media_bucket)
    return Runner(
        jobs=Jobs(config.jobs_table),
        media=media,
        maker=DocumentMaker(media),
        lease_seconds=config.lease_seconds,
        attempt_seconds=config.attempt_seconds,
        retry_base_seconds=config.retry_base_seconds,
    )


def handler(event: dict[str, Any], _context: Any) -> None:
    """Run the jobs `{"jobs": [id, …]}`. Invoked twice, the second finds them claimed."""
    runner().run(event["jobs"])
