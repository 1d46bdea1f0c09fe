"""Giving an image exactly the shape that was asked for, where its model has only shapes near it."""

import io
from collections.abc import Mapping

from PIL import Image

from studio.jobs.model import AspectRatio
from workers.outcome import UNUSABLE, FinalError

SHAPES: Mapping[AspectRatio, tuple[int, int]] = {
    AspectRatio.SQUARE: (1, 1),
    AspectRatio.PORTRAIT_3_4: (3, 4),
    AspectRatio.LANDSCAPE_4_3: (4, 3),
    AspectRatio.PORTRAIT_9_16: (9, 16),
    AspectRatio.LANDSCAPE_16_9: (16, 9),
}


def cropped(content: bytes, ratio: AspectRatio) -> bytes:
    """Cut off at two opposite sides what is too much; the file stays as it is where there is nothing to cut.

    Raises
    ------
    FinalError
        It is no image.
    """
    try:
        with Image.open(io.BytesIO(content), formats=("PNG", "JPEG", "WEBP")) as image:
            width, height = _largest(image.size, SHAPES[ratio])
            left, top = (image.width - width) // 2, (image.height - height) // 2
            return content if image.size == (width, height) else _png(image, (left, top, left + width, top + height))
    except (OSError, SyntaxError, ValueError, Image.DecompressionBombError) as error:
        raise FinalError(UNUSABLE) from error


def _largest(size: tuple[int, int], shape: tuple[int, int]) -> tuple[int, int]:
    """Return the largest rectangle of a shape, to the pixel, that fits in a size."""
    (width, height), (across, down) = size, shape
    return min(width, round(height * across / down)), min(height, round(width * down / across))


def _png(image: Image.Image, box: tuple[int, int, int, int]) -> bytes:
    out = io.BytesIO()
    image.crop(box).save(out, "PNG")
    return out.getvalue()
