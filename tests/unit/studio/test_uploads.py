"""A picture comes in through a form that S3 itself checks, and is its owner's alone."""

import json
from base64 import b64decode
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest

from studio.clock import iso
from studio.dynamo import ConditionFailed
from studio.errors import ErrorType, StudioError
from studio.media.create_upload import FORM_SECONDS, MAX_OPEN, Ticket, upload_request
from studio.media.model import StoredImage, UploadRejection, UploadStatus
from studio.media.store import Media
from studio.media.table import ready, reject
from tests.unit.world import ADMIN, NOON, OTHER, PICTURE, USER, World

IMAGE = StoredImage("uploads/k", "image/png", 2, 1, 9)


def ticket(world: World, **given: Any) -> Ticket:
    return world.upload_creator.create(USER, upload_request(PICTURE | given), world.time)


def policy(made: Ticket) -> dict[str, Any]:
    return json.loads(b64decode(made.form.fields["policy"]))


def test_the_form_takes_one_key_one_type_and_so_many_bytes(world: World) -> None:
    made = ticket(world, purpose="AVATAR", contentType="image/webp")
    assert made.upload.key == f"incoming/{USER.sub}/{made.upload.id}"
    conditions = policy(made)["conditions"]
    assert {"key": made.upload.key} in conditions
    assert {"Content-Type": "image/webp"} in conditions
    assert ["content-length-range", 1, 5_000_000] in conditions
    assert made.form.fields["Content-Type"] == "image/webp"
    assert made.form.expires_at == world.time + timedelta(minutes=15)


def test_the_form_goes_to_the_regions_own_host(monkeypatch: pytest.MonkeyPatch) -> None:
    """The global host answers a young bucket's POST with a redirect, which browsers do not follow with a file."""
    monkeypatch.setenv("AWS_DEFAULT_REGION", "ap-southeast-1")
    form = Media("media").form("k", "image/png", 9, 900, NOON)
    assert form.url == "https://media.s3.ap-southeast-1.amazonaws.com/"


def test_a_new_upload_waits_for_a_day(world: World) -> None:
    made = ticket(world, link={"boardId": "b"}).upload
    assert world.upload_creator.own(USER, made.id, world.time) == made
    assert (made.status, made.link, made.created_at) == (UploadStatus.UPLOADING, {"boardId": "b"}, iso(world.time))
    assert made.expires_at == int((world.time + timedelta(days=1)).timestamp())
    assert world.upload_creator.own(USER, made.id, world.later(86_400)) is None


def test_a_files_name_is_kept_nowhere(world: World) -> None:
    made = ticket(world, fileName="my secret holiday.png")
    assert "secret" not in str(world.uploads.get({"id": made.upload.id}))
    assert "secret" not in json.dumps(policy(made))


@pytest.mark.parametrize(
    ("given", "type_"),
    [
        ({"fileName": ""}, ErrorType.FILE_NAME_MALFORMED),
        ({"fileName": " "}, ErrorType.FILE_NAME_MALFORMED),
        ({"fileName": "a" * 256}, ErrorType.FILE_NAME_MALFORMED),
        ({"fileName": "../a.png"}, ErrorType.FILE_NAME_MALFORMED),
        ({"fileName": "a\\b.png"}, ErrorType.FILE_NAME_MALFORMED),
        ({"fileName": "a\0.png"}, ErrorType.FILE_NAME_MALFORMED),
        ({"contentType": "image/gif"}, ErrorType.FILE_TYPE_NOT_SUPPORTED),
        ({"contentType": "text/html"}, ErrorType.FILE_TYPE_NOT_SUPPORTED),
        ({"contentType": "image/svg+xml"}, ErrorType.FILE_TYPE_NOT_SUPPORTED),
        ({"byteSize": 0}, ErrorType.FILE_EMPTY),
        ({"byteSize": -1}, ErrorType.FILE_EMPTY),
        ({"byteSize": 20_000_001}, ErrorType.FILE_TOO_LARGE),
        ({"byteSize": 5_000_001, "purpose": "AVATAR"}, ErrorType.FILE_TOO_LARGE),
        ({"link": {"projectId": "a/b"}}, ErrorType.LINK_MALFORMED),
    ],
)
def test_bad_input_has_its_own_error(given: dict[str, Any], type_: ErrorType) -> None:
    with pytest.raises(StudioError) as error:
        upload_request(PICTURE | given)
    assert error.value.type == type_


