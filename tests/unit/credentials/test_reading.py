"""A manifest counts for as much as its signer is trusted, and for no more than it says."""

import pytest

from local.credentials import new_chain
from studio.media.model import Origin, Provenance
from tests.unit.credentials.signing import chain, signer
from tests.unit.imaging import making as m
from tests.unit.workers.fakes import png
from tests.unit.world import NOON
from workers.credentials.manifest import PARENT, Ingredient, made, manifest
from workers.credentials.reading import origin_of
from workers.imaging.mark import DigitalSourceType, Mark

MADE_AT = "2026-11-20T12:00:00Z"
MARK = Mark(DigitalSourceType.TRAINED, "Nano Banana Pro", MADE_AT)
CAMERA = Mark("http://cv.iptc.org/newscodes/digitalsourcetype/digitalCapture", "A camera", MADE_AT)
STRANGER = new_chain(NOON)


def signed(mark: Mark = MARK, by: object = None) -> bytes:
    who = signer(STRANGER) if by is STRANGER else signer()
    return who.sign(png(), "image/png", manifest(mark, [], []), [])


def test_what_somebody_trusted_signed_is_valid() -> None:
    assert origin_of(signed(), "image/png", chain().root) == Origin(
        Provenance.CREDENTIAL_VALID, MADE_AT, "Nano Banana Pro"
    )


def test_a_strangers_word_that_a_model_made_it_is_a_mark() -> None:
    found = origin_of(signed(by=STRANGER), "image/png", chain().root)
    assert found == Origin(Provenance.MARK_FOUND, MADE_AT, "Nano Banana Pro")


def test_a_cameras_credentials_are_valid_and_name_no_model() -> None:
    found = origin_of(signed(CAMERA), "image/png", chain().root)
    assert found
    assert (found.provenance, found.model) == (Provenance.CREDENTIAL_VALID, None)


def test_a_strangers_camera_says_nothing() -> None:
    assert origin_of(signed(CAMERA, STRANGER), "image/png", chain().root) is None


def test_a_changed_file_is_not_valid() -> None:
    content = bytearray(signed())
    content[-40] ^= 1
    found = origin_of(bytes(content), "image/png", chain().root)
    assert found
    assert found.provenance == Provenance.MARK_FOUND


def test_what_was_done_before_counts_too() -> None:
    parent = Ingredient(PARENT, "image/png", signed())
    crop = {"action": "c2pa.cropped"}
    content = signer().sign(png(40, 30), "image/png", manifest(CAMERA, [parent], [crop]), [parent])
    assert origin_of(content, "image/png", chain().root) == Origin(
        Provenance.CREDENTIAL_VALID, MADE_AT, "Nano Banana Pro"
    )
    assert made(MARK)["action"] == "c2pa.created"


@pytest.mark.parametrize(
    "content",
    [
        png(),
        m.with_chunks(m.chunk(b"caBX", b"jumb")),
        m.with_chunks(m.chunk(b"caBX", bytes(range(256)) * 40)),
        signed()[: len(signed()) // 2],
        b"",
    ],
)
def test_whatever_cannot_be_read_says_nothing(content: bytes) -> None:
    assert origin_of(content, "image/png", chain().root) is None
