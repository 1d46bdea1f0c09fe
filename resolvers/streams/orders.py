"""What a change of an order sets off: its next step, and mails; and what a change at the printer makes of it."""

from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any

import boto3

from resolvers.fulfilment import fulfilment
from resolvers.streams.records import DeadLetters, Record, failures, row_of, table_of
from studio.clock import millis, now
from studio.dynamo import unpack
from studio.mail.orders import mails_of
from studio.mail.outbox import MailOutbox
from studio.orders.item import order_from_item
from studio.orders.model import ENDED, Order
from studio.payments.table import Payments
from studio.settings import orders as settings
from studio.settings.environment import read_settings
from studio.sweeping import each

# Clocks of two functions differ by less; what is not due yet is so by minutes.
_SKEW = 10_000

config = read_settings(settings.Fulfilment)
_fulfilment = fulfilment(config)
_payments = Payments(config.payments_table)
_outbox = MailOutbox(boto3.client("sqs"), config.mail_queue) if config.mail_queue else None
_kept = timedelta(days=config.job_ttl_days)
_dead_letters = DeadLetters(config.unread_queue)

Change = tuple[Order, Order]


def handler(event: Mapping[str, Any], _context: Any) -> dict[str, Any]:
    """Act on a batch: what cannot be read is put aside, and what failed comes again."""
    orders: list[tuple[Record, Change]] = []
    records = [record for record in event["Records"] if table_of(record) == config.orders_table]
    unread = each(records, lambda record: orders.append((record, _change(record))), what="record", name=row_of)
    missed = [*_each(orders, _send, "mails to send"), *_each([*filter(_is_due, orders)], _advance, "order to advance")]
    printed = [(record, None) for record in event["Records"] if table_of(record) == config.print_orders_table]
    missed += _each(printed, _advance, "printed order to advance")
    return failures([*_dead_letters.put_aside(unread), *missed])


def _change(record: Record) -> Change:
    change = record["dynamodb"]
    before, after = (order_from_item(unpack(change[image])) for image in ("OldImage", "NewImage"))
    return before, after


def _is_due(found: tuple[Record, Change]) -> bool:
    """Tell whether there is something to do for an order: the steps that only wait change it, too."""
    before, after = found[1]
    if after.status in ENDED:
        return before.status not in ENDED
    return after.due is not None and after.due <= millis(now()) + _SKEW


def _send(found: tuple[Record, Change]) -> None:
    if _outbox:
        for mail in mails_of(*found[1], _kept, _payments.find):
            _outbox.send(mail)


def _advance(found: tuple[Record, Any]) -> None:
    _fulfilment.advance(row_of(found[0]), now())


def _each(found: list[Any], act: Callable[[Any], None], what: str) -> list[Record]:
    return [record for record, _ in each(found, act, what=what, name=lambda one: row_of(one[0]))]
