"""An owner deletes what they brought: marked, then its objects, then its row, and on from wherever it was cut off."""

from contextlib import suppress

import pytest

from studio import ids
from studio.dynamo import update
from studio.errors import ErrorType, StudioError
from studio.media.delete import UploadDeletions
from studio.media.keys import incoming_key, quarantine_key, resized_key, upload_key
from studio.media.lists import UploadLists
from studio.media.store import Media, UndeletedError
from studio.media.table import Uploads, withdraw
from tests.unit.fault_injection import FailingClient, KilledError, growing_budgets
from tests.unit.world import ADMIN, OTHER, USER, World


def deletions(world: World) -> UploadDeletions:
    return UploadDeletions(world.uploads, world.media)


def brought(world: World) -> str:
    """Return the id of an upload that lies wherever an upload can lie."""
    id_ = world.uploaded()
    for key in (incoming_key(USER.sub, id_), quarantine_key(USER.sub, id_), resized_key(id_, "large")):
        world.media.client.put_object(Bucket="media", Key=key, Body=b"x")
    world.media.client.put_object(Bucket="media", Key=upload_key(USER.sub, id_), Body=b"x")
    return id_


def left(world: World, id_: str) -> tuple[bool, list[str]]:
    return world.uploads.find(id_) is not None, [key for key in world.media.keys("") if id_ in key]


def test_nothing_is_left_and_absent_is_done(world: World) -> None:
    world.joined()
    id_, other = brought(world), brought(world)
    assert deletions(world).delete(USER, id_) == id_
    assert left(world, id_) == (False, [])
    assert deletions(world).delete(USER, id_) is None
    assert len(left(world, other)[1]) == 4


def test_somebody_elses_stays(world: World) -> None:
    world.joined()
    id_ = brought(world)
    for who in (OTHER, ADMIN):
        assert deletions(world).delete(who, id_) is None
    assert deletions(world).delete(USER, ids.new()) is None
    with pytest.raises(StudioError) as error:
        deletions(world).delete(USER, "../x")
    assert error.value.type == ErrorType.ID_MALFORMED
    assert len(left(world, id_)[1]) == 4


def test_what_is_marked_nobody_sees(world: World) -> None:
    world.joined()
    id_ = brought(world)
    found = world.uploads.find(id_)
    assert found
    world.uploads.step(withdraw(found))
    assert world.upload_creator.own(USER, id_, world.time) is None
    assert UploadLists(world.uploads).own(USER, None, 10, None, world.time).items == []
    with pytest.raises(StudioError) as error:
        world.camera(image=id_, yaw=1.0, pitch=1.0)
    assert error.value.type == ErrorType.UPLOAD_UNKNOWN
    assert deletions(world).delete(USER, id_) == id_
    assert left(world, id_) == (False, [])


def test_one_that_cannot_be_read_goes_all_the_same(world: World) -> None:
    world.joined()
    id_ = brought(world)
    world.uploads.apply(update({"id": id_}, set={"createdAt": "yesterday"}))
    assert deletions(world).delete(USER, id_) == id_
    assert (world.uploads.get({"id": id_}), left(world, id_)[1]) == (None, [])


def test_what_storage_keeps_is_told_and_deleted_when_asked_again(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    world.joined()
    id_ = brought(world)

    def kept(*_: object) -> None:
        raise UndeletedError

    with monkeypatch.context() as patch:
        patch.setattr(Media, "delete_upload", kept)
        with pytest.raises(UndeletedError):
            deletions(world).delete(USER, id_)
    assert world.upload_creator.own(USER, id_, world.time) is None
    assert deletions(world).delete(USER, id_) == id_
    assert left(world, id_) == (False, [])


@pytest.mark.parametrize("acts", [False, True])
@pytest.mark.parametrize("where", ["rows", "objects"])
def test_dying_anywhere_it_goes_on(world: World, where: str, acts: bool) -> None:
    world.joined()
    tried = 0
    for budget in growing_budgets(acts=acts):
        id_ = brought(world)
        uploads, media = world.uploads, world.media
        if where == "rows":
            uploads = Uploads("Uploads", FailingClient(world.client, budget))  # pyright: ignore[reportArgumentType]
        else:
            client = FailingClient(world.media.client, budget)
            media = Media("media", lambda client=client: client)  # pyright: ignore[reportArgumentType]
        with suppress(KilledError):
            UploadDeletions(uploads, media).delete(USER, id_)
        deletions(world).delete(USER, id_)
        assert left(world, id_) == (False, [])
        tried += 1
    assert tried > 1


def test_a_documents_own_copy_stays(world: World) -> None:
    world.joined()
    id_ = brought(world)
    copy = f"documents/{USER.sub}/d/p/original"
    world.media.client.put_object(Bucket="media", Key=copy, Body=b"x")
    deletions(world).delete(USER, id_)
    assert [*world.media.keys("documents/")] == [copy]
