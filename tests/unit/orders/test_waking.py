"""A rendering that was made for an order: it wakes the order when it ends, and is nobody's to see or to delete."""

from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from studio.albums.render import rendering_job
from studio.clock import millis
from studio.documents.spec import DocumentSpec, Product, SpecPhoto
from studio.dynamo import transact
from studio.errors import ErrorType, StudioError
from studio.jobs import states
from studio.jobs.actions import JobActions
from studio.jobs.model import Failure, Job, JobErrorCode
from studio.media.model import StoredPdf
from studio.orders import transitions
from studio.orders.model import Order
from studio.orders.table import Orders
from studio.people.model import Language
from tests.unit.albums.parts import LIMITS, Parts
from tests.unit.orders.samples import pending
from tests.unit.resolvers.conftest import Load
from tests.unit.resolvers.conftest import load as load  # noqa: PLC0414 - a fixture
from tests.unit.resolvers.events import numbers, record
from tests.unit.world import USER, World

PHOTO = SpecPhoto("photo-1", "image/png", 640, 480, Decimal("0.5"), Decimal("0.5"))
END: dict[str, Callable[[World, Job], Any]] = {
    "completed": lambda world, job: world.jobs.step(states.complete(job, pdf_of(job), world.time)),
    "failed": lambda world, job: world.jobs.step(states.fail(job, FAILURE, world.time)),
    "canceled": lambda world, job: world.jobs.step(states.cancel(job, world.time)),
}
FAILURE = Failure(JobErrorCode.INTERNAL, "It failed.")


def pdf_of(job: Job) -> StoredPdf:
    return StoredPdf(f"{job.prefix}/album.pdf", 9, "0" * 32, 24)


@pytest.fixture
def order(world: World) -> Order:
    world.joined()
    order = replace(transitions.paid(pending(), "payment-1", world.time), due=millis(world.later(900)))
    transact(world.client, [Orders("Orders", world.client).new(order)])
    return order


@pytest.fixture
def job(world: World, order: Order) -> Job:
    spec = DocumentSpec("a" * 36, Product.PRINT, "MIXED", "Sa Pa", (PHOTO,), "2026-11-20", Language.VI, order=order.id)
    job = rendering_job(spec, USER.sub, order.id, LIMITS.times, world.time)
    transact(world.client, [world.jobs.new(job)])
    return world.jobs.step(states.claim(job, "w", world.time, 150))


def now(world: World, order: Order) -> Order:
    found = Orders("Orders", world.client).find(order.id)
    assert found
    return found


@pytest.mark.parametrize("end", END)
def test_its_end_has_the_order_looked_at_at_once(world: World, load: Load, order: Order, job: Job, end: str) -> None:
    handler = load("resolvers.streams.jobs", WORKERS='{"documents": "namo-documents"}').handler
    assert numbers(handler({"Records": [record(world, job)]}, None)) == []
    assert now(world, order) == order, "it goes on"
    END[end](world, job)
    assert numbers(handler({"Records": [record(world, job)]}, None)) == []
    assert now(world, order) == replace(order, due=millis(world.time))


@pytest.mark.parametrize("gone", [False, True])
def test_an_order_that_has_ended_or_gone_is_left_alone(
    world: World, load: Load, order: Order, job: Job, gone: bool
) -> None:
    orders = Orders("Orders", world.client)
    if gone:
        orders.discard({"id": order.id})
    else:
        orders.step(order, transitions.completed(order, world.time))
    END["completed"](world, job)
    assert numbers(load("resolvers.streams.jobs").handler({"Records": [record(world, job)]}, None)) == []
    assert (orders.get({"id": order.id}) or {}).get("due") is None


def test_where_the_order_cannot_be_written_the_record_comes_again(
    world: World, load: Load, job: Job, monkeypatch: pytest.MonkeyPatch
) -> None:
    module = load("resolvers.streams.jobs")
    END["completed"](world, job)
    monkeypatch.setattr(module, "_orders", Orders("None", world.client))
    assert numbers(module.handler({"Records": [record(world, job)]}, None)) == [f"{job.id}-3"]


def test_nothing_is_published_of_it(world: World, load: Load, order: Order, monkeypatch: pytest.MonkeyPatch) -> None:
    module = load("resolvers.streams.publish")
    published: list[Any] = []
    monkeypatch.setattr(module, "_publish", published.append)
    parts = Parts(world)
    album = parts.album(parts.picture())
    spec = DocumentSpec(album.id, Product.PRINT, "MIXED", "Sa Pa", (PHOTO,), "2026-11-20", Language.VI)
    mine, ordered = (
        rendering_job(each, USER.sub, album.id, LIMITS.times, world.time)
        for each in (spec, replace(spec, order=order.id))
    )
    transact(world.client, [world.jobs.new(mine), world.jobs.new(ordered)])
    assert numbers(module.handler({"Records": [record(world, mine), record(world, ordered)]}, None)) == []
    assert [bool(each) for each in published] == [True, False]


def test_its_owner_can_neither_delete_nor_cancel_nor_see_it_as_a_job(world: World, job: Job) -> None:
    END["completed"](world, job)
    actions = JobActions(world.jobs, world.deletions)
    assert actions.own(USER, job.id) is None
    assert actions.delete(USER, job.id, world.time) is None
    assert actions.cancel(USER, job.id, world.time) is None
    assert world.jobs.find(job.id)
    with pytest.raises(StudioError) as refused:
        actions.own(USER, "x")
    assert refused.value.type == ErrorType.ID_MALFORMED


def test_who_deletes_the_album_leaves_what_was_ordered_of_it(world: World) -> None:
    world.joined()
    parts = Parts(world)
    album = parts.album(parts.picture())
    spec = DocumentSpec(album.id, Product.PRINT, "MIXED", "Sa Pa", (PHOTO,), "2026-11-20", Language.VI, order="order-1")
    job = rendering_job(spec, USER.sub, "order-1", LIMITS.times, world.time)
    transact(world.client, [world.jobs.new(job)])
    END["completed"](world, world.jobs.step(states.claim(job, "w", world.time, 150)))
    assert parts.deletions.delete(USER, album.id, album.kind, world.time) == album.id
    assert parts.documents.get({"id": album.id}) is None
    assert world.jobs.find(job.id)
