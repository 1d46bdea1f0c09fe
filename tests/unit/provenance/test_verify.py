"""verifyImage says what it knows of a picture that somebody brought, and claims no more."""

import io
import json
from collections.abc import Callable
from typing import Any

import pytest
from PIL import Image

from local.models.render import PictureOrder, draw
from studio.clock import iso
from studio.errors import ErrorType, StudioError
from studio.functions import Function
from studio.images.model import JobKind
from studio.jobs.model import Job
from studio.media import table
from studio.media.item import origin_to_item
from studio.media.model import Origin, Provenance
from studio.media.table import LOOKING, withdraw
from studio.provenance.model import Fingerprint
from studio.provenance.verify import MOST, Verifier
from tests.unit.credentials.signing import chain, signer
from tests.unit.fault_injection import unreachable
from tests.unit.imaging import making as m
from tests.unit.imaging.test_mark import with_mark
from tests.unit.workers.arriving import arrivals_of, fingerprints_of, send
from tests.unit.workers.fakes import png, runner
from tests.unit.workers.results import done, outpainted
from tests.unit.world import OTHER, USER, World
from workers.arrivals import Arrivals
from workers.credentials.manifest import manifest
from workers.credentials.reading import origin_of
from workers.imaging.fingerprint import fingerprint_of
from workers.imaging.guard import look
from workers.imaging.mark import DigitalSourceType, Mark
from workers.imaging.xmp import with_packet

MADE_AT = "2026-11-20T12:00:00.000Z"
MARK = Mark(DigitalSourceType.TRAINED, "Nano Banana Pro", MADE_AT)


class CheckFunction:
    """The function that looks at credentials, without Lambda."""

    def __init__(self, world: World) -> None:
        self.world, self.calls = world, 0

    def invoke(self, **given: Any) -> dict[str, Any]:
        self.calls += 1
        event = json.loads(given["Payload"])
        content = self.world.media.read(event["key"], 20_000_000).data
        origin = origin_of(content, event["contentType"], chain().root)
        return {"Payload": io.BytesIO(json.dumps(origin_to_item(origin) if origin else {}).encode())}


@pytest.fixture
def check(world: World) -> CheckFunction:
    world.joined()
    world.joined(OTHER)
    return CheckFunction(world)


@pytest.fixture
def arrivals(world: World, check: CheckFunction) -> Arrivals:
    client: Any = check
    return arrivals_of(world, Function("check", 1, lambda _: client))


def verifier(world: World) -> Verifier:
    return Verifier(world.uploads, fingerprints_of(world), world.jobs)


def verified(world: World, arrivals: Arrivals, content: bytes) -> Origin:
    upload = send(world, content, caller=OTHER)
    arrivals.look_at(upload.key)
    return verifier(world).origin(upload.id, world.time)


def scene(seed: int = 1) -> bytes:
    return draw(PictureOrder("a lighthouse at dusk", seed, 512, 384)).data


def stripped(content: bytes, **options: Any) -> bytes:
    """Pack a picture anew, as a messenger does: no mark is left."""
    with Image.open(io.BytesIO(content)) as image:
        return m.encoded(image.convert("RGB"), "JPEG", quality=60, **options)


def test_a_valid_credential_is_the_surest(world: World, arrivals: Arrivals) -> None:
    content = signer().sign(with_mark(scene()), "image/png", manifest(MARK, [], []), [])
    assert verified(world, arrivals, content) == Origin(Provenance.CREDENTIAL_VALID, MADE_AT, "Nano Banana Pro")


@pytest.mark.parametrize("format_", ["PNG", "JPEG", "WEBP"])
def test_a_mark_is_found_though_the_upload_loses_it(
    world: World, arrivals: Arrivals, check: CheckFunction, format_: str
) -> None:
    found = verified(world, arrivals, with_mark(m.sound(format_)))
    assert (found.provenance, found.model) == (Provenance.MARK_FOUND, 'Nano "Banana" & <Pro>')
    assert check.calls == 0


