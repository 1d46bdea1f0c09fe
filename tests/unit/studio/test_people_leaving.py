"""Whoever leaves leaves nothing behind but what names nobody, wherever the removal is cut off."""

import contextlib
import json
from collections.abc import Iterable
from dataclasses import replace
from typing import Any

import pytest

from studio import ids
from studio.accounts.leave import SETTLES
from studio.audit.model import Act
from studio.clock import iso
from studio.documents.spec import DocumentSpec, Product
from studio.dynamo import transact, update
from studio.errors import ErrorType, StudioError
from studio.jobs import states
from studio.jobs.model import Job
from studio.media.keys import resized_key
from studio.media.model import StoredImage
from studio.media.store import Media, UndeletedError
from studio.media.table import ready
from studio.orders.model import OrderDocument, OrderQuote, OrderStatus
from studio.orders.table import OrderDocuments, Orders, Quotes
from studio.payments.events import PaymentEvents
from studio.payments.model import Event, PaymentEventState, PaymentProvider
from studio.people.model import Caller, Language, Role
from tests.unit.albums.parts import Parts
from tests.unit.fault_injection import CallBudget, KilledError, growing_budgets
from tests.unit.orders.samples import pending as pending_order
from tests.unit.studio.office import Office
from tests.unit.world import BASICS, NOON, World, picture_of, thumbnail_of

LINK = {"boardId": "b"}
MORE_THAN_A_BATCH = 30


@pytest.fixture
def user(office: Office) -> Caller:
    return office.hire("user@namo.test")


def furnish(office: Office, user: Caller) -> None:
    """Give somebody one of everything: a finished job, one that runs, one that failed; uploads; a payment's event."""
    world = office.world
    done, failed, _running = world.generate(user, count=3, link=LINK)
    finish(world, done)
    world.jobs.step(states.cancel(failed, NOON))
    for id_ in (world.uploaded(user, link=LINK), world.upload(user).id):
        key = f"uploads/{user.sub}/{id_}/original"
        world.media.client.put_object(Bucket="media", Key=key, Body=b"x")
        world.media.client.put_object(Bucket="media", Key=resized_key(id_, "large"), Body=b"x")
    world.media.client.put_object(Bucket="media", Key=world.upload(user).key, Body=b"x")
    world.media.client.put_object(Bucket="media", Key=f"quarantine/{user.sub}/{world.upload(user).id}", Body=b"x")
    keep_an_event(world, user)
    furnish_documents(Parts(world), user)
    furnish_order(world, user)


def furnish_order(world: World, user: Caller) -> None:
    """Give somebody an order that waits to be paid, with what is to be rendered, and a quote."""
    order = pending_order(user, world.time)
    spec = DocumentSpec(order.id, Product.PRINT, "MIXED", "Ada's", (), "2026-11-20", Language.EN, order=order.id)
    documents = OrderDocuments("OrderDocuments", world.client).new(OrderDocument(order.id, spec))
    transact(world.client, [Orders("Orders", world.client).new(order), documents])
    quote = OrderQuote(order.id, user.sub, order.items, order.shipping, {}, iso(NOON), iso(NOON), "SG")
    Quotes("Quotes", world.client).add(quote)


def furnish_documents(parts: Parts, user: Caller) -> None:
    """Give somebody a rendered album with a picture on its way, and a collage whose preview is being made."""
    album = parts.album(parts.picture(user), caller=user)
    parts.render(album, Product.SCREEN, user)
    parts.completed(parts.rendering(album, Product.SCREEN))
    parts.send(album, user)
    collage = parts.collage(parts.picture(user), caller=user)
    parts.claimed(parts.rendering(collage, Product.PREVIEW))


def finish(world: World, job: Job) -> None:
    job = world.jobs.step(states.claim(job, "w", NOON, 9))
    world.jobs.step(states.complete(job, picture_of(job), NOON))
    for each in (picture_of(job).key, thumbnail_of(job).key, f"inference/input/{job.id}.json"):
        world.media.client.put_object(Bucket="media", Key=each, Body=b"x")


def keep_an_event(world: World, user: Caller) -> None:
    row = {"id": {"S": f"payment-{user.sub}"}, "owner": {"S": user.sub}, "createdAt": {"S": iso(NOON)}}
    world.client.put_item(TableName="Payments", Item=row)
    transact(world.client, [world.people.pay(user, f"payment-{user.sub}", 100, 5)])
    event = Event(
        PaymentProvider.STRIPE,
        user.sub,
        "paid",
        "Ada Lovelace",
        iso(NOON),
        f"payment-{user.sub}",
        state=PaymentEventState.HANDLED,
    )
    PaymentEvents("PaymentEvents", world.client).keep(event)


def rows(office: Office, table: str) -> list[dict[str, Any]]:
    return office.world.client.scan(TableName=table)["Items"]


def left(office: Office, user: Caller) -> dict[str, Any]:
    """Return the row that stays."""
    office.changes().leave(user, NOON)
    return office.world.people.get({"id": user.sub}) or {}


