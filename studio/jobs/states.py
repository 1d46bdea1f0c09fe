"""The legal changes of a job's state, each a conditional write from exactly what was read.

A change names the status and the version it comes from, so of two that race one is refused, whoever they are:
a worker that lost its lease, a late success, the sweeper, a cancel.
"""

from collections.abc import Mapping, Sequence
from contextlib import suppress
from datetime import datetime
from typing import Any

from studio.clock import after, iso, millis
from studio.dynamo import Item, Update, update
from studio.errors import UnreadableError
from studio.jobs.item import OPEN, job_event_to_item, lease_end_of
from studio.jobs.model import REFUNDED, TERMINAL, Failure, Job, JobEvent, JobStatus
from studio.media.item import image_to_item, pdf_to_item
from studio.media.keys import result_prefix
from studio.media.model import StoredFile, StoredImage, Variants
from studio.rows import Row

# A worker that dies takes its group with it; a job that was claimed so often kills its workers.
MAX_CLAIMS = 3
# So many of a job's changes are kept: those of its status, which say when it began and ended, and the latest others, as
# its owner may share it on and off for ever.
MOST_HISTORY = 100
# How long the stream has to refund, and who deletes to finish, before the sweeper does it.
REFUND_GRACE_SECONDS = 30

LEGAL: Mapping[JobStatus, frozenset[JobStatus]] = {
    JobStatus.PENDING: frozenset({JobStatus.PROCESSING, JobStatus.FAILED, JobStatus.CANCELED}),
    # PROCESSING → PROCESSING is another worker taking over after the lease ran out.
    JobStatus.PROCESSING: frozenset({JobStatus.PROCESSING, JobStatus.COMPLETED, JobStatus.FAILED, JobStatus.CANCELED}),
    # The smaller sizes come after the image.
    JobStatus.COMPLETED: frozenset({JobStatus.COMPLETED}),
    # A refund changes what the client sees, hence the version, but not the status.
    JobStatus.FAILED: frozenset({JobStatus.FAILED}),
    JobStatus.CANCELED: frozenset({JobStatus.CANCELED}),
}
SETTLED = ("open", "due")
_SIZES = ("variants", "variantsOf")


class IllegalChangeError(RuntimeError):
    """The code asked for a change that no job may make."""


def claimable(job: Job, now: datetime) -> bool:
    """Tell whether a worker may take the job: not yet taken, or taken by one whose lease has run out."""
    if millis(now) >= job.deadline or job.claims >= MAX_CLAIMS:
        return False
    return job.status == JobStatus.PENDING or (job.status == JobStatus.PROCESSING and lapsed(job, now))


def lapsed(job: Job, now: datetime) -> bool:
    """Tell whether the sweeper should look: the job waited too long, its lease ran out, or its refund is late."""
    return job.due is not None and job.due <= millis(now)


def stuck(job: Job, now: datetime) -> bool:
    """Tell whether an unfinished job can no longer be claimed: past its deadline, or its last worker died."""
    return job.status not in TERMINAL and lapsed(job, now) and not claimable(job, now)


def holds_worker(row: Item, now: datetime) -> bool:
    """Tell whether a job takes a worker's time, or will: a model's call goes on after its job was canceled.

    Of a row as it is kept: one that cannot be read counts too.
    """
    if row.get("status") not in TERMINAL:
        return True
    with suppress(UnreadableError):
        return (lease_end_of(Row(row)) or 0) > millis(now)
    return False


def claim(job: Job, worker: str, now: datetime, lease_seconds: float) -> Update:
    """Begin the work under a lease. The seen `due` is part of the condition, because renewing moves only that.

    The claim stores under a prefix of its own, so that an earlier one, should it come back, overwrites nothing.
    """
    return _step(
        job,
        JobStatus.PROCESSING,
        now,
        set={
            "lease": worker,
            "claims": job.claims + 1,
            "prefixes": [*job.prefixes, result_prefix(job.worker)],
            **_lease(job, now, lease_seconds),
        },
        remove=_SIZES,  # an earlier claim's image may have them already
        same={"due": job.due},
        note=None if job.status == JobStatus.PENDING else "Taken over by another worker.",
    )


