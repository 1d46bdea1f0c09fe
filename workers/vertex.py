"""The Vertex AI worker: groups of jobs for Google's image models."""

import json
from functools import cache
from typing import Any

import boto3
from google.auth import load_credentials_from_dict
from google.genai import Client, types

from studio import settings
from studio.jobs.model import JobKind
from studio.jobs.table import Jobs
from studio.media.store import Media
from workers.providers.gemini import Gemini
from workers.run import Runner

_SCOPES = ["https://www.googleapis.com/auth/cloud-platform"]

config = settings.read(settings.Vertex)


@cache
def runner() -> Runner:
    """Return this process's runner; it keeps the client, which the collector would otherwise close."""
    gemini = Gemini(_client(), config.provider_models)
    return Runner(
        jobs=Jobs(config.jobs_table),
        media=Media(config.media_bucket),
        providers={(model, kind): gemini for model in config.provider_models for kind in JobKind},
        lease_seconds=config.lease_seconds,
        attempt_seconds=config.attempt_seconds,
        retry_base_seconds=config.retry_base_seconds,
    )


def _client() -> Client:
    """Sign in with whatever Google credential the secret holds: on AWS best a workload identity, which is no key."""
    secret = boto3.client("secretsmanager").get_secret_value(SecretId=config.vertex_secret)["SecretString"]
    credentials, _ = load_credentials_from_dict(json.loads(secret), scopes=_SCOPES)
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
    runner().run(event["jobs"])
