"""What is downloaded is signed, says what it was made from, and every manifest verifies."""

import io
import socket
from collections.abc import Callable
from typing import Any

import c2pa
import pytest

from studio.jobs.model import Job
from studio.media.model import Provenance
from studio.media.store import Media
from tests.unit.credentials.signing import actions, active, chain, signer, verdict
from tests.unit.imaging.readers import by_exiv2
from tests.unit.workers.arriving import arrivals_of
from tests.unit.workers.fakes import png
from tests.unit.workers.results import ANSWERS, COMPOSITE, TRAINED, done, outpainted, uploaded
from tests.unit.world import USER, World
from workers.arrivals import Arrivals
from workers.credentials.c2pa_context import context
from workers.credentials.copies import CopyFormat, NoImageError, SignedCopies
from workers.credentials.manifest import manifest
from workers.credentials.reading import origin_of
from workers.imaging.guard import decode, look
from workers.imaging.mark import DigitalSourceType, Mark


@pytest.fixture
def arrivals(world: World) -> Arrivals:
    world.joined()
    return arrivals_of(world)


@pytest.fixture
def copies(world: World) -> SignedCopies:
    return SignedCopies(world.jobs, world.media, signer())


def content(media: Media, key: str) -> bytes:
    return media.read(key, 100_000_000).data


def type_of(job: Job) -> str:
    assert job.image
    return job.image.content_type


@pytest.mark.parametrize("labelled", [False, True])
@pytest.mark.parametrize("name", ANSWERS)
def test_every_kind_of_file_verifies_and_keeps_its_mark(
    world: World, arrivals: Arrivals, copies: SignedCopies, name: str, labelled: bool
) -> None:
    job = done(world, arrivals, world.generate()[0], ANSWERS[name])
    signed = content(world.media, copies.make(job.id, CopyFormat(type_of(job), labelled=labelled)))
    assert verdict(signed, type_of(job)) == "Trusted"
    assert by_exiv2(signed).source == TRAINED
    assert job.image
    unsigned = decode(look(content(world.media, job.image.key)))
    assert (decode(look(signed)).tobytes() == unsigned.tobytes()) is not labelled
    first, *rest = actions(active(signed, type_of(job)))
    assert (first["action"], first["digitalSourceType"]) == ("c2pa.created", TRAINED)
    assert first["softwareAgent"]["name"] == "Nano Banana Pro"
    assert [each["action"] for each in rest] == ["c2pa.edited"] * labelled


@pytest.mark.parametrize("labelled", [False, True])
@pytest.mark.parametrize("content_type", ["image/png", "image/jpeg", "image/webp"])
@pytest.mark.parametrize("name", ["PNG", "WebP with alpha"])
def test_in_another_format_it_is_the_same_picture(
    world: World, arrivals: Arrivals, copies: SignedCopies, name: str, content_type: str, labelled: bool
) -> None:
    job = done(world, arrivals, world.generate()[0], ANSWERS[name])
    signed = content(world.media, copies.make(job.id, CopyFormat(content_type, labelled=labelled)))
    assert verdict(signed, content_type) == "Trusted"
    assert by_exiv2(signed).source == TRAINED
    found = look(signed)
    assert (found.header.content_type, found.size) == (content_type, (640, 480))
    said = [each["action"] for each in actions(active(signed, content_type))]
    another = content_type != type_of(job)
    assert said == ["c2pa.created", *["c2pa.edited"] * labelled, *["c2pa.transcoded"] * another]


def test_a_changed_byte_is_found(world: World, arrivals: Arrivals, copies: SignedCopies) -> None:
    job = done(world, arrivals, world.generate()[0], png(640, 480))
    signed = bytearray(content(world.media, copies.make(job.id, CopyFormat(type_of(job)))))
    signed[-100] ^= 1
    assert verdict(bytes(signed), "image/png") == "Invalid"


