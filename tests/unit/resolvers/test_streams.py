"""What follows a change of a job: dispatch and refunds must happen, telling may fail."""

import json
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any, ClassVar

import boto3
import pytest

from studio import ids
from studio.albums.model import Document
from studio.documents.spec import Product
from studio.dynamo import pack, update
from studio.jobs import states
from studio.jobs.model import Failure, Job, JobErrorCode
from studio.media.model import StoredImage
from studio.media.table import ready
from tests.unit.albums.parts import Parts
from tests.unit.resolvers.conftest import ENVIRONMENT, Load
from tests.unit.resolvers.events import numbers, record, stream_of
from tests.unit.serving import serving
from tests.unit.world import OTHER, USER, World, picture_of

FAILURE = Failure(JobErrorCode.INTERNAL, "It failed.")


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


def fail(world: World, job: Job) -> Job:
    return world.jobs.step(states.fail(job, FAILURE, world.time))


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


@pytest.fixture
def unread(world: World, monkeypatch: pytest.MonkeyPatch) -> Callable[[], list[Any]]:
    """The dead letters, as they are taken out."""
    assert world
    sqs = boto3.client("sqs")
    queue = sqs.create_queue(QueueName=ids.new())["QueueUrl"]
    monkeypatch.setitem(ENVIRONMENT, "UNREAD_QUEUE", queue)

    def taken() -> list[Any]:
        found = sqs.receive_message(QueueUrl=queue, MaxNumberOfMessages=10).get("Messages", [])
        return [json.loads(message.get("Body", "")) for message in found]

    return taken


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


class Api(BaseHTTPRequestHandler):
    """An AppSync that remembers what it was told and refuses some jobs."""

    published: ClassVar[list[tuple[str, int]]] = []
    headers_seen: ClassVar[list[dict[str, str]]] = []
    refuse: ClassVar[set[str]] = set()
    views: ClassVar[list[tuple[str, Any]]] = []

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["content-length"])))
        name = body["query"].split("publish")[1].partition("(")[0]
        job = json.loads(body["variables"]["it"])
        refused = job.get("id") in self.refuse
        self.views.append((name, job))
        if name == "Job" and not refused:
            self.published.append((job["id"], job["version"]))
        self.headers_seen.append(dict(self.headers.items()))
        answer = (
            {"errors": [{"errorType": "Unauthorized"}]} if refused else {"data": {"publishJob": {"id": job.get("id")}}}
        )
        self.send_response(200)
        self.end_headers()
        self.wfile.write(json.dumps(answer).encode())

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002
        pass


@pytest.fixture
def api() -> Iterator[str]:
    Api.published, Api.headers_seen, Api.refuse, Api.views = [], [], set(), []
    with serving(HTTPServer(("127.0.0.1", 0), Api)) as url:
        yield f"{url}/graphql"


def test_every_change_is_told_signed_and_in_order(load: Load, world: World, api: str) -> None:
    world.joined()
    jobs = world.generate(count=3)
    records = [record(world, job) for job in jobs] + [record(world, fail(world, job)) for job in jobs]
    assert numbers(load("resolvers.streams.publish", GRAPHQL_URL=api).handler({"Records": records}, None)) == []
    for job in jobs:
        assert [version for id_, version in Api.published if id_ == job.id] == [1, 2]
    assert all("AWS4-HMAC-SHA256" in headers["authorization"] for headers in map(_lower, Api.headers_seen))


def test_a_job_that_cannot_be_told_comes_again_from_there(load: Load, world: World, api: str) -> None:
    world.joined()
    bad, good = world.generate(count=2)
    Api.refuse.add(bad.id)
    records = [record(world, bad), record(world, good), record(world, fail(world, bad))]
    answer = load("resolvers.streams.publish", GRAPHQL_URL=api).handler({"Records": records}, None)
    assert numbers(answer) == [f"{bad.id}-1", f"{bad.id}-2"]
    assert Api.published == [(good.id, 1)]


