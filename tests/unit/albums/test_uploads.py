"""Pictures that are sent to a document: awaited with their form, counted once, whatever comes of them and when."""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from studio.albums.content import MAX_PLACED
from studio.albums.model import AlbumStatus, Document, Placed
from studio.albums.photos import CENTRE
from studio.documents.spec import DocumentKind, Product
from studio.dynamo import update
from studio.errors import ErrorType, StudioError
from studio.ids import new
from studio.media.create_upload import upload_request
from studio.media.item import image_to_item
from studio.media.model import Upload, UploadRejection, UploadStatus
from studio.media.table import reject
from tests.unit.albums.parts import GUESS, Parts, copies_of
from tests.unit.fault_injection import CallBudget, KilledError, growing_budgets
from tests.unit.world import NOON, OTHER, PICTURE, USER, World

TTL = 30 * 86_400


def refusal(act: Callable[[], object]) -> ErrorType:
    with pytest.raises(StudioError) as error:
        act()
    return error.value.type


# ---- the form


def test_a_picture_is_awaited_with_its_form(parts: Parts) -> None:
    made = parts.album(parts.picture())
    sent = parts.send(made)
    stands = parts.now(made)
    assert stands.placed[-1] == Placed(sent.id, until=int(NOON.timestamp()) + 1500, sent=True)
    assert (sent.document, stands.version, parts.view(made).album_status) == (made.id, 2, AlbumStatus.UPLOADING)
    assert parts.view(made).image_count == 1


@pytest.mark.parametrize(
    ("given", "type_"),
    [
        ({"purpose": "COLLAGE", "albumId": new()}, ErrorType.PURPOSE_MISMATCH),
        ({"purpose": "ALBUM", "collageId": new()}, ErrorType.PURPOSE_MISMATCH),
        ({"purpose": "REFERENCE", "albumId": new()}, ErrorType.PURPOSE_MISMATCH),
        ({"purpose": "ALBUM", "albumId": new(), "collageId": new()}, ErrorType.PURPOSE_MISMATCH),
        ({"purpose": "ALBUM", "albumId": "x"}, ErrorType.ID_MALFORMED),
        ({"purpose": "COLLAGE", "collageId": ""}, ErrorType.ID_MALFORMED),
    ],
)
def test_a_form_names_the_document_that_its_purpose_is(given: Any, type_: ErrorType) -> None:
    assert refusal(lambda: upload_request(PICTURE | given)) == type_


def test_a_form_without_a_document_is_for_later(parts: Parts) -> None:
    assert upload_request(PICTURE | {"purpose": "ALBUM"}).document is None
    assert parts.world.upload(purpose="COLLAGE", collageId=None).document is None


def not_theirs(parts: Parts) -> list[Document]:
    deleted, foreign, collage = parts.album(), parts.album(caller=OTHER), parts.collage()
    parts.deletions.mark(deleted, NOON)
    unknown = parts.album()
    parts.documents.remove(unknown.id)
    collage_as_album = parts.album()
    parts.world_documents.apply(update({"id": collage_as_album.id}, set={"kind": collage.kind}))
    return [deleted, foreign, unknown, collage_as_album]


def test_a_document_that_is_not_ones_own_takes_nothing(parts: Parts) -> None:
    found = not_theirs(parts)
    before = parts.rows("Documents"), parts.rows("Uploads")
    for document in found:
        assert refusal(lambda document=document: parts.send(document)) == ErrorType.DOCUMENT_UNKNOWN
    assert (parts.rows("Documents"), parts.rows("Uploads")) == before, "no row and no form"


@pytest.mark.parametrize("kind", DocumentKind)
def test_a_full_document_takes_nothing_more(parts: Parts, kind: DocumentKind) -> None:
    made = parts.album() if kind == DocumentKind.ALBUM else parts.collage()
    ids = [new() for _ in range(MAX_PLACED[kind])]
    full = {"placed": [{"id": id_} for id_ in ids], "arrived": {*ids}}
    parts.world_documents.apply(update({"id": made.id}, set=full))
    before = parts.rows("Documents")
    assert refusal(lambda: parts.send(made)) == ErrorType.TOO_MANY_PHOTOS
    assert (parts.rows("Documents"), parts.rows("Uploads")) == (before, [])


