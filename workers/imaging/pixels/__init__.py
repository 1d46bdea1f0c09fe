"""The pixels of a file whose header has been read: decoded to the last, in L, LA, RGB, RGBA or CMYK."""

from PIL import Image

from workers.imaging.headers.header import Header
from workers.imaging.headers.jpeg import JpegHeader
from workers.imaging.headers.png import PngHeader
from workers.imaging.pixels import jpeg, png, webp


def read(header: Header, content: bytes, least: tuple[int, int] | None) -> Image.Image:
    """Decode; where `least` is given, as stored, a JPEG or WebP may come smaller than it is, but not below."""
    match header:
        case PngHeader():
            return png.read(header, content)
        case JpegHeader():
            return jpeg.read(header, content, least)
        case _:
            return webp.read(header, content, least)
