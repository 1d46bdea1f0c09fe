"""Taking out of a picture what it says of whoever took it; the pixels stay as they were stored, bit by bit.

Where and when it was taken, by whom, with which camera, what it looked like before it was cut: EXIF, XMP, IPTC, makers'
notes, comments, previews, a phone's second picture or film behind the first. What is kept is listed, not what goes: how
pixels are to be understood, and which way up they are.
"""

import re
import struct
import zlib
from collections.abc import Callable, Iterator, Mapping
from typing import Final

from workers.imaging.headers import exif
from workers.imaging.headers.header import Header
from workers.imaging.headers.png_colour import unpacked_profile

_ORIENTATION: Final = 0x0112
_UPRIGHT: Final = 1

_START, _SCAN, _END = b"\xff\xd8", 0xDA, 0xD9
_BARE: Final = frozenset({0x01, *range(0xD0, 0xD9)})  # markers without a length
# What a decoder needs; of the applications' own: JFIF, colour profiles and Adobe's word on what the colours are.
_JFIF: Final = 0xE0
_TABLES: Final = frozenset({*range(0xC0, 0xD0), 0xDA, 0xDB, 0xDC, 0xDD})
_APPLICATIONS: Final[Mapping[int, bytes]] = {_JFIF: b"JFIF\0", 0xE2: b"ICC_PROFILE\0", 0xEE: b"Adobe"}
_MARKER: Final = re.compile(rb"\xff+([\x01-\xfe])")  # fill bytes, or junk before it, say nothing
_AFTER_SCAN: Final = re.compile(rb"\xff+[^\x00\xd0-\xd7\xff]")

_PNG: Final = b"\x89PNG\r\n\x1a\n"
_CHUNKS: Final = frozenset(
    {
        *(b"IHDR", b"PLTE", b"IDAT", b"IEND"),
        *(b"tRNS", b"gAMA", b"cHRM", b"sRGB", b"cICP", b"mDCV", b"cLLI", b"sBIT", b"bKGD", b"pHYs", b"hIST"),
    }
)
# The only packed one that is kept, and so the only one that may unpack to a thousand times its size.
_PROFILE: Final = b"iCCP"
_NAMED: Final = b"ICC\0\0"

_RIFF_CHUNKS: Final = frozenset({b"VP8X", b"VP8 ", b"VP8L", b"ALPH", b"ICCP", b"ANIM", b"ANMF"})
_HAS_EXIF, _HAS_XMP = 0x08, 0x04


def without_metadata(content: bytes, header: Header) -> bytes:
    """Return a picture that `guard.look` found sound, with nothing in it but what showing it takes."""
    return _WITHOUT[header.content_type](content, header.turn)


def _jpeg(content: bytes, turn: int) -> bytes:
    parts = [_START]
    if turn != _UPRIGHT:
        block = exif.PREFIX + _turned(turn)
        parts.append(b"\xff\xe1" + (len(block) + 2).to_bytes(2) + block)
    return b"".join([*parts, *_segments(content)])


def _segments(content: bytes) -> Iterator[bytes]:
    at = len(_START)
    while found := _MARKER.search(content, at):
        marker, at = found[1][0], found.end()
        if marker == _END:
            yield b"\xff\xd9"
            return  # another picture may follow, or a film
        if marker in _BARE:
            continue
        start, at = at, at + int.from_bytes(content[at : at + 2])
        if marker == _SCAN:
            after = _AFTER_SCAN.search(content, at)
            at = after.start() if after else len(content)
        if marker in _TABLES or _is_kept(marker, content[start + 2 : start + 16]):
            yield bytes((0xFF, marker)) + (_plain_jfif(content, start) if marker == _JFIF else content[start:at])


def _is_kept(marker: int, begins: bytes) -> bool:
    return marker in _APPLICATIONS and begins.startswith(_APPLICATIONS[marker])


def _plain_jfif(content: bytes, start: int) -> bytes:
    """Return the block without the preview that it may hold."""
    return b"\0\x10" + content[start + 2 : start + 14] + bytes(2)


def _png(content: bytes, turn: int) -> bytes:
    parts, at, profile_counts = [_PNG], len(_PNG), True
    while at + 8 <= len(content):
        end = at + 12 + int.from_bytes(content[at : at + 4])
        chunk, type_ = content[at:end], content[at + 4 : at + 8]
        if type_ in _CHUNKS:
            parts.append(chunk)
        if type_ == _PROFILE and profile_counts and _is_intact(chunk):
            parts.append(_plain_profile(chunk))
        if type_ == b"IHDR" and turn != _UPRIGHT:
            parts.append(_chunk(b"eXIf", _turned(turn)))
        if type_ == b"IEND":
            break
        # Of several profiles the first counts, and none behind the pixels.
        profile_counts = profile_counts and not (type_ == b"IDAT" or (type_ == _PROFILE and _is_intact(chunk)))
        at = end
    return b"".join(parts)


def _plain_profile(chunk: bytes) -> bytes:
    """Return the chunk packed anew, with nothing behind the profile; one that cannot be used is as good as none."""
    profile = unpacked_profile(chunk[8:-4])
    return _chunk(_PROFILE, _NAMED + zlib.compress(profile)) if profile else b""


def _is_intact(chunk: bytes) -> bool:
    return zlib.crc32(chunk[4:-4]).to_bytes(4) == chunk[-4:]


def _chunk(type_: bytes, data: bytes) -> bytes:
    return len(data).to_bytes(4) + type_ + data + zlib.crc32(data, zlib.crc32(type_)).to_bytes(4)


def _webp(content: bytes, turn: int) -> bytes:
    body = b"".join(_riff_chunks(content, turn))
    if turn != _UPRIGHT:
        body += b"EXIF" + struct.pack("<I", len(_turned(turn))) + _turned(turn)
    return b"RIFF" + struct.pack("<I", len(body) + 4) + b"WEBP" + body


def _riff_chunks(content: bytes, turn: int) -> Iterator[bytes]:
    at, whole = 12, 8 + int.from_bytes(content[4:8], "little")
    while at + 8 <= min(whole, len(content)):
        size = int.from_bytes(content[at + 4 : at + 8], "little")
        type_, end = content[at : at + 4], at + 8 + size + size % 2
        if type_ == b"VP8X":
            flags = content[at + 8] & ~(_HAS_EXIF | _HAS_XMP) | (_HAS_EXIF if turn != _UPRIGHT else 0)
            yield content[at : at + 8] + bytes((flags,)) + content[at + 9 : end]
        elif type_ in _RIFF_CHUNKS:
            yield content[at:end]
        at = end


def _turned(turn: int) -> bytes:
    """Return a TIFF block that says which way up, and no more."""
    entry = struct.pack("<HHIHH", _ORIENTATION, 3, 1, turn, 0)
    return b"II*\0" + struct.pack("<IH", 8, 1) + entry + bytes(4)


_WITHOUT: Final[Mapping[str, Callable[[bytes, int], bytes]]] = {
    "image/jpeg": _jpeg,
    "image/png": _png,
    "image/webp": _webp,
}
