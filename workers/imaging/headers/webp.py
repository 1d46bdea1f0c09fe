"""WebP: a RIFF file."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from workers.imaging.flaw import animated, damaged, too_costly
from workers.imaging.headers import exif
from workers.imaging.headers.header import Header, check_pixels

_RIFF_START, _RIFF_HEAD = 12, 8
_MAX_CHUNKS: Final = 1_000
_LOSSY, _LOSSLESS, _EXTENDED, _FRAME = b"VP8 ", b"VP8L", b"VP8X", b"ANMF"


@dataclass(frozen=True)
class _Chunk:
    type: bytes
    start: int
    end: int


def is_webp(content: bytes) -> bool:
    return content[:4] == b"RIFF" and content[8:12] == b"WEBP"


def read(content: bytes) -> Header:
    """Read a WebP file as long as it says it is."""
    chunks = list(_chunks(content))
    pictures = [each for each in chunks if each.type in {_LOSSY, _LOSSLESS, _FRAME}]
    if not pictures:
        raise damaged()
    if len(pictures) > 1:
        raise animated()
    sizes = [_size(content, each) for each in chunks if each.type in _SIZES]
    width, height = max(width for width, _ in sizes), max(height for _, height in sizes)
    check_pixels(width, height)
    turn = exif.orientation(_data(content, chunks, b"EXIF"))
    return Header("image/webp", width, height, turn, _data(content, chunks, b"ICCP"))


def _chunks(content: bytes) -> Iterator[_Chunk]:
    at, whole = _RIFF_START, _RIFF_HEAD + _number(content, 4, 4)
    if whole > len(content):
        raise damaged()
    for _ in range(_MAX_CHUNKS):
        if at >= whole:
            return
        start = at + 8
        end = start + _number(content, at + 4, 4)
        if end > whole:
            raise damaged()
        yield _Chunk(content[at : at + 4], start, end)
        at = end + (end - start) % 2
    raise too_costly()


def _number(content: bytes, at: int, size: int) -> int:
    return int.from_bytes(content[at : at + size], "little")


def _size(content: bytes, chunk: _Chunk) -> tuple[int, int]:
    return _SIZES[chunk.type](content, chunk.start)


def _lossy(content: bytes, at: int) -> tuple[int, int]:
    return _number(content, at + 6, 2) & 0x3FFF, _number(content, at + 8, 2) & 0x3FFF


def _lossless(content: bytes, at: int) -> tuple[int, int]:
    bits = _number(content, at + 1, 4)
    return 1 + (bits & 0x3FFF), 1 + (bits >> 14 & 0x3FFF)


def _canvas(content: bytes, at: int) -> tuple[int, int]:
    return 1 + _number(content, at + 4, 3), 1 + _number(content, at + 7, 3)


def _in_frame(content: bytes, at: int) -> tuple[int, int]:
    return 1 + _number(content, at + 6, 3), 1 + _number(content, at + 9, 3)


_SIZES: Final = {_LOSSY: _lossy, _LOSSLESS: _lossless, _EXTENDED: _canvas, _FRAME: _in_frame}


def _data(content: bytes, chunks: Sequence[_Chunk], type_: bytes) -> bytes:
    """Return the first chunk's of a type, empty if there is none."""
    found = next((each for each in chunks if each.type == type_), None)
    return content[found.start : found.end] if found else b""
