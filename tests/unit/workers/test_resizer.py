"""Every upload is looked at once, whatever it is and however often S3 tells of it."""

import io
from datetime import timedelta
from typing import Any
from urllib.parse import quote

import pytest
from PIL import Image

from studio.clock import now
from studio.dynamo import update
from studio.media.create_upload import upload_request
from studio.media.keys import INCOMING, upload_key
from studio.media.model import SIZES, StoredImage, UploadStatus
from studio.media.table import LOOKING, ready, reject, withdraw
from tests.unit.imaging import pngs
from tests.unit.resolvers.conftest import ENVIRONMENT
from tests.unit.workers.arriving import arrivals_of, completed, key_of, resized, send, upload_now
from tests.unit.workers.fakes import png
from tests.unit.world import PICTURE, USER, World
from workers.arrivals import Arrivals
from workers.imaging import pixels
from workers.imaging.resize import SIDES
from workers.picture import inspect
from workers.uploads import ArrivedUploads

PALETTE_WITHOUT_ONE = pngs.written([[[0], [1]]], pngs.PALETTE, 8)


@pytest.fixture
def world(world: World) -> World:
    world.joined()
    return world


@pytest.fixture
def arrivals(world: World) -> Arrivals:
    return arrivals_of(world)


def test_the_sizes_have_one_set_of_names() -> None:
    assert tuple(SIDES) == SIZES


def test_a_good_upload_is_ready_with_its_sizes(world: World, arrivals: Arrivals) -> None:
    content = png(1500, 600)
    upload = send(world, content)
    arrivals.look_at(upload.key)
    found = upload_now(world, upload)
    assert (found.status, found.rejected) == (UploadStatus.READY, None)
    assert found.image
    assert (found.image.key, found.image.width, found.image.height) == (upload_key(USER.sub, upload.id), 1500, 600)
    assert found.image.byte_size == len(content)
    assert {name: (each.width, each.height) for name, each in found.variants.items()} == {
        "large": (1500, 600),
        "medium": (1024, 410),
        "thumbnail": (320, 128),
    }
    for each in found.variants.values():
        answer = world.media.client.get_object(Bucket="media", Key=each.key)
        assert (answer["ContentType"], answer["ContentLength"]) == (each.content_type, each.byte_size)
        with Image.open(io.BytesIO(answer["Body"].read())) as image:
            assert (image.format, image.size) == ("WEBP", (each.width, each.height))
    assert found.expires_at > upload.expires_at


def test_equal_sizes_are_stored_once(world: World, arrivals: Arrivals) -> None:
    upload = send(world, png(64, 48))
    arrivals.look_at(upload.key)
    assert len(resized(world, upload.id)) == 1
    assert len({each.key for each in upload_now(world, upload).variants.values()}) == 1


@pytest.mark.parametrize(
    ("content", "given_"),
    [
        (b"not an image", {}),
        (png()[:-40], {}),
        (b"GIF89a" + b"\0" * 40, {}),
        (PALETTE_WITHOUT_ONE, {}),
    ],
)
def test_a_bad_upload_is_rejected_with_a_reason_and_moved_away(
    world: World, arrivals: Arrivals, content: bytes, given_: dict[str, Any]
) -> None:
    upload = send(world, content, **given_)
    arrivals.look_at(upload.key)
    found = upload_now(world, upload)
    assert (found.status, found.image) == (UploadStatus.REJECTED, None)
    assert found.rejected
    assert found.rejected.endswith(".")
    assert list(world.media.keys("")) == [f"quarantine/{USER.sub}/{upload.id}"]
    state = world.upload_creator.own(USER, upload.id, world.time)
    assert state
    assert state.rejected == found.rejected


@pytest.mark.parametrize("fault", [AssertionError, ZeroDivisionError, RecursionError, MemoryError])
def test_whatever_a_decoder_raises_ends_in_a_rejection(
    world: World,
    arrivals: Arrivals,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    fault: type[Exception],
) -> None:
    def broken(*_: Any) -> None:
        raise fault

    monkeypatch.setattr(pixels, "read", broken)
    upload = send(world, png())
    arrivals.look_at(upload.key)
    found = upload_now(world, upload)
    assert found.status == UploadStatus.REJECTED
    assert (found.rejected or "").endswith(".")
    assert [vars(record).get("cause") for record in caplog.records] == [fault.__name__]