def wait(job: Job, now: datetime, seconds: float) -> Update:
    """Put off the sweeper's next look at a job that no worker has taken yet."""
    return _unseen(job, {"due": _by_deadline(job, now, seconds)})


def renew(job: Job, now: datetime, lease_seconds: float) -> Update:
    """Keep the lease for one more attempt."""
    return _unseen(job, _lease(job, now, lease_seconds))


def hold(job: Job) -> Update:
    """Keep the lease until the deadline: the model has taken the job in, and nobody takes it over meanwhile."""
    return _unseen(job, {"due": job.deadline, "leaseEnd": job.deadline})


def release(id_: str, worker: str | None = None) -> Update:
    """Say that a job's work has stopped, of one that ended without its worker; `worker` is whose lease it must be."""
    mine = {"worker": worker} if worker else {}
    return update(
        {"id": id_},
        condition="#status IN (:failed, :canceled)" + (" AND #lease = :worker" if worker else ""),
        values={"failed": JobStatus.FAILED, "canceled": JobStatus.CANCELED, **mine},
        remove=("leaseEnd",),
    )


def _unseen(job: Job, changed: Mapping[str, Any], remove: tuple[str, ...] = ()) -> Update:
    """Change what no client sees, so the version stays."""
    return update(
        {"id": job.id},
        condition="#version = :version AND #status = :status",
        values={"version": job.version, "status": job.status},
        set=changed,
        remove=remove,
    )


def complete(job: Job, made: StoredFile, now: datetime) -> Update:
    if job.status == JobStatus.COMPLETED:
        raise IllegalChangeError("a job is completed once")
    kept = {"image": image_to_item(made)} if isinstance(made, StoredImage) else {"pdf": pdf_to_item(made)}
    return _step(job, JobStatus.COMPLETED, now, set=kept, remove=(*SETTLED, "leaseEnd"))


def fail(job: Job, failure: Failure, now: datetime, *, stopped: bool = True) -> Update:
    """End a job without an image; its worker has not `stopped` where it is somebody else who says so."""
    settled, due = _unpaid(job, now)
    return _step(
        job,
        JobStatus.FAILED,
        now,
        set={"errorCode": failure.code, "errorMessage": failure.message, **due},
        remove=(*settled, "leaseEnd") if stopped else settled,
        note=failure.message,
    )


def cancel(job: Job, now: datetime) -> Update:
    """End a job by its owner's wish. Its worker, if it has one, goes on until it finds out: `leaseEnd` stays."""
    settled, due = _unpaid(job, now)
    return _step(job, JobStatus.CANCELED, now, set=due, remove=settled)


def _unpaid(job: Job, now: datetime) -> tuple[tuple[str, ...], dict[str, Any]]:
    """Return what to remove and to set of a job that ends without a result: only what was paid for is refunded."""
    return (SETTLED, {}) if job.is_document else ((), _grace(now))


def refund(job: Job, now: datetime) -> Update:
    """Mark the charge as given back; belongs in the transaction that gives it back."""
    if job.status not in REFUNDED or job.refunded_at:
        raise IllegalChangeError(f"a job that is {job.status} is not refunded")
    given = "1 free image" if job.charge.free_images else _points(job.charge.points)
    return _step(
        job,
        job.status,
        now,
        set={"refundedAt": iso(now)},
        remove=SETTLED,
        note=f"{given} given back.",
    )


def delete(job: Job, now: datetime) -> Update:
    """Mark a job that has ended as deleted, and have the sweeper look whether the rest was done."""
    if job.status not in TERMINAL or job.deleted_at:
        raise IllegalChangeError(f"a job that is {job.status} is not deleted")
    return _step(job, job.status, now, set={"deletedAt": iso(now), "open": OPEN, **_grace(now)}, note="Deleted.")


def delete_later(job: Job, due: int) -> Update:
    """Keep a deleted job's row until then."""
    return _unseen(job, {"due": due})


def put_aside(job: Job, doubt: str) -> Update:
    """Take a job whose charge is in doubt out of the sweeper's list, until a person has looked."""
    return _unseen(job, {"doubt": doubt}, remove=SETTLED)


