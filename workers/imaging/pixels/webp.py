"""WebP: libwebp's reader of animations, as Pillow binds it.

Pillow's own way keeps that reader and its canvases beside two copies of the pixels: 16 bytes each; this one takes 12.
"""

from PIL import Image, _webp

from workers.imaging.flaw import damaged
from workers.imaging.headers.header import Header


def read(header: Header, content: bytes) -> Image.Image:
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
