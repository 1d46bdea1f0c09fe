"""Images in models' answers."""

import base64
import binascii

from studio.images.model import AspectRatio
from workers import memory_needs
from workers.imaging.composite import to_png
from workers.imaging.flaw import UnfitError
from workers.imaging.upright import open_upright, size_of
from workers.memory import memory
from workers.outcome import UNUSABLE, FinalError


def from_base64(text: object) -> bytes:
    """Return an image that an answer holds as text.

    Raises
    ------
    FinalError
        It is no Base64 text.
    """
    try:
        return base64.b64decode(text if isinstance(text, str) else "%", validate=True)
    except binascii.Error as error:
        raise FinalError(UNUSABLE) from error


def cropped(content: bytes, ratio: AspectRatio | None) -> bytes:
    """Give an image exactly the shape that was asked for, where its model has only shapes near it.

    As much is cut off on two opposite sides; the file stays as it is where there is nothing to cut.

    Raises
    ------
    FinalError
        It is no image.
    """
    if ratio is None:
        return content
    try:
        with memory.reserve(memory_needs.compositing(size_of(content), (0, 0))):
            image = open_upright(content)
            width, height = _largest(image.size, ratio.shape)
            if image.size == (width, height):
                return content
            left, top = (image.width - width) // 2, (image.height - height) // 2
            return to_png(image.crop((left, top, left + width, top + height)))
    except UnfitError as error:
        raise FinalError(UNUSABLE) from error


def _largest(size: tuple[int, int], shape: tuple[int, int]) -> tuple[int, int]:
    """Return the largest rectangle of a shape, to the pixel, that fits in a size."""
    (width, height), (across, down) = size, shape
    return min(width, round(height * across / down)), min(height, round(width * down / across))
