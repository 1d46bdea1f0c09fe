"""Makes another picture of a whole one: larger, cut out, or a variation."""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageFilter

from local.models.render.picture import Picture, encode
from local.models.render.references import BadReferenceError, open_references

Floats = NDArray[np.floating[Any]]
What = Literal["enlarge", "cut", "vary"]

LONGEST = 4096
WORKING_SIDE = 256  # what is found of the subject needs no more
HUES = 256


@dataclass(frozen=True)
class ChangeOrder:
    """What to make of a picture; ``times`` is how much larger, up to 4096 pixels on its longer side."""

    what: What
    prompt: str
    seed: int
    image: bytes
    times: float = 1.0
    mime: str = "image/png"
    quality: int = 75


def change(order: ChangeOrder) -> Picture:
    """Draw a change; the same order gives the same bytes."""
    started = time.perf_counter()
    data, error = b"", None
    try:
        (image,) = open_references((order.image,))
        data = encode(CHANGES[order.what](image, order), order)
    except BadReferenceError as problem:
        error = str(problem)
    return Picture(data, order.mime, round((time.perf_counter() - started) * 1000, 1), error)


def enlarged(image: Image.Image, size: tuple[int, int]) -> Image.Image:
    """Enlarge a picture and sharpen its edges."""
    larger = image.resize(size, Image.Resampling.BICUBIC)
    return larger.filter(ImageFilter.UnsharpMask(radius=2, percent=60, threshold=2))


def varied(image: Image.Image, seed: int) -> Image.Image:
    """Mirror a picture, and give it other colours and a closer look, by the seed."""
    dice = np.random.default_rng(abs(seed))
    left, top, right, bottom = dice.uniform(0.02, 0.1, 4)
    width, height = image.size
    part = (left * width, top * height, (1 - right) * width, (1 - bottom) * height)
    closer = image.transpose(Image.Transpose.FLIP_LEFT_RIGHT).resize(image.size, Image.Resampling.BICUBIC, part)
    hue, saturation, value = closer.convert("HSV").split()
    turn = int(dice.integers(16, HUES - 16))
    turned = hue.point([(level + turn) % HUES for level in range(HUES)])
    return Image.merge("HSV", (turned, saturation, value)).convert("RGB")


def _enlarge(image: Image.Image, order: ChangeOrder) -> Image.Image:
    times = min(order.times, LONGEST / max(image.size))
    return enlarged(image, (round(image.width * times), round(image.height * times)))


def _cut(image: Image.Image, order: ChangeOrder) -> Image.Image:
    """Make transparent what is like the picture's edges, the further from the middle the sooner."""
    del order
    small = image.copy()
    small.thumbnail((WORKING_SIDE, WORKING_SIDE))
    pixels = np.asarray(small, np.float32)
    score = _unlike_edges(pixels) + 1.5 * _in_the_middle(pixels.shape[0], pixels.shape[1])
    mask = Image.fromarray(np.where(score > np.median(score), 255, 0).astype(np.uint8))
    cut = image.copy()
    cut.putalpha(mask.filter(ImageFilter.MedianFilter(3)).resize(image.size, Image.Resampling.BICUBIC))
    return cut


def _unlike_edges(pixels: Floats) -> Floats:
    """Tell how far each colour is from those of the nearest of the four edges, in their spread."""
    edges = [pixels[0], pixels[-1], pixels[:, 0], pixels[:, -1]]
    away = [np.linalg.norm(pixels - edge.mean(axis=0), axis=-1) / (edge.std() + 8) for edge in edges]
    return np.min(away, axis=0)


def _in_the_middle(height: int, width: int) -> Floats:
    y, x = np.linspace(-1, 1, height)[:, None], np.linspace(-1, 1, width)[None, :]
    return 1 - (x**2 + y**2)


def _vary(image: Image.Image, order: ChangeOrder) -> Image.Image:
    return varied(image, order.seed)


CHANGES: Mapping[What, Callable[[Image.Image, ChangeOrder], Image.Image]] = {
    "enlarge": _enlarge,
    "cut": _cut,
    "vary": _vary,
}
