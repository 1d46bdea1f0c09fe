"""What is deleted leaves nothing behind, wherever that is cut off, and whatever happens at the same time."""

from collections.abc import Callable
from contextlib import suppress

import pytest

from studio.albums.delete import SweptDocuments
from studio.albums.model import Document
from studio.albums.table import GRACE_SECONDS
from studio.documents.spec import Product
from studio.dynamo import ConditionFailed, update
from studio.ids import new
from studio.jobs import states
from studio.jobs.dispatch import Dispatch
from studio.jobs.model import Job, JobStatus
from studio.jobs.sweep import Sweeper
from tests.unit.albums.parts import Parts
from tests.unit.albums.test_edit import meanwhile
from tests.unit.fault_injection import KilledError, growing_budgets
from tests.unit.world import ADMIN, OTHER, USER
from workers.result import Result
from workers.settle import Settlement


@pytest.fixture
def full(parts: Parts) -> Document:
    """An album with pictures, one of them on its way, and renderings of what it was before: done, and running."""
    made = parts.album(parts.picture(), parts.picture())
    parts.render(made, Product.SCREEN)
    parts.completed(parts.rendering(made, Product.SCREEN))
    parts.render(made, Product.PRINT)
    parts.claimed(parts.rendering(made, Product.PRINT))
    parts.send(made)
    return parts.now(made)


def sweep_jobs(parts: Parts) -> None:
    dispatch = Dispatch(None, {})  # pyright: ignore[reportArgumentType]
    world = parts.world
    Sweeper(world.jobs, world.refunds, world.deletions, dispatch, 150).sweep(world.time)


def delete(parts: Parts, document: Document) -> str | None:
    return parts.deletions.delete(USER, document.id, document.kind, parts.world.time)


def nothing_is_left(parts: Parts) -> None:
    """Look after leases have run out: a row stays while a worker may be at it."""
    parts.world.later(7200)
    sweep_jobs(parts)
    for table in ("Documents", "Photos", "Jobs"):
        assert parts.rows(table) == [], table
    kept = [key for key in parts.world.media.keys("") if key.startswith(("documents/", "results/"))]
    assert kept == []


def test_all_that_was_its_own_goes(parts: Parts, full: Document) -> None:
    assert len(full.jobs) == 2
    assert delete(parts, full) == full.id
    assert parts.finder.own(USER, full.id, full.kind) is None
    nothing_is_left(parts)
    assert delete(parts, full) is None
    assert parts.world.drift() == 0


def test_what_is_not_ones_own_stays(parts: Parts, full: Document) -> None:
    for caller in (OTHER, ADMIN):
        assert parts.deletions.delete(caller, full.id, full.kind, parts.world.time) is None
    collage = parts.collage(parts.picture())
    assert parts.deletions.delete(USER, full.id, collage.kind, parts.world.time) is None
    assert parts.deletions.delete(USER, new(), full.kind, parts.world.time) is None
    other = parts.album(parts.picture(OTHER), caller=OTHER)
    delete(parts, full)
    assert parts.now(collage)
    assert parts.files(other)
    assert parts.files(collage)


@pytest.mark.parametrize("acts", [False, True], ids=["before", "after"])
def test_cut_off_anywhere_the_sweeper_goes_on(parts: Parts, acts: bool) -> None:
    """Each budget is a call longer than the one before: every call is once the last."""
    for budget in growing_budgets(acts=acts):
        made = parts.album(parts.picture())
        parts.render(made, Product.SCREEN)
        parts.completed(parts.rendering(made, Product.SCREEN))
        try:
            delete(Parts(parts.world, budget), made)
        except KilledError:
            if parts.world_documents.find(made.id):  # it had not begun
                assert delete(parts, made)
        parts.world.later(GRACE_SECONDS + 1)
        assert parts.deletions.sweep(parts.world.time).errors == 0
        nothing_is_left(parts)


def test_sweeps_that_are_cut_off_go_on_where_they_were(parts: Parts, full: Document) -> None:
    parts.deletions.mark(full, parts.world.time)
    parts.world.later(GRACE_SECONDS + 1)
    for budget in growing_budgets():
        with suppress(KilledError):
            Parts(parts.world, budget).deletions.sweep(parts.world.time)
    nothing_is_left(parts)


