"""What follows a change of a job: it is dispatched and refunded, whatever else fails."""

import json
from collections.abc import Callable
from typing import Any

import pytest

from studio.documents.spec import Product
from studio.dynamo import update
from tests.unit.albums.parts import Parts
from tests.unit.resolvers.conftest import ENVIRONMENT, Load
from tests.unit.resolvers.events import fail, numbers, record
from tests.unit.resolvers.graphql_api import Api
from tests.unit.world import OTHER, USER, World


class Lambda:
    """Remembers invocations, or refuses them."""

    def __init__(self, *, down: bool = False) -> None:
        self.down = down
        self.ids: list[list[str]] = []

    def invoke(self, **request: Any) -> None:
        if self.down:
            raise ConnectionError("no Lambda")
        self.ids.append(json.loads(request["Payload"])["jobs"])


def react(load: Load, monkeypatch: pytest.MonkeyPatch, client: Lambda, *records: dict[str, Any]) -> list[str]:
    module = load("resolvers.streams.jobs")
    monkeypatch.setattr(module, "_dispatch", module.Dispatch(client, {"vertex": "namo-vertex"}))
    return numbers(module.handler({"Records": list(records)}, None))


def test_new_jobs_go_to_their_worker_in_groups(load: Load, world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    world.joined()
    jobs = world.generate(count=8) + world.generate(count=2, clientRequestId="second")
    client = Lambda()
    assert react(load, monkeypatch, client, *(record(world, job) for job in jobs)) == []
    assert [len(ids) for ids in client.ids] == [8, 2]
    assert [id_ for ids in client.ids for id_ in ids] == [job.id for job in jobs]


def test_a_failing_dispatch_stops_no_refund(load: Load, world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    world.joined()
    new, failed = world.generate(count=2)
    failed = fail(world, failed)
    records = [record(world, new), record(world, failed)]
    assert react(load, monkeypatch, Lambda(down=True), *records) == [f"{new.id}-1"]
    assert world.person().points == 19


def test_a_worker_that_is_unknown_is_put_aside_at_once(
    load: Load, world: World, monkeypatch: pytest.MonkeyPatch, unread: Callable[[], list[Any]]
) -> None:
    world.joined()
    unknown, new = world.generate(count=2)
    world.jobs.apply(update({"id": unknown.id}, set={"worker": "none"}))
    client = Lambda()
    records = [record(world, unknown), record(world, new)]
    assert react(load, monkeypatch, client, *records) == []
    assert [each["keys"] for each in unread()] == [{"id": {"S": unknown.id}}]
    assert client.ids == [[new.id]]


@pytest.mark.parametrize("bad", [{}, {"NewImage": {"id": {"S": "x"}}}, {"Keys": {"id": {"N": "1"}}}])
def test_a_record_that_cannot_be_read_is_put_aside_at_once(
    load: Load,
    world: World,
    monkeypatch: pytest.MonkeyPatch,
    api: str,
    unread: Callable[[], list[Any]],
    bad: dict[str, Any],
) -> None:
    world.joined()
    job = world.generate()[0]
    records = [{"eventName": "MODIFY", "dynamodb": {"SequenceNumber": "bad", **bad}}, record(world, job)]
    client = Lambda()
    assert react(load, monkeypatch, client, *records) == []
    assert client.ids == [[job.id]]
    assert numbers(load("resolvers.streams.publish", GRAPHQL_URL=api).handler({"Records": records}, None)) == []
    assert Api.published == [(job.id, 1)]
    assert [each["sequenceNumber"] for each in unread()] == ["bad", "bad"]


def test_seven_spoiled_rows_delay_nobody_and_tell_nothing_of_theirs(
    load: Load, world: World, monkeypatch: pytest.MonkeyPatch, api: str, unread: Callable[[], list[Any]]
) -> None:
    world.joined()
    *bad, good = world.generate(count=8)
    for job in bad:
        world.jobs.apply(update({"id": job.id}, set={"history": "x"}))
    records = [record(world, job) for job in (*bad, good)]
    client = Lambda()
    assert react(load, monkeypatch, client, *records) == []
    assert client.ids == [[good.id]]
    assert numbers(load("resolvers.streams.publish", GRAPHQL_URL=api).handler({"Records": records}, None)) == []
    assert Api.published == [(good.id, 1)]
    letters = [*unread(), *unread()]
    assert len(letters) == 14
    assert "lighthouse" not in json.dumps(letters)


def test_what_cannot_even_be_put_aside_comes_again(
    load: Load, world: World, monkeypatch: pytest.MonkeyPatch, api: str
) -> None:
    world.joined()
    job = world.generate()[0]
    world.jobs.apply(update({"id": job.id}, set={"history": "x"}))
    none = "https://sqs.ap-southeast-1.amazonaws.com/123456789012/none"
    monkeypatch.setitem(ENVIRONMENT, "UNREAD_QUEUE", none)
    assert react(load, monkeypatch, Lambda(), record(world, job)) == [f"{job.id}-1"]
    handler = load("resolvers.streams.publish", GRAPHQL_URL=api).handler
    assert numbers(handler({"Records": [record(world, job)]}, None)) == [f"{job.id}-1"]


def test_a_failing_refund_stops_no_other(load: Load, world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    world.joined()
    world.joined(OTHER)
    poison, good = (fail(world, world.generate(caller)[0]) for caller in (OTHER, USER))
    world.people.discard({"id": OTHER.sub})
    records = [record(world, poison), record(world, good)]
    assert react(load, monkeypatch, Lambda(), *records) == [f"{poison.id}-2"]
    assert world.person().points == 20


def test_records_that_come_again_and_out_of_order_refund_once(
    load: Load, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    world.joined()
    job = world.generate()[0]
    first = record(world, job)
    second = record(world, fail(world, job))
    for records in ([second], [second, first], [first, second, second]):
        assert react(load, monkeypatch, Lambda(), *records) == []
    assert world.person().points == 20
    assert world.drift() == 0


def test_renderings_go_to_their_worker_and_are_never_refunded(
    load: Load, world: World, monkeypatch: pytest.MonkeyPatch, unread: Callable[[], list[Any]]
) -> None:
    world.joined()
    parts = Parts(world)
    album = parts.album(parts.picture())
    parts.render(album, Product.SCREEN)
    job = parts.rendering(album, Product.SCREEN)
    new, client = record(world, job), Lambda()
    failed = record(world, fail(world, job))
    module = load("resolvers.streams.jobs", WORKERS='{"documents": "namo-documents"}')
    monkeypatch.setattr(module, "_dispatch", module.Dispatch(client, {"documents": "namo-documents"}))
    assert numbers(module.handler({"Records": [new, failed]}, None)) == []
    assert client.ids == [[job.id]]
    assert world.person().points == 20
    assert (unread(), world.drift()) == ([], 0)
