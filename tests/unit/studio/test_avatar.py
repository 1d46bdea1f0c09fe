"""An avatar is a copy of its own: it stays when its upload goes, and goes when it is replaced."""

from contextlib import suppress
from typing import Any

import pytest

from studio import ids
from studio.accounts.avatar import AvatarChanges
from studio.accounts.leave import SETTLES
from studio.checks.orphans import Loss, Orphans
from studio.dynamo import update
from studio.errors import ErrorType, StudioError
from studio.media.avatar_files import avatar_images
from studio.media.avatars import Avatars
from studio.media.delete import UploadDeletions
from studio.media.keys import resized_key, upload_key
from studio.media.model import StoredImage, UploadRejection
from studio.media.store import Media
from studio.media.table import Uploads, ready, reject
from studio.people.model import Caller
from tests.unit.fault_injection import CallBudget, FailingClient, KilledError, growing_budgets
from tests.unit.studio.office import Office
from tests.unit.world import NOON, World


@pytest.fixture
def user(office: Office) -> Caller:
    return office.hire("user@namo.test")


def avatars(office: Office, budget: CallBudget | None = None) -> AvatarChanges:
    budget = budget or CallBudget()
    s3: Any = FailingClient(office.world.media.client, budget)
    uploads: Any = Uploads("Uploads", FailingClient(office.world.client, budget))  # pyright: ignore[reportArgumentType]
    return AvatarChanges(office.changes(budget), Avatars(uploads, Media("media", lambda: s3)))


def brought(world: World, user: Caller, **given: Any) -> str:
    """Bring a picture that is ready, with its bytes in two sizes, and return its id."""
    upload = world.upload(user, **{"purpose": "AVATAR", **given})
    small = StoredImage(resized_key(upload.id, "thumbnail"), "image/webp", 32, 24, 9)
    image = StoredImage(upload_key(user.sub, upload.id), "image/png", 640, 480, 99)
    for each in (image, small):
        world.media.put(each, upload.id.encode())
    world.uploads.step(ready(upload, image, {"thumbnail": small}, upload.expires_at))
    return upload.id


def shown(office: Office, user: Caller) -> dict[str, StoredImage]:
    avatar = office.world.person(user).avatar
    return dict(avatar_images(user.sub, avatar)) if avatar else {}


def content(world: World, image: StoredImage) -> bytes:
    return world.media.read(image.key, 1_000).data


def test_it_has_all_sizes_and_outlasts_its_upload(office: Office, user: Caller) -> None:
    world = office.world
    id_ = brought(world, user)
    assert avatars(office).set_own(user, id_, {}, NOON).avatar == world.person(user).avatar
    UploadDeletions(world.uploads, world.media).delete(user, id_)
    files = shown(office, user)
    assert {name: (f.content_type, f.width, f.height, f.byte_size) for name, f in files.items()} == {
        "original": ("image/png", 640, 480, 99),
        "thumbnail": ("image/webp", 32, 24, 9),
    }
    assert {content(world, each) for each in files.values()} == {id_.encode()}
    assert id_ not in "".join(each.key for each in files.values()), "a link leads to no upload"


def test_what_is_replaced_or_cleared_is_removed(office: Office, user: Caller) -> None:
    world, change = office.world, avatars(office)
    first, second = brought(world, user), brought(world, user)
    change.set_own(user, first, {}, NOON)
    changed = change.set_own(user, second, {"name": "Grace"}, NOON)
    assert (changed.name, changed.avatar and changed.avatar.upload) == ("Grace", second)
    assert set(world.media.keys("avatars/")) == {each.key for each in shown(office, user).values()}
    assert change.set_own(user, None, {}, NOON).avatar is None
    assert list(world.media.keys("avatars/")) == []


def test_the_same_again_changes_nothing_even_when_the_upload_has_gone(office: Office, user: Caller) -> None:
    world, change = office.world, avatars(office)
    id_ = brought(world, user)
    before = change.set_own(user, id_, {}, NOON)
    UploadDeletions(world.uploads, world.media).delete(user, id_)
    assert change.set_own(user, id_, {}, NOON) == before
    assert change.set_own(user, id_, {"name": "Grace"}, NOON).name == "Grace"
    assert shown(office, user)