def test_an_edit_of_a_signed_picture_has_its_manifest_and_verifies(
    world: World, arrivals: Arrivals, copies: SignedCopies
) -> None:
    first = done(world, arrivals, world.generate(clientRequestId="1")[0], png(640, 480))
    second = outpainted(world, arrivals, first.id, "2")
    third = outpainted(world, arrivals, second.id, "3")
    signed = content(world.media, copies.make(third.id, CopyFormat(type_of(third))))
    assert verdict(signed, "image/png") == "Trusted"
    said = active(signed, "image/png")
    assert [each["action"] for each in actions(said)] == ["c2pa.opened", "c2pa.edited"]
    (parent,) = said["ingredients"]
    assert (parent["relationship"], "active_manifest" in parent) == ("parentOf", True)
    of_parent = content(world.media, copies.make(second.id, CopyFormat(type_of(second))))
    assert parent["active_manifest"] == active(of_parent, "image/png")["label"]
    assert active(of_parent, "image/png")["ingredients"][0]["active_manifest"]


def test_an_edit_of_a_photo_names_it_and_shows_nothing_of_it(
    world: World, arrivals: Arrivals, copies: SignedCopies
) -> None:
    job = outpainted(world, arrivals, uploaded(world), "1")
    signed = content(world.media, copies.make(job.id, CopyFormat(type_of(job))))
    said = active(signed, "image/png")
    assert verdict(signed, "image/png") == "Trusted"
    assert actions(said)[1]["digitalSourceType"] == COMPOSITE
    (photo,) = said["ingredients"]
    assert photo["title"] == "original"
    assert not {"thumbnail", "active_manifest"} & photo.keys()
    assert "thumbnail" not in said
    assert job.owner not in str(said)


def test_references_and_textures_are_what_it_was_made_from(
    world: World, arrivals: Arrivals, copies: SignedCopies
) -> None:
    named = [uploaded(world), uploaded(world)]
    job = done(world, arrivals, world.generate(references=named)[0], png(640, 480))
    signed = content(world.media, copies.make(job.id, CopyFormat(type_of(job))))
    assert verdict(signed, "image/png") == "Trusted"
    said = active(signed, "image/png")
    assert [each["relationship"] for each in said["ingredients"]] == ["inputTo"] * 2
    assert [each["action"] for each in actions(said)] == ["c2pa.created"]


def test_what_its_provider_signed_is_the_parent_of_what_is_downloaded(
    world: World, arrivals: Arrivals, copies: SignedCopies
) -> None:
    mark = Mark(DigitalSourceType.TRAINED, "Gemini", "2026-11-20T12:00:00Z")
    theirs = signer().sign(png(640, 480), "image/png", manifest(mark, [], []), [])
    job = done(world, arrivals, world.generate()[0], theirs)
    assert job.image
    assert content(world.media, job.image.key) == theirs
    signed = content(world.media, copies.make(job.id, CopyFormat(type_of(job))))
    assert verdict(signed, "image/png") == "Trusted"
    said = active(signed, "image/png")
    assert said["ingredients"][0]["active_manifest"] == active(theirs, "image/png")["label"]
    assert [each["action"] for each in actions(said)] == ["c2pa.opened"]
    assert by_exiv2(signed).source == TRAINED


def lost(world: World, id_: str) -> None:
    upload = world.uploads.find(id_)
    assert upload
    assert upload.image
    world.media.delete_object(upload.image.key)


def deleted(world: World, id_: str) -> None:
    world.job_actions.delete(USER, id_, world.time)


