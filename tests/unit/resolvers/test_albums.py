"""The fields of albums and collages answer in the schema's shapes, to their owner alone; their jobs are no jobs."""

from typing import Any

import pytest
from graphql import graphql_sync

from studio.documents.spec import Product
from studio.dynamo import update
from studio.jobs.model import JobStatus
from studio.media.keys import photo_key
from tests.sdl import operation
from tests.unit.albums.parts import Parts
from tests.unit.resolvers.conftest import Load
from tests.unit.resolvers.events import appsync
from tests.unit.schema.test_answers import SCHEMA
from tests.unit.world import ADMIN, OTHER, PICTURE, USER, Caller, World

IMAGES = ("photos", "photos/image", "photos/image/original", "photos/image/thumbnail")
_FILES = (*IMAGES, "preview", "output", "output/original", "pdf")
EVERYTHING = (*_FILES, *(f"items/{each}" for each in _FILES))
UNKNOWN = "0b9c1f6e-5f5e-4f0e-9d53-0a3f7c1f2b11"


@pytest.fixture
def parts(world: World) -> Parts:
    world.joined(points=100)
    return Parts(world)


def ask(
    load: Load, field: str, arguments: Any, caller: Caller | None = USER, select: tuple[str, ...] = EVERYTHING
) -> dict[str, Any]:
    area = "media" if field == "Mutation.createUpload" else "jobs" if "ob" in field or "download" in field else "albums"
    return load(f"resolvers.fields.{area}").handler(appsync(field, arguments, caller, select), None)


def shown(load: Load, field: str, arguments: Any) -> Any:
    """Answer a field as its function and AppSync do."""
    answer = ask(load, field, arguments)
    name = field.split(".")[1]
    result = graphql_sync(SCHEMA, operation(SCHEMA, field), {name: answer["data"]}, variable_values=arguments)
    assert result.errors is None
    assert result.data
    return result.data[name]


def test_an_album_from_its_making_to_its_end(load: Load, parts: Parts) -> None:
    a, b = parts.picture(), parts.picture()
    said = {"name": "Đà Lạt", "photos": [{"id": b, "caption": "Hồ", "focalX": 0.25}, {"id": a}]}
    made = shown(load, "Mutation.createAlbum", {"input": said})
    assert (made["status"], made["imageCount"], made["customer"], made["layout"]) == ("READY", 2, USER.sub, "MIXED")
    assert [(each["id"], each["caption"], each["focalX"], each["focalY"]) for each in made["photos"]] == [
        (b, "Hồ", 0.25, 0.75),
        (a, None, 0.25, 0.75),
    ]
    link = made["photos"][0]["image"]["original"]["url"]
    assert f"/{photo_key(USER.sub, made['id'], b)}?" in link
    assert b not in link
    id_ = {"id": made["id"]}
    assert shown(load, "Query.album", id_) == made
    assert shown(load, "Mutation.renderAlbum", {**id_, "product": "SCREEN"})["status"] == "PROCESSING"
    document = parts.world_documents.find(made["id"])
    assert document
    parts.completed(parts.rendering(document, Product.SCREEN))
    done = shown(load, "Query.album", id_)
    assert done["status"] == "COMPLETED"
    assert "/album.pdf?" in done["pdf"]["url"]
    (item,) = shown(load, "Query.albums", {})["items"]
    assert item["photos"][0]["image"]["original"]["url"]
    changed = shown(load, "Mutation.updateAlbum", {**id_, "input": {"name": "Huế"}})
    assert (changed["name"], changed["status"], changed["pdf"], changed["imageCount"]) == ("Huế", "READY", None, 2)
    assert shown(load, "Mutation.deleteAlbum", id_) == made["id"]
    assert shown(load, "Query.album", id_) is None
    assert parts.world.drift() == 0


def test_a_collage_from_its_making_to_its_end(load: Load, parts: Parts) -> None:
    id_ = parts.picture()
    said = {"name": "Tết", "template": "POLAROID", "sources": [id_], "background": "#FFEEDD"}
    made = shown(load, "Mutation.createCollage", {"input": said})
    assert (made["status"], made["sources"], made["background"], made["output"]) == ("DRAFT", [id_], "#ffeedd", None)
    named = {"id": made["id"]}
    document = parts.world_documents.find(made["id"])
    assert document
    parts.completed(parts.rendering(document, Product.PREVIEW))
    assert shown(load, "Query.collage", named)["preview"]["url"]
    assert shown(load, "Mutation.renderCollage", named)["status"] == "PROCESSING"
    parts.completed(parts.rendering(document, Product.PICTURE))
    done = shown(load, "Query.collage", named)
    assert (done["status"], done["output"]["original"]["width"]) == ("COMPLETED", 3000)
    assert len(shown(load, "Query.collages", {})["items"]) == 1
    again = shown(load, "Mutation.updateCollage", {**named, "input": {"name": "x", "template": "POLAROID"}})
    assert (again["status"], again["output"], again["sources"]) == ("DRAFT", None, [id_])
    assert shown(load, "Mutation.deleteCollage", named) == made["id"]


