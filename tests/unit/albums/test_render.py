"""Renderings are begun once for what a document is, cost nothing, and end as jobs do without a refund."""

from collections.abc import Callable

import pytest

from studio.albums.model import AlbumStatus, CollageStatus, Document, Photo
from studio.documents.spec import DocumentKind, Product
from studio.dynamo import update
from studio.errors import ErrorType, StudioError, UnreadableError
from studio.ids import new
from studio.jobs import refund, states
from studio.jobs.dispatch import Dispatch
from studio.jobs.lists import JobLists
from studio.jobs.model import TERMINAL, Job, JobErrorCode, JobStatus
from studio.jobs.sweep import Sweeper, Swept
from tests.unit.albums.parts import FAILED, LIMITS, Parts
from tests.unit.raised import Raised
from tests.unit.world import ADMIN, NOON, OTHER, USER


def refusal(act: Callable[[], object]) -> ErrorType:
    with pytest.raises(StudioError) as error:
        act()
    return error.value.type


def sweep(parts: Parts) -> Swept:
    dispatch = Dispatch(None, {})  # pyright: ignore[reportArgumentType]
    world = parts.world
    return Sweeper(world.jobs, world.refunds, world.deletions, dispatch, 150).sweep(world.time)


@pytest.fixture
def album(parts: Parts) -> Document:
    return parts.album(parts.picture())


@pytest.fixture
def job(parts: Parts, album: Document) -> Job:
    parts.render(album, Product.SCREEN)
    return parts.rendering(album, Product.SCREEN)


# ---- what is refused


@pytest.mark.parametrize(
    ("template", "counts"),
    [
        *(("GRID_2X2", n) for n in (1, 3, 5)),
        ("GRID_3X3", 8),
        ("STRIP_4", 2),
        ("POLAROID", 2),
        *(("MOSAIC", n) for n in (2,)),
    ],
)
def test_a_collage_takes_as_many_pictures_as_its_template(parts: Parts, template: str, counts: int) -> None:
    made = parts.collage(*(parts.picture() for _ in range(counts)), template=template)
    assert refusal(lambda: parts.render(made, Product.PICTURE)) == ErrorType.PICTURES_MISMATCH
    assert parts.rows("Jobs") == []


def test_what_is_empty_or_has_not_arrived_is_not_rendered(parts: Parts) -> None:
    album, collage = parts.album(), parts.collage()
    assert refusal(lambda: parts.render(album, Product.PRINT)) == ErrorType.DOCUMENT_EMPTY
    assert refusal(lambda: parts.render(collage, Product.PICTURE)) == ErrorType.DOCUMENT_EMPTY
    sent = parts.send(album)
    assert refusal(lambda: parts.render(album, Product.PRINT)) == ErrorType.UPLOAD_NOT_READY
    parts.reject(sent)
    assert refusal(lambda: parts.render(album, Product.PRINT)) == ErrorType.DOCUMENT_EMPTY
    assert parts.rows("Jobs") == []


def test_what_is_not_ones_own_is_not_rendered(parts: Parts, album: Document) -> None:
    for caller, id_, product in (
        (OTHER, album.id, Product.SCREEN),
        (ADMIN, album.id, Product.SCREEN),
        (USER, album.id, Product.PICTURE),
        (USER, new(), Product.SCREEN),
    ):
        assert parts.renderer.render(caller, id_, product, NOON) is None
    assert refusal(lambda: parts.renderer.render(USER, "x", Product.SCREEN, NOON)) == ErrorType.ID_MALFORMED


def test_who_has_too_much_under_way_begins_nothing(parts: Parts, album: Document) -> None:
    running = [parts.world.generate(clientRequestId=f"{i}", count=8) for i in range(3)]
    before = parts.rows("Documents"), parts.rows("Jobs"), parts.rows("People")
    assert refusal(lambda: parts.render(album, Product.SCREEN)) == ErrorType.TOO_MANY_RUNNING
    assert (parts.rows("Documents"), parts.rows("Jobs"), parts.rows("People")) == before
    made = parts.collage(parts.picture())
    assert (made.renderings, made.jobs) == ({}, frozenset()), "a collage is made, if without its preview"
    parts.world.job_actions.cancel(USER, running[0][0].id, NOON)
    assert parts.render(album, Product.SCREEN).renderings, "what has ended makes room"


