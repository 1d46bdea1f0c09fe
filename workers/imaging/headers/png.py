"""PNG: chunks."""

import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from workers.imaging.flaw import animated, damaged, too_costly
from workers.imaging.headers import exif
from workers.imaging.headers.header import Header, check_decoded, check_pixels

SIGNATURE: Final = b"\x89PNG\r\n\x1a\n"
MAX_PROFILE_BYTES: Final = 1_048_576  # Pillow refuses the picture for a larger one
_MAX_CHUNKS: Final = 20_000  # at the usual 8 KB a chunk that is 160 MB
_HEADER_BYTES: Final = 13
# Text may be packed a thousandfold, and an animation of one frame is a picture: Pillow is to see neither.
_NEEDLESS: Final = frozenset({b"tEXt", b"zTXt", b"iTXt", b"acTL", b"fcTL", b"fdAT"})
_IGNORED: Final = b"nULL"  # by its letters' case a chunk that any reader may pass over
_GREY, _BYTE = 0, 8


@dataclass(frozen=True)
class _Chunk:
    """`start` and `end` of its data; the type stands in the 4 bytes before."""

    type: bytes
    start: int
    end: int

    def data(self, content: bytes) -> bytes:
        return content[self.start : self.end]


def read(content: bytes) -> Header:
    """Read a PNG file up to its end chunk."""
    chunks = list(_chunks(content))
    if not chunks or chunks[0].type != b"IHDR" or not _first(chunks, b"IDAT"):
        raise damaged()
    width, height = _size(chunks[0].data(content))
    _check_frames(content, _first(chunks, b"acTL"))
    block = _first(chunks, b"eXIf")
    turn = exif.orientation(block.data(content)) if block else 1
    return Header("image/png", width, height, turn, list(_patches(content, chunks)))


def _chunks(content: bytes) -> Iterator[_Chunk]:
    at = len(SIGNATURE)
    for _ in range(_MAX_CHUNKS):
        start = at + 8
        end = start + int.from_bytes(content[at : at + 4])
        if end + 4 > len(content):
            raise damaged()
        type_ = content[at + 4 : start]
        if type_ == b"IEND":
            return
        yield _Chunk(type_, start, end)
        at = end + 4
    raise too_costly()


def _first(chunks: Sequence[_Chunk], type_: bytes) -> _Chunk | None:
    return next((each for each in chunks if each.type == type_), None)


def _size(header: bytes) -> tuple[int, int]:
    if len(header) != _HEADER_BYTES:
        raise damaged()
    width, height = int.from_bytes(header[:4]), int.from_bytes(header[4:8])
    check_pixels(width, height)
    depth, colour = header[8], header[9]
    check_decoded(width * height * (1 if colour == _GREY and depth <= _BYTE else 4))
    return width, height


def _check_frames(content: bytes, control: _Chunk | None) -> None:
    if control and int.from_bytes(control.data(content)[:4]) > 1:
        raise animated()


def _patches(content: bytes, chunks: Sequence[_Chunk]) -> Iterator[tuple[int, bytes]]:
    for each in chunks:
        if each.type in _NEEDLESS or (each.type == b"iCCP" and not _sound_profile(each.data(content))):
            checksum = zlib.crc32(each.data(content), zlib.crc32(_IGNORED))
            yield each.start - 4, _IGNORED
            yield each.end, checksum.to_bytes(4)


def _sound_profile(data: bytes) -> bool:
    """Say whether a profile unpacks, and to no more than Pillow would take."""
    _, end, packed = data.partition(b"\0")
    if not end or packed[:1] != b"\0":
        return False
    unpacker = zlib.decompressobj()
    try:
        unpacker.decompress(packed[1:], MAX_PROFILE_BYTES)
    except zlib.error:
        return False
    return not unpacker.unconsumed_tail
