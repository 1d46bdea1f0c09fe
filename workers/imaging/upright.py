"""A picture as a person sees it: decoded, turned upright, RGB or RGBA in sRGB, nothing else attached."""

from collections.abc import Mapping
from typing import Final

from PIL import Image

from workers.imaging import colour, guard
from workers.imaging.flaw import judging
from workers.imaging.headers.header import Header

# By EXIF's orientation: what undoes it.
_UNDO: Final[Mapping[int, Image.Transpose]] = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
# As a person sees it, before it is laid on its side.
_MIRRORED_ACROSS: Final = frozenset({2, 3, 6, 7})
_MIRRORED_DOWN: Final = frozenset({3, 4, 7, 8})
_ON_ITS_SIDE: Final = frozenset({5, 6, 7, 8})

Part = tuple[float, float, float, float]  # left, top, right, bottom


def open_upright(content: bytes) -> Image.Image:
    """Open a picture that is ours, in full size. It is the original that a composite must not change.

    Raises
    ------
    UnfitError
        It cannot be used.
    """
    candidate = guard.look(content, max_bytes=guard.MAX_STORED_BYTES)
    with judging():
        return finished(guard.decode(candidate), candidate.header)


def finished(image: Image.Image, header: Header) -> Image.Image:
    """Bring decoded pixels, scaled or not, to sRGB, and turn them upright."""
    image = colour.srgb(image, header.profile)  # and lets go of the one before
    return turned(image, header.turn)


def size_of(content: bytes) -> tuple[int, int]:
    """Return width and height of a picture that is ours, as a person sees it, without opening it.

    Raises
    ------
    UnfitError
        It cannot be used.
    """
    return guard.look(content, max_bytes=guard.MAX_STORED_BYTES).size


def turned(image: Image.Image, turn: int) -> Image.Image:
    return image.transpose(_UNDO[turn]) if turn in _UNDO else image


def lying(part: Part, turn: int) -> Part:
    """Bring a part, in shares of width and height, from as a person sees the picture to as it is stored."""
    left, top, right, bottom = part
    if turn in _MIRRORED_ACROSS:
        left, right = 1 - right, 1 - left
    if turn in _MIRRORED_DOWN:
        top, bottom = 1 - bottom, 1 - top
    return (top, left, bottom, right) if turn in _ON_ITS_SIDE else (left, top, right, bottom)