def test_who_is_not_let_in_begins_nothing(parts: Parts, album: Document) -> None:
    parts.world.people.apply(update({"id": USER.sub}, set={"disabled": True}))
    before = parts.rows("Documents"), parts.rows("Jobs")
    assert refusal(lambda: parts.render(album, Product.SCREEN)) == ErrorType.USER_DISABLED
    assert (parts.rows("Documents"), parts.rows("Jobs")) == before


# ---- once, and again


def test_twice_is_one_job(parts: Parts, album: Document, job: Job) -> None:
    assert parts.render(album, Product.SCREEN) == parts.now(album)
    parts.completed(job)
    parts.render(album, Product.SCREEN)
    assert [row["id"]["S"] for row in parts.rows("Jobs")] == [job.id]
    parts.render(album, Product.PRINT)
    assert len(parts.rows("Jobs")) == 2, "each product has its own"
    assert parts.now(album).jobs == {row["id"]["S"] for row in parts.rows("Jobs")}


def test_two_at_once_are_one_job(parts: Parts, album: Document, monkeypatch: pytest.MonkeyPatch) -> None:
    real, waiting = parts.world.client.transact_write_items, [1]

    def transact(**request: object) -> object:
        while waiting:
            waiting.pop()
            parts.render(album, Product.SCREEN)
        return real(**request)

    monkeypatch.setattr(parts.world.client, "transact_write_items", transact)
    parts.render(album, Product.SCREEN)
    assert len(parts.rows("Jobs")) == 1
    assert parts.world.person().running == {parts.rendering(album, Product.SCREEN).id}


def test_what_changed_meanwhile_is_rendered_as_it_is_now(
    parts: Parts, album: Document, monkeypatch: pytest.MonkeyPatch
) -> None:
    real, waiting = parts.world.client.transact_write_items, [1]

    def transact(**request: object) -> object:
        while waiting:
            waiting.pop()
            parts.change(album, name="Đông")
        return real(**request)

    monkeypatch.setattr(parts.world.client, "transact_write_items", transact)
    assert parts.render(album, Product.SCREEN).name == "Đông"
    job = parts.rendering(album, Product.SCREEN)
    assert (job.document_spec.name, parts.now(album).renderings[Product.SCREEN].version) == ("Đông", 2)


@pytest.mark.parametrize("delete", [False, True])
def test_pictures_that_go_while_they_are_read_are_not_damaged(
    parts: Parts, album: Document, monkeypatch: pytest.MonkeyPatch, *, delete: bool
) -> None:
    real, waiting, other = parts.photos.of_document, [1], parts.picture()

    def of_document(document: str) -> dict[str, Photo]:
        while waiting:
            waiting.pop()
            if delete:
                parts.deletions.delete(USER, album.id, DocumentKind.ALBUM, NOON)
            else:
                parts.change(album, photos=[{"id": other}])
        return real(document)

    monkeypatch.setattr(parts.photos, "of_document", of_document)
    rendered = parts.renderer.render(USER, album.id, Product.SCREEN, NOON)
    assert [each.id for each in rendered.placed] == [other] if rendered else delete


def test_what_failed_is_begun_again(parts: Parts, album: Document, job: Job) -> None:
    parts.world.jobs.step(states.fail(job, FAILED, NOON))
    assert parts.view(album).album_status == AlbumStatus.FAILED
    parts.render(album, Product.SCREEN)
    again = parts.rendering(album, Product.SCREEN)
    assert (again.id == job.id, again.status) == (False, JobStatus.PENDING)
    assert parts.view(album).album_status == AlbumStatus.PROCESSING


def test_a_documents_row_names_no_more_jobs_than_it_shows(parts: Parts, album: Document, job: Job) -> None:
    parts.render(album, Product.PRINT)
    shown = parts.rendering(album, Product.PRINT)
    for _ in range(3):
        parts.world.jobs.step(states.fail(parts.rendering(album, Product.SCREEN), FAILED, NOON))
        parts.render(album, Product.SCREEN)
    again = parts.rendering(album, Product.SCREEN)
    assert parts.now(album).jobs == {shown.id, again.id}
    assert parts.world.jobs.row(job.id) is None


