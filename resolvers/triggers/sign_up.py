"""Cognito's triggers PostConfirmation and PostAuthentication: everybody has a row, and it has their present address."""

from typing import Any

import boto3
from aws_lambda_powertools.logging import Logger
from botocore.config import Config

from studio.alarms import Alarm, raise_alarm
from studio.clock import now
from studio.people.join import person_creator, profile_of
from studio.people.sign_up import welcome
from studio.settings import people as settings
from studio.settings.environment import read_settings

log = Logger()
config = read_settings(settings.SignUp)
# Cognito waits five seconds and then refuses the person: a table that hangs is given up while there is time to answer.
client = boto3.client(
    "dynamodb",
    config=Config(connect_timeout=0.5, read_timeout=1, retries={"mode": "standard", "total_max_attempts": 2}),
)
_person_creator = person_creator(config, client)


def handler(event: dict[str, Any], _context: Any) -> dict[str, Any]:
    """Answer the event itself, as Cognito wants. An error would keep people out, and the first use makes up for it."""
    try:
        welcome(_person_creator, profile_of(event["request"]["userAttributes"]), now())
    except Exception:
        log.exception("a person could not be welcomed", extra={"owner": event.get("userName")})
        raise_alarm(Alarm.INTERNAL_ERROR, owner=event.get("userName"))
    return event