@pytest.mark.parametrize("gone", [lost, deleted])
def test_two_copies_say_the_same_though_the_original_has_gone_between_them(
    world: World, arrivals: Arrivals, copies: SignedCopies, gone: Callable[[World, str], None]
) -> None:
    made = gone is deleted
    source = done(world, arrivals, world.generate()[0], png(640, 480)).id if made else uploaded(world)
    job = outpainted(world, arrivals, source, "1")
    before = content(world.media, copies.make(job.id, CopyFormat("image/png", labelled=True)))
    gone(world, source)
    after = content(world.media, copies.make(job.id, CopyFormat("image/png")))
    assert verdict(before, "image/png") == verdict(after, "image/png") == "Trusted"
    first, second = (actions(active(each, "image/png")) for each in (before, after))
    assert [each["action"] for each in second] == ["c2pa.opened", "c2pa.edited"]
    assert second[1:] == first[1:2]
    assert second[1]["digitalSourceType"] == (TRAINED if made else COMPOSITE)
    (parent,) = active(after, "image/png")["ingredients"]
    assert (parent["title"], parent["relationship"]) == ("original, no longer kept", "parentOf")
    (named,) = second[0]["parameters"]["ingredients"]
    assert parent["label"] in named["url"]
    origin = origin_of(after, "image/png", chain().root)
    assert origin
    assert (origin.provenance, origin.made_at) == (Provenance.CREDENTIAL_VALID, job.created_at)


def test_a_reference_that_has_gone_is_named_beside_those_that_are_kept(
    world: World, arrivals: Arrivals, copies: SignedCopies
) -> None:
    named = [uploaded(world), uploaded(world)]
    job = done(world, arrivals, world.generate(references=named)[0], png(640, 480))
    lost(world, named[0])
    signed = content(world.media, copies.make(job.id, CopyFormat(type_of(job))))
    assert verdict(signed, "image/png") == "Trusted"
    said = active(signed, "image/png")
    found = {each["title"]: each["relationship"] for each in said["ingredients"]}
    assert found == {"reference": "inputTo", "reference, no longer kept": "inputTo"}
    assert [each["action"] for each in actions(said)] == ["c2pa.created"]


def test_a_copy_is_made_once_and_goes_with_its_job(world: World, arrivals: Arrivals, copies: SignedCopies) -> None:
    job = done(world, arrivals, world.generate()[0], png(640, 480))
    keys = [copies.make(job.id, CopyFormat(type_of(job), labelled=labelled)) for labelled in (False, True, False)]
    assert keys[0] == keys[2] != keys[1]
    before = content(world.media, keys[0])
    assert content(world.media, copies.make(job.id, CopyFormat(type_of(job)))) == before
    assert job.id not in keys[0]
    world.job_actions.delete(USER, job.id, world.time)
    assert list(world.media.keys("signed/")) == []


def test_a_copy_that_comes_after_the_deletion_goes_again(
    world: World, arrivals: Arrivals, copies: SignedCopies, monkeypatch: pytest.MonkeyPatch
) -> None:
    job, put_new = done(world, arrivals, world.generate()[0], png(640, 480)), world.media.put_new

    def deleted_meanwhile(*given: Any) -> None:
        world.job_actions.delete(USER, job.id, world.time)
        put_new(*given)

    monkeypatch.setattr(world.media, "put_new", deleted_meanwhile)
    with pytest.raises(NoImageError):
        copies.make(job.id, CopyFormat(type_of(job)))
    assert list(world.media.keys("signed/")) == []


def test_of_a_job_without_an_image_there_is_no_copy(world: World, copies: SignedCopies) -> None:
    world.joined()
    for id_ in (world.generate()[0].id, "6a1d8d4e-5d5c-4f7e-9d0a-111111111111"):
        with pytest.raises(NoImageError):
            copies.make(id_, CopyFormat("image/png"))


def test_no_server_is_asked_whatever_a_file_names() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.setblocking(False)
        named = f"http://127.0.0.1:{server.getsockname()[1]}/manifest.c2pa"
        remote = io.BytesIO()
        said = manifest(Mark(DigitalSourceType.TRAINED), [], [])
        with c2pa.Builder(said, context=context()) as builder:
            builder.set_no_embed()
            builder.set_remote_url(named)
            held = chain()
            info = c2pa.C2paSignerInfo(b"es256", held.certificates.encode(), held.key.encode(), None)
            builder.sign(c2pa.Signer.from_info(info), "image/png", io.BytesIO(png(64, 48)), remote)
        assert named.encode() in remote.getvalue()
        with pytest.raises(c2pa.C2paError):
            verdict(remote.getvalue(), "image/png")
        with pytest.raises(BlockingIOError):
            server.accept()