def test_what_will_never_come_takes_no_room(parts: Parts) -> None:
    made = parts.collage(parts.picture())
    for _ in range(MAX_PLACED[DocumentKind.COLLAGE] - 2):
        parts.reject(parts.send(made))
    parts.send(made)  # and is not used
    assert len(parts.now(made).placed) == MAX_PLACED[DocumentKind.COLLAGE]
    sent = parts.send(made)
    assert [each.id for each in parts.now(made).placed][-1] == sent.id
    assert parts.now(made).rejected == frozenset()
    parts.world.later(1501)
    for _ in range(MAX_PLACED[DocumentKind.COLLAGE] - 1):
        assert parts.send(made)
    assert refusal(lambda: parts.send(made)) == ErrorType.TOO_MANY_PHOTOS


def test_too_many_open_forms_leave_the_document_as_it_was(parts: Parts) -> None:
    made = parts.album()
    for _ in range(20):
        parts.send(made)
    before = parts.rows("Documents")
    assert refusal(lambda: parts.send(made)) == ErrorType.TOO_MANY_UPLOADS
    assert parts.rows("Documents") == before


def test_a_form_that_ends_unused_is_awaited_no_longer(parts: Parts) -> None:
    made = parts.album(parts.picture())
    parts.send(made)
    parts.world.later(1499)
    assert refusal(lambda: parts.render(made, Product.SCREEN)) == ErrorType.UPLOAD_NOT_READY
    parts.world.later(1)
    view = parts.view(made)
    assert (view.album_status, len(view.placed)) == (AlbumStatus.READY, 1)
    assert parts.render(made, Product.SCREEN).renderings


def test_what_comes_late_is_a_picture_of_it_again_and_what_was_rendered_without_it_goes(parts: Parts) -> None:
    made = parts.album(parts.picture())
    sent = parts.send(made)
    parts.world.later(1500)
    before = parts.render(made, Product.SCREEN)
    parts.arrive(sent)
    stands = parts.now(made)
    assert (stands.renderings, stands.version) == ({}, before.version + 1)
    assert (parts.view(made).image_count, parts.view(made).album_status) == (2, AlbumStatus.READY)
    parts.render(made, Product.SCREEN)
    upload = parts.world.uploads.find(sent.id)
    assert upload
    parts.arrivals.add(upload, parts.world.time)
    assert parts.now(made).renderings, "told twice, nothing is rendered twice"


# ---- deleted meanwhile


def nothing_is_left(parts: Parts) -> None:
    assert parts.rows("Documents") == []
    assert parts.rows("Photos") == []
    assert [key for key in parts.world.media.keys("") if key.startswith("documents/")] == []


@pytest.mark.parametrize("acts", [False, True], ids=["before", "after"])
def test_a_document_that_is_deleted_while_its_picture_comes_leaves_nothing(parts: Parts, acts: bool) -> None:
    """The look is cut off at every call, the document is deleted, and the event comes again."""
    for budget in growing_budgets(acts=acts):
        made = parts.album()
        sent = parts.looked_at(parts.send(made))
        with suppress(KilledError):
            Parts(parts.world, budget).arrivals.add(sent, NOON)
        assert parts.deletions.delete(USER, made.id, made.kind, NOON) == made.id
        parts.arrivals.add(sent, NOON)
        nothing_is_left(parts)
        parts.world.later(901)  # so that its form makes room


@pytest.mark.parametrize("calls", range(1, 12))
def test_a_document_that_is_deleted_between_any_two_calls_of_a_look(parts: Parts, calls: int) -> None:
    made = parts.album()
    sent = parts.looked_at(parts.send(made))
    budget = CallBudget(calls - 1)
    between = Parts(parts.world, budget)

    class Deleted(BaseException):
        pass

    budget.error = Deleted
    real = budget.spend

    def spend(call: Callable[[], Any]) -> Any:
        try:
            return real(call)
        except Deleted:
            budget.left = None
            parts.deletions.delete(USER, made.id, made.kind, NOON)
            return call()

    budget.spend = spend  # pyright: ignore[reportAttributeAccessIssue]
    between.arrivals.add(sent, NOON)
    parts.deletions.delete(USER, made.id, made.kind, NOON)
    nothing_is_left(parts)


# ---- whatever happens, and in whatever order