@pytest.mark.parametrize(
    ("named", "type_"),
    [
        ("image/jpg", "image/jpeg"),
        ("image/pjpeg", "image/jpeg"),
        ("image/jfif", "image/jpeg"),
        ("image/pipeg", "image/jpeg"),
        ("image/x-citrix-png", "image/png"),
        ("image/jpeg; charset=binary", "image/jpeg"),
        (" Image/JPEG ;q=1", "image/jpeg"),
        ("image/x-png", "image/png"),
        ("IMAGE/X-PNG", "image/png"),
        ("image/webp;", "image/webp"),
    ],
)
def test_a_type_has_many_names(world: World, named: str, type_: str) -> None:
    made = ticket(world, contentType=named)
    assert (made.upload.content_type, made.form.fields["Content-Type"]) == (type_, type_)


@pytest.mark.parametrize(
    ("named", "name"),
    [
        ("image/heic", "HEIC"),
        ("image/heif", "HEIC"),
        ("image/avif", "AVIF"),
        ("image/gif", "GIF"),
        ("image/tiff", "TIFF"),
    ],
)
def test_what_cannot_be_used_is_called_by_its_name(named: str, name: str) -> None:
    with pytest.raises(StudioError, match=f"^{name} files cannot be uploaded") as error:
        upload_request(PICTURE | {"contentType": named})
    assert error.value.type == ErrorType.FILE_TYPE_NOT_SUPPORTED


def refused(world: World) -> ErrorType | None:
    try:
        ticket(world)
    except StudioError as error:
        return error.type
    return None


def test_so_many_forms_of_one_person_are_open_and_no_more(world: World) -> None:
    made = [ticket(world).upload for _ in range(MAX_OPEN)]
    before = world.client.scan(TableName="Uploads")["Count"]
    assert refused(world) == ErrorType.TOO_MANY_UPLOADS
    assert world.client.scan(TableName="Uploads")["Count"] == before
    assert world.upload_creator.create(OTHER, upload_request(PICTURE), world.time)
    world.uploads.step(ready(made[0], IMAGE, {}, made[0].expires_at))
    world.uploads.step(reject(made[1], UploadRejection.DAMAGED, "No.", made[1].expires_at))
    world.uploads.discard({"id": made[2].id})
    assert [refused(world) for _ in range(4)] == [None, None, None, ErrorType.TOO_MANY_UPLOADS]
    world.later(FORM_SECONDS)
    assert [refused(world) for _ in range(MAX_OPEN + 1)] == [None] * MAX_OPEN + [ErrorType.TOO_MANY_UPLOADS]


def test_forms_that_are_asked_for_at_once_are_counted_too(world: World) -> None:
    with ThreadPoolExecutor(8) as threads:
        answers = list(threads.map(lambda _: refused(world), range(MAX_OPEN + 8)))
    assert sorted(map(str, answers)) == ["None"] * MAX_OPEN + ["TOO_MANY_UPLOADS"] * 8


@pytest.mark.parametrize(
    "given", [{"byteSize": 20_000_000}, {"fileName": "Ảnh của tôi.png"}, {"contentType": "IMAGE/PNG"}]
)
def test_what_is_in_order_is_accepted(given: dict[str, Any]) -> None:
    assert upload_request(PICTURE | given).content_type == "image/png"


def test_somebody_elses_upload_is_like_none(world: World) -> None:
    id_ = world.uploaded()
    assert world.upload_creator.own(USER, id_, world.time)
    for stranger in (OTHER, ADMIN):
        assert world.upload_creator.own(stranger, id_, world.time) is None


def test_an_upload_is_judged_once(world: World) -> None:
    upload = world.upload()
    later = upload.expires_at + 5
    judged = world.uploads.step(ready(upload, IMAGE, {"large": IMAGE}, later))
    assert (judged.status, judged.image, judged.variants, judged.expires_at) == (
        UploadStatus.READY,
        IMAGE,
        {"large": IMAGE},
        later,
    )
    for again in (ready(upload, IMAGE, {}, 1), reject(upload, UploadRejection.DAMAGED, "No.", 1)):
        with pytest.raises(ConditionFailed):
            world.uploads.step(again)
    assert world.uploads.find(upload.id) == judged
