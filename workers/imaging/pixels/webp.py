"""WebP: libwebp's decoder, which scales; where a picture is an animation's only frame, its reader of animations.

Pillow's own way keeps that reader and its canvases beside two copies of the pixels: 16 bytes each; ours takes 12.
"""

import math
from typing import Final

from PIL import Image, _webp

from workers.imaging.flaw import damaged
from workers.imaging.headers.header import Header
from workers.imaging.pixels import libwebp

# The decoder averages, a filter is better: it gets a quarter more than is needed, where that is less than all.
_MORE: Final = 1.25


def read(header: Header, content: bytes, least: tuple[int, int] | None) -> Image.Image:
    """Decode; where `least` is given, little more than that."""
    whole = header.width, header.height
    size = (math.ceil(least[0] * _MORE), math.ceil(least[1] * _MORE)) if least else whole
    image = libwebp.decode(content, size if size[0] < whole[0] and size[1] < whole[1] else whole)
    return _framed(header, content) if image is None else image


def _framed(header: Header, content: bytes) -> Image.Image:
    mode, pixels = _decoded(header, content)
    if mode == "RGBX":
        return Image.frombytes("RGB", (header.width, header.height), pixels, "raw", "RGBX")
    return Image.frombytes("RGBA", (header.width, header.height), pixels)


def _decoded(header: Header, content: bytes) -> tuple[str, bytes]:
    decoder = _webp.WebPAnimDecoder(content)
    size, _, _, _, mode = decoder.get_info()
    found = decoder.get_next() if size == (header.width, header.height) else None
    if found is None:
        raise damaged()
    return mode, found[0]
