"""A good upload is kept once, as it was sent first, and has its sizes."""

import io
from collections.abc import Callable

import pytest
from PIL import Image

from studio.media.create_upload import upload_request
from studio.media.keys import INCOMING, upload_key
from studio.media.model import SIZES, StoredImage, UploadStatus
from tests.unit.fault_injection import unreachable
from tests.unit.workers.arriving import resized, send, upload_now
from tests.unit.workers.fakes import png
from tests.unit.world import PICTURE, USER, World
from workers.arrivals import Arrivals
from workers.imaging.resize import SIDES


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
    "second", [lambda: b"<!doctype html><script>alert(1)</script>", lambda: png(2000, 2000), lambda: png()[:-40]]
)
def test_what_is_sent_after_the_judgement_changes_nothing_and_goes(
    world: World, arrivals: Arrivals, second: Callable[[], bytes]
) -> None:
    content = png(64, 48)
    upload = send(world, content)
    arrivals.look_at(upload.key)
    before, kept = upload_now(world, upload), world.media.read(upload_key(USER.sub, upload.id), 9_999)
    for _ in range(2):
        world.media.client.put_object(Bucket="media", Key=upload.key, Body=second(), ContentType="text/html")
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

    def interrupted(image: StoredImage, content: bytes, job: str | None = None) -> None:
        put_new(image, content, job)
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
        patch.setattr(world.uploads, "step", unreachable)
        with pytest.raises(ConnectionError):
            arrivals.look_at(upload.key)
    arrivals.look_at(upload.key)
    found = upload_now(world, upload)
    assert found.image
    assert world.media.read(found.image.key, 9_999).data == png_of(world, found.image.key)
    assert found.status == UploadStatus.READY


def png_of(world: World, key: str) -> bytes:
    return world.media.client.get_object(Bucket="media", Key=key)["Body"].read()


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
