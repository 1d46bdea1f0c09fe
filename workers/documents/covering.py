"""A part of a picture in the size of the place that it covers, decoded as little as that needs."""

import math

from PIL import Image

from studio.documents.geometry import crop
from workers.imaging import guard
from workers.imaging.flaw import judging
from workers.imaging.resize import scaled
from workers.imaging.upright import finished, lying


def covering(content: bytes, size: tuple[int, int], focal: tuple[float, float]) -> Image.Image:
    """Return a picture of a size, RGB or RGBA in sRGB, upright, cut around its focal point.

    Raises
    ------
    UnfitError
        The file cannot be used.
    """
    candidate = guard.look(content, guard.MAX_STORED_BYTES)
    header, (width, height) = candidate.header, candidate.size
    part = crop(width, height, *focal, size[0] / size[1])
    scale = size[0] / part.width
    image = guard.decode(candidate, (_side(width, scale), _side(height, scale)))
    with judging():
        share = (part.left / width, part.top / height, part.right / width, part.bottom / height)
        left, top, right, bottom = lying(share, header.turn)
        box = (left * image.width, top * image.height, right * image.width, bottom * image.height)
        image = scaled(image, box, header.turned(size), Image.Resampling.LANCZOS)
        return finished(image, header)


def _side(length: int, scale: float) -> int:
    return min(length, math.ceil(length * scale))
