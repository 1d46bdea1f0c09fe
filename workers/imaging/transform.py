"""What models make of a whole picture, laid onto the picture itself: its background taken away, or the same larger."""

import math

from PIL import Image, ImageChops

from workers.imaging.composite import to_png
from workers.imaging.upright import open_upright

Size = tuple[int, int]

_ROUNDING = 2.0  # pixels that a provider's sizes are off


def cut_out(original: bytes, result: bytes) -> bytes | None:
    """Return the original, transparent where the model's answer is; None where that shows nothing, or all.

    Its colours stay as they are to the bit, and what was transparent before stays so.
    """
    made = open_upright(result)  # without an alpha that hides nothing
    alpha = made.getchannel("A") if made.mode == "RGBA" else None
    if alpha is None or alpha.getbbox() is None:
        return None
    del made
    picture = open_upright(original)
    alpha = alpha if alpha.size == picture.size else alpha.resize(picture.size, Image.Resampling.LANCZOS)
    if picture.mode == "RGBA":
        alpha = ImageChops.multiply(alpha, picture.getchannel("A"))
    picture.putalpha(alpha)
    return to_png(picture)


def larger_size(size: Size, made: Size) -> Size | None:
    """Return the size of what was made in the shape of the original; None where that is not larger."""
    scale = min(made[0] / size[0], made[1] / size[1])
    if scale <= 1:
        return None
    return round(size[0] * scale), round(size[1] * scale)


def enlarged(original: bytes, result: bytes, size: Size) -> bytes:
    """Return a model's answer in the original's shape and with its alpha; it stays as it is where both are so."""
    alpha, made = _alpha(original), open_upright(result)
    if alpha is None and math.dist(made.size, size) < _ROUNDING:
        return result
    made = made if made.size == size else made.resize(size, Image.Resampling.LANCZOS)
    if alpha is not None:
        made.putalpha(alpha.resize(size, Image.Resampling.LANCZOS))
    return to_png(made)


def _alpha(original: bytes) -> Image.Image | None:
    picture = open_upright(original)
    return picture.getchannel("A") if picture.mode == "RGBA" else None
