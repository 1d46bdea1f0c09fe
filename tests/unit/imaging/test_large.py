"""Every kind of picture may have 50 megapixels; what it takes to decode a pixel is known."""

import io
import json
import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest
from PIL import Image

from tests.unit.imaging import making as m
from tests.unit.imaging.decode_memory import KINDS
from workers.imaging.flaw import Flaw, UnfitError
from workers.imaging.guard import look

ROOT = Path(__file__).parents[3]
# Bytes of memory a pixel, at most: what docs/decisions/0034 says, and a tenth for what does not grow with the picture.
MOST: Mapping[str, float] = {"JPEG": 4.4, "JPEG, progressive": 11, "PNG": 4.4, "PNG with alpha": 5.5, "WebP": 13.2}


def large(format_: str, width: int, height: int, **options: bool) -> bytes:
    """A sound file that says it has as many pixels as it likes: its structure is all that is looked at."""
    content = m.sound(format_, **options)
    if format_ == "PNG":
        return m.PNG_SIGNATURE + m.ihdr(width, height, colour=6) + content[33:]
    if format_ == "WEBP":
        return m.riff((b"VP8L", m.lossless_head(width, height) + bytes(20)))
    head, *scans = m.resized_frame(content, width, height).split(b"\xff\xda")
    data = bytes(width * height // 64)  # more than a bit a block
    grown = [each[: each[1]] + data + each[each[1] :] for each in scans]
    return b"\xff\xda".join([head, *grown])


@pytest.mark.parametrize("format_", ["PNG", "JPEG", "WEBP"])
@pytest.mark.parametrize("progressive", [False, True])
def test_fifty_megapixels_are_taken_and_no_more(format_: str, progressive: bool) -> None:
    options = {"progressive": True, "subsampling": False} if progressive and format_ == "JPEG" else {}
    assert look(large(format_, 8000, 6250, **options)).size == (8000, 6250)
    with pytest.raises(UnfitError) as refused:
        look(large(format_, 8000, 6251, **options))
    assert refused.value.flaw == Flaw.TOO_MANY_PIXELS
    assert refused.value.message == "The picture has more than 50 megapixels; save it smaller."


@pytest.fixture(scope="module")
def memory() -> Mapping[str, float]:
    command = [sys.executable, "-m", "tests.unit.imaging.decode_memory"]
    environment = {**os.environ, "MALLOC_MMAP_THRESHOLD_": "65536"}  # what is freed is given back, and shows no more
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=True)
    return json.loads(done.stdout)


@pytest.mark.parametrize("kind", KINDS)
def test_decoding_takes_no_more_memory_than_is_told(kind: str, memory: Mapping[str, float]) -> None:
    assert 1 < memory[kind] <= MOST[kind]


def test_what_is_measured_is_a_picture() -> None:
    assert [Image.open(io.BytesIO(make())).size for make in KINDS.values()] == [(2400, 1800)] * len(KINDS)