def test_of_what_was_deleted_nobody_is_told(load: Load, world: World, api: str) -> None:
    world.joined()
    job, kept = world.generate(count=2)
    job = fail(world, job)
    marked = world.deletions.mark(job, world.time)
    assert marked
    first, again = record(world, marked), record(world, marked)
    first["dynamodb"]["OldImage"] = record(world, kept)["dynamodb"]["NewImage"]
    again["dynamodb"]["OldImage"] = first["dynamodb"]["NewImage"]
    records = [first, again, record(world, kept)]
    assert numbers(load("resolvers.streams.publish", GRAPHQL_URL=api).handler({"Records": records}, None)) == []
    assert Api.published == [(kept.id, 1)]
    assert [view for name, view in Api.views if name == "JobDeleted"] == [{"id": job.id, "owner": USER.sub}]


def test_that_a_rendering_is_deleted_is_no_news(load: Load, world: World, api: str) -> None:
    parts = Parts(world)
    album = parts.album(parts.picture())
    parts.render(album, Product.SCREEN)
    gone = record(world, parts.rendering(album, Product.SCREEN))
    gone["dynamodb"]["NewImage"]["deletedAt"] = {"S": "2026-11-20T12:00:00.000Z"}
    assert numbers(load("resolvers.streams.publish", GRAPHQL_URL=api).handler({"Records": [gone]}, None)) == []
    assert Api.views == []


def person_change(world: World, before: Any) -> dict[str, Any]:
    change = {"Keys": {"id": {"S": USER.sub}}, "OldImage": before, "NewImage": person_row(world), "SequenceNumber": "1"}
    return {"eventName": "MODIFY", "eventSourceARN": stream_of("People"), "dynamodb": change}


def person_row(world: World) -> Any:
    row = world.people.get({"id": USER.sub})
    assert row
    return pack(row)


def test_people_hear_what_they_can_see_of_themselves(load: Load, world: World, api: str) -> None:
    world.joined()
    publish = load("resolvers.streams.publish", GRAPHQL_URL=api)
    before = person_row(world)
    world.generate()
    publish.handler({"Records": [person_change(world, before)]}, None)
    ((name, told),) = Api.views
    assert (name, told["id"], told["points"]) == ("User", USER.sub, 19)
    before = person_row(world)
    world.people.apply(update({"id": USER.sub}, set={"rev": 99}))
    publish.handler({"Records": [person_change(world, before)]}, None)
    assert len(Api.views) == 1


@pytest.mark.parametrize(
    "change", [{"leftAt": "2026-11-20T12:00:00.000Z", "points": 0}, {"disabled": True}, {"role": "USER"}]
)
def test_of_who_is_shut_out_the_subscriptions_end_and_nothing_is_told(
    load: Load, world: World, api: str, change: dict[str, Any]
) -> None:
    world.joined()
    world.people.apply(update({"id": USER.sub}, set={"role": "ADMIN"}))
    before = person_row(world)
    world.people.apply(update({"id": USER.sub}, set=change))
    publish = load("resolvers.streams.publish", GRAPHQL_URL=api)
    publish.handler({"Records": [person_change(world, before)]}, None)
    assert Api.views == [("ShutOut", {"owner": USER.sub})]


def upload_change(world: World, id_: str) -> dict[str, Any]:
    row = world.uploads.get({"id": id_})
    assert row
    change = {"Keys": {"id": {"S": id_}}, "NewImage": pack(row), "SequenceNumber": id_}
    return {"eventName": "MODIFY", "eventSourceARN": stream_of("Uploads"), "dynamodb": change}


def test_an_upload_is_told_when_it_has_been_looked_at(load: Load, world: World, api: str) -> None:
    world.joined()
    waiting, sent = world.upload(), world.upload()
    world.uploads.step(ready(sent, StoredImage(sent.key, "image/png", 9, 9, 9), {}, sent.expires_at))
    records = [upload_change(world, each.id) for each in (waiting, sent)]
    load("resolvers.streams.publish", GRAPHQL_URL=api).handler({"Records": records}, None)
    ((name, told),) = Api.views
    assert (name, told["id"], told["owner"], told["ready"]) == ("Upload", sent.id, USER.sub, True)
    assert "signature=" in told["image"]["original"]["url"]


