"""Reference pictures: opened with care, their colours read, quoted as a print in the corner."""

import io
from collections.abc import Sequence

import numpy as np
from PIL import Image, ImageFilter, ImageOps

from local.models.render.colour import Colour

MAX_PIXELS = 50_000_000
SAMPLE = 64
FORMATS = ("JPEG", "PNG", "WEBP")


class BadReferenceError(Exception):
    """A reference cannot be read as a picture."""


def open_references(blobs: Sequence[bytes]) -> list[Image.Image]:
    """Decode the references. Raises BadReferenceError."""
    return [_open(blob) for blob in blobs]


def size_of(blob: bytes) -> tuple[int, int] | None:
    """Read a picture's size from its header; None where it is no picture."""
    try:
        with Image.open(io.BytesIO(blob), formats=FORMATS) as image:
            return image.size
    except (OSError, SyntaxError, ValueError):
        return None


def _open(blob: bytes) -> Image.Image:
    try:
        image = Image.open(io.BytesIO(blob), formats=FORMATS)
        if image.width * image.height > MAX_PIXELS:
            raise BadReferenceError("Unable to process input image: it has too many pixels.")
        image.load()
        return ImageOps.exif_transpose(image).convert("RGB")
    except (OSError, SyntaxError, ValueError) as error:
        raise BadReferenceError("Unable to process input image.") from error


def main_colours(images: Sequence[Image.Image], count: int = 4) -> tuple[Colour, ...]:
    """Give the references' main colours, the most frequent first."""
    row = Image.new("RGB", (SAMPLE * len(images), SAMPLE))
    for at, image in enumerate(images):
        row.paste(image.resize((SAMPLE, SAMPLE), Image.Resampling.BOX), (at * SAMPLE, 0))
    few = row.quantize(count, method=Image.Quantize.MEDIANCUT)
    shown = few.getpalette() or []
    tally = np.bincount(np.asarray(few).ravel(), minlength=count)[:count]
    order = [int(index) for index in np.argsort(-tally, kind="stable") if tally[index]]
    return tuple((shown[at * 3] / 255, shown[at * 3 + 1] / 255, shown[at * 3 + 2] / 255) for at in order)


def quote(picture: Image.Image, images: Sequence[Image.Image]) -> None:
    """Lay the references on the picture as small prints, fanned out in a corner."""
    for at, image in enumerate(images[:3]):
        _print(picture, image, at)


def _print(picture: Image.Image, image: Image.Image, at: int) -> None:
    unit = min(picture.size)
    side = round(unit * 0.2)
    rim = max(side // 14, 1)
    card = Image.new("RGBA", (side + 2 * rim, side + 4 * rim), (250, 247, 240, 255))
    card.paste(ImageOps.fit(image, (side, side)), (rim, rim))
    card = card.rotate(-6 + 7 * at, expand=True, resample=Image.Resampling.BICUBIC)
    corner = (picture.width - card.width - round(unit * (0.05 + 0.17 * at)), round(unit * 0.05))
    shadow = Image.new("L", (card.width + 6 * rim, card.height + 6 * rim))
    shadow.paste(card.getchannel("A").point(lambda value: value * 0.45), (3 * rim, 3 * rim))
    shadow = shadow.filter(ImageFilter.GaussianBlur(rim))
    picture.paste((16, 14, 24), (corner[0] - 2 * rim, corner[1] - rim), shadow)
    picture.paste(card, corner, card)
