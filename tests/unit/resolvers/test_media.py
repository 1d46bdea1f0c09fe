"""The upload fields answer in the schema's shapes, to the owner alone."""

from typing import Any

import pytest

from studio.dynamo import update
from studio.media.item import upload_from_item
from studio.media.model import StoredImage, UploadRejection
from studio.media.table import ready, reject
from tests.unit.resolvers.conftest import Load
from tests.unit.resolvers.events import appsync
from tests.unit.world import ADMIN, OTHER, PICTURE, USER, World

THUMBNAIL = StoredImage("resized/t.webp", "image/webp", 1, 1, 1)
IMAGE = StoredImage("uploads/o", "image/png", 2, 2, 9)


@pytest.fixture(autouse=True)
def _joined(world: World) -> None:
    world.joined()


def ask(load: Load, *event: Any, **options: Any) -> dict[str, Any]:
    return load("resolvers.fields.media").handler(appsync(*event, **options), None)


def test_a_form_to_send_a_picture_with(load: Load, world: World) -> None:
    made = ask(load, "Mutation.createUpload", {"input": PICTURE})["data"]
    upload = world.uploads.find(made["id"])
    assert upload
    assert made["key"] == upload.key
    assert made["maxBytes"] == 20_000_000
    assert {"name": "key", "value": upload.key} in made["fields"]
    assert {"name": "Content-Type", "value": "image/png"} in made["fields"]


def test_a_refusal_has_its_type_and_leaves_nothing(load: Load, world: World) -> None:
    answer = ask(load, "Mutation.createUpload", {"input": {**PICTURE, "contentType": "image/gif"}})
    assert answer["error"]["type"] == "FILE_TYPE_NOT_SUPPORTED"
    assert world.client.scan(TableName="Uploads")["Count"] == 0


def test_nobody_brings_anything_without_a_sign_in(load: Load) -> None:
    assert ask(load, "Mutation.createUpload", {"input": PICTURE}, None)["error"]["type"] == "UNAUTHORIZED"


def test_how_an_upload_stands(load: Load, world: World) -> None:
    upload, bad = world.upload(), world.upload()

    def state(id_: str, *select: str) -> Any:
        return ask(load, "Query.upload", {"id": id_}, select=("image", *select))["data"]

    assert state(upload.id) == {
        "id": upload.id,
        "owner": "user-1",
        "ready": False,
        "rejected": None,
        "rejectedCode": None,
        "deleted": False,
        "image": None,
        "purpose": "REFERENCE",
        "createdAt": "2026-11-20T12:00:00.000Z",
        "expiresAt": "2026-11-21T12:00:00.000Z",
    }
    later = upload.expires_at + 2**30
    world.uploads.step(ready(upload, IMAGE, {"thumbnail": THUMBNAIL}, later))
    world.uploads.step(reject(bad, UploadRejection.DAMAGED, "The file is empty.", later))
    shown = state(upload.id, "image/thumbnail", "image/medium")
    assert shown["ready"]
    assert "resized/t.webp?" in shown["image"]["thumbnail"]["url"]
    assert (shown["image"]["medium"], "original" in shown["image"]) == (None, False)
    rejected = state(bad.id)
    assert (rejected["ready"], rejected["rejected"], rejected["image"]) == (False, "The file is empty.", None)
    assert rejected["rejectedCode"] == "DAMAGED"


def test_what_somebody_brought_is_listed_by_its_purpose_until_it_expires(load: Load, world: World) -> None:
    world.upload(OTHER)
    mask = world.upload(purpose="MASK")
    world.later(1)
    first, second = world.uploaded(), world.uploaded(purpose="MASK")

    def listed(**given: Any) -> list[str]:
        return [item["id"] for item in ask(load, "Query.uploads", given, select=("items/image",))["data"]["items"]]

    assert {*listed()} == {mask.id, first, second}
    assert listed()[-1] == mask.id
    assert listed(purpose="MASK") == [second, mask.id]
    assert listed(purpose="AVATAR") == []
    page = ask(load, "Query.uploads", {"purpose": "MASK", "limit": 1}, select=("items/image",))["data"]
    assert [item["purpose"] for item in page["items"]] == ["MASK"]
    assert listed(purpose="MASK", limit=1, nextToken=page["nextToken"]) == [mask.id]
    world.later(86_400)
    assert {*listed()} == {first, second}


def test_an_upload_of_before_there_were_codes_has_none(world: World) -> None:
    upload = world.upload()
    row = world.uploads.apply(update({"id": upload.id}, set={"status": "REJECTED", "rejected": "No."}))
    old = upload_from_item(row)
    assert (old.rejected, old.rejection) == ("No.", None)


def test_somebody_elses_upload_is_null(load: Load, world: World) -> None:
    id_ = world.upload(USER).id
    for stranger in (OTHER, ADMIN):
        assert ask(load, "Query.upload", {"id": id_}, stranger) == {"data": None}
    assert ask(load, "Query.upload", {"id": "../x"})["error"]["type"] == "ID_MALFORMED"


def test_anybody_who_holds_an_uploads_id_learns_where_it_is_from(load: Load, world: World) -> None:
    id_ = world.uploaded()
    for caller in (None, USER, OTHER):
        assert ask(load, "Query.verifyImage", {"uploadId": id_}, caller)["data"] == {
            "provenance": "UNKNOWN",
            "madeAt": None,
            "model": None,
        }
    assert ask(load, "Query.verifyImage", {"uploadId": "../x"}, None)["error"]["type"] == "ID_MALFORMED"


def test_an_owner_deletes_an_upload_and_nobody_else_does(load: Load, world: World) -> None:
    world.joined(ADMIN)
    id_ = world.uploaded()
    for stranger in (OTHER, ADMIN):
        assert ask(load, "Mutation.deleteUpload", {"id": id_}, stranger) == {"data": None}
    assert ask(load, "Mutation.deleteUpload", {"id": id_})["data"] == id_
    for field in ("Mutation.deleteUpload", "Query.upload"):
        assert ask(load, field, {"id": id_}) == {"data": None}