def test_what_is_not_selected_is_not_signed(load: Load, parts: Parts) -> None:
    made = parts.album(parts.picture())
    bare = ask(load, "Query.album", {"id": made.id}, select=("id", "photos", "photos/id"))["data"]
    assert (bare["photos"][0]["image"], bare["pdf"]) == (None, None)
    listed = ask(load, "Query.albums", {}, select=("items", "items/id"))["data"]["items"]
    assert [each["imageCount"] for each in listed] == [1]


FIELDS: list[tuple[str, dict[str, Any]]] = [
    ("Query.album", {}),
    ("Mutation.updateAlbum", {"input": {"name": "x"}}),
    ("Mutation.renderAlbum", {"product": "PRINT"}),
    ("Mutation.deleteAlbum", {}),
    ("Query.collage", {}),
    ("Mutation.updateCollage", {"input": {"name": "x", "template": "MOSAIC"}}),
    ("Mutation.renderCollage", {}),
    ("Mutation.deleteCollage", {}),
]


@pytest.mark.parametrize(("field", "more"), FIELDS)
def test_somebody_elses_is_null_and_stays(load: Load, parts: Parts, field: str, more: dict[str, Any]) -> None:
    made = parts.album(parts.picture()) if field.endswith("Album") or field == "Query.album" else parts.collage()
    parts.world.joined(OTHER)
    parts.world.joined(ADMIN)
    for caller in (OTHER, ADMIN):
        assert ask(load, field, {"id": made.id, **more}, caller) == {"data": None}
    assert ask(load, field, {"id": UNKNOWN, **more}) == {"data": None}
    assert ask(load, field, {"id": "../x", **more})["error"]["type"] == "ID_MALFORMED"
    assert ask(load, field, {"id": made.id, **more}, None)["error"]["type"] == "UNAUTHORIZED"
    assert parts.now(made) == made


def test_who_is_disabled_is_refused(load: Load, parts: Parts) -> None:
    parts.world.people.apply(update({"id": USER.sub}, set={"disabled": True}))
    answer = ask(load, "Mutation.createAlbum", {"input": {"name": "x"}})
    assert answer["error"]["type"] == "USER_DISABLED"
    assert parts.rows("Documents") == []


def test_one_follows_ones_own_only(load: Load, parts: Parts) -> None:
    assert parts
    for field in ("Subscription.onAlbum", "Subscription.onCollage"):
        assert ask(load, field, {"customer": USER.sub}) == {"data": None}
        assert ask(load, field, {"customer": OTHER.sub})["error"]["type"] == "UNAUTHORIZED"


def test_a_picture_is_sent_to_ones_own_document(load: Load, parts: Parts) -> None:
    made, foreign = parts.album(), parts.album(caller=OTHER)
    named = {**PICTURE, "purpose": "ALBUM"}
    form = ask(load, "Mutation.createUpload", {"input": {**named, "albumId": made.id}})["data"]
    assert [each.id for each in parts.now(made).placed] == [form["id"]]
    for id_ in (foreign.id, UNKNOWN):
        answer = ask(load, "Mutation.createUpload", {"input": {**named, "albumId": id_}})
        assert answer["error"]["type"] == "DOCUMENT_UNKNOWN"
    assert len(parts.rows("Uploads")) == 2, "the one, and the row of the open ones"


@pytest.mark.parametrize("caller", [USER, OTHER, ADMIN, None])
def test_a_rendering_is_no_job_of_the_api(load: Load, parts: Parts, caller: Caller | None) -> None:
    for each in (OTHER, ADMIN):
        parts.world.joined(each)
    made = parts.album(parts.picture())
    parts.render(made, Product.SCREEN)
    done = parts.completed(parts.rendering(made, Product.SCREEN))
    parts.world.jobs.apply(update({"id": done.id}, set={"shared": True}))  # were it so
    before = parts.rows("Jobs")
    named: dict[str, Any] = {"id": done.id}
    assert ask(load, "Query.jobStatus", named, caller) == {"data": None}
    assert ask(load, "Query.download", {"jobId": done.id}, caller)["error"]["type"] == "JOB_UNKNOWN"
    for field, more in (
        ("Query.job", {}),
        ("Mutation.cancelJob", {}),
        ("Mutation.deleteJob", {}),
        ("Mutation.setJobSharing", {"shared": True}),
        ("Mutation.retryJob", {"clientRequestId": "again"}),
    ):
        answer = ask(load, field, named | more, caller)
        assert answer == {"data": None} if caller else answer["error"]["type"] == "UNAUTHORIZED"
    if caller == USER:
        assert ask(load, "Query.jobs", {}, caller)["data"]["items"] == []
    if caller == ADMIN:
        asked = {"status": JobStatus.COMPLETED}
        assert ask(load, "Query.jobsByStatus", asked, caller)["data"]["items"] == []
    assert parts.rows("Jobs") == before


def test_the_public_reads_how_collages_can_be_laid_out(load: Load) -> None:
    found = ask(load, "Query.collageTemplates", {}, None)["data"]
    assert [(each["template"], each["minPictures"], each["maxPictures"]) for each in found] == [
        ("GRID_2X2", 4, 4),
        ("GRID_3X3", 9, 9),
        ("STRIP_4", 4, 4),
        ("POLAROID", 1, 1),
        ("MOSAIC", 3, 12),
    ]
    assert (found[2]["widthMm"], found[2]["heightMm"], found[3]["background"]) == (50.8, 152.4, "#fcfaf5")
