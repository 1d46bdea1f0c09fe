"""What subscribers are told of what is theirs, and of what they are told nothing."""

from collections.abc import Callable
from typing import Any

import pytest

from studio.albums.model import Document
from studio.documents.spec import Product
from studio.dynamo import pack, update
from studio.jobs import states
from studio.media.model import StoredImage
from studio.media.table import ready, verification, withdraw
from tests.unit.albums.parts import Parts
from tests.unit.resolvers.conftest import Load
from tests.unit.resolvers.events import fail, numbers, record, stream_of
from tests.unit.resolvers.graphql_api import Api
from tests.unit.world import USER, World, picture_of


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


def test_people_hear_of_their_avatar(load: Load, world: World, api: str) -> None:
    world.joined()
    publish = load("resolvers.streams.publish", GRAPHQL_URL=api)
    before = person_row(world)
    file = {"content_type": "image/png", "width": 4, "height": 3, "byte_size": 9}
    avatar = {"id": "a", "upload": "u", "files": {"original": file}}
    world.people.apply(update({"id": USER.sub}, set={"avatar": avatar}))
    publish.handler({"Records": [person_change(world, before)]}, None)
    ((_, told),) = Api.views
    assert told["avatar"]["original"]["url"].startswith(f"https://files.namo.example/avatars/{USER.sub}/a/original?")
    assert (told["avatar"]["original"]["width"], told["avatar"]["thumbnail"]) == (4, None)


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


@pytest.mark.parametrize("looked_at", [True, False])
def test_that_an_upload_is_deleted_is_told_once_and_nothing_of_its_picture(
    load: Load, world: World, api: str, *, looked_at: bool
) -> None:
    world.joined()
    upload = world.upload()
    if looked_at:
        image = StoredImage(upload.key, "image/png", 9, 9, 9)
        world.uploads.step(ready(upload, image, {"thumbnail": image}, upload.expires_at))
    before = upload_change(world, upload.id)["dynamodb"]["NewImage"]
    world.uploads.step(withdraw(upload))
    told = upload_change(world, upload.id)
    told["dynamodb"]["OldImage"] = before
    world.uploads.apply(verification(upload.id, 50))
    again = upload_change(world, upload.id)
    again["dynamodb"]["OldImage"] = told["dynamodb"]["NewImage"]
    load("resolvers.streams.publish", GRAPHQL_URL=api).handler({"Records": [told, again]}, None)
    ((name, event),) = Api.views
    assert (name, event["id"], event["owner"], event["deleted"]) == ("Upload", upload.id, USER.sub, True)
    assert (event["ready"], event["image"], event["rejected"], event["rejectedCode"]) == (False, None, None, None)
    assert "http" not in str(event)


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


def _lower(headers: dict[str, str]) -> dict[str, str]:
    return {name.lower(): value for name, value in headers.items()}
