"""Sends mails, from a queue of their own: while SES does not take one, it waits there and holds up no other."""

from collections.abc import Mapping
from typing import Any

from aws_lambda_powertools.logging import Logger

from resolvers.streams.queue import LostMessages, Message, failures
from studio.clock import now
from studio.errors import UnreadableError
from studio.mail.item import event_from_message
from studio.mail.send import MailSender
from studio.mail.ses import RefusedError, Ses
from studio.mail.table import InProgressError, Mails
from studio.mail.unsubscribe import UnsubscribeLinks
from studio.people.table import People
from studio.secrets import Secret
from studio.settings import mail as settings
from studio.settings.environment import read_settings

log = Logger()
config = read_settings(settings.Mail)
_links = UnsubscribeLinks(Secret(config.mail_secret).current, config.unsubscribe_url)
_sender = MailSender(
    Mails(config.mails_table), People(config.people_table), Ses(config.mail_from, config.mail_set), _links.of
)
_lost = LostMessages(config.mail_lost)


def handler(event: Mapping[str, Any], _context: Any) -> dict[str, Any]:
    """Send a batch; what could not be sent comes again, alone, unless that is of no use."""
    return failures(record for record in event["Records"] if not _sent(record))


def _sent(record: Message) -> bool:
    """Send one mail. What is logged of it is its event, never whom it goes to."""
    try:
        mail = event_from_message(record["body"])
        outcome = _sender.send(mail, now())
        log.info("mail seen to", extra={"mail": mail.key, "outcome": outcome})
    except (UnreadableError, RefusedError) as error:
        return _lost.give_up(record, str(error))
    except InProgressError:
        return False
    except Exception as error:  # noqa: BLE001 - what SES says may hold an address
        log.error("a mail was not sent", extra={"message_id": record["messageId"], "cause": type(error).__name__})  # noqa: TRY400
        return False
    return True