def test_a_fault_of_ours_is_no_rejection(world: World, arrivals: Arrivals, monkeypatch: pytest.MonkeyPatch) -> None:
    upload = send(world, png())
    with monkeypatch.context() as patch:
        patch.setattr(world.media, "put", _broken)
        with pytest.raises(ConnectionError):
            arrivals.look_at(upload.key)
    assert upload_now(world, upload).status == UploadStatus.UPLOADING
    arrivals.look_at(upload.key)
    assert upload_now(world, upload).status == UploadStatus.READY


def test_a_look_that_is_killed_each_time_is_told_as_a_rejection_in_the_end(
    world: World, arrivals: Arrivals, monkeypatch: pytest.MonkeyPatch
) -> None:
    sent = send(world, png())

    def killed(*_: Any) -> None:
        raise MemoryError  # Lambda says nothing to the function that it kills

    with monkeypatch.context() as patch:
        patch.setattr(ArrivedUploads, "_accepted", killed)
        for _ in range(2):
            with pytest.raises(MemoryError):
                arrivals.look_at(sent.key)
    begun = now()
    shown = world.uploads.owned(sent.owner, [sent.id], begun + LOOKING - timedelta(minutes=1))[sent.id]
    assert shown.status == UploadStatus.UPLOADING
    shown = world.uploads.owned(sent.owner, [sent.id], begun + LOOKING)[sent.id]
    assert shown.status == UploadStatus.REJECTED
    assert shown.rejected
    assert shown.rejected.startswith("This picture could not be looked at.")
    arrivals.look_at(sent.key)  # as an operator sends what was given up once more
    assert world.uploads.owned(sent.owner, [sent.id], begun + LOOKING)[sent.id].status == UploadStatus.READY


def test_more_bytes_than_the_purpose_allows_are_rejected(world: World, arrivals: Arrivals) -> None:
    upload = send(world, png() + b"\0" * 5_000_000, purpose="AVATAR")
    arrivals.look_at(upload.key)
    assert "5 MB" in (upload_now(world, upload).rejected or "")


def test_a_rejection_that_was_cut_off_before_the_move_is_finished(
    world: World, arrivals: Arrivals, monkeypatch: pytest.MonkeyPatch
) -> None:
    upload = send(world, b"bad")
    with monkeypatch.context() as patch:
        patch.setattr(world.media, "move", _broken)
        with pytest.raises(ConnectionError):
            arrivals.look_at(upload.key)
    assert upload_now(world, upload).status == UploadStatus.REJECTED
    for _ in range(2):
        arrivals.look_at(upload.key)
        assert list(world.media.keys("")) == [f"quarantine/{USER.sub}/{upload.id}"]


def _broken(*_: Any) -> None:
    raise ConnectionError


@pytest.mark.parametrize("second", [b"<!doctype html><script>alert(1)</script>", png(2000, 2000), png()[:-40]])
def test_what_is_sent_after_the_judgement_changes_nothing_and_goes(
    world: World, arrivals: Arrivals, second: bytes
) -> None:
    content = png(64, 48)
    upload = send(world, content)
    arrivals.look_at(upload.key)
    before, kept = upload_now(world, upload), world.media.read(upload_key(USER.sub, upload.id), 9_999)
    for _ in range(2):
        world.media.client.put_object(Bucket="media", Key=upload.key, Body=second, ContentType="text/html")
        arrivals.look_at(upload.key)
        assert upload_now(world, upload) == before
        assert world.media.read(upload_key(USER.sub, upload.id), 9_999) == kept
        assert list(world.media.keys("incoming/")) == []
    assert kept.data == content


def test_nothing_is_served_from_where_a_form_writes(world: World, arrivals: Arrivals) -> None:
    made = world.upload_creator.create(USER, upload_request(PICTURE), world.time)
    assert made.form.fields["key"].startswith(INCOMING)
    world.media.client.put_object(Bucket="media", Key=made.upload.key, Body=png())
    arrivals.look_at(made.upload.key)
    found = upload_now(world, made.upload)
    assert found.image
    served = [found.image.key, *(each.key for each in found.variants.values())]
    assert [key for key in served if key.startswith(INCOMING)] == []


