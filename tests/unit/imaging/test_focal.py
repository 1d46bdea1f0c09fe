"""Guesses of focal points, on drawn portraits whose faces are known: other ones than it was tuned on."""

import io
import random
from collections.abc import Sequence
from functools import cache

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from local.models.render import PictureOrder, draw
from tests.unit.documents.portraits import SKINS, Colour, Portrait, before, portrait
from workers.imaging.focal import guess

SHAPES = [(320, 240), (240, 320), (300, 300), (400, 220), (220, 400)]
SCENES = ("a sunset at sea", "a forest in autumn", "a meadow of flowers", "city skyline at night", "a lake at dawn")
EACH = 60

points = st.tuples(st.integers(1, 300), st.integers(1, 300))


def hit(image: Portrait, at: tuple[float, float]) -> bool:
    x, y, face = at[0] * image.image.width, at[1] * image.image.height, image.face
    return face.left <= x <= face.right and face.top <= y <= face.bottom


def rate(images: Sequence[Portrait]) -> float:
    return sum(hit(each, guess(each.image)) for each in images) / len(images)


@cache
def at_a_wall() -> Sequence[Portrait]:
    return [_somebody(90_000 + i) for i in range(EACH)]


def _somebody(seed: int) -> Portrait:
    random_ = random.Random(seed)
    return portrait(seed, *random_.choice(SHAPES), *_where(random_))


def _where(random_: random.Random) -> tuple[float, tuple[float, float]]:
    return random_.uniform(0.2, 0.5), (random_.uniform(0.2, 0.8), random_.uniform(0.2, 0.6))


@cache
def outdoors() -> Sequence[Portrait]:
    scenes = [
        Image.open(io.BytesIO(draw(PictureOrder(prompt, 70 + i, 320, 240)).data)).convert("RGB")
        for i, prompt in enumerate(SCENES)
    ]
    randoms = [random.Random(80_000 + i) for i in range(EACH)]
    return [before(scenes[i % len(scenes)], each, *_where(each)) for i, each in enumerate(randoms)]


def test_it_hits_nearly_every_face_at_a_wall() -> None:
    assert rate(at_a_wall()) >= 0.95


def test_it_hits_most_faces_before_a_busy_scene() -> None:
    assert rate(outdoors()) >= 0.8


def test_the_middle_would_hit_few() -> None:
    images = [*at_a_wall(), *outdoors()]
    assert sum(hit(each, (0.5, 0.42)) for each in images) / len(images) < 0.4


@pytest.mark.parametrize("skin", SKINS)
def test_skin_of_every_tone_is_found(skin: Colour) -> None:
    assert rate([each for each in at_a_wall() if each.skin == skin]) >= 0.85


def test_it_is_the_same_every_time_and_at_any_size() -> None:
    large = at_a_wall()[0]
    larger = large.image.resize((large.image.width * 3, large.image.height * 3))
    assert guess(large.image) == guess(large.image.copy())
    assert guess(larger) == pytest.approx(guess(large.image), abs=0.03)


def test_of_a_picture_without_anything_it_is_near_the_middle() -> None:
    x, y = guess(Image.new("RGB", (400, 300), (90, 120, 60)))
    assert (x, y) == pytest.approx((0.5, 0.45), abs=0.06)


@settings(max_examples=40)
@given(points, st.sampled_from(["1", "L", "LA", "P", "RGB", "RGBA", "CMYK", "I;16"]), st.integers(0, 255))
def test_it_is_inside_any_picture(size: tuple[int, int], mode: str, level: int) -> None:
    image = Image.new("L", size, level).convert(mode) if mode != "I;16" else Image.new(mode, size, level)
    x, y = guess(image)
    assert 0 <= x <= 1
    assert 0 <= y <= 1


@pytest.mark.parametrize("size", [(1, 1), (10_000, 1), (1, 10_000), (2, 3)])
def test_it_takes_any_shape(size: tuple[int, int]) -> None:
    x, y = guess(Image.new("RGB", size, "white"))
    assert 0 <= x <= 1
    assert 0 <= y <= 1
