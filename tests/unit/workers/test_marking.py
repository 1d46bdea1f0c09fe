"""Whatever a model had a part in says so in every size, as others read it; what people bring never does."""

import io
from dataclasses import replace
from typing import Any

import pikepdf
import pytest

from studio.catalogue.data import CATALOGUE
from studio.documents.spec import Product
from studio.images.model import JobKind
from studio.jobs.model import Job, JobStatus
from studio.media.keys import photo_key
from studio.media.model import StoredImage
from tests.unit.albums.parts import Parts
from tests.unit.imaging import making as m
from tests.unit.imaging.readers import EXIFTOOL, Said, by_exiftool, by_exiv2
from tests.unit.workers.arriving import send, upload_now
from tests.unit.workers.fakes import png
from tests.unit.workers.results import ANSWERS, COMPOSITE, TRAINED, done, outpainted, sized, uploaded
from tests.unit.workers.test_documents_maker import jpeg
from tests.unit.workers.test_documents_maker import runner as documents_runner
from tests.unit.world import World
from workers.arrivals import Arrivals
from workers.imaging.guard import decode, look
from workers.marking import mark_of, marked

SIGNED = m.with_chunks(m.chunk(b"caBX", b"jumb"))


def files(world: World, job: Job) -> list[bytes]:
    assert job.image
    images = [job.image, *job.variants.values()]
    assert len(images) == 4
    return [world.media.read(each.key, 10_000_000).data for each in images]


def sources(world: World, job: Job) -> set[str]:
    return {by_exiv2(content).source for content in files(world, job)}


@pytest.mark.parametrize(("name", "model"), [*((name, "nanobanana-pro") for name in ANSWERS), ("PNG", "stable-image")])
def test_every_size_says_who_made_it_and_when(world: World, arrivals: Arrivals, name: str, model: str) -> None:
    job = done(world, arrivals, world.generate(model=model)[0], ANSWERS[name])
    title = next(each.title for each in CATALOGUE if each.id == model)
    said = Said(TRAINED, f"NamO Studio, {title}", job.created_at)
    assert [by_exiv2(content) for content in files(world, job)] == [said] * 4
    assert not EXIFTOOL or by_exiftool(*files(world, job)) == [said] * 4
    assert job.image
    original = world.media.read(job.image.key, 10_000_000).data
    assert job.image.byte_size == len(original)
    assert decode(look(original)).tobytes() == decode(look(ANSWERS[name])).tobytes()


def test_an_edit_of_a_photo_is_a_composite_and_so_is_whatever_keeps_it(world: World, arrivals: Arrivals) -> None:
    first = outpainted(world, arrivals, uploaded(world), "1")
    second = outpainted(world, arrivals, first.id, "2")
    assert sources(world, first) == sources(world, second) == {COMPOSITE}


def test_what_a_model_drew_anew_or_had_drawn_before_is_its_own(world: World, arrivals: Arrivals) -> None:
    anew = done(world, arrivals, world.camera(image=uploaded(world), clientRequestId="1"), png(640, 480))
    made = done(world, arrivals, world.generate(clientRequestId="2", references=[uploaded(world)])[0], png(640, 480))
    changed = outpainted(world, arrivals, made.id, "3")
    assert sources(world, anew) == sources(world, made) == sources(world, changed) == {TRAINED}


@pytest.mark.parametrize("kind", [kind for kind in JobKind if kind.keeps_image])
def test_each_kind_that_keeps_its_image_keeps_a_photo(world: World, kind: JobKind) -> None:
    world.joined()
    made = {
        JobKind.EDIT: lambda: world.edit(image=world.uploaded(), mask=world.uploaded(purpose="MASK")),
        JobKind.TEXTURE_TRANSFER: lambda: world.texture(image=world.uploaded(), texture=world.uploaded()),
    }.get(kind, lambda: world.transform(kind, image=world.uploaded(), model="stable-image"))()
    read = world.jobs.find(made.id)
    assert read
    assert mark_of(read).source == COMPOSITE


def test_a_row_from_before_knows_an_upload_by_its_key(world: World) -> None:
    world.joined()
    job = world.edit(image=world.uploaded(), mask=world.uploaded(purpose="MASK"))
    row = world.jobs.row(job.id)
    assert row
    for each in row["spec"]["inputs"].values():
        assert each.pop("photo")
    world.client.put_item(TableName="Jobs", Item=world.jobs.put(row, new="other")["Put"]["Item"])
    found = world.jobs.find(job.id)
    assert found
    assert found.shows_photo


