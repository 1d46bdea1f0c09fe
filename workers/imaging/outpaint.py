"""A larger canvas around a picture."""

from dataclasses import dataclass

from PIL import Image

from workers.imaging.flaw import Flaw, UnfitError
from workers.imaging.headers.header import check_pixels


@dataclass(frozen=True)
class Margins:
    """How far the canvas grows on each side, in the picture's pixels."""

    left: int = 0
    top: int = 0
    right: int = 0
    bottom: int = 0

    def around(self, size: tuple[int, int]) -> tuple[int, int]:
        """Return the canvas's size."""
        return self.left + size[0] + self.right, self.top + size[1] + self.bottom


def canvas(picture: Image.Image, margins: Margins) -> tuple[Image.Image, Image.Image]:
    """Return the larger canvas and its mask, white where the canvas grew.

    The new room repeats the picture's edge: a model is to go on from there, and the soft edge blends with it.

    Raises
    ------
    UnfitError
        Nothing grows, or the canvas would be larger than a picture may be.
    """
    size = margins.around(picture.size)
    check_pixels(*size)
    if size == picture.size:
        raise UnfitError(Flaw.MASK_EMPTY, "The picture grows on no side; nothing may change.")
    wide = Image.new(picture.mode, size)
    for source, target in _strips(picture.size, margins):
        wide.paste(picture.resize((target[2] - target[0], target[3] - target[1]), _AS_IT_IS, source), target)
    wide.paste(picture, (margins.left, margins.top))
    kept = _box(picture.size, margins)
    del picture  # who has no more use for it has room for the mask
    mask = Image.new("L", size, 255)
    mask.paste(0, kept)
    return wide, mask


_Box = tuple[int, int, int, int]
_AS_IT_IS = Image.Resampling.NEAREST


def _box(size: tuple[int, int], margins: Margins) -> _Box:
    return margins.left, margins.top, margins.left + size[0], margins.top + size[1]


def _strips(size: tuple[int, int], margins: Margins) -> list[tuple[_Box, _Box]]:
    """Pair edges and corners of the picture, a pixel wide, with where on the canvas they are drawn out to."""
    (width, height), (left, top, right, bottom) = size, _box(size, margins)
    all_width, all_height = margins.around(size)
    columns = [((0, 1), (0, left)), ((0, width), (left, right)), ((width - 1, width), (right, all_width))]
    rows = [((0, 1), (0, top)), ((0, height), (top, bottom)), ((height - 1, height), (bottom, all_height))]
    pairs = [((x0[0], y0[0], x0[1], y0[1]), (x1[0], y1[0], x1[1], y1[1])) for x0, x1 in columns for y0, y1 in rows]
    middle = pairs[4]
    return [(source, to) for source, to in pairs if to[0] < to[2] and to[1] < to[3] and (source, to) != middle]