class Arriving(RuleBasedStateMachine):
    """A document's pictures come, come again, come never and are moved about; its count is what it holds."""

    parts: Parts

    def __init__(self) -> None:
        super().__init__()
        self.parts.world.clear()
        self.parts.world.joined()
        self.made = self.parts.album()
        self.wanted: list[str] = []
        self.sent: dict[str, Upload] = {}
        self.processed: set[str] = set()
        self.deleted = False

    def _drawn(self, data: st.DataObject, among: list[str]) -> Upload:
        return self.sent[among[data.draw(st.integers(0, len(among) - 1))]]

    @precondition(lambda self: len(self.sent) < 6 and not self.deleted)
    @rule()
    def send(self) -> None:
        upload = self.parts.send(self.made)
        self.sent[upload.id] = upload
        self.wanted.append(upload.id)

    @precondition(lambda self: self.sent)
    @rule(data=st.data())
    def arrive(self, data: st.DataObject) -> None:
        upload = self._drawn(data, [*self.sent])
        if upload.status == UploadStatus.UPLOADING:
            self.sent[upload.id] = self.parts.looked_at(upload)
        self.parts.arrivals.add(self.sent[upload.id], self.parts.world.time)
        self.processed.add(upload.id)

    @precondition(lambda self: self.sent)
    @rule(data=st.data())
    def reject(self, data: st.DataObject) -> None:
        upload = self._drawn(data, [*self.sent])
        if upload.status == UploadStatus.UPLOADING:
            self.sent[upload.id] = self.parts.world.uploads.step(reject(upload, UploadRejection.DAMAGED, "Empty.", TTL))
        self.parts.arrivals.add(self.sent[upload.id], self.parts.world.time)
        self.processed.add(upload.id)

    def _is_usable(self, upload: Upload) -> bool:
        on_its_way = upload.id in self.wanted and upload.status == UploadStatus.UPLOADING
        return on_its_way or upload.status == UploadStatus.READY

    @precondition(lambda self: not self.deleted)
    @rule(data=st.data())
    def order(self, data: st.DataObject) -> None:
        turned = data.draw(st.permutations(range(6)))[: data.draw(st.integers(0, 6))]
        chosen = [each for i in turned for each in [*self.sent.values()][i : i + 1]]
        placed = [each.id for each in chosen if self._is_usable(each)]
        self.parts.change(self.made, photos=[{"id": id_} for id_ in placed])
        self.wanted = placed
        # One that is ready, and was put in, has been copied: its event changes nothing any more.
        self.processed |= {id_ for id_ in placed if self.sent[id_].status == UploadStatus.READY}
        self.processed -= {id_ for id_ in self.sent if id_ not in placed}

    @precondition(lambda self: not self.deleted)
    @rule()
    def delete(self) -> None:
        if len(self.sent) > 3:
            assert self.parts.deletions.delete(USER, self.made.id, self.made.kind, NOON)
            self.deleted = True

    @invariant()
    def the_count_is_true(self) -> None:
        if self.deleted:
            nothing_is_left(self.parts)
            return
        ready = {id_ for id_, each in self.sent.items() if each.status == UploadStatus.READY and id_ in self.processed}
        there = [id_ for id_ in self.wanted if id_ in ready]
        view = self.parts.view(self.made)
        assert view.image_count == len(there)
        assert self.parts.files(self.made) == copies_of(self.made, *there)
        assert set(view.photos) == set(there)
        awaited = [id_ for id_ in self.wanted if id_ not in self.processed]
        assert view.awaits == bool(awaited)
        shown = [id_ for id_ in self.wanted if id_ in there or id_ in awaited]
        assert [each.id for each in view.placed] == shown


@pytest.mark.filterwarnings("ignore")
def test_the_count_stays_true(world: World) -> None:
    machine = type("OfThisWorld", (Arriving,), {"parts": Parts(world)})
    rules = settings(
        max_examples=15,
        stateful_step_count=20,
        deadline=None,
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
    )
    run_state_machine_as_test(machine, settings=rules)


def test_a_pictures_focal_point_is_the_guess_that_lies_with_its_thumbnail(parts: Parts) -> None:
    made = parts.album(parts.picture())
    sent = parts.send(made)
    parts.arrive(sent)
    assert {(photo.focal_x, photo.focal_y) for photo in parts.photos.of_document(made.id).values()} == {GUESS}
    assert len(parts.photos.of_document(made.id)) == 2


def test_of_a_picture_from_before_there_were_guesses_it_is_the_middle(parts: Parts) -> None:
    upload = parts.looked_at(parts.world.upload(USER))
    sizes = {name: image_to_item(replace(each, focal_x=None, focal_y=None)) for name, each in upload.variants.items()}
    parts.world.uploads.apply(update({"id": upload.id}, set={"variants": sizes}))
    (photo,) = parts.photos.of_document(parts.album(upload.id).id).values()
    assert (photo.focal_x, photo.focal_y) == (CENTRE, CENTRE)
