"""Receives bounces and complaints from SES: nothing more goes to such an address."""

from collections.abc import Mapping
from typing import Any

from aws_lambda_powertools.logging import Logger

from studio import settings
from studio.mail.feedback import Unreachable, read
from studio.people.table import People

log = Logger()
config = settings.read(settings.MailFeedback)
_unreachable = Unreachable(People(config.people_table))


def handler(event: Mapping[str, Any], _context: Any) -> None:
    """Handle a notification of SNS, which comes more than once, and in any order."""
    for record in event["Records"]:
        feedback = read(record["Sns"]["Message"])
        marked = _unreachable.handle(feedback)
        log.info("feedback handled", extra={"person": feedback.person, "stops": feedback.stops, "marked": marked})
