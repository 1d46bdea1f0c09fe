"""What a change of a payment sets off: mails, which a queue of their own waits with, and refunds that are asked for."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import boto3
from aws_lambda_powertools.logging import Logger

from resolvers.streams.records import DeadLetters, Record, failures, row_of
from studio.dynamo import unpack
from studio.mail.model import MailEvent
from studio.mail.outbox import MailOutbox
from studio.mail.payments import mails_of
from studio.payments.item import payment_from_item
from studio.payments.model import Awaits
from studio.settings import payments as settings
from studio.settings.environment import read_settings
from studio.sweeping import each

config = read_settings(settings.PaymentsStream)
_outbox = MailOutbox(boto3.client("sqs"), config.mail_queue)
_lambda = boto3.client("lambda")
_dead_letters = DeadLetters(config.unread_queue)
log = Logger()


@dataclass(frozen=True)
class Consequences:
    """What one change sets off; `refund` is the payment of which one is to be asked for now."""

    mails: list[MailEvent] = field(default_factory=list[MailEvent])
    refund: str | None = None


def handler(event: Mapping[str, Any], _context: Any) -> dict[str, Any]:
    """Tell the queue of a batch; what cannot be read is put aside, and what the queue did not take comes again."""
    found: list[tuple[Record, Consequences]] = []
    unread = each(
        event["Records"], lambda record: found.append((record, _consequences(record))), what="record", name=row_of
    )
    for _, set_off in found:
        if set_off.refund:
            _hurry(set_off.refund)
    missed = each(found, lambda one: _send(one[1].mails), what="mails to send", name=lambda one: row_of(one[0]))
    return failures([*_dead_letters.put_aside(unread), *(record for record, _ in missed)])


def _consequences(record: Record) -> Consequences:
    change = record["dynamodb"]
    before, after = (payment_from_item(unpack(change[image])) for image in ("OldImage", "NewImage"))
    begins = after.awaits == Awaits.REFUND != before.awaits
    return Consequences([*mails_of(before, after)], after.id if begins else None)


def _hurry(payment_id: str) -> None:
    """Have the refund asked for at once; the reconciler would by itself within a minute."""
    try:
        _lambda.invoke(
            FunctionName=config.payments_reconciler,
            InvocationType="Event",
            Payload=json.dumps({"payment": payment_id}).encode(),
        )
    except Exception:
        log.exception("the reconciler was not called")


def _send(mails: list[MailEvent]) -> None:
    for mail in mails:
        _outbox.send(mail)