def test_one_that_was_made_here_is_known_without_its_marks(world: World, arrivals: Arrivals) -> None:
    job = done(world, arrivals, world.generate()[0], scene())
    found = verified(world, arrivals, stripped(scene()))
    assert found == Origin(Provenance.KNOWN_PICTURE, job.created_at, "Nano Banana Pro")
    assert found.made_at == iso(world.time)
    assert verified(world, arrivals, stripped(scene(2))) == Origin(Provenance.UNKNOWN)


def test_one_that_has_been_deleted_is_known_no_longer(world: World, arrivals: Arrivals) -> None:
    job = done(world, arrivals, world.generate()[0], scene())
    world.job_actions.delete(USER, job.id, world.time)
    assert verified(world, arrivals, stripped(scene())) == Origin(Provenance.UNKNOWN)


def test_a_photo_is_not_taken_for_what_was_made_of_it(world: World, arrivals: Arrivals) -> None:
    photo = send(world, stripped(scene()), contentType="image/jpeg")
    arrivals.look_at(photo.key)
    outpainted(world, arrivals, photo.id, "1")
    assert verified(world, arrivals, stripped(scene())) == Origin(Provenance.UNKNOWN)


def brought(world: World, arrivals: Arrivals) -> str:
    photo = send(world, stripped(scene()), contentType="image/jpeg")
    arrivals.look_at(photo.key)
    return photo.id


USES: dict[str, Callable[[World, str], Job]] = {
    "camera": lambda world, id_: world.camera(image=id_, clientRequestId="2"),
    "variation": lambda world, id_: world.transform(
        JobKind.VARIATION, image=id_, model="nanobanana-pro", clientRequestId="2"
    ),
    "reference": lambda world, id_: world.generate(references=[id_], clientRequestId="2")[0],
    "texture": lambda world, id_: world.texture(image=made_here(world), texture=id_, clientRequestId="2"),
}


def made_here(world: World) -> str:
    job = world.generate(clientRequestId="first")[0]
    runner(world, lambda _: scene(3)).run([job.id])
    return job.id


@pytest.mark.parametrize("use", USES)
@pytest.mark.parametrize("steps", [1, 2])
def test_a_photo_is_not_taken_for_what_was_drawn_after_it(
    world: World, arrivals: Arrivals, use: str, steps: int
) -> None:
    job = done(world, arrivals, USES[use](world, brought(world, arrivals)), scene())
    if steps == 2:
        job = done(world, arrivals, world.camera(image=job.id, clientRequestId="3"), scene())
    bits = fingerprint_of(scene())
    assert bits
    assert fingerprints_of(world).near(bits) == []
    assert verified(world, arrivals, stripped(scene())) == Origin(Provenance.UNKNOWN)
    fingerprints_of(world).add(Fingerprint(job.id, bits, job.expires_at))
    assert verified(world, arrivals, stripped(scene())) == Origin(Provenance.UNKNOWN), "a hash from before"


@pytest.mark.parametrize("use", USES)
def test_what_was_drawn_after_what_was_made_here_is_known(world: World, arrivals: Arrivals, use: str) -> None:
    first = done(world, arrivals, world.generate(clientRequestId="1")[0], scene(2))
    job = done(world, arrivals, USES[use](world, first.id), scene())
    found = verified(world, arrivals, stripped(scene()))
    assert (found.provenance, found.made_at) == (Provenance.KNOWN_PICTURE, job.created_at)


def test_of_a_row_from_before_an_upload_is_taken_to_be_in_it(world: World, arrivals: Arrivals) -> None:
    first = done(world, arrivals, world.generate(clientRequestId="1")[0], scene(2))
    job = world.camera(image=first.id, clientRequestId="2")
    row = world.jobs.row(job.id)
    assert row
    assert row["spec"]["inputs"]["image"].pop("from_upload") is False
    world.client.put_item(TableName="Jobs", Item=world.jobs.put(row, new="other")["Put"]["Item"])
    found = world.jobs.find(job.id)
    assert found
    assert found.from_upload


def test_a_mask_is_no_picture_that_somebody_brought(world: World, arrivals: Arrivals) -> None:
    first = done(world, arrivals, world.generate(clientRequestId="1")[0], scene(2))
    mask = world.uploaded(purpose="MASK")
    job = world.edit(image=first.id, mask=mask, clientRequestId="2")
    assert not job.from_upload


