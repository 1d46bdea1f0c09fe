"""The worker of documents: pictures and PDFs as they were asked for, one file for each job, nothing left open."""

import hashlib
import io
import tempfile
import threading
from collections.abc import Callable
from datetime import timedelta
from functools import cache
from itertools import count
from typing import Any

import pikepdf
import pytest
from botocore.exceptions import ClientError
from PIL import Image
from tenacity import Retrying

from infra.functions import documents as function
from studio.albums.model import Document
from studio.documents.spec import Product
from studio.jobs import states
from studio.jobs.dispatch import GROUP
from studio.jobs.model import Job, JobErrorCode, JobStatus
from studio.media.keys import photo_key, result_prefix
from studio.media.model import StoredImage
from tests.unit.albums.parts import Parts
from tests.unit.world import NOON, USER, World
from workers.documents import maker
from workers.documents.maker import DocumentMaker
from workers.maker import Attempts
from workers.memory import for_pictures
from workers.result import Result
from workers.run import LostError, Runner

SIZE = (640, 480)


@pytest.fixture
def parts(world: World) -> Parts:
    world.joined(points=100)
    return Parts(world)


def runner(parts: Parts, name: str = "w") -> Runner:
    return Runner(
        parts.world.jobs,
        parts.world.media,
        DocumentMaker(parts.world.media),
        lease_seconds=150,
        attempt_seconds=120,
        retry_base_seconds=0,
        worker=name,
    )


@cache
def jpeg(seed: int = 0) -> bytes:
    out = io.BytesIO()
    Image.effect_noise(SIZE, 10 + seed).convert("RGB").save(out, "JPEG")
    return out.getvalue()


def draw(parts: Parts, document: Document) -> Document:
    """Give a document's pictures content."""
    for seed, each in enumerate(document.placed):
        key = photo_key(document.owner, document.id, each.id)
        parts.world.store(StoredImage(key, "image/jpeg", *SIZE, 1), jpeg(seed))
    return document


def asked(parts: Parts, product: Product, pictures: int = 2) -> Job:
    named = [parts.picture() for _ in range(pictures)]
    if product in {Product.PREVIEW, Product.PICTURE}:
        made = draw(parts, parts.collage(*named, template="MOSAIC", caption="Chúc mừng năm mới"))
    else:
        made = draw(parts, parts.album(photos=[{"id": id_, "caption": "Biển"} for id_ in named]))
    if product not in made.renderings:
        parts.render(made, product)
    return parts.rendering(made, product)


def ended(parts: Parts, job: Job) -> Job:
    found = parts.world.jobs.find(job.id)
    assert found
    return found


def results(parts: Parts) -> list[str]:
    return list(parts.world.media.keys("results/"))


