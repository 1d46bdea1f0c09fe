"""The Vertex AI worker: groups of jobs for Google's image models."""

from functools import lru_cache
from typing import Any

from google.auth.credentials import Credentials
from google.genai import Client, types

from studio.images.model import JobKind
from studio.jobs.table import Jobs
from studio.media.store import Media
from studio.secrets import Secret
from studio.settings import workers as settings
from studio.settings.environment import read_settings
from workers.maker import ImageMaker
from workers.provider import Providers
from workers.providers.gemini import Gemini
from workers.providers.google_credentials import credentials_of
from workers.run import Runner

config = read_settings(settings.Vertex)
_secret = Secret(config.vertex_secret)


@lru_cache(maxsize=1)
def runner(credential: str) -> Runner:
    """Return the runner that signs in so; it is kept, for the collector would otherwise close its clients."""
    media = Media(config.media_bucket)
    return Runner(
        jobs=Jobs(config.jobs_table),
        media=media,
        maker=ImageMaker(media, providers(credentials_of(credential))),
        lease_seconds=config.lease_seconds,
        attempt_seconds=config.attempt_seconds,
        retry_base_seconds=config.retry_base_seconds,
    )


def providers(credentials: Credentials) -> Providers:
    """Return who makes what: every model is asked where it is, whatever the kind."""
    places = {place: _client(credentials, place) for place in set(config.vertex_locations.values())}
    geminis = {model: Gemini(places[place], config.provider_models) for model, place in config.vertex_locations.items()}
    return {(model, kind): gemini for model, gemini in geminis.items() for kind in JobKind}


def _client(credentials: Credentials, location: str) -> Client:
    return Client(
        vertexai=True,
        project=config.vertex_project,
        location=location,
        credentials=credentials,
        http_options=types.HttpOptions(
            base_url=config.vertex_endpoint or None, timeout=round(config.attempt_seconds * 1000)
        ),
    )


def handler(event: dict[str, Any], _context: Any) -> None:
    """Run the jobs `{"jobs": [id, …]}`. Invoked twice, the second finds them claimed."""
    runner(_secret.text()).run(event["jobs"])