def test_an_api_that_is_down_is_reported(load: Load, world: World) -> None:
    world.joined()
    job = world.generate()[0]
    answer = load("resolvers.streams.publish").handler({"Records": [record(world, job)]}, None)
    assert numbers(answer) == [f"{job.id}-1"]


def test_a_completed_job_is_told_with_its_signed_image(
    load: Load, world: World, api: str, caplog: pytest.LogCaptureFixture
) -> None:
    world.joined()
    job = world.jobs.step(states.claim(world.generate()[0], "w", world.time, 9))
    job = world.jobs.step(states.complete(job, picture_of(job), world.time))
    load("resolvers.streams.publish", GRAPHQL_URL=api).handler({"Records": [record(world, job)]}, None)
    assert Api.published == [(job.id, 3)]
    assert "signature=" not in caplog.text


def _changed(document: Document) -> dict[str, Any]:
    keys = {"id": {"S": document.id}}
    change = {"Keys": keys, "NewImage": keys, "SequenceNumber": document.id}
    return {"eventName": "MODIFY", "eventSourceARN": stream_of("Documents"), "dynamodb": change}


def test_documents_are_told_as_they_are_by_now_and_their_jobs_as_theirs(load: Load, world: World, api: str) -> None:
    world.joined()
    parts = Parts(world)
    album, collage = parts.album(parts.picture()), parts.collage(parts.picture())
    parts.render(album, Product.SCREEN)
    running = record(world, parts.rendering(album, Product.SCREEN))
    parts.completed(parts.rendering(album, Product.SCREEN))
    parts.completed(parts.rendering(collage, Product.PREVIEW))
    module = load("resolvers.streams.publish", GRAPHQL_URL=api)
    assert numbers(module.handler({"Records": [running, _changed(collage), _changed(album)]}, None)) == []
    assert Api.published == [], "no job is published"
    views = {view["id"]: (name, view) for name, view in Api.views}
    assert len(Api.views) == 3
    name, view = views[album.id]
    assert (name, view["status"], view["photos"][0]["image"]) == ("Album", "COMPLETED", None)
    assert "/album.pdf?" in view["pdf"]["url"]
    name, view = views[collage.id]
    assert (name, view["status"]) == ("Collage", "DRAFT")
    assert view["preview"]["url"]
    assert view["photos"][0]["image"]["thumbnail"]["url"]


def test_of_a_document_that_was_deleted_nobody_is_told(load: Load, world: World, api: str) -> None:
    world.joined()
    parts = Parts(world)
    album = parts.album(parts.picture())
    parts.render(album, Product.SCREEN)
    records = [record(world, parts.rendering(album, Product.SCREEN)), _changed(album)]
    parts.deletions.delete(USER, album.id, album.kind, world.time)
    assert numbers(load("resolvers.streams.publish", GRAPHQL_URL=api).handler({"Records": records}, None)) == []
    assert Api.views == []


def test_one_that_cannot_be_read_is_put_aside(
    load: Load, world: World, api: str, unread: Callable[[], list[Any]]
) -> None:
    world.joined()
    parts = Parts(world)
    bad, good = parts.album(), parts.album()
    parts.world_documents.apply(update({"id": bad.id}, set={"placed": "x"}))
    module = load("resolvers.streams.publish", GRAPHQL_URL=api)
    assert numbers(module.handler({"Records": [_changed(bad), _changed(good)]}, None)) == []
    assert [view["id"] for _, view in Api.views] == [good.id]
    assert len(unread()) == 1


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


def _lower(headers: dict[str, str]) -> dict[str, str]:
    return {name.lower(): value for name, value in headers.items()}