@pytest.fixture
def opened(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """The temporary files that were opened."""
    files: list[Any] = []
    real = tempfile.TemporaryFile

    def recorded(*given: Any, **rest: Any) -> Any:
        files.append(real(*given, **rest))
        return files[-1]

    monkeypatch.setattr(tempfile, "TemporaryFile", recorded)
    return files


@pytest.mark.parametrize(("product", "least", "most"), [(Product.PREVIEW, 512, 1024), (Product.PICTURE, 3000, 4000)])
def test_a_collage_is_as_large_as_it_was_asked_for(parts: Parts, product: Product, least: int, most: int) -> None:
    job = asked(parts, product, 3)
    runner(parts).run([job.id])
    done = ended(parts, job)
    assert (done.status, done.failure, done.settled) == (JobStatus.COMPLETED, None, True)
    assert done.image
    assert least <= max(done.image.width, done.image.height) <= most
    stored = parts.world.media.client.get_object(Bucket="media", Key=done.image.key)
    assert (stored["ContentType"], parts.world.media.job_of(done.image.key)) == ("image/jpeg", job.id)
    content = stored["Body"].read()
    assert Image.open(io.BytesIO(content)).size == (done.image.width, done.image.height)
    md5 = hashlib.md5(content, usedforsecurity=False).hexdigest()
    assert (len(content), md5) == (done.image.byte_size, done.image.md5)


@pytest.mark.parametrize("product", [Product.SCREEN, Product.PRINT])
def test_an_album_is_a_pdf_with_what_a_printer_asks_for(parts: Parts, product: Product, opened: list[Any]) -> None:
    job = asked(parts, product, 3)
    runner(parts).run([job.id])
    done = ended(parts, job)
    assert (done.status, done.failure, done.image) == (JobStatus.COMPLETED, None, None)
    assert done.pdf
    stored = parts.world.media.client.get_object(Bucket="media", Key=done.pdf.key)
    content = stored["Body"].read()
    assert (stored["ContentType"], len(content)) == ("application/pdf", done.pdf.byte_size)
    assert hashlib.md5(content, usedforsecurity=False).hexdigest() == done.pdf.md5
    assert len(pikepdf.open(io.BytesIO(content)).pages) == done.pdf.pages
    assert len(opened) == 1
    assert all(each.closed for each in opened)


def test_a_picture_that_is_gone_is_said(parts: Parts, opened: list[Any]) -> None:
    for product in (Product.PICTURE, Product.SCREEN):
        job = asked(parts, product, 3)
        spec = job.document_spec
        parts.world.media.delete_object(photo_key(USER.sub, spec.document, spec.photos[1].id))
        runner(parts).run([job.id])
        failure = ended(parts, job).failure
        assert failure
        assert (ended(parts, job).status, failure.code) == (JobStatus.FAILED, JobErrorCode.INVALID_IMAGE)
        assert ended(parts, job).settled
    assert results(parts) == []
    assert all(each.closed for each in opened)


def test_a_picture_that_cannot_be_read_is_said(parts: Parts, opened: list[Any]) -> None:
    for product in (Product.PICTURE, Product.SCREEN):
        job = asked(parts, product, 3)
        spec = job.document_spec
        key = photo_key(USER.sub, spec.document, spec.photos[1].id)
        parts.world.media.put(StoredImage(key, "image/jpeg", *SIZE, 1), b"no picture")
        runner(parts).run([job.id])
        failure = ended(parts, job).failure
        assert failure
        assert failure.code == JobErrorCode.INVALID_IMAGE
    assert all(each.closed for each in opened)


def before_storing(parts: Parts, monkeypatch: pytest.MonkeyPatch, happens: Callable[[], object]) -> None:
    real, waiting = parts.world.media.client.put_object, [1]

    def put_object(**request: Any) -> Any:
        while waiting and request["Key"].startswith("results/"):
            waiting.pop()
            happens()
        return real(**request)

    monkeypatch.setattr(parts.world.media.client, "put_object", put_object)


@pytest.mark.parametrize("product", [Product.PICTURE, Product.PRINT])
def test_the_file_of_a_job_that_was_canceled_is_dropped(
    parts: Parts, monkeypatch: pytest.MonkeyPatch, opened: list[Any], product: Product
) -> None:
    job = asked(parts, product, 3)
    before_storing(parts, monkeypatch, lambda: parts.job_actions.cancel(USER, job.id, NOON))
    runner(parts).run([job.id])
    assert ended(parts, job).status == JobStatus.CANCELED
    assert ended(parts, job).lease_end is None, "its place is free at once"
    assert results(parts) == []
    assert all(each.closed for each in opened)


def test_of_two_claims_of_a_pdf_one_file_stays(
    parts: Parts, monkeypatch: pytest.MonkeyPatch, opened: list[Any]
) -> None:
    """The first loses its lease while it writes; the second is done before the first stores."""
    job = asked(parts, Product.PRINT)

    def second() -> None:
        parts.world.later(151)
        runner(parts, "second").run([job.id])

    before_storing(parts, monkeypatch, second)
    runner(parts, "first").run([job.id])
    done = ended(parts, job)
    assert (done.status, done.claims) == (JobStatus.COMPLETED, 2)
    assert done.pdf
    assert results(parts) == [done.pdf.key]
    assert len(opened) == 2
    assert all(each.closed for each in opened)


@pytest.mark.parametrize("product", [Product.PICTURE, Product.PRINT])
def test_a_file_whose_storing_was_answered_too_late_is_kept(
    parts: Parts, monkeypatch: pytest.MonkeyPatch, product: Product
) -> None:
    """The first try's answer is lost, so that the second finds the file there: it is the same claim's."""
    job = asked(parts, product, 3)
    real = parts.world.media.client.put_object

    def put_object(**request: Any) -> Any:
        answer = real(**request)
        if "IfNoneMatch" in request:
            raise ClientError({"Error": {"Code": "PreconditionFailed", "Message": ""}}, "PutObject")
        return answer

    monkeypatch.setattr(parts.world.media.client, "put_object", put_object)
    runner(parts).run([job.id])
    done = ended(parts, job)
    assert (done.status, done.failure) == (JobStatus.COMPLETED, None)
    file = done.pdf or done.image
    assert file
    assert results(parts) == [file.key]


def make(parts: Parts, job: Job, keep: Callable[[], Any]) -> Result:
    claimed = states.claim(job, "w", NOON, 150)
    return DocumentMaker(parts.world.media).make(parts.world.jobs.step(claimed), Attempts(Retrying(), keep))


@pytest.mark.parametrize("product", [Product.PICTURE, Product.SCREEN])
def test_the_lease_is_kept_while_work_takes_long(
    parts: Parts, monkeypatch: pytest.MonkeyPatch, product: Product
) -> None:
    job, clock, kept = asked(parts, product, 4), count(10**9, 6), count()
    monkeypatch.setattr(maker, "monotonic", lambda: next(clock))
    make(parts, job, lambda: next(kept)).close()
    assert next(kept) >= 4


def test_who_has_lost_the_job_reads_no_further_picture(
    parts: Parts, monkeypatch: pytest.MonkeyPatch, opened: list[Any]
) -> None:
    job, clock, reads = asked(parts, Product.SCREEN, 4), count(10**9, 6), count()
    monkeypatch.setattr(maker, "monotonic", lambda: next(clock))
    monkeypatch.setattr(parts.world.media.client, "get_object", lambda **_: next(reads))

    def lost() -> None:
        raise LostError

    with pytest.raises(LostError):
        make(parts, job, lost)
    assert next(reads) == 0
    assert all(each.closed for each in opened)


def test_a_group_renders_as_many_at_once_as_the_memory_is_for(parts: Parts, monkeypatch: pytest.MonkeyPatch) -> None:
    jobs = [asked(parts, Product.SCREEN, 1) for _ in range(GROUP)]
    lock, running, most = threading.Lock(), 0, 0
    real: Any = maker.write_album

    def counted(*given: Any) -> Any:
        nonlocal running, most
        with lock:
            running += 1
            most = max(most, running)
        try:
            return real(*given)
        finally:
            with lock:
                running -= 1

    monkeypatch.setattr(maker, "write_album", counted)
    runner(parts).run([job.id for job in jobs])
    assert [ended(parts, job).status for job in jobs] == [JobStatus.COMPLETED] * GROUP
    needed: int = maker._BYTES  # pyright: ignore[reportPrivateUsage]
    assert most <= max(1, maker.memory.total // needed)
    assert needed <= for_pictures(function.FUNCTION.memory) < GROUP * needed


def test_what_is_taken_over_has_a_place_of_its_own(parts: Parts) -> None:
    job = parts.claimed(asked(parts, Product.PRINT))
    again = parts.world.jobs.step(states.claim(job, "v", NOON + timedelta(seconds=151), 150))
    assert again.prefix != job.prefix
    assert again.prefix.startswith(result_prefix("documents").rpartition("/")[0])
