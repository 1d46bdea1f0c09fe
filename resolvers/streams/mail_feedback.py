"""Receives bounces and complaints from SES: nothing more goes to such an address."""

from collections.abc import Mapping
from typing import Any

from aws_lambda_powertools.logging import Logger

from studio.mail.feedback import FeedbackHandler, read
from studio.people.table import People
from studio.settings import mail as settings
from studio.settings.environment import read_settings
from studio.sweeping import each

log = Logger()
config = read_settings(settings.MailFeedback)
_feedback_handler = FeedbackHandler(People(config.people_table))


class UnhandledError(RuntimeError):
    """Some notifications could not be handled now."""


def handler(event: Mapping[str, Any], _context: Any) -> None:
    """Handle notifications of SNS, which come more than once, and in any order.

    Raises
    ------
    UnhandledError
        After all of them, where one failed: Lambda asks again, and then the dead letters have it.
    """
    if each(event["Records"], _handle, what="mail feedback", name=lambda record: record["Sns"]["MessageId"]):
        raise UnhandledError


def _handle(record: Mapping[str, Any]) -> None:
    feedback = read(record["Sns"]["Message"])
    marked = _feedback_handler.handle(feedback)
    log.info("feedback handled", extra={"person": feedback.person, "stops": feedback.stops, "marked": marked})
