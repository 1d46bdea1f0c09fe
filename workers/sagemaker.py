"""The SageMaker worker: hands jobs to asynchronous endpoints. Its part ends there; see `sagemaker_done`."""

from functools import cache
from typing import Any

import boto3
from botocore.config import Config

from studio.images.model import JobKind
from studio.jobs.table import Jobs
from studio.media.store import Media
from studio.settings import workers as settings
from studio.settings.environment import read_settings
from workers.maker import ImageMaker
from workers.providers.sagemaker import SageMaker
from workers.run import Runner

config = read_settings(settings.ImageWorker)


@cache
def runner() -> Runner:
    media = Media(config.media_bucket)
    # The runner tries again by itself, under its lease.
    once = Config(connect_timeout=5, read_timeout=config.attempt_seconds, retries={"total_max_attempts": 1})
    client = boto3.client("sagemaker-runtime", config=once)
    return Runner(
        jobs=Jobs(config.jobs_table),
        media=media,
        maker=ImageMaker(
            media,
            {
                (model, JobKind.GENERATE): SageMaker(client, media, endpoint)
                for model, endpoint in config.provider_models.items()
            },
        ),
        lease_seconds=config.lease_seconds,
        attempt_seconds=config.attempt_seconds,
        retry_base_seconds=config.retry_base_seconds,
    )


def handler(event: dict[str, Any], _context: Any) -> None:
    """Submit the jobs `{"jobs": [id, …]}`. Invoked twice, the second finds them claimed."""
    runner().run(event["jobs"])
