"""Removing somebody who has left, with all that was theirs. Cut off anywhere, the next time goes on from there."""

from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta

from studio import clock
from studio.boards.outbox import Outbox
from studio.clock import parse
from studio.dynamo import ConditionFailed, Item, Page, update
from studio.jobs.care import Care
from studio.media.model import Upload
from studio.media.uploads import Uploads, withdraw
from studio.payments.events import PaymentEvents
from studio.payments.table import Payments
from studio.people.model import Caller, Person, Role
from studio.people.pool import Pool
from studio.people.settle import MARK
from studio.people.table import People
from studio.points.usage import Usage
from studio.requests.table import Requests

# By then the lists show what was accepted in the very moment of leaving, so that it is not overlooked.
SETTLES = timedelta(minutes=1)
_BATCH = 25
_List = Callable[[str, int, Item | None], Page]


@dataclass(frozen=True)
class Leaving:
    """Takes everything away but the ledger, payments and audit records, which know a `sub`, and whence it acted."""

    people: People
    pool: Pool
    care: Care
    uploads: Uploads
    outbox: Outbox
    usage: Usage
    requests: Requests
    payments: Payments
    events: PaymentEvents
    now: Callable[[], datetime] = clock.now

    def steps(self, person: Person) -> Iterator[None]:
        """Remove in steps, after each of which the rest can wait for another time; at the end the row's mark goes."""
        late = bool(person.left_at) and self.now() >= parse(person.left_at) + SETTLES
        self.pool.delete(person.id)
        yield from self._jobs(person.id)
        yield from self._uploads(person.id)
        for table in (self.usage, self.requests):
            for rows in _batches(table.of_owner, person.id):
                for row in rows:
                    table.forget(row)
                yield
        self.events.forget(self.payments.ids_of(person.id))
        if late:
            self.people.apply(update({"id": person.id}, condition="attribute_exists(#leftAt)", remove=MARK))

    def _jobs(self, owner: str) -> Iterator[None]:
        """Cancel, refund and delete; boards follow the rows by themselves."""
        caller = Caller(owner, Role.USER)
        for rows in _batches(self.care.jobs.of_owner, owner):
            for row in rows:
                self.care.cancel(caller, row["id"], self.now())
                self.care.delete(caller, row["id"], self.now())
            yield

    def _uploads(self, owner: str) -> Iterator[None]:
        for rows in _batches(self.uploads.of_owner, owner):
            for upload in self.uploads.find_many([row["id"] for row in rows]):
                self._upload(upload)
            yield

    def _upload(self, upload: Upload) -> None:
        """Withdraw the picture before the boards are told, so that they unlink it whenever they look."""
        with suppress(ConditionFailed):  # it has expired meanwhile
            self.uploads.step(withdraw(upload))
        self.outbox.tell_upload(upload)
        self.care.media.delete_upload(upload)
        self.uploads.discard({"id": upload.id})


def _batches(list_: _List, owner: str) -> Iterator[list[Item]]:
    """Yield batches that hold something: a step is one in which there was something to do."""
    start: Item | None = None
    while True:
        page = list_(owner, _BATCH, start)
        if page.rows:
            yield page.rows
        start = page.last
        if start is None:
            return
