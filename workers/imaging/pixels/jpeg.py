"""JPEG: of the file Pillow sees what decoding needs, and an end."""

import io
from typing import Final

from PIL import Image, ImageChops
from PIL.JpegImagePlugin import JpegImageFile

from workers.imaging.flaw import damaged
from workers.imaging.headers.jpeg import END, JpegHeader

MAX_MISSING: Final = 0.05  # of the rows, of a picture that is cut off: what is lost is grey, or coarse
_BLOCK_ROWS: Final = 8


def read(header: JpegHeader, content: bytes, least: tuple[int, int] | None) -> Image.Image:
    """Decode; where `least` is given and no pixel has to be missed, no larger than that needs."""
    image = _opened(header, content, header.scans)
    if image.size != (header.width, header.height):
        raise damaged()
    if least and (header.ended or header.scans == 1):
        image.draft(None, least)
    image.load()
    if not header.ended and _cut(header, content, image):
        raise damaged()
    return image


def _opened(header: JpegHeader, content: bytes, scans: int) -> JpegImageFile:
    """Open the file with so many of its scans."""
    needed = [content[start:end] for start, end in header.needed]
    while scans < sum(_is_scan(each) for each in needed):
        needed.pop()
    return JpegImageFile(io.BytesIO(b"".join([b"\xff\xd8", *needed, END])))


def _is_scan(segment: bytes) -> bool:
    return segment[1:2] == b"\xda"


def _cut(header: JpegHeader, content: bytes, image: Image.Image) -> bool:
    """Say whether the last scan has added nothing to the last rows: more than a few of its blocks are missing."""
    rows = min(image.height, max(round(image.height * MAX_MISSING), _BLOCK_ROWS * image.height // header.height, 1))
    end = (0, image.height - rows, *image.size)
    seen = image.crop(end)
    return ImageChops.difference(seen, _without_last(header, content, image, end)).getbbox() is None


def _without_last(
    header: JpegHeader, content: bytes, image: Image.Image, box: tuple[int, int, int, int]
) -> Image.Image:
    if header.scans > 1:
        return _opened(header, content, header.scans - 1).crop(box)
    grey = 127 if image.mode == "CMYK" else 128  # inverted
    return Image.new(image.mode, (box[2] - box[0], box[3] - box[1]), (grey,) * len(image.getbands()))