@pytest.mark.parametrize("content", [m.encoded(Image.new("RGB", (64, 64)), "PNG"), png()])
def test_of_what_shows_nothing_and_what_nobody_knows_nothing_is_claimed(
    world: World, arrivals: Arrivals, content: bytes
) -> None:
    done(world, arrivals, world.generate()[0], m.encoded(Image.new("RGB", (64, 64)), "PNG"))
    assert verified(world, arrivals, content) == Origin(Provenance.UNKNOWN)


def test_a_strange_manifest_is_no_mark_of_a_model(world: World, arrivals: Arrivals, check: CheckFunction) -> None:
    assert verified(world, arrivals, m.with_chunks(m.chunk(b"caBX", b"jumb"))) == Origin(Provenance.UNKNOWN)
    assert check.calls == 1


def test_where_credentials_cannot_be_looked_at_marks_still_can(world: World) -> None:
    world.joined()
    world.joined(OTHER)
    arrivals = arrivals_of(world, Function("check", 1, unreachable))
    content = signer().sign(with_mark(m.sound("PNG")), "image/png", manifest(MARK, [], []), [])
    assert verified(world, arrivals, content).provenance == Provenance.MARK_FOUND


@pytest.mark.parametrize(
    ("system", "made_at"),
    [("x" * 101, "yesterday"), ("a\nb", "9999-99-99"), ("\u202eevil", "0001-01-01T00:00:00+23:59")],
)
def test_what_a_strangers_mark_says_is_shown_only_where_it_can_be(
    world: World, arrivals: Arrivals, system: str, made_at: str
) -> None:
    mark = Mark(DigitalSourceType.TRAINED, system, made_at)
    content = m.sound("PNG")
    found = verified(world, arrivals, with_packet(content, look(content).header, mark.packet))
    assert found.provenance == Provenance.MARK_FOUND
    assert found.made_at is None
    assert found.model is None


def test_another_file_under_the_same_form_lends_no_origin(world: World, arrivals: Arrivals) -> None:
    upload = send(world, png(64, 48))
    world.media.client.put_object(Bucket="media", Key=f"uploads/{USER.sub}/{upload.id}/original", Body=m.sound("PNG"))
    world.media.client.put_object(Bucket="media", Key=upload.key, Body=with_mark(png(64, 48)))
    arrivals.look_at(upload.key)
    assert verifier(world).origin(upload.id, world.time) == Origin(Provenance.UNKNOWN)


def refusal(act: Callable[[], Any]) -> ErrorType:
    with pytest.raises(StudioError) as caught:
        act()
    return caught.value.type


def test_what_is_not_there_or_not_ready_is_refused(world: World, arrivals: Arrivals) -> None:
    ask = verifier(world).origin
    waiting, bad, gone = (send(world, content) for content in (png(), b"no picture", png()))
    arrivals.look_at(bad.key)
    world.uploads.step(withdraw(gone))
    assert refusal(lambda: ask(waiting.id, world.time)) == ErrorType.UPLOAD_NOT_READY
    world.uploads.step(table.look(waiting, world.time))
    assert refusal(lambda: ask(waiting.id, world.time + LOOKING)) == ErrorType.UPLOAD_REJECTED, "no look came to an end"
    assert refusal(lambda: ask(bad.id, world.time)) == ErrorType.UPLOAD_REJECTED
    unknown = ("6a1d8d4e-5d5c-4f7e-9d0a-111111111111", gone.id)
    assert {refusal(lambda id_=id_: ask(id_, world.time)) for id_ in unknown} == {ErrorType.UPLOAD_UNKNOWN}
    assert refusal(lambda: ask(f"open#{USER.sub}", world.time)) == ErrorType.ID_MALFORMED


def test_one_upload_is_verified_so_often_and_no_more(world: World, arrivals: Arrivals) -> None:
    upload = send(world, png())
    arrivals.look_at(upload.key)
    for _ in range(MOST):
        verifier(world).origin(upload.id, world.time)
    assert refusal(lambda: verifier(world).origin(upload.id, world.time)) == ErrorType.TOO_MANY_VERIFICATIONS