def test_of_two_files_under_one_form_the_first_to_be_kept_is_what_the_row_says(
    world: World, arrivals: Arrivals, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A second look begins while the first one has kept its file, but not said so yet."""
    upload, first, second = world.upload(), png(64, 48), png(300, 200)
    put_new, calls = world.media.put_new, list[str]()

    def interrupted(image: StoredImage, content: bytes, metadata: Any = None) -> None:
        put_new(image, content, metadata)
        calls.append(image.key)
        if len(calls) == 1:
            world.media.client.put_object(Bucket="media", Key=upload.key, Body=second)
            arrivals.look_at(upload.key)

    world.media.client.put_object(Bucket="media", Key=upload.key, Body=first)
    monkeypatch.setattr(world.media, "put_new", interrupted)
    arrivals.look_at(upload.key)
    found = upload_now(world, upload)
    assert found.image
    assert (found.image.width, found.image.byte_size) == (64, len(first))
    assert world.media.read(found.image.key, 9_999).data == first
    assert {each.width for each in found.variants.values()} == {64}
    assert len(calls) == 1


def test_a_look_that_was_cut_off_after_it_kept_the_file_is_finished(
    world: World, arrivals: Arrivals, monkeypatch: pytest.MonkeyPatch
) -> None:
    upload = send(world, png(64, 48))
    with monkeypatch.context() as patch:
        patch.setattr(world.uploads, "step", _broken)
        with pytest.raises(ConnectionError):
            arrivals.look_at(upload.key)
    arrivals.look_at(upload.key)
    found = upload_now(world, upload)
    assert found.image
    assert world.media.read(found.image.key, 9_999).data == png_of(world, found.image.key)
    assert found.status == UploadStatus.READY


def png_of(world: World, key: str) -> bytes:
    return world.media.client.get_object(Bucket="media", Key=key)["Body"].read()


def test_a_rejection_meanwhile_leaves_nothing_of_what_was_kept(
    world: World, arrivals: Arrivals, monkeypatch: pytest.MonkeyPatch
) -> None:
    upload = send(world, png(64, 48))
    put_new = world.media.put_new

    def rejected(image: StoredImage, content: bytes, metadata: Any = None) -> None:
        put_new(image, content, metadata)
        world.uploads.step(reject(upload, "No.", upload.expires_at))

    monkeypatch.setattr(world.media, "put_new", rejected)
    arrivals.look_at(upload.key)
    assert list(world.media.keys("")) == [f"quarantine/{USER.sub}/{upload.id}"]


@pytest.mark.parametrize(
    ("format_", "declared", "type_"),
    [("JPEG", "image/png", "image/jpeg"), ("WEBP", "image/jpg", "image/webp"), ("PNG", "IMAGE/PJPEG", "image/png")],
)
def test_what_is_found_in_the_bytes_is_what_is_kept_and_served(
    world: World, arrivals: Arrivals, format_: str, declared: str, type_: str
) -> None:
    upload = send(world, encoded(format_), contentType=declared)
    arrivals.look_at(upload.key)
    found = upload_now(world, upload)
    assert found.image
    assert (found.content_type, found.image.content_type) == (type_, type_)
    assert world.media.client.head_object(Bucket="media", Key=found.image.key)["ContentType"] == type_
    link = world.media.link(found.image, 900, world.time).url
    assert f"response-content-type={quote(type_, safe='')}" in link


def encoded(format_: str) -> bytes:
    out = io.BytesIO()
    Image.effect_noise((64, 48), 60).convert("RGB").save(out, format_)
    return out.getvalue()


def test_what_others_see_says_nothing_of_whoever_took_it(world: World, arrivals: Arrivals) -> None:
    exif = Image.Exif()
    exif[0x010F], exif[0x0112] = "Maker", 6
    exif.get_ifd(0x8825)[2] = (21.0, 1.0, 42.0)
    out = io.BytesIO()
    Image.effect_noise((64, 48), 60).convert("RGB").save(out, "JPEG", exif=exif)
    upload = send(world, out.getvalue(), contentType="image/jpeg")
    arrivals.look_at(upload.key)
    found = upload_now(world, upload)
    assert found.image
    kept = png_of(world, found.image.key)
    assert (found.image.width, found.image.height, found.image.byte_size) == (48, 64, len(kept))
    with Image.open(io.BytesIO(kept)) as image, Image.open(io.BytesIO(out.getvalue())) as before:
        assert dict(image.getexif()) == {0x0112: 6}
        assert image.tobytes() == before.tobytes()


@pytest.mark.parametrize(
    "key", ["", "x", "incoming/a", "uploads/user-1/nobody/original", "results/nobody/original.png"]
)
def test_what_belongs_to_nothing_is_left_alone(world: World, arrivals: Arrivals, key: str) -> None:
    arrivals.look_at(key)
    assert list(world.media.keys("")) == []


def test_what_arrives_after_its_owner_has_left_is_removed(world: World, arrivals: Arrivals) -> None:
    withdrawn, gone = send(world, png()), send(world, png())
    world.uploads.step(withdraw(withdrawn))
    world.uploads.discard({"id": gone.id})
    assert [arrivals.look_at(upload.key) for upload in (withdrawn, gone)] == [None, None]
    assert list(world.media.keys("")) == []


@pytest.mark.parametrize("stays", [True, False])
def test_one_that_is_withdrawn_while_it_is_looked_at_leaves_nothing(
    world: World, arrivals: Arrivals, monkeypatch: pytest.MonkeyPatch, stays: bool
) -> None:
    upload = send(world, png(640, 480))

    def read(key: str, max_bytes: int) -> Any:
        world.uploads.step(withdraw(upload))
        if not stays:
            world.uploads.discard({"id": upload.id})
        return original(key, max_bytes)

    original = world.media.read
    monkeypatch.setattr(world.media, "read", read)
    assert arrivals.look_at(upload.key) is None
    assert list(world.media.keys("")) == []


def test_an_upload_under_anothers_name_is_not_looked_at(world: World, arrivals: Arrivals) -> None:
    upload = world.upload()
    key = f"incoming/user-2/{upload.id}"
    world.media.client.put_object(Bucket="media", Key=key, Body=png())
    arrivals.look_at(key)
    assert upload_now(world, upload) == upload


@pytest.fixture
def resizer(arrivals: Arrivals, monkeypatch: pytest.MonkeyPatch) -> Any:
    for name, value in {**ENVIRONMENT, "UPLOAD_TTL_DAYS": "30"}.items():
        monkeypatch.setenv(name, value)
    from workers import resizer as module  # noqa: PLC0415 - it reads its settings when imported

    monkeypatch.setattr(module, "arrivals", lambda: arrivals)
    return module


def event(key: str) -> dict[str, Any]:
    detail = {"bucket": {"name": "media"}, "object": {"key": key, "size": 9, "etag": "e"}}
    return {"source": "aws.s3", "detail-type": "Object Created", "detail": detail}


def notification(*keys: str) -> dict[str, Any]:
    return {"Records": [{"eventSource": "aws:s3", "s3": {"object": {"key": key}}} for key in keys]}


def test_both_shapes_of_events_are_read(resizer: Any) -> None:
    assert list(resizer.keys(event("incoming/a+b/c d"))) == ["incoming/a+b/c d"]
    assert list(resizer.keys(notification("incoming/a%2Bb/c+d", "x"))) == ["incoming/a+b/c d", "x"]
    assert list(resizer.keys({"Service": "Amazon S3", "Event": "s3:TestEvent"})) == []


def test_one_whose_row_cannot_be_read_stops_no_other_and_does_not_come_again(resizer: Any, world: World) -> None:
    spoiled, good = (send(world, png(64, 48)) for _ in range(2))
    world.uploads.apply(update({"id": spoiled.id}, set={"byteSize": "x"}))
    job = completed(world, png(64, 48))
    world.jobs.apply(update({"id": job.id}, set={"history": "x"}))
    resizer.handler(notification(spoiled.key, key_of(job), good.key), None)
    assert upload_now(world, good).status == UploadStatus.READY


def test_a_bad_record_stops_no_other_and_comes_again(
    resizer: Any, world: World, arrivals: Arrivals, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, poison, last = (send(world, png(64, 48)) for _ in range(3))
    read = world.media.read

    def flaky(key: str, max_bytes: int) -> Any:
        if key == poison.key:
            raise ConnectionError
        return read(key, max_bytes)

    with monkeypatch.context() as patch:
        patch.setattr(world.media, "read", flaky)
        with pytest.raises(resizer.UnfinishedError):
            resizer.handler(notification(first.key, poison.key, last.key), None)
    states_ = [upload_now(world, each).status for each in (first, poison, last)]
    assert states_ == [UploadStatus.READY, UploadStatus.UPLOADING, UploadStatus.READY]
    resizer.handler(notification(first.key, poison.key, last.key), None)
    assert upload_now(world, poison).status == UploadStatus.READY


def test_a_late_second_judgement_is_refused(world: World, arrivals: Arrivals, monkeypatch: pytest.MonkeyPatch) -> None:
    upload = send(world, b"bad")
    image = inspect("x", png())

    def read(key: str, max_bytes: int) -> Any:
        world.uploads.step(ready(upload, image, {}, upload.expires_at))
        return original(key, max_bytes)

    original = world.media.read
    monkeypatch.setattr(world.media, "read", read)
    arrivals.look_at(upload.key)
    assert upload_now(world, upload).status == UploadStatus.READY
    assert list(world.media.keys("quarantine/")) == []
