"""JPEG: of the file Pillow sees what decoding needs, and an end."""

import io
from collections.abc import Sequence
from typing import Final

from PIL import Image, ImageChops
from PIL.JpegImagePlugin import JpegImageFile

from workers.imaging.flaw import damaged
from workers.imaging.headers.jpeg import END, JpegHeader

# Of the rows of a picture that is cut off: what is lost is grey where there is one scan, and else only coarse.
MAX_MISSING: Final = 0.05
MAX_COARSE: Final = 0.2
_BLOCK_ROWS: Final = 8
_SCAN: Final = b"\xff\xda"


def read(header: JpegHeader, content: bytes, least: tuple[int, int] | None) -> Image.Image:
    """Decode; where `least` is given, no larger than that needs."""
    needed = [content[start:end] for start, end in header.needed]
    if header.ended:
        return _decoded(header, needed, least)
    least = least if header.scans == 1 else None  # what a last scan refines does not show in a smaller size
    before = _last_rows(_decoded(header, _without_last(needed), least), header)
    image = _decoded(header, needed, least)
    if _cut(_last_rows(image, header), before, header):
        raise damaged()
    return image


def _decoded(header: JpegHeader, needed: Sequence[bytes], least: tuple[int, int] | None) -> Image.Image:
    image = JpegImageFile(io.BytesIO(b"".join([b"\xff\xd8", *needed, END])))
    if image.size != (header.width, header.height):
        raise damaged()
    if least:
        image.draft(None, least)
    image.load()
    return image


def _without_last(needed: Sequence[bytes]) -> Sequence[bytes]:
    """Return the segments up to the last scan's header; its pixels are left away."""
    last = max(i for i, each in enumerate(needed) if each.startswith(_SCAN))
    return [*needed[:last], needed[last][: 2 + int.from_bytes(needed[last][2:4])]]


def _last_rows(image: Image.Image, header: JpegHeader) -> Image.Image:
    """Return the rows that may be missing, at least a row of blocks."""
    share = MAX_MISSING if header.scans == 1 else MAX_COARSE
    rows = max(round(image.height * share), _BLOCK_ROWS * image.height // header.height, 1)
    return image.crop((0, max(0, image.height - rows), *image.size))


def _cut(rows: Image.Image, before: Image.Image, header: JpegHeader) -> bool:
    """Say whether the last scan has added nothing to the last rows: then more than a few of its blocks are missing.

    To rows of a single colour it has nothing to add, unless it is the only one.
    """
    if ImageChops.difference(rows, before).getbbox():
        return False
    return header.scans == 1 or len(rows.getcolors() or ()) != 1
