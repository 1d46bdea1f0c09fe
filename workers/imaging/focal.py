"""A guess of a picture's focal point: what has to stay in it however it is cut. A person may move it.

No model: it looks, on a small copy, for what differs from the picture's rim and has detail, in the colours of skin
before all others, and nearer the middle than the edge. It knows no face as such, and can be wrong.
"""

import io
from collections.abc import Iterator, Sequence
from decimal import Decimal
from functools import reduce
from typing import Final, cast

from PIL import Image, ImageChops, ImageFilter

Point = tuple[float, float]

_SIDE: Final = 64  # pixels, of the small copy
_RIM_STEP: Final = 5  # pixels along the rim; its lower side is left out: there are shoulders
_DETAIL, _SPREAD = ImageFilter.GaussianBlur(1.5), ImageFilter.GaussianBlur(4)
_EYES: Final = 8  # pixels, from the best one: what belongs to it
# What counts in full of 255, and what the least of it counts.
_FULL_DIFFERENCE, _LEAST_DIFFERENCE = 45, 0.4
_FULL_DETAIL, _LEAST_DETAIL = 24, 0.1
_LEAST_SKIN: Final = 0.15
# Skin of every tone, in YCbCr: its chroma, and what is neither black nor white; it fades outside.
_CB, _CR, _LIGHT, _FADE = (78, 124), (136, 172), (34, 236), 8
_MIDDLE: Final = (0.5, 0.42)
_PULL: Final = 1.6  # how much what is far from there counts less


def focal_point(content: bytes) -> tuple[Decimal, Decimal]:
    """Guess the focal point of one of our own smaller sizes."""
    with Image.open(io.BytesIO(content)) as picture:
        across, down = guess(picture)
    return Decimal(str(round(across, 4))), Decimal(str(round(down, 4)))


def guess(picture: Image.Image) -> Point:
    """Return the point, across and down, from 0 to 1."""
    small = picture.convert("RGB").resize(_small(picture.size), Image.Resampling.BOX)
    seen = reduce(ImageChops.multiply, (_difference(small), _detail(small), _skin(small)))
    return _best(seen.filter(_SPREAD))


def _small(size: tuple[int, int]) -> tuple[int, int]:
    scale = _SIDE / max(size)
    return max(1, round(size[0] * scale)), max(1, round(size[1] * scale))


def _difference(small: Image.Image) -> Image.Image:
    """Return how much each pixel differs from the pixel of the rim that is most like it."""
    differences = (ImageChops.difference(small, Image.new("RGB", small.size, colour)) for colour in _rim(small))
    return _scaled(reduce(ImageChops.darker, map(_most, differences)), _FULL_DIFFERENCE, _LEAST_DIFFERENCE)


def _rim(small: Image.Image) -> Iterator[tuple[int, int, int]]:
    right, bottom = small.width - 1, small.height - 1
    across = [(x, 0) for x in range(0, right + 1, _RIM_STEP)]
    down = [(x, y) for x in (0, right) for y in range(0, bottom + 1, _RIM_STEP)]
    return (cast("tuple[int, int, int]", small.getpixel(at)) for at in [*across, *down])


def _detail(small: Image.Image) -> Image.Image:
    grey = small.convert("L")
    edges = ImageChops.subtract(grey.filter(ImageFilter.MaxFilter(3)), grey.filter(ImageFilter.MinFilter(3)))
    return _scaled(edges.filter(_DETAIL), _FULL_DETAIL, _LEAST_DETAIL)


def _skin(small: Image.Image) -> Image.Image:
    bands = zip(small.convert("YCbCr").split(), (_LIGHT, _CB, _CR), strict=True)
    alike = [band.point([_within(value, *limits) for value in range(256)]) for band, limits in bands]
    return _scaled(reduce(ImageChops.multiply, alike), 255, _LEAST_SKIN)


def _within(value: int, least: int, most: int) -> int:
    beyond = max(least - value, value - most, 0)
    return max(0, round(255 * (1 - beyond / _FADE)))


def _most(image: Image.Image) -> Image.Image:
    return reduce(ImageChops.lighter, cast("Sequence[Image.Image]", image.split()))


def _scaled(grey: Image.Image, full: int, least: float) -> Image.Image:
    return grey.point([round(255 * (least + (1 - least) * min(1, value / full))) for value in range(256)])


def _best(seen: Image.Image) -> Point:
    """Return the middle of what counts most, around the pixel that does."""
    width, height = seen.size
    counted = {
        (i % width, i // width): value * _nearness((i % width + 0.5) / width, (i // width + 0.5) / height)
        for i, value in enumerate(seen.tobytes())
    }
    best = max(counted, key=lambda at: counted[at])
    around = {at: each for at, each in counted.items() if _squared(at, best) < _EYES**2 and each > 0}
    total = sum(around.values())
    if not total:
        return 0.5, 0.5
    x, y = (sum((at[i] + 0.5) * each for at, each in around.items()) / total for i in (0, 1))
    return x / width, y / height


def _nearness(x: float, y: float) -> float:
    return max(0.0, 1 - _PULL * ((x - _MIDDLE[0]) ** 2 + (y - _MIDDLE[1]) ** 2))


def _squared(one: tuple[int, int], other: tuple[int, int]) -> int:
    return (one[0] - other[0]) ** 2 + (one[1] - other[1]) ** 2
