"""PNG: the packed pixels are handed to Pillow's decoder as they are; its reader of chunks is not asked.

What a browser shows is the measure: of 16 bits the upper 8 count, a transparent colour is compared in all of its bits,
a colour that the palette lacks is its last, and the checksum of the packed data is not looked at.
"""

import io
from collections.abc import Iterator, Mapping, Sequence
from functools import reduce
from typing import Final, cast

from PIL import Image, ImageChops
from PIL.ImageFile import ImageFile

from workers.imaging.headers.png import GREY, GREY_ALPHA, MAX_COLOURS, PALETTE, RGB, RGBA, PngHeader

_BYTE: Final = 8
# Pillow's mode and how its decoder is to unpack.
_UNPACK: Final[Mapping[tuple[int, int], tuple[str, str]]] = {
    (GREY, 1): ("1", "1"),
    (GREY, 2): ("L", "L;2"),
    (GREY, 4): ("L", "L;4"),
    (GREY, 8): ("L", "L"),
    (GREY, 16): ("L", "L;16B"),
    (RGB, 8): ("RGB", "RGB"),
    (RGB, 16): ("RGB", "RGB;16B"),
    (PALETTE, 1): ("P", "P;1"),
    (PALETTE, 2): ("P", "P;2"),
    (PALETTE, 4): ("P", "P;4"),
    (PALETTE, 8): ("P", "P"),
    (GREY_ALPHA, 8): ("LA", "LA"),
    (GREY_ALPHA, 16): ("RGBA", "LA;16B"),
    (RGBA, 8): ("RGBA", "RGBA"),
    (RGBA, 16): ("RGBA", "RGBA;16B"),
}
_LOWER: Final[Mapping[int, str]] = {GREY: "L;16", RGB: "RGB;16L"}  # the lower 8 bits of 16
_CHECKSUM_BYTES: Final = 4


class _Packed(ImageFile):
    """An image that is decoded from pieces of a file."""

    def __init__(self, header: PngHeader, content: bytes, unpack: tuple[str, str]) -> None:
        self._header = header
        self._unpack = unpack
        self._pieces = _pieces(content, header.data)
        super().__init__(io.BytesIO())

    def _open(self) -> None:
        self._mode, raw = self._unpack
        self._size = self._header.width, self._header.height
        self.tile = [("zip", (0, 0, *self._size), 0, (raw, int(self._header.interlaced)))]  # pyright: ignore[reportAttributeAccessIssue]

    def load_read(self, read_bytes: int) -> bytes:
        del read_bytes
        return next(self._pieces, b"")


def read(header: PngHeader, content: bytes) -> Image.Image:
    image = _decoded(header, content, _UNPACK[header.colour, header.depth])
    if header.colour == PALETTE:
        return _painted(image, header)
    if header.colour == GREY_ALPHA:
        return image.convert("LA")
    image = image.convert("L") if image.mode == "1" else image
    return _keyed(image, header, content) if header.transparency else image


def _decoded(header: PngHeader, content: bytes, unpack: tuple[str, str]) -> Image.Image:
    image = _Packed(header, content, unpack)
    image.load()
    return image


_BLOCK: Final = 65_536


def _pieces(content: bytes, places: Sequence[tuple[int, int]]) -> Iterator[bytes]:
    """Yield the packed pixels; the last bytes apart, as the decoder stops before their checksum when it has all.

    What repeats the pixels before it is unpacked in part when its last byte has come, and whole at the next one: so a
    byte of the checksum comes alone, and one more where there is no checksum. Of one byte nothing is judged.
    """
    *others, (start, end) = places
    last = max(start, end - _CHECKSUM_BYTES)
    for first, behind in [*others, (start, last), (last, last + 1), (last + 1, end)]:
        for at in range(first, behind, _BLOCK):
            yield content[at : min(at + _BLOCK, behind)]
    yield b"\0"


def _painted(image: Image.Image, header: PngHeader) -> Image.Image:
    count = len(header.palette) // 3
    alphas = header.transparency[:count].ljust(count, b"\xff")
    colours = [header.palette[3 * i : 3 * i + 3] + alphas[i : i + 1] for i in range(count)]
    colours += colours[-1:] * (MAX_COLOURS - count)
    image.putpalette(b"".join(colours), "RGBA")
    return image.convert("RGBA" if header.transparency else "RGB")


def _keyed(image: Image.Image, header: PngHeader, content: bytes) -> Image.Image:
    """Make the one transparent colour so."""
    upper, lower = header.transparency[::2], header.transparency[1::2]
    if header.depth > _BYTE:
        mode, _ = _UNPACK[header.colour, header.depth]
        rest = _decoded(header, content, (mode, _LOWER[header.colour]))
        differ = [*_differing(image, upper), *_differing(rest, lower)]
    elif header.depth < _BYTE:
        most = (1 << header.depth) - 1
        if lower[0] > most:
            return image
        differ = _differing(image, bytes([lower[0] * 255 // most]))
    else:
        differ = _differing(image, lower)
    image.putalpha(reduce(ImageChops.lighter, differ))
    return image


def _differing(image: Image.Image, key: bytes) -> Sequence[Image.Image]:
    """Return for each channel black where it is as in the key, else white."""
    bands = cast("Sequence[Image.Image]", image.split())
    return [band.point([255] * value + [0] + [255] * (255 - value)) for band, value in zip(bands, key, strict=True)]
