"""What a change of a payment sets off: mails, which a queue of their own waits with."""

from collections.abc import Mapping
from typing import Any

import boto3

from resolvers.streams.records import DeadLetters, Record, failures, row_of
from studio import settings
from studio.dynamo import unpack
from studio.mail.model import MailEvent
from studio.mail.outbox import MailOutbox
from studio.mail.payments import mails_of
from studio.payments.item import payment_from_item
from studio.sweeping import each

config = settings.read(settings.PaymentsStream)
_outbox = MailOutbox(boto3.client("sqs"), config.mail_queue)
_dead_letters = DeadLetters(config.unread_queue)


def handler(event: Mapping[str, Any], _context: Any) -> dict[str, Any]:
    """Tell the queue of a batch; what cannot be read is put aside, and what the queue did not take comes again."""
    found: list[tuple[Record, list[MailEvent]]] = []
    unread = each(event["Records"], lambda record: found.append((record, _mails(record))), what="record", name=row_of)
    missed = each(found, lambda one: _send(one[1]), what="mails to send", name=lambda one: row_of(one[0]))
    return failures([*_dead_letters.put_aside(unread), *(record for record, _ in missed)])


def _mails(record: Record) -> list[MailEvent]:
    change = record["dynamodb"]
    before, after = (payment_from_item(unpack(change[image])) for image in ("OldImage", "NewImage"))
    return [*mails_of(before, after)]


def _send(mails: list[MailEvent]) -> None:
    for mail in mails:
        _outbox.send(mail)
