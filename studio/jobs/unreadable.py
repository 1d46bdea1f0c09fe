"""Jobs whose row cannot be read: ended, refunded and removed by what can be trusted of them.

That is the key, what no worker's role may write (the owner, the model, the request), and the ledger's line of the
charge. What a worker may write is written anew, so that most rows can be read again.
"""

from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar

from studio import rows
from studio.alarms import Alarm, raise_alarm
from studio.clock import after, iso, millis
from studio.dynamo import ConditionFailed, Item, Update, update
from studio.errors import UnreadableError
from studio.images.model import JobKind, Spec
from studio.jobs.item import OPEN, job_event_from_item, job_event_to_item, makes_document, own_prefixes
from studio.jobs.model import Failure, Job, JobErrorCode, JobEvent, JobStatus
from studio.jobs.refund import Doubt, Refunds
from studio.jobs.states import REFUND_GRACE_SECONDS, SETTLED
from studio.jobs.table import Jobs
from studio.ledger.item import charge_from_item
from studio.ledger.model import Charge
from studio.media.keys import old_result_prefix
from studio.media.store import Media
from studio.rows import Row

T = TypeVar("T")

DAMAGED = Failure(JobErrorCode.INTERNAL, "What is kept of this job was damaged, so that it could not go on.")
_NO_SPEC = Spec("", None, None, None, None)
_OF_WORK = ("lease", "leaseEnd", "image", "pdf", "variants", "variantsOf")
# After every version that a job has by its ordinary steps, where its own cannot be read.
_LATE_VERSION = 1_000


@dataclass(frozen=True)
class UnreadableJobs:
    """Sees to rows as they are kept. Each is changed on condition that it is still what was seen."""

    jobs: Jobs
    refunds: Refunds
    media: Media

    def settle(self, row: Item, now: datetime) -> None:
        """End a job with its error and give its charge back, unless it was completed: that has no refund.

        Of one whose owner or model cannot be read nobody knows what to give back to whom: it is put aside, and rings.
        For one that renders a document nothing was paid.
        """
        if _was_completed(row):
            return
        with suppress(ConditionFailed):  # it went on meanwhile: whoever looks next sees what it is now
            ended = self.jobs.apply(end(row, now))
            if makes_document(ended):
                return
            try:
                job = self._trusted(ended, now)
            except UnreadableError as error:
                raise_alarm(Alarm.REFUND_PUT_ASIDE, job=row["id"], why=f"{Doubt.UNREADABLE}: {error}")
                self.jobs.apply(put_aside(ended))
            else:
                self.refunds.give_back(job, now)

    def remove(self, row: Item, now: datetime) -> None:
        """Settle a job, and remove its objects and its row.

        Raises
        ------
        UndeletedError
            Storage kept an object; the row stays.
        """
        self.settle(row, now)
        current = self.jobs.row(row["id"])
        if current is None:
            return
        stored = own_prefixes(current, _readable(current.get("prefixes"), rows.text))
        self.media.delete_job(row["id"], stored or [old_result_prefix(row["id"])])
        with suppress(ConditionFailed):
            self.jobs.delete({"id": row["id"]}, *_as_seen(current))

    def _trusted(self, ended: Item, now: datetime) -> Job:
        """Return the job that was ended, for its refund: of what cannot be read only what no refund needs is made up.

        Raises
        ------
        UnreadableError
            Its owner or its model cannot be read, or what it took is written down nowhere.
        """
        row = Row(ended)
        owner, request_id = row.get("owner", rows.text), _or(row, "requestId", rows.text, "")
        charge = _or(row, "charge", charge_from_item, None) or self._charge(owner, row.item["id"], request_id)
        return Job(
            id=row.item["id"],
            owner=owner,
            request_id=request_id,
            kind=JobKind.GENERATE,
            model=row.get("model", rows.text),
            worker="",
            spec=_NO_SPEC,
            charge=charge,
            status=JobStatus(ended["status"]),
            version=ended["version"],
            created_at=iso(now),
            updated_at=ended["updatedAt"],
            deadline=0,
            expires_at=0,
            failure=DAMAGED,
        )

    def _charge(self, owner: str, id_: str, request_id: str) -> Charge:
        """Return what a job took: by the ledger, which has no line of a free image, or by its request."""
        if charge := self.refunds.ledger.charge_of(owner, id_):
            return charge
        if request_id and (day := self.refunds.requests.day_of(owner, request_id)):
            return Charge(0, 1, day)
        raise UnreadableError("charge")


def end(row: Item, now: datetime) -> Update:
    """Describe ending a job from exactly what was seen, be that what it may."""
    history = _readable(row.get("history"), job_event_from_item)
    seen = _or(Row(row), "version", rows.version, _LATE_VERSION)
    event = JobEvent(max([seen, *(each.version for each in history)]) + 1, JobStatus.FAILED, iso(now), DAMAGED.message)
    condition, values = _as_seen(row)
    free = makes_document(row)
    return update(
        {"id": row["id"]},
        condition=condition,
        values=values,
        set={
            "status": event.status,
            "version": event.version,
            "updatedAt": event.at,
            "history": [job_event_to_item(each) for each in (*history, event)],
            "errorCode": DAMAGED.code,
            "errorMessage": DAMAGED.message,
            "claims": _or(Row(row), "claims", rows.count, 0),
            "prefixes": _readable(row.get("prefixes"), rows.text),
            **({} if free else {"open": OPEN, "due": millis(after(now, REFUND_GRACE_SECONDS))}),
        },
        remove=(*_OF_WORK, *SETTLED) if free else _OF_WORK,
    )


def put_aside(row: Item) -> Update:
    """Describe taking a job out of the sweeper's list, until a person has looked."""
    condition, values = _as_seen(row)
    return update(
        {"id": row["id"]}, condition=condition, values=values, set={"doubt": Doubt.UNREADABLE}, remove=SETTLED
    )


def _was_completed(row: Item) -> bool:
    """Tell whether a job's image was made: then it is in the sweeper's list only while it is being deleted."""
    return row.get("status") == JobStatus.COMPLETED and ("open" not in row or "deletedAt" in row)


def _as_seen(row: Item) -> tuple[str, Mapping[str, Any]]:
    """Return the condition that a row is still as it was read, in what every change of it changes."""
    seen = {name: row[name] for name in ("status", "version", "due") if row.get(name) is not None}
    gone = [name for name in ("status", "version", "due") if name not in row]
    return " AND ".join(
        ["attribute_exists(#id)", *(f"#{n} = :{n}" for n in seen), *(f"attribute_not_exists(#{n})" for n in gone)]
    ), seen


def _or(row: Row, name: str, read: Callable[[Any], T], otherwise: T) -> T:
    """Return an attribute, or something else where it cannot be read."""
    with suppress(UnreadableError):
        return row.get(name, read)
    return otherwise


def _readable(values: Any, read: Callable[[Any], T]) -> list[T]:
    """Return those of a list that can be read."""
    found: list[T] = []
    for value in values if isinstance(values, list) else []:  # pyright: ignore[reportUnknownVariableType]
        with suppress(ValueError, TypeError, UnreadableError):
            found.append(read(value))
    return found[-100:]
