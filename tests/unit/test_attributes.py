"""What each step names of a row is what its function's role is held to, and no more."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from infra import attributes
from infra.access import PUT, UPDATE
from infra.functions import ALL
from local.emulator_iam import attributes as named_by
from studio.albums.model import Document, Rendering
from studio.albums.table import Documents, add_renderings
from studio.documents.spec import DocumentKind, Product
from studio.dynamo import Update, Write, pack, update
from studio.jobs import states, unreadable
from studio.jobs.brakes import BLOCKS, CANCELS
from studio.jobs.model import Failure, Job, JobErrorCode, JobStatus
from studio.mail.feedback import Feedback, FeedbackHandler
from studio.mail.unsubscribe import unsubscribe
from studio.orders.table import Orders
from studio.payments.points import PointsGoods
from studio.people.cognito_sync import MARK
from studio.printing.item import submission_to_item
from studio.printing.withdrawal import Withdrawals
from studio.sweeping import put_off
from tests.unit.printing.submissions import ordered, print_orders
from tests.unit.world import USER, World, picture_of

ACCESS = {spec.name: spec.access for spec in ALL}
FAILURE = Failure(JobErrorCode.INTERNAL, "It failed.")


def named(changes: Iterator[Update | Write]) -> frozenset[str]:
    requests = [each.request("T") if isinstance(each, Update) else each["Update"] for each in changes]
    return frozenset(name for request in requests for name in named_by(request))


@pytest.fixture
def job(world: World) -> Job:
    world.joined()
    return world.generate()[0]


@pytest.fixture
def claimed(world: World, job: Job) -> Job:
    return world.jobs.step(states.claim(job, "w", world.time, 150))


def submitted(world: World, job: Job, claimed: Job) -> Iterator[Update]:
    yield states.claim(job, "w", world.time, 150)
    yield states.claim(claimed, "w", world.time + timedelta(hours=1), 150)
    yield states.renew(claimed, world.time, 150)
    yield states.hold(claimed)
    yield states.fail(claimed, FAILURE, world.time)
    yield states.release(claimed.id, "w")


def refunded(world: World, job: Job) -> Iterator[Update]:
    yield states.refund(world.jobs.step(states.cancel(job, world.time)), world.time)
    yield states.put_aside(job, "NOT_CHARGED")


def damaged(world: World, job: Job) -> Iterator[Update]:
    row = world.jobs.row(job.id)
    assert row
    yield unreadable.end(row, world.time)
    yield unreadable.put_aside(row)


def test_a_worker_names_what_its_steps_do(world: World, job: Job, claimed: Job) -> None:
    assert named(submitted(world, job, claimed)) == attributes.SUBMIT
    completed = states.complete(claimed, picture_of(claimed), world.time)
    assert named(iter([*submitted(world, job, claimed), completed])) == attributes.MAKE


def test_who_receives_an_inference_names_its_end(world: World, claimed: Job) -> None:
    ends = (states.complete(claimed, picture_of(claimed), world.time), states.fail(claimed, FAILURE, world.time))
    assert named(iter([*ends, states.release(claimed.id)])) == attributes.RECEIVE_INFERENCE


def test_the_resizer_names_the_sizes(world: World, claimed: Job) -> None:
    meanwhile = states.resized(claimed, {}, "tag", world.time)
    done = world.jobs.step(states.complete(claimed, picture_of(claimed), world.time))
    assert named(iter([meanwhile, states.resized(done, {}, "tag", world.time)])) == attributes.RESIZE


def test_who_previews_collages_names_their_renderings(world: World) -> None:
    collage = Document("d", USER.sub, DocumentKind.COLLAGE, "Hè", "POLAROID", 1, "", "")
    begun = Documents("Documents", world.client).change(add_renderings(collage, {Product.PREVIEW: Rendering("j", 1)}))
    assert named(iter([begun])) == attributes.PREVIEW


def test_a_refund_names_its_mark(world: World, job: Job) -> None:
    assert named(refunded(world, job)) == attributes.REFUND


def test_the_sweeper_names_what_it_ends(world: World, job: Job, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[dict[str, Any]] = []
    monkeypatch.setattr(world.client, "update_item", lambda **request: asked.append(request) or {"Attributes": {}})
    put_off(world.jobs, {"id": job.id, "due": 1}, world.time)
    world.jobs.list_again({"id": job.id, "status": "PENDING"}, world.time)
    steps = (
        states.wait(job, world.time, 9),
        states.fail(job, FAILURE, world.time, stopped=False),
        states.delete_later(job, 9),
        *damaged(world, job),
    )
    monkeypatch.undo()
    ended = replace(job, status=JobStatus.CANCELED)
    steps += (states.cancel(job, world.time), states.delete(ended, world.time))  # of what rendered a deleted document
    everything = named(iter([*steps, *refunded(world, job), *({"Update": each} for each in asked)]))
    assert asked
    assert everything == attributes.SWEEP


def test_who_removes_people_names_how_their_jobs_end(world: World, job: Job) -> None:
    ended = world.jobs.step(states.cancel(job, world.time))
    steps = (states.cancel(job, world.time), states.delete(ended, world.time), states.delete_later(ended, 9))
    more = (states.refund(ended, world.time), states.put_aside(ended, "?"), *damaged(world, job))
    assert named(iter([*steps, *more])) == attributes.LEAVE


def test_who_wakes_an_order_names_when_it_is_looked_at(world: World) -> None:
    assert named(iter([Orders("Orders", world.client).look_again("order", world.time)])) == attributes.LOOK_AGAIN
    assert ACCESS["jobs-stream"].changes["Orders"] == attributes.LOOK_AGAIN


def credits_of(world: World) -> Iterator[Write]:
    yield world.people.credit(USER.sub, 1)
    for brake in (BLOCKS, CANCELS):
        yield world.people.credit_counted(world.person(), 1, brake.name, [1], 2)


def test_a_refund_moves_points_and_counts(world: World) -> None:
    world.joined()
    assert named(credits_of(world)) == attributes.CREDIT


def test_a_payments_event_moves_points_only(world: World) -> None:
    world.joined()
    balance = PointsGoods._balance  # pyright: ignore[reportPrivateUsage]
    goods: Any = type("PointsGoods", (), {"people": world.people})()
    assert named(iter([balance(goods, world.person(), 1)])) == attributes.SETTLE


def test_who_follows_people_changes_none_of_who_they_are(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    world.joined()
    asked: list[dict[str, Any]] = []
    monkeypatch.setattr(world.client, "update_item", lambda **request: asked.append(request) or {"Attributes": {}})
    world.people.put_off({"id": USER.sub, "since": "x"}, world.time)
    unmarked = update({"id": USER.sub}, condition="#rev = :rev", values={"rev": 1}, set={"signedOutAt": 1}, remove=MARK)
    gone = update({"id": USER.sub}, condition="attribute_exists(#leftAt)", remove=MARK)
    monkeypatch.undo()
    everything = named(iter([unmarked, gone, *credits_of(world), *({"Update": each} for each in asked)]))
    assert everything == attributes.SYNC_COGNITO


def test_who_receives_mail_feedback_names_the_choice_or_the_address_alone(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    person, asked = world.joined(), list[dict[str, Any]]()
    monkeypatch.setattr(world.client, "update_item", lambda **request: asked.append(request) or {"Attributes": {}})
    unsubscribe(world.people, person.id)
    assert named(iter([{"Update": asked.pop()}])) == attributes.MAILING
    FeedbackHandler(world.people).handle(Feedback(stops=True, person=person.id, address=person.email))
    assert named(iter([{"Update": asked.pop()}])) == attributes.UNREACHABLE


def test_who_takes_orders_names_those_that_are_open_alone(world: World) -> None:
    person = world.joined()
    begun, ended = world.people.order(person.id, "o", 20), world.people.ended(person.id, "ordering", {"o"})
    assert named(iter([begun, ended])) == attributes.ORDER


def test_who_prints_names_what_becomes_of_an_order_and_who_hears_the_printer_only_when(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    submission, table = ordered(world), print_orders(world)
    asked: list[dict[str, Any]] = []
    answer = pack(submission_to_item(submission))
    monkeypatch.setattr(world.client, "update_item", lambda **request: asked.append(request) or {"Attributes": answer})
    table.step(submission, replace(submission, tries=1))
    put_off(table, {"id": "order-1", "due": 1}, world.time)
    assert named({"Update": each} for each in asked) == attributes.PRINT
    asked.clear()
    table.look_again("order-1", world.time)
    assert named({"Update": each} for each in asked) == attributes.RECEIVE_CALLBACK
    monkeypatch.undo()
    withdrawal = Withdrawals("PrintOrders", world.client).withdraw("order-1", world.time)
    assert named(iter([withdrawal])) == attributes.WITHDRAW_PRINT


@pytest.mark.parametrize("function", ACCESS)
def test_who_may_only_update_jobs_or_people_is_held_to_some_of_their_attributes(function: str) -> None:
    access = ACCESS[function]
    for table in ("Jobs", "People"):
        actions = access.tables.get(table, ())
        assert (table in access.changes) == (UPDATE in actions and PUT not in actions), table


def test_no_role_that_is_held_to_some_says_what_was_charged_or_who_is_who() -> None:
    of_jobs = {"charge", "owner", "spec", "expiresAt", "model", "worker", "requestId", "kind", "deadline", "shared"}
    of_jobs |= {"favorite", "tags", "index"}
    of_people = {"role", "disabled", "email", "name", "address", "running", "paying"}
    for function, access in ACCESS.items():
        assert not access.changes.get("Jobs", frozenset()) & of_jobs, function
        assert not access.changes.get("People", frozenset()) & of_people, function
    paid_back = {"jobs-stream", "sweeper", "accounts-reconciler"}
    assert {name for name, each in ACCESS.items() if "refundedAt" in each.changes.get("Jobs", ())} == paid_back
