"""A perceptual hash: 256 bits that stay nearly the same when a picture is scaled, packed again or loses its marks.

After PDQ (https://github.com/facebook/ThreatExchange/tree/main/pdq): of 32 by 32 luminances the 16 by 16 lowest
frequencies without the constant ones, each one bit: above their median or not. A picture that is turned, mirrored or
cut is another.
"""

import io
import math
from operator import mul
from statistics import median
from typing import Final

from PIL import Image

_SIDE, _LOWEST = 32, 16
_WAVES: Final = [
    [math.cos(math.pi / _SIDE * (at + 0.5) * frequency) for at in range(_SIDE)] for frequency in range(1, _LOWEST + 1)
]
# Of what is flat, or one slope, all frequencies are chance.
_LEAST_DETAIL: Final = 8.0


def fingerprint_of(thumbnail: bytes) -> str | None:
    """Return the hash of a smaller size that we have made ourselves."""
    with Image.open(io.BytesIO(thumbnail)) as image:
        return fingerprint(image)


def fingerprint(image: Image.Image) -> str | None:
    """Return a picture's hash as 64 hexadecimal digits, None where it shows too little; transparent is grey."""
    if image.mode == "RGBA":
        ground = Image.new("RGBA", image.size, (128, 128, 128, 255))
        ground.alpha_composite(image)
        image = ground
    # A box filter first, so that a pixel more or less does not matter.
    grey = list(image.convert("L").resize((_SIDE, _SIDE), Image.Resampling.BOX).tobytes())
    columns = [grey[at::_SIDE] for at in range(_SIDE)]
    down = [[sum(map(mul, column, wave)) for column in columns] for wave in _WAVES]
    found = [sum(map(mul, row, wave)) for row in down for wave in _WAVES]
    middle = median(found)
    if median(abs(each - middle) for each in found) < _LEAST_DETAIL:
        return None
    return f"{int(''.join('1' if each > middle else '0' for each in found), 2):064x}"
