"""PNG: chunks."""

import zlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import dropwhile, takewhile
from typing import Final

from workers.imaging.flaw import animated, damaged, too_costly
from workers.imaging.headers import exif
from workers.imaging.headers.header import Header, check_pixels
from workers.imaging.headers.png_colour import colours

SIGNATURE: Final = b"\x89PNG\r\n\x1a\n"
GREY, RGB, PALETTE, GREY_ALPHA, RGBA = 0, 2, 3, 4, 6
_DEPTHS: Final[Mapping[int, frozenset[int]]] = {
    GREY: frozenset({1, 2, 4, 8, 16}),
    RGB: frozenset({8, 16}),
    PALETTE: frozenset({1, 2, 4, 8}),
    GREY_ALPHA: frozenset({8, 16}),
    RGBA: frozenset({8, 16}),
}
_MAX_CHUNKS: Final = 20_000  # at the usual 8 KB a chunk that is 160 MB
_HEADER_BYTES: Final = 13
MAX_COLOURS: Final = 256


@dataclass(frozen=True)
class PngHeader(Header):
    """What the pixels of a PNG are, and where.

    Parameters
    ----------
    palette
        Red, green and blue of each colour.
    transparency
        Data of tRNS: the alpha of each colour of the palette, or the one colour that is transparent.
    data
        Where the packed pixels stand, in pieces.
    """

    colour: int = RGB
    depth: int = 8
    interlaced: bool = False
    palette: bytes = b""
    transparency: bytes = b""
    data: Sequence[tuple[int, int]] = ()


@dataclass(frozen=True)
class _Chunk:
    """`start` and `end` of its data; the type stands in the 4 bytes before, the checksum in the 4 behind."""

    type: bytes
    start: int
    end: int


def read(content: bytes) -> PngHeader:
    """Read a PNG file up to its end chunk, or up to its end.

    What browsers overlook is overlooked: a wrong checksum of pixels, an ancillary chunk with a wrong one, no end chunk.
    """
    chunks = list(_chunks(content))
    before = list(takewhile(_is_not_data, chunks))
    data = list(takewhile(_is_data, chunks[len(before) :]))
    if not before or before[0].type != b"IHDR" or not _intact(content, before[0]) or not data:
        raise damaged()
    said = _said(content, before)
    _check_frames(said)
    width, height, depth, colour, interlaced = _shape(said[b"IHDR"])
    block = next((each for each in chunks if each.type == b"eXIf" and _intact(content, each)), None)
    return PngHeader(
        "image/png",
        width,
        height,
        exif.orientation(content[block.start : block.end]) if block else 1,
        colours(said),
        colour,
        depth,
        interlaced,
        _palette(said) if colour == PALETTE else b"",
        _transparency(said, before, colour),
        [(each.start, each.end) for each in data],
    )


def _is_data(chunk: _Chunk) -> bool:
    return chunk.type == b"IDAT"


def _is_not_data(chunk: _Chunk) -> bool:
    return chunk.type != b"IDAT"


def _chunks(content: bytes) -> Iterator[_Chunk]:
    """Yield the chunks up to IEND or to where the file ends; pixels that are cut off there are yielded as they are."""
    at = len(SIGNATURE)
    for _ in range(_MAX_CHUNKS):
        start = at + 8
        end = start + int.from_bytes(content[at : at + 4])
        type_ = content[at + 4 : start]
        if type_ == b"IEND" or not (len(type_) == 4 and type_.isalpha()):  # noqa: PLR2004
            return
        if end + 4 > len(content):
            if type_ == b"IDAT":
                yield _Chunk(type_, start, min(end, len(content)))
            return
        yield _Chunk(type_, start, end)
        at = end + 4
    raise too_costly()


# Of what else stands before the pixels nothing is looked at: text may be packed a thousandfold.
_HEARD: Final = frozenset({b"IHDR", b"PLTE", b"tRNS", b"acTL", b"cICP", b"iCCP", b"sRGB", b"gAMA", b"cHRM"})


def _said(content: bytes, chunks: Sequence[_Chunk]) -> Mapping[bytes, bytes]:
    """Return the data of each chunk that we know, the first of its type that is intact."""
    said: dict[bytes, bytes] = {}
    for each in chunks:
        if each.type in _HEARD and each.type not in said and _intact(content, each):
            said[each.type] = content[each.start : each.end]
    return said


def _intact(content: bytes, chunk: _Chunk) -> bool:
    return zlib.crc32(content[chunk.start - 4 : chunk.end]).to_bytes(4) == content[chunk.end : chunk.end + 4]


def _shape(header: bytes) -> tuple[int, int, int, int, bool]:
    if len(header) != _HEADER_BYTES:
        raise damaged()
    width, height = int.from_bytes(header[:4]), int.from_bytes(header[4:8])
    depth, colour, *methods, interlaced = header[8:]
    if depth not in _DEPTHS.get(colour, ()) or any(methods) or interlaced > 1:
        raise damaged()
    check_pixels(width, height)
    return width, height, depth, colour, bool(interlaced)


def _check_frames(said: Mapping[bytes, bytes]) -> None:
    if int.from_bytes(said.get(b"acTL", b"")[:4]) > 1:
        raise animated()


def _palette(said: Mapping[bytes, bytes]) -> bytes:
    palette = said.get(b"PLTE", b"")
    if not 3 <= len(palette) <= 3 * MAX_COLOURS:  # noqa: PLR2004 - a colour
        raise damaged()
    return palette[: len(palette) // 3 * 3]


def _transparency(said: Mapping[bytes, bytes], chunks: Sequence[_Chunk], colour: int) -> bytes:
    """Return tRNS where it can be used; of a palette it counts behind it."""
    found = said.get(b"tRNS", b"")
    if colour == PALETTE:
        behind = any(each.type == b"tRNS" for each in dropwhile(lambda each: each.type != b"PLTE", chunks))
        return found if behind and len(found) <= MAX_COLOURS else b""
    wanted = {GREY: 2, RGB: 6}.get(colour, 0)
    return found[:wanted] if len(found) >= wanted else b""