def nothing_is_left(office: Office, user: Caller) -> None:
    mine = json.dumps([user.sub])[1:-1]
    Parts(office.world).deletions.sweep(office.world.later(60))  # what was cut off once it was marked
    for table in ("Jobs", "Uploads", "Usage", "Requests", "Documents", "Photos", "Quotes"):
        assert mine not in json.dumps(rows(office, table)), table
    assert rows(office, "OrderDocuments") == []
    orders = [row for row in rows(office, "Orders") if row["customer"]["S"] == user.sub]
    assert {(row["status"]["S"], "address" in row) for row in orders} <= {("CANCELED", False)}
    assert list(office.world.media.keys("")) == []
    assert user.sub not in office.cognito.users
    assert "Ada" not in json.dumps(rows(office, "PaymentEvents"))
    row = office.world.people.get({"id": user.sub}) or {}
    assert not row.keys() & {"email", "name", "listed", "unsettled", "since", "ahead", "running", "paying", "ordering"}
    assert row["points"] == sum(entry.points for entry in office.world.entries(user))
    assert [record.act for record in office.records(user.sub)] == [Act.PERSON_LEFT]


def test_the_row_closes_at_once(office: Office, user: Caller) -> None:
    row = left(office, user)
    assert not row.keys() & {"email", "name", "listed", "language", "mailing", "unreachable"}
    assert (row["disabled"], row["leftAt"], row["points"]) == (True, iso(NOON), 20)
    (record,) = office.records(user.sub)
    assert (record.actor, record.details) == (user.sub, {})


def test_leaving_twice_is_leaving_once(office: Office, user: Caller) -> None:
    before = left(office, user)
    office.changes().leave(user, office.world.later(5))
    assert office.world.people.get({"id": user.sub}) == before
    assert len(office.records(user.sub)) == 1


def test_all_that_was_theirs_goes(office: Office, user: Caller) -> None:
    furnish(office, user)
    left(office, user)
    office.accounts_reconciler().one(user.sub, office.world.time + SETTLES)
    office.world.later(60)
    done = office.accounts_reconciler().all(office.world.time + SETTLES)
    assert (done.leaving, done.errors) == (1, 0)
    nothing_is_left(office, user)
    assert office.accounts_reconciler().all(office.world.time).leaving == 0
    assert office.world.drift(user) == 0
    assert office.world.person(user).points == 19, "what was not made is paid back, though nobody is there to spend it"


@pytest.mark.parametrize("ended", [False, True])
def test_what_a_printer_may_still_fetch_stays_until_it_expires(office: Office, user: Caller, *, ended: bool) -> None:
    parts, orders = Parts(office.world), Orders("Orders", office.world.client)
    album = parts.album(parts.picture(user), caller=user)
    parts.render(album, Product.PRINT, user)
    parts.completed(parts.rendering(album, Product.PRINT))
    made = parts.rendering(album, Product.PRINT)
    status = OrderStatus.COMPLETED if ended else OrderStatus.PROCESSING
    order = replace(pending_order(user, NOON), status=status, printed=True, due=None)
    ordered = replace(made, id=ids.new(), spec=replace(made.document_spec, order=order.id))
    transact(office.world.client, [orders.new(order), office.world.jobs.new(ordered)])
    left(office, user)
    office.accounts_reconciler().all(office.world.later(60) + SETTLES)
    assert "unsettled" not in (office.world.people.get({"id": user.sub}) or {})
    assert [row["id"]["S"] for row in rows(office, "Jobs")] == ([] if ended else [ordered.id])
    assert [(row["status"]["S"], "address" in row) for row in rows(office, "Orders")] == [(status, False)]


def test_somebody_elses_stay(office: Office, user: Caller) -> None:
    other = office.hire("other@namo.test")
    furnish(office, other)
    tables = ("Jobs", "Uploads", "Usage", "Requests", "PaymentEvents", "Documents", "Photos")
    tables += ("Quotes", "Orders", "OrderDocuments")
    before = {table: rows(office, table) for table in tables}, list(office.world.media.keys(""))
    left(office, user)
    office.accounts_reconciler().all(office.world.later(60) + SETTLES)
    assert ({table: rows(office, table) for table in tables}, list(office.world.media.keys(""))) == before
    assert other.sub in office.cognito.users


def test_what_was_accepted_in_the_moment_of_leaving_is_removed_too(office: Office, user: Caller) -> None:
    """The lists are a moment behind, so that the first look may overlook it."""
    left(office, user)
    office.accounts_reconciler().all(office.world.time + SETTLES)
    assert "unsettled" in (office.world.people.get({"id": user.sub}) or {})
    furnish_late(office, user)
    office.accounts_reconciler().all(office.world.later(60) + SETTLES)
    nothing_is_left(office, user)


def furnish_late(office: Office, user: Caller) -> None:
    upload = office.world.upload(user)
    image = StoredImage(upload.key, "image/png", 1, 1, 1)
    office.world.uploads.step(ready(upload, image, {}, upload.expires_at))


