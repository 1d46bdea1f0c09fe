"""What must happen when a job changes: new ones go to workers, charges come back, boards and orders are notified.

One function does it all, because a stream has two readers at most and publishing to subscribers is the other.
"""

from collections.abc import Callable
from contextlib import suppress
from typing import Any

import boto3
from aws_lambda_powertools.logging import Logger

from resolvers.streams.records import DeadLetters, Record, failures, is_removal, link_of_removed, readable, row_of
from studio.boards.outbox import Outbox
from studio.clock import now
from studio.dynamo import ConditionFailed
from studio.jobs import refund
from studio.jobs.dispatch import Dispatch
from studio.jobs.model import TERMINAL, Job, JobStatus
from studio.jobs.refund import Refunds
from studio.jobs.table import Jobs
from studio.jobs.unreadable import DAMAGED
from studio.ledger.table import Ledger
from studio.ledger.usage import Usage
from studio.orders.table import Orders
from studio.people.table import People
from studio.requests.table import Requests
from studio.settings import jobs as settings
from studio.settings.environment import read_settings
from studio.sweeping import each

log = Logger()
config = read_settings(settings.JobsStream)
_outbox = Outbox(boto3.client("sqs"), config.boards_queue)
_dead_letters = DeadLetters(config.unread_queue)
_orders = Orders(config.orders_table)
_dispatch = Dispatch(boto3.client("lambda"), config.workers)
_refunds = Refunds(
    Jobs(config.jobs_table),
    People(config.people_table),
    Ledger(config.ledger_table),
    Usage(config.usage_table),
    Requests(config.requests_table),
)


def handler(event: dict[str, Any], _context: Any) -> dict[str, Any]:
    """Act on a batch of records; what fails is reported, and comes again with what followed it.

    What can never be acted on is put aside at once: the sweeper sees to its job.
    """
    found, unread = readable(event["Records"])
    jobs = [(record, job) for record, job in found if not is_removal(record)]
    return failures(_unlinked(unread) + _dispatched(jobs) + _refunded(jobs) + _notified(found) + _ordered(jobs))


def _unlinked(unread: list[Record]) -> list[Record]:
    """Notify boards of removed jobs of which no more can be read than their link, and put the other records aside."""
    found = [(record, link_of_removed(record)) for record in unread]
    linked = [(record, link) for record, link in found if link]
    failed = each(
        linked,
        lambda one: _outbox.notify_row(row_of(one[0]), one[1]),
        what="news for boards",
        name=lambda one: row_of(one[0]),
    )
    return [record for record, _ in failed] + _dead_letters.put_aside(record for record, link in found if not link)


def _dispatched(jobs: list[tuple[Record, Job]]) -> list[Record]:
    new = [(record, job) for record, job in jobs if job.status == JobStatus.PENDING and job.worker in config.workers]
    strange = [record for record, job in jobs if job.status == JobStatus.PENDING and job.worker not in config.workers]
    failed = {job.id for job in _dispatch.send(job for _, job in new)}
    log.info("dispatched", extra={"jobs": len(new) - len(failed)})
    return [record for record, job in new if job.id in failed] + _dead_letters.put_aside(strange)


def _refunded(jobs: list[tuple[Record, Job]]) -> list[Record]:
    owed = [(record, job) for record, job in jobs if refund.due(job)]
    return _failed(owed, lambda job: _refunds.give_back(job, now()), "refund")


def _notified(jobs: list[tuple[Record, Job]]) -> list[Record]:
    """Notify the boards of images that were made, got their smaller sizes, or went with their job.

    A job whose row was damaged may have had one before.
    """
    shown = [(record, job) for record, job in jobs if job.status == JobStatus.COMPLETED or job.failure == DAMAGED]
    return _failed(shown, _outbox.notify_job, "news for boards")


def _ordered(jobs: list[tuple[Record, Job]]) -> list[Record]:
    """Have every order looked at of which a rendering has ended, be it done or not."""
    ended = [(record, job) for record, job in jobs if job.status in TERMINAL and job.order]
    return _failed(ended, _look_again, "order's rendering")


def _look_again(job: Job) -> None:
    with suppress(ConditionFailed):  # the order does not wait for it any more
        _orders.apply(_orders.look_again(job.order or "", now()))


def _failed(jobs: list[tuple[Record, Job]], act: Callable[[Job], object], what: str) -> list[Record]:
    failed = each(jobs, lambda found: act(found[1]), what=what, name=lambda found: found[1].id)
    return [record for record, _ in failed]