def test_a_job_that_is_gone_or_cannot_be_read_is_begun_again(parts: Parts, album: Document, job: Job) -> None:
    parts.world.jobs.apply(update({"id": job.id}, set={"history": "x"}))
    assert parts.view(album).album_status == AlbumStatus.READY
    parts.render(album, Product.SCREEN)
    again = parts.rendering(album, Product.SCREEN)
    assert again.id != job.id
    parts.world.jobs.discard({"id": again.id})
    assert parts.view(album).album_status == AlbumStatus.READY
    parts.render(album, Product.SCREEN)
    assert parts.rendering(album, Product.SCREEN).id != again.id


def test_a_picture_of_which_nothing_can_be_read_has_it_said(parts: Parts, album: Document) -> None:
    (placed,) = album.placed
    parts.photos.apply(update({"document": album.id, "id": placed.id}, set={"image": "x"}))
    with pytest.raises(UnreadableError):
        parts.render(album, Product.SCREEN)
    collage = parts.collage(parts.picture())
    parts.photos.apply(update({"document": collage.id, "id": collage.placed[0].id}, set={"focalX": "x"}))
    assert parts.change(collage, caption="x").renderings == {}


# ---- money


def test_a_rendering_costs_nothing_and_is_never_refunded(parts: Parts, album: Document, raised: Raised) -> None:
    before = parts.rows("Ledger"), parts.rows("Usage"), parts.rows("Requests"), parts.world.person().points
    ended: list[Job] = []
    for product, end in ((Product.SCREEN, JobStatus.FAILED), (Product.PRINT, JobStatus.CANCELED)):
        parts.render(album, product)
        job = parts.rendering(album, product)
        change = states.cancel(job, NOON) if end == JobStatus.CANCELED else states.fail(job, FAILED, NOON)
        ended.append(parts.world.jobs.step(change))
    for job in ended:
        assert (job.settled, job.due, refund.due(job), "open" in (parts.world.jobs.row(job.id) or {})) == (
            True,
            None,
            False,
            False,
        )
        assert not parts.world.refunds.give_back(job, NOON)
        assert parts.world.jobs.find(job.id) == job, "neither refunded nor put aside"
    parts.world.later(7200)
    assert sweep(parts) == Swept()
    assert (parts.rows("Ledger"), parts.rows("Usage"), parts.rows("Requests"), parts.world.person().points) == before
    assert parts.world.drift() == 0
    assert raised.names() == []


def test_the_sweeper_ends_one_that_no_worker_took(parts: Parts, album: Document, job: Job) -> None:
    assert parts.claimed(job)
    parts.world.later(LIMITS.times.deadline_seconds + 1)
    assert sweep(parts) == Swept(failed=1)
    assert sweep(parts) == Swept()
    assert parts.view(album).album_status == AlbumStatus.FAILED
    failure = parts.rendering(album, Product.SCREEN).failure
    assert failure
    assert failure.code == JobErrorCode.TIMED_OUT


@pytest.mark.parametrize("spoiled", [{"history": "x"}, {"spec": 5}, {"version": "x"}, {"charge": 5}, {"model": 5}])
def test_one_that_cannot_be_read_is_ended_and_stalls_nothing(
    parts: Parts, album: Document, job: Job, raised: Raised, spoiled: dict[str, object]
) -> None:
    parts.render(album, Product.PRINT)
    other = parts.rendering(album, Product.PRINT)
    parts.world.jobs.apply(update({"id": job.id}, set=spoiled))
    parts.world.later(LIMITS.times.deadline_seconds + 1)
    assert sweep(parts) == Swept(failed=2)
    assert sweep(parts) == Swept()
    row = parts.world.jobs.row(job.id) or {}
    assert (row["status"], "open" in row, "due" in row, "doubt" in row) == ("FAILED", False, False, False)
    assert parts.world.jobs.find(other.id)
    assert raised.names() == [], "nothing was paid, so nobody has to look"
    assert parts.world.drift() == 0


# ---- no job of the API's


def test_renderings_are_in_no_list_of_jobs(parts: Parts, album: Document, job: Job) -> None:
    parts.render(album, Product.PRINT)
    image = parts.world.generate()[0]
    lists = JobLists(parts.world.jobs, parts.world.requests)
    assert [each.id for each in lists.own(USER, None, 10, None).items] == [image.id]
    assert [each.id for each in lists.by_status(JobStatus.PENDING, 10, None).items] == [image.id]
    assert job.is_document


