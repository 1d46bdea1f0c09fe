"""Every minute: whatever an event that got lost or a worker that died left behind."""

from dataclasses import asdict
from typing import Any

import boto3

from resolvers.timers.report import report
from studio.albums.delete import DocumentDeletions
from studio.albums.find import DocumentFinder
from studio.albums.table import Documents, Photos
from studio.clock import now
from studio.jobs.actions import JobActions
from studio.jobs.delete import Deletions
from studio.jobs.dispatch import Dispatch
from studio.jobs.refund import Refunds
from studio.jobs.sweep import Sweeper
from studio.jobs.table import Jobs
from studio.ledger.table import Ledger
from studio.ledger.usage import Usage
from studio.media.store import Media
from studio.people.table import People
from studio.requests.table import Requests
from studio.settings import jobs as settings
from studio.settings.environment import read_settings

config = read_settings(settings.Sweeper)
_jobs = Jobs(config.jobs_table)
_refunds = Refunds(
    _jobs,
    People(config.people_table),
    Ledger(config.ledger_table),
    Usage(config.usage_table),
    Requests(config.requests_table),
)
_deletions = Deletions(_jobs, _refunds, Media(config.media_bucket))
_documents = DocumentDeletions(
    DocumentFinder(Documents(config.documents_table), Photos(config.photos_table), _jobs),
    JobActions(_jobs, _deletions, documents=True),
    _deletions.media,
)
_sweeper = Sweeper(_jobs, _refunds, _deletions, Dispatch(boto3.client("lambda"), config.workers), config.lease_seconds)


def handler(_event: dict[str, Any], _context: Any) -> dict[str, int]:
    """Sweep once and say what was done."""
    jobs, documents = _sweeper.sweep(now()), _documents.sweep(now())
    return report({**asdict(jobs), "documents": documents.deleted, "errors": jobs.errors + documents.errors})
