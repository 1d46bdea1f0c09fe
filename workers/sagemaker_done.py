"""Hears from SNS how asynchronous inferences went, from their success and their error topic alike."""

import json
from functools import cache
from typing import Any

from aws_lambda_powertools.logging import Logger

from studio import settings
from studio.jobs.table import Jobs
from studio.media.store import Media
from workers.inferences import Inferences

log = Logger()
config = settings.read(settings.InferenceDone)


@cache
def inferences() -> Inferences:
    return Inferences(Jobs(config.jobs_table), Media(config.media_bucket), config.provider_models.values())


def handler(event: dict[str, Any], _context: Any) -> None:
    """Act on each message. What raises comes again; what can never be read must not."""
    for record in event["Records"]:
        message = _message(record["Sns"]["Message"])
        if message is not None:
            inferences().hear(message)


def _message(text: str) -> dict[str, Any] | None:
    try:
        message = json.loads(text)
    except ValueError:
        message = None
    if not isinstance(message, dict):
        log.warning("a message that is no JSON object")
        return None
    return message
