"""The worker that renders albums and collages, one to a call."""

from functools import cache
from typing import Any

from studio.jobs.table import Jobs
from studio.media.store import Media
from studio.settings import workers as settings
from studio.settings.environment import read_settings
from workers.documents.maker import DocumentMaker
from workers.run import Runner

config = read_settings(settings.DocumentsWorker)


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
