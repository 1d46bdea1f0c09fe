"""Every list of the API, over sizes, limits and filters: each item once, no short page but the last, none of nothing.

Among what a list goes through are rows that it does not show, and rows that cannot be read.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import partial
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from studio.albums.find import DocumentFinder
from studio.albums.item import document_to_item
from studio.albums.table import Documents, Photos
from studio.audit.item import record_to_item
from studio.audit.lists import AuditLists
from studio.audit.model import Act, AuditRecord
from studio.clock import iso
from studio.documents.spec import DocumentKind
from studio.dynamo import pack
from studio.jobs.item import job_to_item
from studio.jobs.lists import JobLists
from studio.jobs.model import JobStatus
from studio.ledger.item import entry_to_item
from studio.ledger.model import Entry, PointsReason
from studio.lists import Listed
from studio.media.item import upload_to_item
from studio.media.lists import UploadLists
from studio.media.model import UploadPurpose
from studio.orders.item import order_to_item
from studio.orders.lists import OrderLists
from studio.orders.model import OrderStatus
from studio.orders.table import Orders
from studio.payments.events import PaymentEvents
from studio.payments.item import GIVEN_UP, event_to_item, payment_to_item
from studio.payments.lists import PaymentLists
from studio.payments.model import PaymentStatus
from studio.payments.table import Payments
from studio.people.item import person_to_item
from studio.people.lists import PeopleLists
from studio.people.model import Role
from studio.people.points_history import PointsHistory
from tests.unit.orders import samples
from tests.unit.schema import test_answers as made
from tests.unit.world import NOON, USER, World

IN, OUT, BAD = "in the list", "not in the list", "cannot be read"
ROWS = st.lists(st.sampled_from([IN, IN, OUT, BAD]), max_size=12)
SETTINGS = settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
ME = USER.sub


@dataclass(frozen=True)
class List:
    """One list of the API: the row of each kind, by number, how it is read, and what tells an item from another."""

    table: str
    row: Callable[[int, str], Mapping[str, Any]]
    read: Callable[[World, int, str | None], Listed[Any]]
    spoilt: str = "version"
    name: Callable[[Any], str] = lambda item: item.id
    newest_first: bool = True


def at(n: int) -> str:
    return iso(NOON + timedelta(seconds=n))


def named(n: int) -> str:
    return f"00000000-0000-4000-8000-{n:012}"


def job(n: int, kind: str) -> Mapping[str, Any]:
    status = JobStatus.PENDING if kind == OUT else JobStatus.FAILED
    times = {"created_at": at(n), "updated_at": at(n)}
    return job_to_item(replace(made.FAILED, id=named(n), owner=ME, status=status, **times, expires_at=10**10))


def jobs(wanted: Any, world: World, limit: int, token: str | None) -> Listed[Any]:
    return JobLists(world.jobs, world.requests).own(USER, wanted, limit, token)


def upload(n: int, kind: str) -> Mapping[str, Any]:
    purpose = UploadPurpose.REFERENCE if kind == OUT else UploadPurpose.MASK
    times: dict[str, Any] = {"created_at": at(n), "expires_at": 10**10}
    return upload_to_item(replace(made.UPLOADING, id=named(n), owner=ME, purpose=purpose, **times))


def payment(n: int, kind: str) -> Mapping[str, Any]:
    status = PaymentStatus.PAID if kind == OUT else PaymentStatus.PENDING
    return payment_to_item(replace(made.WAITING, id=named(n), owner=ME, status=status, created_at=at(n)))


def payments(world: World) -> PaymentLists:
    return PaymentLists(Payments("Payments", world.client), PaymentEvents("PaymentEvents", world.client))


def event(n: int, kind: str) -> Mapping[str, Any]:
    of = named(1) if kind == OUT else named(0)
    return event_to_item(replace(made.EVENT, name=f"e{n}", at=at(n), payment_id=of))


def unmatched(n: int, kind: str) -> Mapping[str, Any]:
    waits = {} if kind == OUT else {"open": GIVEN_UP, "due": n}
    return {**event_to_item(replace(made.EVENT, name=f"e{n}", at=at(n))), "open": None, "due": None, **waits}


def person(n: int, kind: str) -> Mapping[str, Any]:
    name, role = ("Eve", Role.ADMIN) if kind == OUT else ("Ngân", Role.USER)
    return person_to_item(replace(made.PERSON, id=named(n), name=name, role=role, created_at=at(n)))


def record(n: int, kind: str) -> Mapping[str, Any]:
    day, subject = (at(-90_000), "eve") if kind == OUT else (at(n), ME)
    return record_to_item(AuditRecord(Act.ROLE_SET, f"k{n}", "admin", subject, day, {}, None))


def entry(n: int, kind: str) -> Mapping[str, Any]:
    return entry_to_item(Entry("eve" if kind == OUT else ME, PointsReason.GRANT, f"g{n}", 1, at(n)))


def history(world: World, limit: int, token: str | None) -> Listed[Any]:
    world.client.put_item(TableName="People", Item=pack(person_to_item(replace(made.PERSON, id=ME))))
    return PointsHistory(world.people, world.ledger).page(world.person(), limit, token)


def order(n: int, kind: str) -> Mapping[str, Any]:
    status = OrderStatus.CANCELED if kind == OUT else OrderStatus.PENDING
    return order_to_item(samples.pending(id=named(n), status=status, created_at=at(n)))


def orders(world: World) -> OrderLists:
    return OrderLists(Orders("Orders", world.client))


def document(n: int, kind: str) -> Mapping[str, Any]:
    row = document_to_item(replace(made.ALBUM, id=named(n), owner=ME, created_at=at(n), placed=(), arrived=frozenset()))
    return {**row, "deletedAt": at(n)} if kind == OUT else row


def albums(links: int | None, world: World, limit: int, token: str | None) -> Listed[Any]:
    finder = DocumentFinder(Documents("Documents", world.client), Photos("Photos", world.client), world.jobs)
    page = finder.page(USER, DocumentKind.ALBUM, limit, token, NOON, links=links)
    return Listed([view.document for view in page.items], page.next_token)


IDS = {"ids": [named(n) for n in range(100)]}
LISTS = {
    "jobs of a status": List("Jobs", job, partial(jobs, {"status": "FAILED"})),
    "jobs of some statuses and a text": List(
        "Jobs", job, partial(jobs, {"statuses": ["FAILED", "CANCELED"], "text": "LIGHT", "kinds": ["EDIT", "GENERATE"]})
    ),
    "jobs by id": List("Jobs", job, partial(jobs, {**IDS, "status": "FAILED"})),
    "jobs by id since": List(
        "Jobs", job, partial(jobs, {**IDS, "status": "FAILED", "updatedSince": at(0)}), newest_first=False
    ),
    "jobs after": List("Jobs", job, partial(jobs, {"status": "FAILED", "createdAfter": at(-1)})),
    "jobs changed since": List(
        "Jobs", job, partial(jobs, {"status": "FAILED", "updatedSince": at(0)}), newest_first=False
    ),
    "jobsByStatus": List(
        "Jobs",
        job,
        lambda world, limit, token: JobLists(world.jobs, world.requests).by_status(JobStatus.FAILED, limit, token),
    ),
    "uploads": List(
        "Uploads",
        upload,
        lambda world, limit, token: UploadLists(world.uploads).own(USER, UploadPurpose.MASK, limit, token, NOON),
        "byteSize",
    ),
    "payments": List(
        "Payments",
        payment,
        lambda world, limit, token: payments(world).own(USER, PaymentStatus.PENDING, limit, token),
    ),
    "paymentsByStatus": List(
        "Payments", payment, lambda world, limit, token: payments(world).by_status(PaymentStatus.PENDING, limit, token)
    ),
    "paymentEvents": List(
        "PaymentEvents",
        event,
        lambda world, limit, token: payments(world).events_of(named(0), limit, token),
        "state",
    ),
    "paymentEvents of none": List(
        "PaymentEvents",
        unmatched,
        lambda world, limit, token: payments(world).events_of(None, limit, token),
        "state",
    ),
    "users": List(
        "People",
        person,
        lambda world, limit, token: PeopleLists(world.people).page(
            limit, token, text="ngâN", role=Role.USER, disabled=False
        ),
        "moves",
    ),
    "auditTrail of a day": List(
        "Audit",
        record,
        lambda world, limit, token: AuditLists(world.audit).of_day(at(0)[:10], limit, token),
        "act",
        lambda item: item.id,
    ),
    "auditTrail of somebody": List(
        "Audit", record, lambda world, limit, token: AuditLists(world.audit).of_subject(ME, None, limit, token), "act"
    ),
    "pointsHistory": List("Ledger", entry, history, "reason", lambda line: line.entry.id),
    "orders": List(
        "Orders", order, lambda world, limit, token: orders(world).own(USER, OrderStatus.PENDING, limit, token)
    ),
    "ordersByStatus": List(
        "Orders", order, lambda world, limit, token: orders(world).by_status(OrderStatus.PENDING, limit, token)
    ),
    "albums": List("Documents", document, partial(albums, None)),
    "albums with photos": List("Documents", document, partial(albums, 4)),
}


def put(world: World, list_: List, kinds: list[str]) -> list[Any]:
    """Write the rows, and return those of them that the list is to show, in its order."""
    shown: list[Any] = []
    for n, kind in enumerate(kinds):
        row = list_.row(n, kind)
        spoilt = {list_.spoilt: []} if kind == BAD else {}
        world.client.put_item(TableName=list_.table, Item=pack({**row, **spoilt}))
        shown += [row] if kind == IN else []
    return shown[::-1] if list_.newest_first else shown


def key(list_: List, row: Mapping[str, Any]) -> str:
    return row["entry"] if list_.table == "Ledger" else row["id"]


@pytest.mark.parametrize("name", LISTS)
@SETTINGS
@given(kinds=ROWS, limit=st.integers(1, 14))
def test_every_item_comes_once_and_only_the_last_page_is_short(
    world: World, name: str, kinds: list[str], limit: int
) -> None:
    list_ = LISTS[name]
    shown = put(world.clear(), list_, kinds)
    found, token = list[list[str]](), None
    while True:
        page = list_.read(world, limit, token)
        found.append([list_.name(item) for item in page.items])
        token = page.next_token
        if token is None:
            break
    assert [each for page in found for each in page] == [key(list_, row) for row in shown]
    assert all(len(page) == limit for page in found[:-1]), "a page before the last is short"
    assert found[-1] or len(found) == 1, "a page that was promised holds nothing"
