"""Every day: whether the providers still have the models that we ask. One that is gone wakes somebody."""

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

import boto3
from aws_lambda_powertools.logging import Logger
from botocore.exceptions import ClientError
from google.api_core.exceptions import NotFound
from google.auth.transport.requests import Request
from google.cloud.aiplatform_v1 import ModelGardenServiceClient
from google.oauth2.credentials import Credentials

from studio.alarms import Alarm, raise_alarm
from studio.secrets import Secret
from studio.settings import workers as settings
from studio.settings.environment import read_settings
from studio.sweeping import each
from workers.providers.google_credentials import credentials_of

Look = Callable[[], bool]  # whether it is there
_SECONDS = 20.0
_GLOBAL = "global"

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
    try:
        _garden(place).get_publisher_model(name=f"publishers/google/models/{model}", retry=None, timeout=_SECONDS)
    except NotFound:
        return False
    return True


def _garden(place: str) -> ModelGardenServiceClient:
    """Make a client with a token of its own: an account's key would otherwise sign others, for this service alone."""
    account = credentials_of(_secret.text())
    account.refresh(Request())
    host = "aiplatform.googleapis.com" if place == _GLOBAL else f"{place}-aiplatform.googleapis.com"
    options = {"api_endpoint": config.vertex_endpoint or host}
    return ModelGardenServiceClient(
        credentials=Credentials(token=account.token), transport="rest", client_options=options
    )


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