def resized(job: Job, variants: Variants, tag: str, now: datetime) -> Update:
    """Set the smaller sizes of the original that has this tag.

    While the work goes on the version stays: the worker settles by it, and nobody sees an image yet. Afterwards it is
    a step like any other, so that it is published to subscribers.
    """
    given = {"variants": {name: image_to_item(image) for name, image in variants.items()}, "variantsOf": tag}
    if job.status == JobStatus.COMPLETED:
        return _step(job, JobStatus.COMPLETED, now, set=given, note="Smaller sizes are ready.")
    if job.status != JobStatus.PROCESSING:
        raise IllegalChangeError(f"a job that is {job.status} has no image")
    return _beside(job, {"claims": job.claims}, given)


def share(job: Job, now: datetime, *, shared: bool) -> Update:
    """Begin or end that whoever holds the id may look. While the work goes on the version is the worker's."""
    if job.status not in TERMINAL:
        return _beside(job, {}, {"shared": shared})
    note = "Shared with whoever holds the id." if shared else "Sharing has ended."
    return _step(job, job.status, now, set={"shared": shared}, note=note)


def label(job: Job, now: datetime, *, favorite: bool | None = None, tags: Sequence[str] | None = None) -> Update:
    """Set what its owner finds it by. While the work goes on the version is the worker's."""
    given = {"favorite": favorite, "tags": None if tags is None else list(tags)}
    changed = {name: value for name, value in given.items() if value is not None}
    if job.status not in TERMINAL:
        return _beside(job, {}, changed)
    return _step(job, job.status, now, set=changed, note="Marked by its owner.")


def _beside(job: Job, same: Mapping[str, Any], set_: Mapping[str, Any]) -> Update:
    """Describe a change beside the work that goes on: the version stays, by which its worker settles."""
    seen = {"status": job.status, **same}
    return update({"id": job.id}, condition=_equal(seen), values=seen, set=set_)


def _points(points: int) -> str:
    return f"{points} point" if points == 1 else f"{points} points"


def _lease(job: Job, now: datetime, lease_seconds: float) -> dict[str, Any]:
    """Return a lease: until when the work may go on, and when the sweeper looks, which is by the deadline."""
    return {"due": _by_deadline(job, now, lease_seconds), "leaseEnd": millis(after(now, lease_seconds))}


def _by_deadline(job: Job, now: datetime, seconds: float) -> int:
    return min(millis(after(now, seconds)), job.deadline)


def _grace(now: datetime) -> dict[str, Any]:
    return {"due": millis(after(now, REFUND_GRACE_SECONDS))}


def _step(
    job: Job,
    status: JobStatus,
    now: datetime,
    *,
    set: Mapping[str, Any],  # noqa: A002 - DynamoDB's word
    same: Mapping[str, Any] | None = None,
    remove: tuple[str, ...] = (),
    note: str | None = None,
) -> Update:
    if status not in LEGAL[job.status]:
        raise IllegalChangeError(f"{job.status} → {status}")
    event = JobEvent(job.version + 1, status, iso(now), note)
    seen = {"version": job.version, "status": job.status, **(same or {})}
    full = len(job.history) >= MOST_HISTORY
    latest = [*_shortened(job.history), event] if full else []
    return update(
        {"id": job.id},
        condition=_equal(seen),
        values=seen,
        set={
            "status": status,
            "version": event.version,
            "updatedAt": event.at,
            **set,
            **({"history": [job_event_to_item(each) for each in latest]} if full else {}),
        },
        append={} if full else {"history": job_event_to_item(event)},
        remove=remove,
    )


def _shortened(history: Sequence[JobEvent]) -> Sequence[JobEvent]:
    """Return a history with room for one more, without the oldest that changed no status."""
    changed = [i for i, each in enumerate(history) if i == 0 or each.status != history[i - 1].status]
    others = [i for i in range(len(history)) if i not in changed]
    kept = sorted(changed + others[len(history) + 1 - MOST_HISTORY :])
    return [history[i] for i in kept]


def _equal(seen: Mapping[str, Any]) -> str:
    return " AND ".join(f"#{name} = :{name}" for name in seen)
