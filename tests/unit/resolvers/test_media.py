"""The upload fields answer in the schema's shapes, to the owner alone."""

from typing import Any

import pytest

from studio.media.model import StoredImage
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

    assert state(upload.id) == {"id": upload.id, "ready": False, "rejected": None, "image": None}
    later = upload.expires_at + 2**30
    world.uploads.step(ready(upload, IMAGE, {"thumbnail": THUMBNAIL}, later))
    world.uploads.step(reject(bad, "The file is empty.", later))
    shown = state(upload.id, "image/thumbnail", "image/medium")
    assert shown["ready"]
    assert "resized/t.webp?" in shown["image"]["thumbnail"]["url"]
    assert (shown["image"]["medium"], "original" in shown["image"]) == (None, False)
    rejected = state(bad.id)
    assert (rejected["ready"], rejected["rejected"], rejected["image"]) == (False, "The file is empty.", None)


def test_somebody_elses_upload_is_null(load: Load, world: World) -> None:
    id_ = world.upload(USER).id
    for stranger in (OTHER, ADMIN):
        assert ask(load, "Query.upload", {"id": id_}, stranger) == {"data": None}
    assert ask(load, "Query.upload", {"id": "../x"})["error"]["type"] == "ID_MALFORMED"
