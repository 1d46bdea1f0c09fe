"""Sends mails, from a queue of their own: while SES does not take one, it waits there and holds up no other."""

from collections.abc import Mapping
from functools import cache
from typing import TYPE_CHECKING, Any

import boto3
from aws_lambda_powertools.logging import Logger

from studio import settings
from studio.clock import now
from studio.errors import UnreadableError
from studio.mail.item import event_from_message
from studio.mail.send import MailSender
from studio.mail.ses import RefusedError, Ses
from studio.mail.table import AtWorkError, Mails
from studio.mail.unsubscribe import StopLinks
from studio.people.table import People
from studio.secrets import Secret

if TYPE_CHECKING:
    from types_boto3_sqs import SQSClient

log = Logger()
config = settings.read(settings.Mail)
_links = StopLinks(Secret(config.mail_secret).current, config.unsubscribe_url)
_sender = MailSender(
    Mails(config.mails_table), People(config.people_table), Ses(config.mail_from, config.mail_set), _links.of
)


@cache
def _lost() -> "SQSClient":
    return boto3.client("sqs")


def handler(event: Mapping[str, Any], _context: Any) -> dict[str, Any]:
    """Send a batch; what could not be sent comes again, alone, unless that is of no use."""
    missed = [record for record in event["Records"] if not _sent(record)]
    return {"batchItemFailures": [{"itemIdentifier": record["messageId"]} for record in missed]}


def _sent(record: Mapping[str, Any]) -> bool:
    """Send one mail. What is logged of it is its event, never whom it goes to."""
    try:
        mail = event_from_message(record["body"])
        outcome = _sender.send(mail, now())
        log.info("mail seen to", extra={"mail": mail.key, "outcome": outcome})
    except (UnreadableError, RefusedError) as error:
        return _given_up(record, str(error))
    except AtWorkError:
        return False
    except Exception as error:  # noqa: BLE001 - what SES says may hold an address
        log.error("a mail was not sent", extra={"message_id": record["messageId"], "cause": type(error).__name__})  # noqa: TRY400
        return False
    return True


def _given_up(record: Mapping[str, Any], cause: str) -> bool:
    """Put what no further try can help with the dead letters at once, and say why."""
    log.error("a mail cannot be sent", extra={"message_id": record["messageId"], "cause": cause})
    try:
        _lost().send_message(
            QueueUrl=config.mail_lost,
            MessageBody=record["body"],
            MessageAttributes={"cause": {"DataType": "String", "StringValue": cause}},
        )
    except Exception:
        log.exception("a message could not be given up", extra={"message_id": record["messageId"]})
        return False
    return True
