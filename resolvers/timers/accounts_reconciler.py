"""Every minute, and at once when somebody leaves: finishes what changes of people began."""

from dataclasses import asdict
from typing import Any

from resolvers.timers.report import report
from studio.accounts.leave import AccountRemoval
from studio.accounts.reconcile import AccountsReconciler
from studio.albums.delete import DocumentDeletions
from studio.albums.find import DocumentFinder
from studio.albums.table import Documents, Photos
from studio.audit.table import AuditTrail
from studio.clock import after, now
from studio.jobs.actions import JobActions
from studio.jobs.delete import Deletions
from studio.jobs.refund import Refunds
from studio.jobs.table import Jobs
from studio.ledger.table import Ledger
from studio.ledger.usage import Usage
from studio.media.delete import UploadDeletions
from studio.media.store import Media
from studio.media.table import Uploads
from studio.orders.leave import OrderRemoval
from studio.orders.settlement import OrderSettlement
from studio.orders.table import OrderDocuments, Orders, Quotes
from studio.payments.events import PaymentEvents
from studio.payments.refund import RefundRequester
from studio.payments.table import Payments
from studio.people.cognito_sync import CognitoSync
from studio.people.pool import UserPool
from studio.people.table import People
from studio.requests.table import Requests
from studio.settings import people as settings
from studio.settings.environment import read_settings

# A step takes some seconds at most, and the function has 55.
_SECONDS = 40

config = read_settings(settings.AccountsReconciler)
_jobs = Jobs(config.jobs_table)
_people = People(config.people_table)
_usage = Usage(config.usage_table)
_pool = UserPool(config.user_pool_id)
_requests = Requests(config.requests_table)
_payments = Payments(config.payments_table)
_refunds = Refunds(_jobs, _people, Ledger(config.ledger_table), _usage, _requests)
_media = Media(config.media_bucket)
_job_actions = JobActions(_jobs, Deletions(_jobs, _refunds, _media), documents=True)
_finder = DocumentFinder(Documents(config.documents_table), Photos(config.photos_table), _jobs)
_account_removal = AccountRemoval(
    _people,
    _pool,
    _job_actions,
    UploadDeletions(Uploads(config.uploads_table), _media),
    _usage,
    _requests,
    _payments,
    PaymentEvents(config.payment_events_table),
    DocumentDeletions(_finder, _job_actions, _media),
    OrderRemoval(
        Orders(config.orders_table),
        OrderDocuments(config.order_documents_table),
        Quotes(config.quotes_table),
        OrderSettlement(RefundRequester(_payments, AuditTrail(config.audit_table))),
    ),
)
_reconciler = AccountsReconciler(_people, CognitoSync(_people, _pool), _account_removal)


def handler(event: dict[str, Any], _context: Any) -> dict[str, int]:
    """See to everybody, or to the one person that the event names."""
    until = after(now(), _SECONDS)
    return report(asdict(_reconciler.one(event["person"], until) if "person" in event else _reconciler.all(until)))
