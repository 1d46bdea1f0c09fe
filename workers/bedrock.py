"""The Bedrock worker: groups of jobs for image models on Amazon Bedrock, each in the region that has it."""

from functools import cache
from typing import TYPE_CHECKING, Any

import boto3
from botocore.config import Config

from studio.images.model import JobKind
from studio.jobs.table import Jobs
from studio.media.store import Media
from studio.settings import workers as settings
from studio.settings.environment import read_settings
from workers.maker import ImageMaker
from workers.provider import Provider, Providers
from workers.providers.stability import Stability
from workers.providers.titan import Titan
from workers.run import Runner

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from types_boto3_bedrock_runtime import BedrockRuntimeClient

# By the maker in a model's id, or in that of its inference profile.
_FAMILIES: "Mapping[str, Callable[[BedrockRuntimeClient, str], Provider]]" = {"amazon": Titan, "stability": Stability}
_CONNECT_SECONDS = 5.0

config = read_settings(settings.Bedrock)


@cache
def runner() -> Runner:
    """Return this process's runner."""
    media = Media(config.media_bucket)
    return Runner(
        jobs=Jobs(config.jobs_table),
        media=media,
        maker=ImageMaker(media, providers()),
        lease_seconds=config.lease_seconds,
        attempt_seconds=config.attempt_seconds,
        retry_base_seconds=config.retry_base_seconds,
    )


def providers() -> Providers:
    made = {model: provider(model) for model in config.provider_models}
    return {(model, kind): each for model, each in made.items() for kind in JobKind}


def provider(model: str) -> Provider:
    """Return who makes the images of one of the catalogue's models."""
    name = config.provider_models[model]
    return _FAMILIES[name.removeprefix("us.").partition(".")[0]](_client(config.bedrock_regions[model]), name)


@cache
def _client(region: str) -> "BedrockRuntimeClient":
    """Make a client that waits as long as an attempt may take (Amazon asks for 300 s) and leaves retries to us."""
    options = Config(
        connect_timeout=_CONNECT_SECONDS, read_timeout=config.attempt_seconds, retries={"total_max_attempts": 1}
    )
    return boto3.client("bedrock-runtime", region_name=region, config=options)


def handler(event: dict[str, Any], _context: Any) -> None:
    """Run the jobs `{"jobs": [id, …]}`. Invoked twice, the second finds them claimed."""
    runner().run(event["jobs"])
