"""Documents are made and changed with pictures of their own, whatever happens at the same time."""

from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from studio.albums.content import album_content
from studio.albums.create import MAX_DOCUMENTS
from studio.albums.model import AlbumStatus
from studio.clock import iso
from studio.documents.spec import Product
from studio.dynamo import update
from studio.errors import ErrorType, StudioError
from studio.ids import derived, new
from studio.jobs import states
from studio.jobs.model import JobStatus
from studio.media.keys import upload_key
from studio.media.model import UploadRejection
from studio.media.store import Media
from studio.media.table import reject
from tests.unit.albums.parts import Parts, copies_of
from tests.unit.world import NOON, OTHER, USER, World, picture_of


def refusal(act: Callable[[], object]) -> ErrorType:
    with pytest.raises(StudioError) as error:
        act()
    return error.value.type


def meanwhile(parts: Parts, monkeypatch: pytest.MonkeyPatch, call: str, happens: Callable[[], object]) -> None:
    """Have something happen right before the first write of this kind to the Documents table."""
    real, waiting = getattr(parts.world.client, call), [happens]

    def called(**request: Any) -> Any:
        while waiting and request["TableName"] == "Documents":
            waiting.pop()()
        return real(**request)

    monkeypatch.setattr(parts.world.client, call, called)


# ---- making


def test_pictures_are_copied_in_all_their_sizes_and_kept_in_their_order(parts: Parts) -> None:
    a, b, c = parts.picture(), parts.picture(), parts.picture()
    said = [{"id": b, "caption": "Biển"}, {"id": c, "focalX": 0.25, "focalY": 1}, {"id": a}]
    made = parts.album(photos=said)
    assert made == parts.now(made)
    assert parts.files(made) == copies_of(made, a, b, c)
    view = parts.view(made)
    assert [each.id for each in view.placed] == [b, c, a]
    assert [each.caption for each in view.placed] == ["Biển", None, None]
    assert [(each.focal_x, each.focal_y) for each in view.placed][1] == (Decimal("0.25"), Decimal(1))
    assert (view.album_status, view.image_count, view.photos[a].image.width) == (AlbumStatus.READY, 3, 640)


def test_the_copies_stay_when_the_pictures_go(parts: Parts) -> None:
    id_ = parts.picture()
    made = parts.album(id_)
    parts.world.media.delete_upload(USER.sub, id_)
    parts.world.uploads.discard({"id": id_})
    assert parts.files(made) == copies_of(made, id_)
    assert parts.change(made, photos=[{"id": id_, "caption": "x"}]), "what it holds already is asked for no more"


def test_a_jobs_image_is_a_picture_too(parts: Parts) -> None:
    job = parts.world.generate()[0]
    assert refusal(lambda: parts.album(job.id)) == ErrorType.JOB_NOT_COMPLETED
    done = finished(parts)
    made = parts.album(done)
    assert parts.files(made) == [f"{derived(made.id, done)}/original"]


def finished(parts: Parts) -> str:
    job = parts.claimed(parts.world.generate(clientRequestId="another")[0])
    parts.world.media.put(picture_of(job), b"x")
    return parts.world.jobs.step(states.complete(job, picture_of(job), NOON)).id


def not_usable(parts: Parts) -> list[tuple[str, ErrorType]]:
    rejected, awaited, expired = parts.world.upload(), parts.world.upload(), parts.picture()
    parts.world.uploads.step(reject(rejected, UploadRejection.DAMAGED, "Empty.", rejected.expires_at))
    parts.world.uploads.apply(update({"id": expired}, set={"expiresAt": int(NOON.timestamp())}))
    return [
        (parts.picture(OTHER), ErrorType.UPLOAD_UNKNOWN),
        (new(), ErrorType.UPLOAD_UNKNOWN),
        (expired, ErrorType.UPLOAD_UNKNOWN),
        (awaited.id, ErrorType.UPLOAD_NOT_READY),
        (rejected.id, ErrorType.UPLOAD_REJECTED),
        (parts.world.generate()[0].id, ErrorType.JOB_NOT_COMPLETED),
    ]


def test_a_picture_that_cannot_be_used_is_refused_and_nothing_is_written(parts: Parts) -> None:
    good = parts.picture()
    made = parts.album(good)
    before = parts.rows("Documents"), parts.rows("Photos"), parts.files(made)
    for id_, type_ in not_usable(parts):
        assert refusal(lambda id_=id_: parts.album(good, id_)) == type_
        assert refusal(lambda id_=id_: parts.collage(id_)) == type_
        assert refusal(lambda id_=id_: parts.change(made, photos=[{"id": id_}, {"id": good}])) == type_
    assert (parts.rows("Documents"), parts.rows("Photos"), parts.files(made)) == before


