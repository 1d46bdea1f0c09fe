"""Rendering what was ordered: a job makes each file, of the document as it was then."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from studio.albums.render import RenderTimes, rendering_job
from studio.jobs.model import REFUNDED, Failure, Job, JobErrorCode, JobStatus
from studio.jobs.table import Jobs
from studio.orders.model import Order
from studio.orders.table import OrderDocuments

# So many jobs may fail to make a file before its order does.
MOST_TRIES = 3

# What a job's failure says of a picture that is gone, or can never be used.
_LOST = Failure(JobErrorCode.INTERNAL, "A file of this order could not be made.")


@dataclass(frozen=True)
class Renderings:
    """What was ordered, as it is being rendered: jobs by the documents' ids, of those that there are."""

    order: Order
    jobs: Mapping[str, Job]

    @property
    def documents(self) -> list[str]:
        """The documents that were ordered, each once."""
        return list(dict.fromkeys(item.document for item in self.order.items))

    @property
    def unmade(self) -> list[str]:
        """The documents whose file is neither made nor in the making."""
        return [id_ for id_ in self.documents if id_ not in self.jobs or _has_failed(self.jobs[id_])]

    @property
    def are_made(self) -> bool:
        return all(id_ in self.jobs and is_made(self.jobs[id_]) for id_ in self.documents)

    @property
    def failure(self) -> Failure | None:
        """Why the order cannot be made, if it cannot: trying again does not bring a picture back."""
        for id_ in self.unmade:
            failure = self.jobs[id_].failure if id_ in self.jobs else None
            if failure and failure.code == JobErrorCode.INVALID_IMAGE:
                return failure
            if self.order.tries.get(id_, 0) >= MOST_TRIES:
                return failure or _LOST
        return None

    @property
    def needs_another_picture(self) -> bool:
        """Whether it cannot be made as a picture is gone, or can never be used."""
        return self.failure is not None and self.failure.code == JobErrorCode.INVALID_IMAGE

    @property
    def deadline(self) -> int:
        """When, in milliseconds, the last of those that are in the making will have ended."""
        return max((job.deadline for job in self.jobs.values() if not is_made(job)), default=0)


def is_made(job: Job) -> bool:
    return job.status == JobStatus.COMPLETED and (job.pdf or job.image) is not None


def _has_failed(job: Job) -> bool:
    return job.status in REFUNDED or (job.status == JobStatus.COMPLETED and not is_made(job))


@dataclass(frozen=True)
class OrderRenderer:
    """Makes the jobs of orders. They count as nobody's running jobs: what was paid for does not wait for room."""

    jobs: Jobs
    documents: OrderDocuments
    times: RenderTimes

    def look(self, order: Order) -> Renderings:
        found = {job.id: job for job in self.jobs.find_many([*order.renderings.values()])}
        return Renderings(order, {id_: found[job] for id_, job in order.renderings.items() if job in found})

    def new_jobs(self, order: Order, wanted: list[str], now: datetime) -> dict[str, Job]:
        """Return a new job for each of these documents, but for those of which nothing is known any more."""
        specs = {each.id: each.spec for each in self.documents.of_order(order.id) if each.id in wanted}
        return {
            id_: rendering_job(replace(spec, order=order.id), order.customer, order.id, self.times, now)
            for id_, spec in specs.items()
        }
