"""The Vertex AI worker: groups of jobs for Google's image models."""

import json
from datetime import date
from functools import lru_cache, partial
from typing import Any

from google.auth import load_credentials_from_dict
from google.auth.credentials import Credentials
from google.genai import Client, types
from google.oauth2.credentials import Credentials as OAuthCredentials

from studio.images.model import JobKind
from studio.jobs.table import Jobs
from studio.media.store import Media
from studio.secrets import Secret
from studio.settings import workers as settings
from studio.settings.environment import read_settings
from workers.maker import ImageMaker
from workers.provider import Provider, Providers
from workers.providers.gemini import Gemini
from workers.providers.retiring import LazyProvider, RetiringProvider
from workers.run import Runner

_SCOPES = ["https://www.googleapis.com/auth/cloud-platform"]

# "Discontinuation date" of imagen-3.0-capability-001; Google sends its users on to the Gemini image models:
# https://docs.cloud.google.com/vertex-ai/generative-ai/docs/models/imagen/3-0-generate
IMAGEN_RETIRES_ON = date(2026, 6, 30)

config = read_settings(settings.Vertex)
_secret = Secret(config.vertex_secret)


@lru_cache(maxsize=1)
def runner(credential: str) -> Runner:
    """Return the runner that signs in so; it is kept, for the collector would otherwise close its client."""
    media = Media(config.media_bucket)
    return Runner(
        jobs=Jobs(config.jobs_table),
        media=media,
        maker=ImageMaker(media, providers(_credentials(credential))),
        lease_seconds=config.lease_seconds,
        attempt_seconds=config.attempt_seconds,
        retry_base_seconds=config.retry_base_seconds,
    )


def providers(credentials: Credentials) -> Providers:
    """Return who makes what: Gemini everything, but for the edits that Imagen makes until it retires."""
    gemini = Gemini(_client(credentials), config.provider_models)
    found: dict[tuple[str, JobKind], Provider] = {
        (model, kind): gemini for model in config.provider_models for kind in JobKind
    }
    retires_on = date.fromisoformat(config.imagen_retires_on) if config.imagen_retires_on else IMAGEN_RETIRES_ON
    for model, name in config.imagen_models.items():
        imagen = LazyProvider(partial(_imagen, name, credentials))
        found[model, JobKind.EDIT] = RetiringProvider(imagen, retires_on, gemini)
    return found


def _credentials(credential: str) -> Credentials:
    """Sign in with whatever Google credential the secret holds: on AWS best a workload identity, which is no key."""
    credentials, _ = load_credentials_from_dict(json.loads(credential), scopes=_SCOPES)
    return credentials


def _imagen(name: str, credentials: Credentials) -> Provider:
    # Its SDK takes a second to import, which generations do not need.
    from workers.providers.imagen import Imagen  # noqa: PLC0415

    place = config.imagen_location
    model = f"projects/{config.vertex_project}/locations/{place}/publishers/google/models/{name}"
    endpoint = config.vertex_endpoint or f"{place}-aiplatform.googleapis.com"
    return Imagen.connect(endpoint, shared(credentials), model, config.attempt_seconds)


def shared(credentials: Credentials) -> Credentials:
    """Return what gives both SDKs the same tokens; left to itself Imagen's would sign others with an account's key."""

    def token(request: Any, scopes: Any) -> tuple[Any, Any]:
        del scopes  # `credentials` has them
        if not credentials.valid:
            credentials.refresh(request)
        return credentials.token, credentials.expiry

    return OAuthCredentials(token=None, refresh_handler=token)


def _client(credentials: Credentials) -> Client:
    return Client(
        vertexai=True,
        project=config.vertex_project,
        location=config.vertex_location,
        credentials=credentials,
        http_options=types.HttpOptions(
            base_url=config.vertex_endpoint or None, timeout=round(config.attempt_seconds * 1000)
        ),
    )


def handler(event: dict[str, Any], _context: Any) -> None:
    """Run the jobs `{"jobs": [id, …]}`. Invoked twice, the second finds them claimed."""
    runner(_secret.text()).run(event["jobs"])