def test_only_an_own_upload_that_is_ready_and_for_this(office: Office, user: Caller) -> None:
    world = office.world
    waiting, bad = world.upload(user, purpose="AVATAR"), world.upload(user, purpose="AVATAR")
    world.uploads.step(reject(bad, UploadRejection.DAMAGED, "No.", bad.expires_at))
    expired = brought(world, user)
    world.uploads.apply(update({"id": expired}, set={"expiresAt": int(NOON.timestamp())}))
    (job,) = world.generate(user)
    for id_, type_ in {
        "../x": ErrorType.ID_MALFORMED,
        ids.new(): ErrorType.UPLOAD_UNKNOWN,
        job.id: ErrorType.UPLOAD_UNKNOWN,
        expired: ErrorType.UPLOAD_UNKNOWN,
        brought(world, office.hire("other@namo.test")): ErrorType.UPLOAD_UNKNOWN,
        brought(world, user, purpose="REFERENCE"): ErrorType.PURPOSE_MISMATCH,
        waiting.id: ErrorType.UPLOAD_NOT_READY,
        bad.id: ErrorType.UPLOAD_REJECTED,
    }.items():
        with pytest.raises(StudioError) as error:
            avatars(office).set_own(user, id_, {"name": "Grace"}, NOON)
        assert error.value.type == type_
    assert (world.person(user).name, shown(office, user)) == ("Ada", {})
    assert list(world.media.keys("avatars/")) == []


def test_an_upload_that_goes_while_it_is_copied_leaves_nothing(office: Office, user: Caller) -> None:
    world = office.world
    id_ = brought(world, user)
    world.media.delete_resized(id_)  # its row is there yet
    with pytest.raises(StudioError) as error:
        avatars(office).set_own(user, id_, {}, NOON)
    assert error.value.type == ErrorType.UPLOAD_UNKNOWN
    assert (shown(office, user), list(world.media.keys("avatars/"))) == ({}, [])


def test_who_is_refused_leaves_no_copy(office: Office, user: Caller) -> None:
    id_ = brought(office.world, user)
    office.world.people.apply(update({"id": user.sub}, set={"disabled": True}))
    with pytest.raises(StudioError) as error:
        avatars(office).set_own(user, id_, {}, NOON)
    assert error.value.type == ErrorType.USER_DISABLED
    assert list(office.world.media.keys("avatars/")) == []


@pytest.mark.parametrize("acts", [False, True])
def test_cut_off_anywhere_the_row_has_its_files(office: Office, user: Caller, *, acts: bool) -> None:
    world = office.world
    for budget in growing_budgets(acts=acts):
        before = shown(office, user)
        with suppress(KilledError):
            avatars(office, budget).set_own(user, brought(world, user), {}, NOON)
        after = shown(office, user)
        assert all(content(world, each) for each in after.values())
        assert bool(after) >= bool(before)
    kept = {each.key for each in shown(office, user).values()}
    strays = {key for key in world.media.keys("avatars/") if key not in kept}
    assert strays, "a process that ends leaves copies"
    assert set(orphans(world).objects()) & set(world.media.keys("avatars/")) == strays


def orphans(world: World) -> Orphans:
    return Orphans(world.jobs, world.uploads, world.people, world.media)


def test_what_is_lost_is_found(office: Office, user: Caller) -> None:
    world = office.world
    avatars(office).set_own(user, brought(world, user), {}, NOON)
    assert list(orphans(world).rows(NOON)) == []
    key = shown(office, user)["thumbnail"].key
    world.media.delete_object(key)
    assert list(orphans(world).rows(NOON)) == [Loss(user.sub, key)]


def test_who_leaves_is_shown_no_more(office: Office, user: Caller) -> None:
    world = office.world
    avatars(office).set_own(user, brought(world, user), {}, NOON)
    world.media.put(StoredImage(f"avatars/{user.sub}/cut-off/original", "image/png", 1, 1, 1), b"x")
    office.changes().leave(user, NOON)
    assert shown(office, user) == {}
    office.accounts_reconciler().all(world.later(60) + SETTLES)
    assert list(world.media.keys("")) == []
