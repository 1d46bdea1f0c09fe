"""How many bytes work on pictures takes at its peak; measured by `make bench`, here rounded up.

Pillow holds a pixel of colour in four bytes. A picture that is turned or brought to sRGB is there twice for a moment.
"""

import math
from typing import Final

from workers.imaging.guard import Candidate

Size = tuple[int, int]

_PIXEL: Final = 4
_MASK: Final = 1
_OPENED: Final = 2 * _PIXEL + _MASK
_PACKED: Final = 3  # what PNG makes of noise
# While it is decoded: of a JPEG in several scans all coefficients are held, by libwebp's reader three canvases.
_DECODED: Final = {"image/png": 2 * _PIXEL, "image/jpeg": 6 + _PIXEL, "image/webp": 4 * _PIXEL}
_SMALL: Final = 8_000_000


def looking(candidate: Candidate) -> int:
    """Return what decoding takes."""
    return _SMALL + _DECODED[candidate.header.content_type] * math.prod(candidate.size)


def changing(canvas: Size, made: Size, content_type: str) -> int:
    """Return what laying a model's answer into a picture takes, up to the file that comes of it."""
    opening, pixels = _DECODED[content_type] + _MASK, math.prod(canvas)
    return _SMALL + max(opening * pixels, _OPENED * pixels + (_PIXEL + 1) * math.prod(made))


def showing(largest: Size, most_pixels: int) -> int:
    """Return what preparing pictures for a model takes, which is shown no more than so many pixels of each."""
    pixels, shown = math.prod(largest), min(most_pixels, math.prod(largest))
    return _SMALL + max(_OPENED * pixels, (_PIXEL + 1) * pixels + (2 * _PIXEL + _PACKED) * shown)
