"""How many bytes work on pictures takes at its peak, rounded up; `tests/unit/imaging/test_memory.py` measures it.

Pillow holds a pixel of colour in four bytes. A picture that is turned or brought to sRGB is there twice for a moment.
"""

import math
from typing import Final

Size = tuple[int, int]

_PIXEL: Final = 4
# While it is decoded: of a JPEG in several scans all coefficients are held besides.
_DECODED: Final = 6 + _PIXEL
_MASK: Final = 1
_TWICE: Final = 2 * _PIXEL
_PACKED: Final = 3  # what PNG makes of noise
_SMALL: Final = 8_000_000


def decoding(size: Size) -> int:
    """Return what decoding takes."""
    return _SMALL + _DECODED * math.prod(size)


def compositing(canvas: Size, made: Size) -> int:
    """Return what laying a model's answer into a picture takes, up to the file that comes of it."""
    pixels = math.prod(canvas)
    return _SMALL + max((_DECODED + _MASK) * pixels, (_TWICE + _MASK) * pixels + (_PIXEL + 1) * math.prod(made))


def preparing(largest: Size, most_pixels: int) -> int:
    """Return what preparing pictures for a model takes, which is shown no more than so many pixels of each."""
    pixels, shown = math.prod(largest), min(most_pixels, math.prod(largest))
    return _SMALL + max((_DECODED + _MASK) * pixels, (_PIXEL + _MASK) * pixels + (_TWICE + _PACKED) * shown)
