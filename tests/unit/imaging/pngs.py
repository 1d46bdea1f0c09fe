"""PNG files of every kind, written from samples: any colour type and depth, interlaced or not, with any chunks."""

import zlib
from collections.abc import Iterator, Sequence
from struct import pack

from tests.unit.imaging import making as m

GREY, RGB, PALETTE, GREY_ALPHA, RGBA = 0, 2, 3, 4, 6
CHANNELS = {GREY: 1, RGB: 3, PALETTE: 1, GREY_ALPHA: 2, RGBA: 4}
KINDS = [
    *[(GREY, depth) for depth in (1, 2, 4, 8, 16)],
    *[(PALETTE, depth) for depth in (1, 2, 4, 8)],
    *[(colour, depth) for colour in (RGB, GREY_ALPHA, RGBA) for depth in (8, 16)],
]
# Adam7: where each pass begins, and how far its pixels are apart.
_PASSES = [(0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2)]

Pixel = Sequence[int]
Rows = Sequence[Sequence[Pixel]]


def written(rows: Rows, colour: int, depth: int, *chunks: bytes, interlaced: bool = False, tail: bytes = b"") -> bytes:
    """A PNG of these pixels, `chunks` before and `tail` behind its data."""
    header = pack(">IIBBBBB", len(rows[0]), len(rows), depth, colour, 0, 0, int(interlaced))
    data = b"".join(_packed(each, depth) for each in (_passes(rows) if interlaced else [rows]))
    return m.png(m.chunk(b"IHDR", header), *chunks, m.chunk(b"IDAT", zlib.compress(data)), tail)


def _passes(rows: Rows) -> Iterator[Rows]:
    for left, top, across, down in _PASSES:
        picked = [row[left::across] for row in rows[top::down]]
        if picked and picked[0]:
            yield picked


def _packed(rows: Rows, depth: int) -> bytes:
    return b"".join(b"\0" + _line([sample for pixel in row for sample in pixel], depth) for row in rows)


def _line(samples: Sequence[int], depth: int) -> bytes:
    bits = "".join(f"{sample:0{depth}b}" for sample in samples)
    bits += "0" * (-len(bits) % 8)
    return int(bits, 2).to_bytes(len(bits) // 8)
