"""Changing a part of a picture and nothing else.

Whatever a model answers, only what the mask lets through reaches the picture: every pixel where the feathered mask is 0
is the upright original's to the bit, alpha included. The result is a lossless PNG, so it stays so.
"""

import io
import zlib
from collections.abc import Iterator
from typing import Final

from PIL import Image, ImageChops

from workers.imaging.mask import anywhere, feathered, fully, open_mask, radius_for
from workers.imaging.outpaint import Margins, canvas
from workers.imaging.upright import open_upright, size_of

_Box = tuple[int, int, int, int]

_TILE: Final = 1024  # pixels
# A third of the default's time. On photographs runs alone also make shorter files than all of deflate at this level.
_PACKING: Final = {"compress_level": 1, "compress_type": zlib.Z_RLE}


def inpainted(original: bytes, result: bytes, mask: bytes) -> bytes:
    """Put a model's answer into the original, inside the feathered mask.

    A result of another size is scaled to the original's. What is transparent in it becomes so in an original with
    alpha, and lets one without show.

    Returns
    -------
    bytes
        A PNG of the original's size, with alpha if the original has it.

    Raises
    ------
    UnfitError
        A file cannot be used, or the mask is empty.
    """
    size = size_of(original)
    soft = feathered(open_mask(mask, size), radius_for(size))
    picture = open_upright(original)
    _change(picture, open_upright(result), soft)
    del soft
    return to_png(picture)


def outpainted(original: bytes, result: bytes, margins: Margins) -> bytes:
    """Put a model's answer around the original; the original's rectangle is what stays."""
    wide, mask = canvas(open_upright(original), margins)
    mask = feathered(mask, radius_for(wide.size))
    _change(wide, open_upright(result), mask)
    del mask
    return to_png(wide)


def to_png(image: Image.Image) -> bytes:
    """Encode without loss and without metadata."""
    out = io.BytesIO()
    image.save(out, "PNG", **_PACKING)
    return out.getvalue()


def _change(picture: Image.Image, result: Image.Image, soft: Image.Image) -> None:
    """Blend a result into a picture, tile by tile where anything changes: no second picture of its size is made."""
    scaled = result.size != picture.size
    if scaled and result.mode == "RGBA":
        result = result.convert("RGBa")  # as Pillow would for every tile
    for box in _tiles(soft):
        edge = soft.crop(box)
        if edge.getbbox():
            part = _scaled(result, picture.size, box) if scaled else result.crop(box)
            picture.paste(_blended(picture.crop(box), part, edge), box)


def _tiles(soft: Image.Image) -> Iterator[_Box]:
    left, top, right, bottom = soft.getbbox() or (0, 0, 0, 0)
    for y in range(top, bottom, _TILE):
        for x in range(left, right, _TILE):
            yield x, y, min(x + _TILE, right), min(y + _TILE, bottom)


def _scaled(result: Image.Image, size: tuple[int, int], box: _Box) -> Image.Image:
    """Return a part of the result scaled to a size, as if the whole had been."""
    across, down = result.width / size[0], result.height / size[1]
    source = (box[0] * across, box[1] * down, min(box[2] * across, result.width), min(box[3] * down, result.height))
    part = result.resize((box[2] - box[0], box[3] - box[1]), Image.Resampling.LANCZOS, source)
    return part.convert("RGBA") if part.mode == "RGBa" else part


def _blended(original: Image.Image, result: Image.Image, soft: Image.Image) -> Image.Image:
    if original.mode == "RGBA":
        return _with_alpha(original, result.convert("RGBA"), soft)
    if result.mode == "RGBA":
        soft = ImageChops.multiply(soft, result.getchannel("A"))
    return Image.composite(result.convert("RGB"), original, soft)


def _with_alpha(original: Image.Image, result: Image.Image, soft: Image.Image) -> Image.Image:
    """Blend colours weighted by their alpha, lest what is transparent tints the edge; that rounds, so only inside."""
    blended = Image.composite(result.convert("RGBa"), original.convert("RGBa"), soft).convert("RGBA")
    blended = Image.composite(result, blended, fully(soft))
    return Image.composite(blended, original, anywhere(soft))
