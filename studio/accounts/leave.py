"""Removing somebody who has left, with all that was theirs. Cut off anywhere, the next time goes on from there."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import partial
from itertools import chain

from studio import clock
from studio.albums.delete import DocumentDeletions
from studio.clock import parse
from studio.documents.spec import DocumentKind
from studio.dynamo import Item, Page, update
from studio.errors import UnreadableError
from studio.jobs.actions import JobActions
from studio.ledger.usage import Usage
from studio.media.delete import UploadDeletions
from studio.media.keys import avatar_prefix
from studio.orders.leave import OrderRemoval
from studio.paging import pages
from studio.payments.events import PaymentEvents
from studio.payments.table import Payments
from studio.people.cognito_sync import MARK
from studio.people.model import Caller, Person, Role
from studio.people.pool import UserPool
from studio.people.table import People
from studio.requests.table import Requests
from studio.sweeping import each

# By then the lists show what was accepted in the very moment of leaving, so that it is not overlooked.
SETTLES = timedelta(minutes=1)
_BATCH = 25
_List = Callable[[str, int, Item | None], Page]


class RemovalError(RuntimeError):
    """Some rows of who has left could not be removed; the log says which, and why."""


@dataclass(frozen=True)
class AccountRemoval:
    """Takes everything away but the books: they know a `sub`, and whence it acted.

    Those are the ledger, payments, orders and audit records.
    """

    people: People
    pool: UserPool
    job_actions: JobActions
    upload_deletions: UploadDeletions
    usage: Usage
    requests: Requests
    payments: Payments
    events: PaymentEvents
    documents: DocumentDeletions
    orders: OrderRemoval
    now: Callable[[], datetime] = clock.now

    def steps(self, person: Person) -> Iterator[None]:
        """Remove in steps, after each of which the rest can wait for another time; at the end the row's mark goes."""
        late = bool(person.left_at) and self.now() >= parse(person.left_at) + SETTLES
        self.pool.delete(person.id)
        kept: list[str] = []
        for _ in chain(self._orders(person.id, kept), self._lists(person.id, kept)):
            yield
        self.orders.quotes.remove_all(person.id)
        self.upload_deletions.media.delete_below(avatar_prefix(person.id))
        self.upload_deletions.uploads.forget_open(person.id)
        self.events.forget(self.payments.ids_of(person.id))
        if kept:
            raise RemovalError(kept)
        if late:
            self.people.apply(update({"id": person.id}, condition="attribute_exists(#leftAt)", remove=MARK))

    def _orders(self, owner: str, kept: list[str]) -> Iterator[None]:
        """End every order, before its renderings go. Their rows stay, so that a step is one in which some changed."""
        for rows in _batches(self.orders.orders.of_customer, owner):
            changed: list[bool] = []
            failed = each(rows, lambda row: changed.append(self._order(row)), what="order", name=_named)  # noqa: B023
            kept += [_named(row) for row in failed]
            if any(changed):
                yield

    def _order(self, row: Item) -> bool:
        return self.orders.forget(row["id"], self.now())

    def _lists(self, owner: str, kept: list[str]) -> Iterator[None]:
        """Remove every row of every list, in batches; what could not be removed is added to `kept`."""
        caller = Caller(owner, Role.USER)
        lists: list[tuple[str, _List, Callable[[Item], None]]] = [
            ("job", self.job_actions.jobs.of_owner, lambda row: self._job(caller, row["id"])),
            ("upload", self.upload_deletions.uploads.of_owner, self._upload),
            *((f"{kind.lower()}", self._of_kind(kind), partial(self._document, owner)) for kind in DocumentKind),
            ("usage", self.usage.of_owner, self.usage.forget),
            ("request", self.requests.of_owner, self.requests.forget),
        ]
        for what, list_, remove in lists:
            for rows in _batches(list_, owner):
                kept += [_named(row) for row in each(rows, remove, what=f"{what} of who has left", name=_named)]
                yield

    def _of_kind(self, kind: DocumentKind) -> _List:
        table = self.documents.finder.documents
        return lambda owner, limit, start: table.of_owner(owner, kind, limit, start)

    def _document(self, owner: str, row: Item) -> None:
        """Mark and remove; of one whose row cannot be read the jobs are gone already."""
        try:
            document = self.documents.finder.documents.find_even_deleted(row["id"])
        except UnreadableError:
            self.documents.remove(owner, row["id"])
        else:
            if document:
                self.documents.finish(self.documents.mark(document, self.now()), self.now())

    def _job(self, caller: Caller, id_: str) -> None:
        """Cancel, refund and delete; boards follow the rows by themselves. What a printer may still fetch expires."""
        try:
            job = self.job_actions.jobs.find_even_deleted(id_)
            if not (job and job.order and self.orders.is_with_printer(job.order)):
                self._canceled_job(caller, id_)
        except UnreadableError:
            self.job_actions.delete(caller, id_, self.now())

    def _canceled_job(self, caller: Caller, id_: str) -> None:
        self.job_actions.cancel(caller, id_, self.now())
        deletions, job = self.job_actions.deletions, self.job_actions.jobs.find_even_deleted(id_)
        if job and (marked := deletions.mark(job, self.now())):
            # Nobody is there whose work a late worker could exceed.
            deletions.finish(replace(marked, lease_end=None), self.now())

    def _upload(self, key: Item) -> None:
        """Remove one that has not expired meanwhile; boards follow the rows by themselves."""
        if row := self.upload_deletions.uploads.get({"id": key["id"]}):
            self.upload_deletions.remove(row)


def _named(row: Item) -> str:
    return row.get("id") or row.get("request") or row["day"]


def _batches(list_: _List, owner: str) -> Iterator[list[Item]]:
    """Return batches that hold something: a step is one in which there was something to do."""
    return filter(None, pages(lambda start: list_(owner, _BATCH, start)))