def test_nobody_reaches_a_rendering_as_a_job(parts: Parts, job: Job) -> None:
    done, acts = parts.completed(job), parts.world.job_actions
    for each in (USER, ADMIN, OTHER):
        assert acts.own(each, done.id) is None
        assert acts.visible(each, done.id) is None
        assert acts.public(each, done.id) is None
        assert acts.cancel(each, done.id, NOON) is None
        assert acts.delete(each, done.id, NOON) is None
        assert acts.share(each, done.id, NOON, shared=True) is None
        assert acts.again(each, done.id, "again") is None
    assert acts.public(None, done.id) is None
    assert parts.world.jobs.find(done.id) == done
    assert refusal(lambda: parts.album(done.id)) == ErrorType.UPLOAD_UNKNOWN
    parts.world.jobs.apply(update({"id": done.id}, set={"history": "x"}))
    assert acts.visible(USER, done.id) is None, "not even that it cannot be read"
    assert acts.delete(USER, done.id, NOON) is None
    assert parts.world.jobs.row(done.id)


# ---- how a document stands with its jobs


def test_an_albums_status_is_that_of_what_was_asked_last(parts: Parts, album: Document) -> None:
    def status() -> AlbumStatus:
        return parts.view(album).album_status

    assert (parts.view(parts.album()).album_status, status()) == (AlbumStatus.UPLOADING, AlbumStatus.READY)
    parts.render(album, Product.SCREEN)
    screen = parts.rendering(album, Product.SCREEN)
    assert status() == AlbumStatus.PROCESSING
    parts.claimed(screen)
    assert status() == AlbumStatus.PROCESSING
    parts.completed(parts.rendering(album, Product.SCREEN))
    assert status() == AlbumStatus.COMPLETED
    parts.world.later(1)
    parts.render(album, Product.PRINT)
    assert status() == AlbumStatus.PROCESSING
    parts.world.jobs.step(states.fail(parts.rendering(album, Product.PRINT), FAILED, parts.world.time))
    assert status() == AlbumStatus.FAILED
    parts.change(album, name="x")
    assert status() == AlbumStatus.READY


@pytest.mark.parametrize("kind", DocumentKind)
@pytest.mark.parametrize("status", JobStatus)
def test_every_state_of_a_job_has_its_status(parts: Parts, kind: DocumentKind, status: JobStatus) -> None:
    made = parts.album(parts.picture()) if kind == DocumentKind.ALBUM else parts.collage(parts.picture())
    product = Product.PRINT if kind == DocumentKind.ALBUM else Product.PICTURE
    if kind == DocumentKind.COLLAGE:
        assert parts.view(made).collage_status == CollageStatus.DRAFT, "a preview is none yet"
    parts.render(made, product)
    job = parts.rendering(made, product)
    if status != JobStatus.PENDING:
        job = parts.claimed(job)
    if status == JobStatus.COMPLETED:
        parts.completed(job)
    if status in {JobStatus.FAILED, JobStatus.CANCELED}:
        end = states.cancel(job, NOON) if status == JobStatus.CANCELED else states.fail(job, FAILED, NOON)
        parts.world.jobs.step(end)
    view = parts.view(made)
    shown = view.album_status if kind == DocumentKind.ALBUM else view.collage_status
    expected = status if status == JobStatus.COMPLETED else "FAILED" if status in TERMINAL else "PROCESSING"
    assert shown == expected
    parts.world.jobs.discard({"id": job.id})
    rest = parts.view(made)
    gone = rest.album_status if kind == DocumentKind.ALBUM else rest.collage_status
    assert gone == (AlbumStatus.READY if kind == DocumentKind.ALBUM else CollageStatus.DRAFT), "it has expired"


def test_a_spec_says_what_the_document_is(parts: Parts) -> None:
    a, b = parts.picture(), parts.picture()
    made = parts.album(photos=[{"id": b, "caption": "Biển", "focalX": 0.1}, {"id": a}], name="Hè")
    parts.render(made, Product.PRINT)
    spec = parts.rendering(made, Product.PRINT).document_spec
    assert [each.id for each in spec.photos] == [b, a]
    assert [(float(each.focal_x), float(each.focal_y)) for each in spec.photos] == [(0.1, 0.75), (0.25, 0.75)]
    assert (spec.name, spec.document, spec.product, spec.day) == ("Hè", made.id, Product.PRINT, "2026-11-20")