def test_a_marked_one_is_seen_by_nobody_and_changed_by_nobody(parts: Parts, full: Document) -> None:
    (sent,) = [each.id for each in full.placed if each.id not in full.arrived]
    parts.deletions.mark(full, parts.world.time)
    row = parts.world_documents.get({"id": full.id})
    assert parts.finder.own(USER, full.id, full.kind) is None
    assert parts.finder.page(USER, full.kind, 10, None, parts.world.time, links=4).items == []
    assert parts.renderer.render(USER, full.id, Product.SCREEN, parts.world.time) is None
    upload = parts.world.uploads.find(sent)
    assert upload
    parts.arrive(upload)
    assert parts.world_documents.get({"id": full.id}) == row
    parts.deletions.mark(full, parts.world.later(60))
    assert parts.world_documents.get({"id": full.id}) == row, "once"


@pytest.mark.parametrize("call", ["update_item", "delete_item"])
def test_two_deletes_at_once_both_answer(
    parts: Parts, full: Document, monkeypatch: pytest.MonkeyPatch, call: str
) -> None:
    first: list[str | None] = []
    meanwhile(parts, monkeypatch, call, lambda: first.append(delete(parts, full)))
    assert delete(parts, full) == full.id
    assert first == [full.id] if call == "update_item" else first in ([None], [full.id])
    nothing_is_left(parts)


def test_a_mark_makes_no_row(parts: Parts, full: Document) -> None:
    parts.documents.remove(full.id)
    parts.deletions.mark(full, parts.world.time)
    assert parts.rows("Documents") == []


def test_what_storage_keeps_the_sweeper_removes(parts: Parts, full: Document, monkeypatch: pytest.MonkeyPatch) -> None:
    other = parts.album(parts.picture())
    with monkeypatch.context() as patch:
        patch.setattr(parts.world.media.client, "delete_objects", lambda **_: {"Errors": [{"Code": "InternalError"}]})
        assert delete(parts, full) == full.id
        parts.deletions.mark(other, parts.world.time)
        parts.world.later(GRACE_SECONDS + 1)
        assert parts.deletions.sweep(parts.world.time) == SweptDocuments(errors=2)
    assert parts.deletions.sweep(parts.world.time) == SweptDocuments(), "they wait for their pause to end"
    parts.world.later(61)
    assert parts.deletions.sweep(parts.world.time) == SweptDocuments(deleted=2)
    nothing_is_left(parts)


def test_one_that_cannot_be_read_keeps_no_other(parts: Parts, full: Document) -> None:
    other = parts.album(parts.picture())
    for each in (other, full):
        parts.deletions.mark(each, parts.world.time)
    parts.world_documents.apply(update({"id": other.id}, set={"placed": "x"}))
    parts.world.later(GRACE_SECONDS + 1)
    assert parts.deletions.sweep(parts.world.time) == SweptDocuments(deleted=1, errors=1)
    assert [row["id"]["S"] for row in parts.rows("Documents")] == [other.id]


@pytest.mark.parametrize("spoiled", [{"history": "x"}, {"spec": 5}, {"pdf": 5}])
@pytest.mark.parametrize("done", [True, False])
def test_a_rendering_that_cannot_be_read_goes_with_its_document(
    parts: Parts, spoiled: dict[str, object], done: bool
) -> None:
    made = parts.album(parts.picture())
    parts.render(made, Product.SCREEN)
    job = parts.rendering(made, Product.SCREEN)
    if done:
        parts.completed(job)
    parts.world.jobs.apply(update({"id": job.id}, set=spoiled))
    assert delete(parts, made) == made.id
    nothing_is_left(parts)
    assert parts.world.drift() == 0


# ---- a worker that is at it


def finishes(parts: Parts, job: Job, then: Callable[[], object]) -> None:
    """Have a worker finish a job that was claimed, with something happening before it settles."""
    claimed = parts.claimed(job)
    then()
    file = parts.file_of(claimed)
    with pytest.raises(ConditionFailed):
        Settlement(parts.world.jobs, parts.world.media).keep(claimed, Result(file, b"%PDF-"))


def test_a_rendering_that_runs_meanwhile_is_stopped_and_dropped(parts: Parts) -> None:
    made = parts.album(parts.picture())
    parts.render(made, Product.PRINT)
    job = parts.rendering(made, Product.PRINT)
    finishes(parts, job, lambda: delete(parts, made))
    row = parts.world.jobs.row(job.id)
    assert row, "its worker holds a place until its lease ends"
    assert row["status"] == JobStatus.CANCELED
    assert job.id in parts.world.person().running
    assert states.holds_worker(row, parts.world.time)
    nothing_is_left(parts)


def test_so_is_one_of_a_document_that_was_changed(parts: Parts) -> None:
    made = parts.album(parts.picture())
    parts.render(made, Product.PRINT)
    finishes(parts, parts.rendering(made, Product.PRINT), lambda: parts.change(made, name="x"))
    assert parts.now(made).jobs == frozenset()
    assert list(parts.world.media.keys("results/")) == []