def test_there_are_so_many_of_each_kind(parts: Parts) -> None:
    made = [parts.album()]
    for _ in range(MAX_DOCUMENTS - 1):
        parts.documents.new(replace(made[0], id=new()))
    assert refusal(parts.album) == ErrorType.TOO_MANY_DOCUMENTS
    assert parts.collage(parts.picture())
    assert parts.album(caller=OTHER)
    assert parts.deletions.delete(USER, made[0].id, made[0].kind, NOON)
    assert parts.album(), "which makes room at once"


def test_the_first_use_makes_the_persons_row(world: World) -> None:
    parts = Parts(world)
    assert parts.album().owner == USER.sub
    assert world.person().points == 20


def test_a_picture_whose_file_is_gone_keeps_no_other(parts: Parts) -> None:
    a, gone, c = parts.picture(), parts.picture(), parts.picture()
    parts.world.media.delete_object(upload_key(USER.sub, gone))
    made = parts.album(a, gone, c)
    assert parts.view(made).image_count == 2
    assert parts.view(made).awaits
    parts.world.later(301)
    assert [each.id for each in parts.view(made).placed] == [a, c]
    assert parts.render(made, Product.SCREEN).renderings


def test_a_document_that_is_deleted_while_it_is_made_leaves_nothing(
    parts: Parts, monkeypatch: pytest.MonkeyPatch
) -> None:
    id_ = parts.picture()

    def delete() -> None:
        (row,) = parts.rows("Documents")
        parts.deletions.delete(USER, row["id"]["S"], parts.album(id_).kind, NOON)

    meanwhile(parts, monkeypatch, "update_item", delete)
    made = parts.album(id_)
    assert parts.world_documents.find(made.id) is None
    assert parts.files(made) == []
    assert made.id not in str(parts.rows("Photos"))


# ---- changing


def test_a_change_says_everything_anew_but_the_pictures(parts: Parts) -> None:
    a, b = parts.picture(), parts.picture()
    made = parts.album(a, b, description="Hè")
    parts.world.later(5)
    changed = parts.change(made, name="Đông", layout="ONE_A_PAGE")
    assert changed == parts.now(made)
    assert (changed.name, changed.design, changed.description) == ("Đông", "ONE_A_PAGE", None)
    assert (changed.placed, changed.arrived, changed.created_at) == (parts.now(made).placed, {a, b}, iso(NOON))
    assert (changed.version, changed.updated_at) == (made.version + 1, iso(parts.world.time))


def test_replaced_pictures_go_and_the_others_stay(parts: Parts) -> None:
    a, b, c = parts.picture(), parts.picture(), parts.picture()
    made = parts.album(a, b)
    changed = parts.change(made, photos=[{"id": c}, {"id": b, "caption": "x"}])
    assert [each.id for each in changed.placed] == [c, b]
    assert (changed.arrived, parts.files(made)) == ({b, c}, copies_of(made, b, c))
    assert set(parts.view(made).photos) == {b, c}
    assert parts.change(made, photos=[])
    assert (parts.files(made), parts.view(made).photos, parts.now(made).arrived) == ([], {}, frozenset())


def test_what_is_not_ones_own_is_not_changed(parts: Parts) -> None:
    asked: Any = {"name": "x"}
    said = album_content(asked)
    made, foreign = parts.album(), parts.album(caller=OTHER)
    assert parts.editor.update(USER, foreign.id, said, NOON) is None
    assert parts.editor.update(USER, new(), said, NOON) is None
    collage = parts.collage(parts.picture())
    assert parts.editor.update(USER, collage.id, said, NOON) is None, "it is no album"
    assert (parts.now(foreign), parts.now(made)) == (foreign, made)


def test_an_update_does_not_lose_a_picture_that_arrives_meanwhile(
    parts: Parts, monkeypatch: pytest.MonkeyPatch
) -> None:
    a = parts.picture()
    made = parts.album(a)
    sent = parts.send(made)
    meanwhile(parts, monkeypatch, "update_item", lambda: parts.arrive(sent))
    changed = parts.change(made, photos=[{"id": sent.id}, {"id": a, "caption": "x"}])
    assert changed.arrived == {a, sent.id}
    assert parts.files(made) == copies_of(made, a, sent.id)


def test_an_arrival_does_not_lose_an_update(parts: Parts, monkeypatch: pytest.MonkeyPatch) -> None:
    a = parts.picture()
    made = parts.album(a)
    sent = parts.send(made)
    parts.looked_at(sent)
    found = parts.world.uploads.find(sent.id)
    assert found
    new_order = [{"id": sent.id}, {"id": a}]
    meanwhile(parts, monkeypatch, "update_item", lambda: parts.change(made, name="Đông", photos=new_order))
    parts.arrivals.add(found, NOON)
    stands = parts.now(made)
    assert (stands.name, [each.id for each in stands.placed], stands.arrived) == ("Đông", [sent.id, a], {a, sent.id})


def test_an_update_that_removes_what_arrives_meanwhile_leaves_no_copy(
    parts: Parts, monkeypatch: pytest.MonkeyPatch
) -> None:
    a = parts.picture()
    made = parts.album(a)
    sent = parts.send(made)
    meanwhile(parts, monkeypatch, "update_item", lambda: parts.arrive(sent))
    assert parts.change(made, photos=[{"id": a}])
    assert (parts.files(made), parts.now(made).arrived) == (copies_of(made, a), {a})


