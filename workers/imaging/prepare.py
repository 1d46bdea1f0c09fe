"""Pictures and masks as a provider takes them: its sizes, its colours of a mask, its limit in base64."""

import base64
import io
import math
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from PIL import Image, ImageChops

from workers.imaging.composite import to_png
from workers.imaging.flaw import Flaw, UnfitError
from workers.imaging.mask import anywhere

JPEG_QUALITY: Final = 92
_QUALITIES: Final = (JPEG_QUALITY, 85, 75, 60)
_WHITE: Final = (255, 255, 255)
_ROUNDING: Final = 1e-6  # a side that comes out a hair below its whole number


class Edits(StrEnum):
    """The colour of a mask under which a provider changes the picture. Ours is white."""

    WHITE = "WHITE"
    BLACK = "BLACK"  # Titan and Nova Canvas when inpainting; when outpainting they change what is white


@dataclass(frozen=True)
class Limits:
    """What a provider takes; sides and pixels of the picture, bytes of its base64 text."""

    max_side: int
    max_pixels: int
    max_base64: int
    min_side: int = 1
    multiple: int = 1  # sides must be divisible by this


@dataclass(frozen=True)
class Encoded:
    """A picture ready to be sent, with its size in pixels."""

    content: bytes
    content_type: str
    width: int
    height: int

    @property
    def base64(self) -> str:
        return base64.b64encode(self.content).decode()


def fitted(size: tuple[int, int], limits: Limits) -> tuple[int, int]:
    """Return the size nearest to `size`, shape kept but for rounding, that the provider takes."""
    width, height = size
    least = limits.min_side / min(size)
    most = min(limits.max_side / max(size), math.sqrt(limits.max_pixels / (width * height)))
    scale = min(max(1.0, least), most)
    return _side(width * scale, limits), _side(height * scale, limits)


def for_provider(image: Image.Image, limits: Limits, *, alpha: bool = False) -> Encoded:
    """Scale and encode a picture: as PNG where that is short enough, else as a JPEG that is.

    Parameters
    ----------
    alpha
        The provider takes transparency; without it the picture is laid on white.

    Raises
    ------
    UnfitError
        No encoding is short enough.
    """
    size = fitted(image.size, limits)
    image = image if image.size == size else image.resize(size, Image.Resampling.LANCZOS)
    image = image if alpha else flat(image)
    content = to_png(image)
    if base64_size(content) <= limits.max_base64:
        return Encoded(content, "image/png", *size)
    return Encoded(_short_jpeg(flat(image), limits), "image/jpeg", *size)


def mask_for_provider(mask: Image.Image, limits: Limits, edits: Edits = Edits.WHITE) -> Encoded:
    """Encode a grey mask in pure black and white, scaled as its picture is by `for_provider`.

    Whatever may change at all the provider may change: how much of it shows is the composite's business.
    """
    size = fitted(mask.size, limits)
    pure = anywhere(mask).resize(size, Image.Resampling.NEAREST)
    pure = ImageChops.invert(pure) if edits == Edits.BLACK else pure
    content = to_png(pure)
    if base64_size(content) > limits.max_base64:
        raise _too_long()
    return Encoded(content, "image/png", *size)


def to_jpeg(image: Image.Image, quality: int = JPEG_QUALITY) -> bytes:
    """Encode without metadata; colour is kept in full up to the default quality, as a model sees edges by it."""
    out = io.BytesIO()
    flat(image).save(out, "JPEG", quality=quality, subsampling=0 if quality >= JPEG_QUALITY else 2)
    return out.getvalue()


def flat(image: Image.Image) -> Image.Image:
    """Lay a picture on white; one without alpha is returned as it is."""
    if image.mode != "RGBA":
        return image
    ground = Image.new("RGB", image.size, _WHITE)
    ground.paste(image, mask=image.getchannel("A"))
    return ground


def base64_size(content: bytes) -> int:
    """Return how many characters the content takes in base64, padding included."""
    return 4 * math.ceil(len(content) / 3)


def _short_jpeg(image: Image.Image, limits: Limits) -> bytes:
    for quality in _QUALITIES:
        content = to_jpeg(image, quality)
        if base64_size(content) <= limits.max_base64:
            return content
    raise _too_long()


def _side(length: float, limits: Limits) -> int:
    """Round down to a multiple, so that both sides together stay within the pixels, but not below the smallest."""
    step = limits.multiple
    return max(int(length + _ROUNDING) // step * step, math.ceil(limits.min_side / step) * step, step)


def _too_long() -> UnfitError:
    return UnfitError(Flaw.TOO_MANY_BYTES, "The picture is too large for this model.")
