"""A collage that is filled by uploads is previewed by itself, once, when the last picture has come."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from studio.albums.model import Document
from studio.albums.preview import SentPreviews
from studio.clock import millis
from studio.documents.spec import Product
from studio.dynamo import pack, update
from studio.jobs import states
from studio.media.model import Upload
from tests.unit.albums.parts import FAILED, LIMITS, Parts
from tests.unit.resolvers.conftest import ENVIRONMENT, Load, load
from tests.unit.resolvers.events import numbers
from tests.unit.world import NOON, USER

__all__ = ["load"]


@pytest.fixture
def look(parts: Parts) -> Callable[[Document], None]:
    previews = SentPreviews(parts.documents, parts.photos, parts.jobs, parts.world.people, LIMITS.times)
    return lambda document: previews.look(document.id, parts.world.time)


Look = Callable[[Document], None]


def previews(parts: Parts) -> list[dict[str, Any]]:
    return [row for row in parts.rows("Jobs") if row["model"]["S"] == "preview"]


def sent(parts: Parts, collage: Document, count: int) -> list[Upload]:
    return [parts.send(collage) for _ in range(count)]


def test_a_collage_that_is_filled_by_an_upload_is_previewed(parts: Parts, look: Look) -> None:
    collage = parts.collage()
    (upload,) = sent(parts, collage, 1)
    look(collage)
    assert not previews(parts)
    parts.arrive(upload)
    look(collage)
    job = parts.rendering(collage, Product.PREVIEW)
    assert [each.id for each in job.document_spec.photos] == [upload.id]
    assert (job.owner, job.charge.points, parts.now(collage).jobs) == (USER.sub, 0, {job.id})


def test_it_waits_for_the_last_picture_and_is_begun_once(parts: Parts, look: Look) -> None:
    collage = parts.collage(template="MOSAIC")
    first, second, third, fourth = sent(parts, collage, 4)
    for upload in (first, second, third):
        parts.arrive(upload)
        look(collage)
    assert not previews(parts)
    parts.reject(fourth)
    for _ in range(3):
        look(collage)
    assert len(previews(parts)) == 1
    assert len(parts.rendering(collage, Product.PREVIEW).document_spec.photos) == 3


def test_one_that_failed_is_not_begun_again_by_an_event_that_is_repeated(parts: Parts, look: Look) -> None:
    collage = filled(parts)
    look(collage)
    parts.world.jobs.step(states.fail(parts.rendering(collage, Product.PREVIEW), FAILED, NOON))
    look(collage)
    assert len(previews(parts)) == 1


def filled(parts: Parts) -> Document:
    collage = parts.collage()
    parts.arrive(parts.send(collage))
    return collage


def test_a_picture_that_comes_to_a_full_preview_is_in_the_next(parts: Parts, look: Look) -> None:
    collage = parts.collage(*(parts.picture() for _ in range(3)), template="MOSAIC")
    before = parts.rendering(collage, Product.PREVIEW)
    parts.arrive(parts.send(collage))
    look(collage)
    after = parts.rendering(collage, Product.PREVIEW)
    assert (after.id == before.id, len(after.document_spec.photos)) == (False, 4)


def test_where_the_owner_asks_at_the_same_time_it_is_one(
    parts: Parts, look: Look, monkeypatch: pytest.MonkeyPatch
) -> None:
    collage, real, waiting = filled(parts), parts.world.client.transact_write_items, [1]

    def transact(**request: object) -> object:
        while waiting:
            waiting.pop()
            parts.render(collage, Product.PREVIEW)
        return real(**request)

    monkeypatch.setattr(parts.world.client, "transact_write_items", transact)
    look(collage)
    assert len(previews(parts)) == 1


@pytest.mark.parametrize("kind", ["full", "deleted", "disabled", "spoiled", "album", "placed", "gone"])
def test_where_none_can_be_made_nothing_is_begun(parts: Parts, look: Look, kind: str) -> None:
    collage = filled(parts)
    if kind == "full":
        parts.arrive(parts.send(collage))  # POLAROID takes one
    elif kind == "deleted":
        parts.deletions.mark(collage, NOON)
    elif kind == "disabled":
        parts.world.people.apply(update({"id": USER.sub}, set={"disabled": True}))
    elif kind == "spoiled":
        parts.photos.apply(update({"document": collage.id, "id": parts.now(collage).placed[0].id}, set={"focalX": "x"}))
    elif kind == "album":
        collage = parts.album()
        parts.arrive(parts.send(collage))
    elif kind == "placed":
        collage = parts.collage(parts.picture())
        parts.documents.apply(update({"id": collage.id}, set={"renderings": {}}))
    else:
        parts.documents.remove(collage.id)
    before = len(previews(parts))
    look(collage)
    assert len(previews(parts)) == before


def test_who_was_signed_out_before_is_previewed_all_the_same(parts: Parts, look: Look) -> None:
    collage = filled(parts)
    earlier = millis(NOON - timedelta(days=1))
    parts.world.people.apply(update({"id": USER.sub}, set={"signedOutAt": earlier}))
    look(collage)
    assert len(previews(parts)) == 1


def record(parts: Parts, document: Document, before: dict[str, Any]) -> dict[str, Any]:
    row = parts.documents.get({"id": document.id})
    assert row
    change = {"Keys": {"id": {"S": document.id}}, "OldImage": pack(before), "NewImage": pack(row)}
    return {"eventName": "MODIFY", "dynamodb": {**change, "SequenceNumber": document.id}}


def test_the_stream_looks_where_a_picture_has_come(load: Load, parts: Parts) -> None:
    module = load("resolvers.streams.collages", **ENVIRONMENT)
    collage = parts.collage()
    upload = parts.send(collage)
    before = parts.documents.get({"id": collage.id})
    assert before
    parts.arrive(upload)
    unchanged, arrived = (
        record(parts, collage, parts.documents.get({"id": collage.id}) or {}),
        record(parts, collage, before),
    )
    assert numbers(module.handler({"Records": [unchanged]}, None)) == []
    assert not previews(parts)
    for _ in range(2):
        assert numbers(module.handler({"Records": [arrived]}, None)) == []
    assert len(previews(parts)) == 1


def test_what_cannot_be_looked_at_now_comes_again(load: Load, parts: Parts, monkeypatch: pytest.MonkeyPatch) -> None:
    module, collage = load("resolvers.streams.collages", **ENVIRONMENT), filled(parts)

    def gone(*_: object) -> None:
        raise OSError

    monkeypatch.setattr(SentPreviews, "look", gone)
    assert numbers(module.handler({"Records": [record(parts, collage, {"id": collage.id})]}, None)) == [collage.id]
