"""Notifies the boards of uploads that are gone: deleted, expired, or removed with their owner."""

from collections.abc import Mapping
from typing import Any

import boto3

from resolvers.streams.records import DeadLetters, Record, failures, link_before, row_of
from studio.boards.outbox import Outbox
from studio.settings import media as settings
from studio.settings.environment import read_settings
from studio.sweeping import each

config = read_settings(settings.UploadsStream)
_outbox = Outbox(boto3.client("sqs"), config.boards_queue)
_dead_letters = DeadLetters(config.unread_queue)


def handler(event: Mapping[str, Any], _context: Any) -> dict[str, Any]:
    """Notify of a batch; what cannot be read is put aside, and what the queue did not take comes again."""
    records = event["Records"]
    unread = each(records, link_before, what="record", name=row_of)
    missed = each((one for one in records if one not in unread), _notify, what="news for boards", name=row_of)
    return failures([*_dead_letters.put_aside(unread), *missed])


def _notify(record: Record) -> None:
    if link := link_before(record):
        _outbox.notify_removed_upload(row_of(record), link)
