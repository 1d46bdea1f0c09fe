"""Changing a picture takes the memory of about two, however it is changed; making it smaller takes less."""

import json
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageDraw

from tests.unit.imaging.peaks import BYTES_A_PIXEL, SIZE
from workers import memory_needs
from workers.imaging.mask import feathered, radius_for

ROOT = Path(__file__).parents[3]
# As multiples of the picture; what is turned or brought to sRGB is there twice for a moment.
PICTURES = {
    "inside a large mask": 2.1,
    "inside thin strokes": 2.1,
    "with alpha": 2.2,
    "around": 2.6,
    "cut out": 2.6,
    "larger": 3.4,  # the model's answer and what becomes of it are both of full size
    "larger, with alpha": 2.6,
    "turned, of another profile": 2.6,
    "three threads in turn": 2.2,  # none keeps what it has freed
    "sizes of a WebP": 1.3,  # it is scaled while it is decoded
    "sizes of a PNG with alpha": 1.8,
    "in several scans": 3.0,  # all coefficients are held while it is decoded
}


@pytest.fixture(scope="module")
def peaks() -> Mapping[str, float]:
    command = [sys.executable, "-m", "tests.unit.imaging.peaks"]
    ran = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True)
    lines = [json.loads(line) for line in ran.stdout.splitlines()]
    return {line["name"]: line["pictures"] for line in lines}


@pytest.mark.parametrize("name", PICTURES)
def test_no_work_takes_the_memory_of_many_pictures(peaks: Mapping[str, float], name: str) -> None:
    assert peaks[name] < PICTURES[name]


def test_no_change_takes_more_than_is_reserved_for_it(peaks: Mapping[str, float]) -> None:
    pixels = SIZE[0] * SIZE[1]
    for name, most in peaks.items():
        made = SIZE if name.startswith("larger") else (1024, 768)
        assert most * pixels * BYTES_A_PIXEL < memory_needs.compositing(SIZE, made), name


def large(*boxes: tuple[int, int, int, int]) -> Image.Image:
    mask = Image.new("L", (7000, 600))
    for box in boxes:
        ImageDraw.Draw(mask).rectangle(box, 255)
    return mask


def test_no_edge_is_drawn_on_more_pixels_than_show(monkeypatch: pytest.MonkeyPatch) -> None:
    drawn: list[int] = []
    blurred = Image.Image.filter

    def noting(image: Image.Image, filter_: object) -> Image.Image:
        drawn.append(max(image.size))
        return blurred(image, filter_)  # pyright: ignore[reportArgumentType] - whatever it was given

    monkeypatch.setattr(Image.Image, "filter", noting)
    feathered(large((10, 10, 6990, 590)), radius_for((7000, 600)))
    assert 1000 < max(drawn) <= 3000


def test_an_edge_drawn_smaller_rises_as_any_other() -> None:
    mask = large((1000, 0, 6000, 599))
    soft = np.asarray(feathered(mask, radius_for(mask.size)))[300].astype(int)
    assert soft[:1000].max() == soft[6001:].max() == 0
    rise = soft[1000:1072]
    assert (np.diff(rise) >= 0).all()
    assert rise[0] < 30
    assert 90 < rise[35] < 170
    assert (soft[1080:5920] == 255).all()


@pytest.mark.parametrize("width", [1, 2, 3, 5, 9])
def test_a_thin_stroke_shows_on_a_large_picture_too(width: int) -> None:
    mask = large((0, 0, 2000, 599), (3001, 100, 3000 + width, 500))
    soft = np.asarray(feathered(mask, radius_for(mask.size)))
    assert soft[300, 3001 : 3001 + width].max() > 200
    assert (soft <= np.asarray(mask)).all()