def test_a_picture_on_its_way_that_was_taken_out_is_not_copied(parts: Parts) -> None:
    a = parts.picture()
    made = parts.album(a)
    sent = parts.send(made)
    assert parts.change(made, photos=[{"id": a}])
    parts.arrive(sent)
    assert (parts.files(made), parts.now(made).arrived) == (copies_of(made, a), {a})
    assert parts.change(made, photos=[{"id": a}, {"id": sent.id}]), "it can be put in again"
    assert parts.files(made) == copies_of(made, a, sent.id)


def test_an_awaited_picture_stays_awaited_as_long_as_its_form(parts: Parts) -> None:
    made = parts.album(parts.picture())
    sent = parts.send(made)
    until = parts.now(made).placed[-1].until
    # The moment at which a picture named now would have to have been copied by the time this form ends.
    for moment in (5, 1195):
        parts.world.later(moment)
        assert parts.change(made, photos=[{"id": sent.id}])
        assert parts.now(made).placed[0].until == until
    assert until == int(NOON.timestamp()) + 1500


def test_of_two_updates_at_once_both_are_done_one_after_the_other(
    parts: Parts, monkeypatch: pytest.MonkeyPatch
) -> None:
    a, b, c = parts.picture(), parts.picture(), parts.picture()
    made = parts.album(a)
    meanwhile(parts, monkeypatch, "update_item", lambda: parts.change(made, photos=[{"id": b}]))
    changed = parts.change(made, photos=[{"id": c}])
    assert (changed.version, changed.arrived, parts.now(made)) == (made.version + 2, {c}, changed)
    assert parts.files(made) == copies_of(made, c)
    assert set(parts.view(made).photos) == {c}


def test_a_picture_that_is_put_back_while_it_is_removed_stays(parts: Parts, monkeypatch: pytest.MonkeyPatch) -> None:
    """The second update copies it before the first has removed the copy that was there."""
    a, b = parts.picture(), parts.picture()
    made = parts.album(a, b)
    remove, waiting = Media.delete_below, [1]

    def delete_below(media: Media, prefix: str) -> None:
        while waiting:
            waiting.pop()
            assert parts.change(made, photos=[{"id": a}, {"id": b}])
        remove(media, prefix)

    monkeypatch.setattr(Media, "delete_below", delete_below)
    assert parts.change(made, photos=[{"id": b}])
    stands = parts.now(made)
    assert [each.id for each in stands.placed] == [a, b]
    assert stands.arrived == {a, b}
    assert parts.files(made) == copies_of(made, a, b)
    assert set(parts.view(made).photos) == {a, b}


# ---- a full one


def test_the_fullest_album_is_read_again(parts: Parts) -> None:
    made = parts.album()
    photo = {"caption": "ế" * 120, "focal_x": Decimal("0.1234"), "focal_y": Decimal("0.1234"), "until": 1}
    ids = [new() for _ in range(200)]
    row = {"placed": [{"id": id_, **photo} for id_ in ids], "arrived": {*ids}, "description": "ế" * 1000}
    parts.world_documents.apply(update({"id": made.id}, set=row))
    assert len(parts.now(made).placed) == 200
    assert len(parts.finder.page(USER, made.kind, 10, None, NOON, links=None).items) == 1


# ---- previews


def test_a_complete_collage_has_its_preview_made_and_a_change_makes_another(parts: Parts) -> None:
    assert not parts.album(parts.picture()).renderings
    assert not parts.collage(parts.picture(), template="GRID_2X2").renderings, "it takes four"
    made = parts.collage(parts.picture())
    (first,) = made.renderings.values()
    job = parts.rendering(made, Product.PREVIEW)
    assert (job.status, job.charge.points, job.charge.free_images, job.shared) == (JobStatus.PENDING, 0, 0, False)
    changed = parts.change(made, caption="Tết")
    assert changed.renderings[Product.PREVIEW].job != first.job
    assert parts.rendering(changed, Product.PREVIEW).document_spec.caption == "Tết"


def test_what_was_rendered_before_a_change_goes(parts: Parts) -> None:
    made = parts.collage(parts.picture())
    preview = parts.completed(parts.rendering(made, Product.PREVIEW))
    parts.render(made, Product.PICTURE)
    picture = parts.claimed(parts.rendering(made, Product.PICTURE))
    changed = parts.change(made, caption="Tết")
    assert set(changed.renderings) == {Product.PREVIEW}
    assert parts.world.jobs.row(preview.id) is None
    assert list(parts.world.media.keys(preview.prefix)) == []
    stopped = parts.world.jobs.find_even_deleted(picture.id)
    assert stopped
    assert (stopped.status, stopped.deleted_at is not None) == (JobStatus.CANCELED, True), "its worker finds out"
