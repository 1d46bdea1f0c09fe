"""A bad upload is rejected once, with a reason, and moved away."""

from datetime import timedelta
from typing import Any

import pytest

from studio.clock import now
from studio.media.model import StoredImage, UploadRejection, UploadStatus
from studio.media.table import LOOKING, ready, reject
from tests.unit.fault_injection import unreachable
from tests.unit.imaging import pngs
from tests.unit.workers.arriving import send, upload_now
from tests.unit.workers.fakes import png
from tests.unit.world import USER, World
from workers.arrivals import Arrivals
from workers.imaging.flaw import Flaw
from workers.picture import inspect
from workers.uploads import REJECTIONS, ArrivedUploads

PALETTE_WITHOUT_ONE = pngs.written([[[0], [1]]], pngs.PALETTE, 8)


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


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"bad", UploadRejection.NOT_AN_IMAGE),
        (b"GIF89a" + bytes(99), UploadRejection.TYPE_NOT_SUPPORTED),
        (png()[:-40], UploadRejection.DAMAGED),
        (png() + b"\0" * 5_000_000, UploadRejection.TOO_LARGE),
    ],
)
def test_a_rejection_has_a_code_for_programs(
    world: World, arrivals: Arrivals, content: bytes, code: UploadRejection
) -> None:
    upload = send(world, content, purpose="AVATAR")
    arrivals.look_at(upload.key)
    assert upload_now(world, upload).rejection == code


def test_every_flaw_that_a_picture_can_have_has_a_code() -> None:
    assert {*REJECTIONS} == {*Flaw} - {Flaw.MASK_EMPTY}
    assert {*REJECTIONS.values()} == {*UploadRejection}


def test_a_rejection_that_was_cut_off_before_the_move_is_finished(
    world: World, arrivals: Arrivals, monkeypatch: pytest.MonkeyPatch
) -> None:
    upload = send(world, b"bad")
    with monkeypatch.context() as patch:
        patch.setattr(world.media, "move", unreachable)
        with pytest.raises(ConnectionError):
            arrivals.look_at(upload.key)
    assert upload_now(world, upload).status == UploadStatus.REJECTED
    for _ in range(2):
        arrivals.look_at(upload.key)
        assert list(world.media.keys("")) == [f"quarantine/{USER.sub}/{upload.id}"]


def test_a_rejection_meanwhile_leaves_nothing_of_what_was_kept(
    world: World, arrivals: Arrivals, monkeypatch: pytest.MonkeyPatch
) -> None:
    upload = send(world, png(64, 48))
    put_new = world.media.put_new

    def rejected(image: StoredImage, content: bytes, job: str | None = None) -> None:
        put_new(image, content, job)
        world.uploads.step(reject(upload, UploadRejection.DAMAGED, "No.", upload.expires_at))

    monkeypatch.setattr(world.media, "put_new", rejected)
    arrivals.look_at(upload.key)
    assert list(world.media.keys("")) == [f"quarantine/{USER.sub}/{upload.id}"]


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
