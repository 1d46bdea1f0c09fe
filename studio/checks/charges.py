"""Proving that every refund gave back what was charged, every charge is of a request, and every job says so."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from itertools import chain

from studio.dynamo import Item, Page
from studio.errors import UnreadableError
from studio.jobs.item import job_from_item
from studio.jobs.model import Job, JobStatus
from studio.jobs.refund import due, free_image
from studio.jobs.table import Jobs
from studio.ledger.model import Entry, PointsReason, entry_id
from studio.ledger.table import Ledger, read_lines
from studio.paging import pages
from studio.people.model import Person
from studio.requests.table import Requests, is_back

_ROWS = 1000
_List = Callable[[str, int, Item | None], Page]
Entries = Mapping[str, Entry]


@dataclass(frozen=True)
class ChargeCheck:
    """Compares one person's ledger, requests and jobs; it changes nothing."""

    jobs: Jobs
    ledger: Ledger
    requests: Requests

    def findings(self, person: Person) -> list[str]:
        """Say what does not fit.

        What is written together is read in an order in which people may go on working: a job before its lines, and a
        line before its request.
        """
        jobs = self.jobs.rows([row["id"] for row in _rows(self.jobs.of_owner, person.id)])
        lines = {line.id: line for line in read_lines(_rows(self.ledger.page, person.id))}
        requests = {row["request"]: row for row in _rows(self.requests.of_owner, person.id)}
        made = {id_ for row in requests.values() for id_ in row["made"]}
        found = list(_of_lines(lines, None if person.left_at else made))
        for row in jobs:
            found += _of_row(row, lines, requests)
        return found


def _of_lines(lines: Entries, made: set[str] | None) -> Iterator[str]:
    """Judge the ledger by itself, and by what requests made; those of who has left are gone."""
    for line in lines.values():
        if line.reason == PointsReason.CHARGE and made is not None and line.thing not in made:
            yield f"{line.id} belongs to no request"
        if line.reason == PointsReason.REFUND:
            charge = lines.get(entry_id(PointsReason.CHARGE, line.thing))
            if charge is None:
                yield f"{line.id} gave back {line.points} points that nothing took"
            elif line.points != -charge.points:
                yield f"{line.id} gave back {line.points} points, the charge took {-charge.points}"


def _of_row(row: Item, lines: Entries, requests: Mapping[str, Item]) -> Iterator[str]:
    try:
        job = job_from_item(row)
    except UnreadableError as error:
        yield f"job {row['id']} cannot be read ({error})"
        return
    if job.doubt:
        yield f"job {job.id} was not refunded: {job.doubt}"
    if due(job) and "open" not in row:
        yield f"job {job.id} is to be refunded, and nobody looks after it"
    yield from _of_points(job, lines) if job.charge.points else _of_free(job, requests)


def _of_points(job: Job, lines: Entries) -> Iterator[str]:
    charge = lines.get(entry_id(PointsReason.CHARGE, job.id))
    taken = -charge.points if charge else 0
    if job.charge.points != taken:
        yield f"job {job.id} says that it took {job.charge.points} points, the ledger {taken}"
    yield from _ended(job, back=entry_id(PointsReason.REFUND, job.id) in lines)


def _of_free(job: Job, requests: Mapping[str, Item]) -> Iterator[str]:
    request, free = requests.get(job.request_id, {}), free_image(job.model, job.id)
    if free not in request.get("free", ()):
        yield f"job {job.id} says that it took a free image, its request does not"
    yield from _ended(job, back=is_back(request, free))


def _ended(job: Job, *, back: bool) -> Iterator[str]:
    if back and job.status == JobStatus.COMPLETED:
        yield f"job {job.id} was completed and given back"
    if job.refunded_at and not back:
        yield f"job {job.id} says that it was given back, which it was not"


def _rows(list_: _List, owner: str) -> Iterator[Item]:
    return chain.from_iterable(pages(lambda start: list_(owner, _ROWS, start)))
