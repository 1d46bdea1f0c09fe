"""Every upload is looked at once, whatever it is and however often S3 tells of it."""

from typing import Any

import pytest

from studio.dynamo import update
from studio.media.model import UploadStatus
from studio.media.table import withdraw
from tests.unit.fault_injection import unreachable
from tests.unit.resolvers.conftest import ENVIRONMENT
from tests.unit.workers.arriving import completed, key_of, send, upload_now
from tests.unit.workers.fakes import png
from tests.unit.world import World
from workers.arrivals import Arrivals
from workers.imaging import pixels


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
        patch.setattr(world.media, "put", unreachable)
        with pytest.raises(ConnectionError):
            arrivals.look_at(upload.key)
    assert upload_now(world, upload).status == UploadStatus.UPLOADING
    arrivals.look_at(upload.key)
    assert upload_now(world, upload).status == UploadStatus.READY


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