def test_what_its_provider_signed_stays_as_it_is(world: World, arrivals: Arrivals) -> None:
    job = done(world, arrivals, world.generate()[0], SIGNED)
    original, *sizes = files(world, job)
    assert original == SIGNED
    assert {by_exiv2(content).source for content in sizes} == {TRAINED}


def test_a_job_of_a_model_that_is_no_longer_known_is_marked_too(world: World) -> None:
    world.joined()
    job = world.generate()[0]
    assert by_exiv2(marked(replace(job, model="gone"), png())).tool == "NamO Studio, gone"


@pytest.mark.parametrize("format_", ["PNG", "JPEG", "WEBP"])
def test_what_people_bring_is_never_marked(world: World, arrivals: Arrivals, format_: str) -> None:
    world.joined()
    brought = marked(world.generate()[0], m.encoded(m.picture(size=(640, 480)), format_))
    upload = send(world, brought, contentType=f"image/{format_.lower()}")
    arrivals.look_at(upload.key)
    found = upload_now(world, upload)
    assert found.image
    for each in (found.image, *found.variants.values()):
        assert by_exiv2(world.media.read(each.key, 10_000_000).data) == Said()


@pytest.fixture
def parts(world: World) -> Parts:
    world.joined(points=100)
    return Parts(world)


def rendered(parts: Parts, arrivals: Arrivals, product: Product, contents: list[bytes]) -> Job:
    ids = [parts.picture() for _ in contents]
    collage = product in {Product.PREVIEW, Product.PICTURE}
    document = parts.collage(*ids, template="MOSAIC") if collage else parts.album(*ids)
    for id_, content in zip(ids, contents, strict=True):
        key = photo_key(document.owner, document.id, id_)
        parts.world.store(StoredImage(key, "image/jpeg", 640, 480, 1), content)
    if product not in document.renderings:
        parts.render(document, product)
    job = parts.rendering(document, product)
    documents_runner(parts).run([job.id])
    found = parts.world.jobs.find(job.id)
    assert found
    assert found.status == JobStatus.COMPLETED, found.failure
    return found if found.pdf else sized(parts.world, arrivals, found)


@pytest.mark.parametrize("product", [Product.PREVIEW, Product.PICTURE])
@pytest.mark.parametrize("photos", [True, False])
def test_a_collage_with_a_picture_of_a_models_is_a_composite(
    parts: Parts, arrivals: Arrivals, product: Product, photos: bool
) -> None:
    made = marked(parts.world.generate()[0], jpeg(9))
    job = rendered(parts, arrivals, product, [made, jpeg(1), jpeg(2)] if photos else [made] * 3)
    said = Said(COMPOSITE, "NamO Studio, Nano Banana Pro", job.created_at)
    assert [by_exiv2(content) for content in files(parts.world, job)] == [said] * 4


def test_a_collage_of_photos_is_not_marked(parts: Parts, arrivals: Arrivals) -> None:
    job = rendered(parts, arrivals, Product.PREVIEW, [jpeg(1), jpeg(2), jpeg(3)])
    assert sources(parts.world, job) == {""}


@pytest.mark.parametrize("product", [Product.SCREEN, Product.PRINT])
@pytest.mark.parametrize(("made", "source"), [(True, COMPOSITE), (False, None)])
def test_an_album_says_whether_models_had_a_part_in_it(
    parts: Parts, arrivals: Arrivals, product: Product, made: bool, source: str | None
) -> None:
    picture: Any = marked(parts.world.generate()[0], jpeg(9)) if made else jpeg(9)
    job = rendered(parts, arrivals, product, [picture, jpeg(1)])
    assert job.pdf
    with pikepdf.open(io.BytesIO(parts.world.media.read(job.pdf.key, 10_000_000).data)) as pdf:
        metadata = pdf.open_metadata()
        assert metadata.get("{http://iptc.org/std/Iptc4xmpExt/2008-02-29/}DigitalSourceType") == source
        assert metadata["xmp:CreatorTool"] == "NamO Studio"


def test_a_signed_picture_counts_in_a_collage(parts: Parts, arrivals: Arrivals) -> None:
    job = rendered(parts, arrivals, Product.PREVIEW, [SIGNED, jpeg(1), jpeg(2)])
    assert sources(parts.world, job) == {COMPOSITE}


def test_a_mark_adds_little(world: World) -> None:
    world.joined()
    plain = png(320, 240)
    assert len(marked(world.generate()[0], plain)) - len(plain) < 1_000
