"""The browser worker: groups of jobs for models that are pages. One browser serves all jobs of a process."""

from functools import cache
from typing import Any

from studio.images.model import JobKind
from studio.jobs.table import Jobs
from studio.media.store import Media
from studio.settings import workers as settings
from studio.settings.environment import read_settings
from workers.chromium import Chromium
from workers.maker import ImageMaker
from workers.providers.page import PageStudio
from workers.run import Runner

config = read_settings(settings.Browser)


@cache
def runner() -> Runner:
    chromium = Chromium(config.chromium, config.chromium_flags.split())
    media = Media(config.media_bucket)
    return Runner(
        jobs=Jobs(config.jobs_table),
        media=media,
        maker=ImageMaker(
            media,
            {
                (model, JobKind.GENERATE): PageStudio(chromium, address, config.attempt_seconds)
                for model, address in config.provider_models.items()
            },
        ),
        lease_seconds=config.lease_seconds,
        attempt_seconds=config.attempt_seconds,
        retry_base_seconds=config.retry_base_seconds,
    )


def handler(event: dict[str, Any], _context: Any) -> None:
    """Run the jobs `{"jobs": [id, …]}`. Invoked twice, the second finds them claimed."""
    runner().run(event["jobs"])
