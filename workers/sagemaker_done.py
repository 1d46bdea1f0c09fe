"""Receives from SNS how asynchronous inferences went, from their success and their error topic alike."""

import json
from functools import cache
from typing import Any

from aws_lambda_powertools.logging import Logger

from studio.errors import UnreadableError
from studio.jobs.table import Jobs
from studio.media.store import Media
from studio.settings import workers as settings
from studio.settings.environment import read_settings
from studio.sweeping import each
from workers.inferences import Inferences

log = Logger()
config = read_settings(settings.InferenceDone)


@cache
def inferences() -> Inferences:
    return Inferences(Jobs(config.jobs_table), Media(config.media_bucket), config.provider_models.values())


class UnsettledError(RuntimeError):
    """Some inferences could not be settled now."""


def handler(event: dict[str, Any], _context: Any) -> None:
    """Act on each message. What fails comes again; what can never be read must not.

    Raises
    ------
    UnsettledError
        After all messages, where one failed: Lambda asks again, and those that were settled change nothing.
    """
    messages = [message for record in event["Records"] if (message := _message(record)) is not None]
    if each(messages, _receive, what="inference", name=lambda message: str(message.get("inferenceId"))):
        raise UnsettledError


def _receive(message: dict[str, Any]) -> None:
    try:
        inferences().handle(message)
    except UnreadableError:  # its job's row is no better the next time, and the sweeper ends it
        log.exception("a job cannot be read", extra={"inference": str(message.get("inferenceId"))})


def _message(record: Any) -> dict[str, Any] | None:
    try:
        message = json.loads(record["Sns"]["Message"])
    except (ValueError, KeyError, TypeError):
        message = None
    if not isinstance(message, dict):
        log.warning("a message that is no JSON object")
        return None
    return message
