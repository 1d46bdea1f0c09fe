"""Every day: whether the providers still have the models that we ask. One that is gone wakes somebody."""

from collections.abc import Callable, Mapping
from functools import partial
from http import HTTPStatus
from typing import Any

import boto3
from aws_lambda_powertools.logging import Logger
from botocore.exceptions import ClientError
from google.genai import Client, errors, types

from studio.alarms import Alarm, raise_alarm
from studio.secrets import Secret
from studio.settings import workers as settings
from studio.settings.environment import read_settings
from studio.sweeping import each
from workers.providers.google_credentials import credentials_of

Look = Callable[[], bool]  # whether it is there
_MILLISECONDS = 20_000

log = Logger()
config = read_settings(settings.ModelProbe)
_secret = Secret(config.vertex_secret)


class NotLookedAtError(RuntimeError):
    """A provider did not answer for some models."""


def handler(_event: dict[str, Any], _context: Any) -> dict[str, list[str]]:
    """Look at every model and say which are gone.

    Raises
    ------
    NotLookedAtError
        After all others, where a provider answered neither yes nor no.
    """
    gone: list[str] = []

    def look_at(model: tuple[str, Look]) -> None:
        name, there = model
        if not there():
            raise_alarm(Alarm.MODEL_GONE, model=name)
            gone.append(name)

    looks = {**_google(config.vertex_models), **_bedrock(config.bedrock_models)}
    if each(looks.items(), look_at, what="model", name=lambda model: model[0]):
        raise NotLookedAtError
    return {"gone": gone}


def _google(places: Mapping[str, str]) -> Mapping[str, Look]:
    return {model: partial(_at_google, model, place) for model, place in places.items()}


def _at_google(model: str, place: str) -> bool:
    client = Client(
        vertexai=True,
        project=config.vertex_project,
        location=place,
        credentials=credentials_of(_secret.text()),
        http_options=types.HttpOptions(base_url=config.vertex_endpoint or None, timeout=_MILLISECONDS),
    )
    try:
        client.models.get(model=model)
    except errors.APIError as error:
        if error.code == HTTPStatus.NOT_FOUND:
            return False
        raise
    return True


def _bedrock(regions: Mapping[str, str]) -> Mapping[str, Look]:
    return {model: partial(_at_bedrock, model, region) for model, region in regions.items()}


def _at_bedrock(model: str, region: str) -> bool:
    """Tell whether Bedrock has a model; one that it will end ("LEGACY") it still has."""
    client: Any = boto3.client("bedrock", region_name=region)
    try:
        found = client.get_foundation_model(modelIdentifier=model)
    except ClientError as error:
        if error.response.get("Error", {}).get("Code") == "ResourceNotFoundException":
            return False
        raise
    status = found["modelDetails"].get("modelLifecycle", {}).get("status")
    if status != "ACTIVE":
        log.warning("a model is about to end", extra={"model": model, "lifecycle": status})
    return True