@pytest.mark.parametrize("spoiled", [{"status": "UNHEARD OF"}, {"spec": 5, "purpose": 5}, {"model": 5, "key": 5}])
def test_what_cannot_be_read_goes_by_its_key(office: Office, user: Caller, spoiled: dict[str, Any]) -> None:
    furnish(office, user)
    jobs = office.world.generate(user, clientRequestId="bad", count=2)
    for table, id_ in ((office.world.jobs, jobs[0].id), (office.world.uploads, office.world.upload(user).id)):
        table.apply(update({"id": id_}, set=spoiled))
    left(office, user)
    office.world.later(60)
    assert office.accounts_reconciler().all(office.world.time + SETTLES).errors == 0
    nothing_is_left(office, user)


@pytest.mark.parametrize("spoiled", [{"placed": "x"}, {"kind": 5}, {"name": {"x"}}, {"version": 0}])
def test_a_document_that_cannot_be_read_goes_by_its_key(office: Office, user: Caller, spoiled: dict[str, Any]) -> None:
    furnish(office, user)
    for row in rows(office, "Documents"):
        Parts(office.world).world_documents.apply(update({"id": row["id"]["S"]}, set=spoiled))
    left(office, user)
    assert office.accounts_reconciler().all(office.world.later(60) + SETTLES).errors == 0
    nothing_is_left(office, user)


def test_what_cannot_be_removed_keeps_nothing_else(
    office: Office, user: Caller, monkeypatch: pytest.MonkeyPatch
) -> None:
    furnish(office, user)
    bad, upload = office.world.generate(user, clientRequestId="bad")[0].id, office.world.upload(user).id
    remove = Media._delete  # pyright: ignore[reportPrivateUsage]

    def kept(media: Media, keys: Iterable[str]) -> None:
        wanted = list(keys)
        if any(id_ in key for id_ in (bad, upload) for key in wanted):
            raise UndeletedError
        remove(media, wanted)

    monkeypatch.setattr(Media, "_delete", kept)
    left(office, user)
    office.world.later(60)
    assert office.accounts_reconciler().all(office.world.time + SETTLES).errors == 1
    assert [row["id"]["S"] for row in rows(office, "Jobs")] == [bad]
    assert [row["id"]["S"] for row in rows(office, "Uploads")] == [upload]
    assert not rows(office, "Requests")
    assert "unsettled" in (office.world.people.get({"id": user.sub}) or {})
    assert office.accounts_reconciler().all(office.world.time + SETTLES).errors == 0, "it waits for its pause to end"


def test_more_than_a_batch_goes(office: Office, user: Caller) -> None:
    for i in range(MORE_THAN_A_BATCH):
        office.world.uploaded(user, fileName=f"{i}.png")
    left(office, user)
    office.accounts_reconciler().all(office.world.later(60) + SETTLES)
    nothing_is_left(office, user)


def test_when_the_time_is_up_the_next_run_goes_on(office: Office, user: Caller) -> None:
    furnish(office, user)
    left(office, user)
    office.world.later(60)
    runs = 0
    while "unsettled" in (office.world.people.get({"id": user.sub}) or {}):
        office.accounts_reconciler().all(office.world.time)  # no time at all: one step a run
        runs += 1
        assert runs < 20
        if runs == 1:
            assert rows(office, "Uploads")
    assert runs > 1
    nothing_is_left(office, user)


@pytest.mark.parametrize("acts", [False, True], ids=["before", "after"])
def test_killed_anywhere_the_next_run_goes_on(office: Office, user: Caller, acts: bool) -> None:
    """One budget after another, each a few calls longer than the one before: every call is once the last."""
    furnish(office, user)
    left(office, user)
    office.world.later(60)
    for budget in growing_budgets(acts=acts):
        with contextlib.suppress(KilledError):
            office.accounts_reconciler(budget).all(office.world.time + SETTLES)
    nothing_is_left(office, user)


@pytest.mark.parametrize("calls", range(8))
def test_leaving_itself_is_all_or_nothing(office: Office, user: Caller, calls: int) -> None:
    with contextlib.suppress(KilledError):
        office.changes(CallBudget(calls)).leave(user, NOON)
    closed = office.world.person(user).left_at is not None
    assert len(office.records(user.sub)) == int(closed)
    assert office.world.person(user).disabled == closed


def test_nobody_who_has_left_is_found_or_made_anew(office: Office, user: Caller) -> None:
    admin = office.hire("admin@namo.test", Role.ADMIN)
    left(office, user)
    for act in (
        lambda: office.changes().set_role(admin, user.sub, Role.ADMIN, NOON),
        lambda: office.changes().set_disabled(admin, user.sub, False, NOON),
    ):
        with pytest.raises(StudioError) as error:
            act()
        assert error.value.type == ErrorType.USER_UNKNOWN
    with pytest.raises(StudioError) as error:
        office.world.generate(user, **BASICS)
    assert error.value.type == ErrorType.USER_DISABLED
    assert office.world.person(user).left_at


def test_a_refund_that_comes_late_still_has_its_row(office: Office, user: Caller) -> None:
    (job,) = office.world.generate(user)
    left(office, user)
    canceled = office.world.jobs.step(states.cancel(job, NOON))
    assert office.world.refunds.give_back(canceled, NOON)
    assert office.world.drift(user) == 0
