"""The files of orders that have been delivered: what jobs made of the documents."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from studio.jobs.model import Job, JobStatus
from studio.jobs.table import Jobs
from studio.media.model import StoredFile
from studio.orders.model import Order, OrderStepKind


@dataclass(frozen=True)
class OrderFiles:
    """Finds files. They last as long as the jobs that made them."""

    jobs: Jobs

    def of(self, orders: Sequence[Order]) -> Mapping[str, list[StoredFile]]:
        """Return the files of each order, in the order of its items; none before it was delivered."""
        wanted = {order.id: _renderings(order) for order in orders}
        ids = sorted({id_ for renderings in wanted.values() for id_ in renderings})
        jobs = {job.id: job for job in self.jobs.find_many(ids)} if ids else {}
        return {id_: [file for each in found if (file := _file(jobs.get(each)))] for id_, found in wanted.items()}


def _renderings(order: Order) -> list[str]:
    """Return the jobs of what was ordered as a file; of what is only printed nothing is handed out."""
    if not order.has(OrderStepKind.DELIVERED):
        return []
    documents = dict.fromkeys(item.document for item in order.items if not item.kind.is_printed)
    return [order.renderings[id_] for id_ in documents if id_ in order.renderings]


def _file(job: Job | None) -> StoredFile | None:
    return job.pdf or job.image if job and job.status == JobStatus.COMPLETED else None
