"""XMP packets in PNG, JPEG and WebP files: put in and read while every other byte stays as it is.

A file with content credentials (C2PA) is signed as a whole: a packet that is put in would make it look tampered with.
"""

import re
import struct
import zlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from workers.imaging.headers.header import Header

_MAX_PACKET: Final = 1_000_000  # bytes that are looked at
_KEYWORD: Final = b"XML:com.adobe.xmp\0"
_PLAIN: Final = bytes(4)  # not packed, packed by deflate, no language, no translation
_PACKED: Final = b"\1\0"
_NAMESPACE, _REST = b"http://ns.adobe.com/xap/1.0/\0", b"http://ns.adobe.com/xmp/extension/\0"
_LENGTH: Final = 2  # of a JPEG's segment, whose length counts itself
_SCAN, _APP0, _APP1, _APP11 = 0xDA, 0xE0, 0xE1, 0xEB
_FIRST: Final = {_APP0: b"", _APP1: b"Exif\0\0"}  # what must come before an XMP packet
_MARKER: Final = re.compile(rb"\xff+([\x02-\xcf\xd8-\xfe])")
_HAS_XMP, _HAS_ALPHA = 0x04, 0x10


@dataclass(frozen=True)
class _Part:
    """A chunk or segment: where the whole of it stands, and where its data begins."""

    type: bytes | int
    start: int
    data: int
    end: int


@dataclass(frozen=True)
class _Format:
    """How a kind of file holds its parts, its XMP packet and its content credentials."""

    parts: Callable[[bytes], Iterator[_Part]]
    packet: Callable[[bytes, _Part], bytes | None]
    is_manifest: Callable[[bytes, _Part], bool]
    embed: Callable[[bytes, Header, bytes], bytes]


def with_packet(content: bytes, header: Header, packet: bytes) -> bytes:
    """Return a sound file with this XMP packet, in the place of one that it has."""
    return _FORMATS[header.content_type].embed(content, header, packet)


def packet_of(content: bytes, header: Header) -> bytes | None:
    """Return a file's XMP packet, the first megabyte of it."""
    form = _FORMATS[header.content_type]
    return next((found for part in form.parts(content) if (found := form.packet(content, part)) is not None), None)


def has_manifest(content: bytes, header: Header) -> bool:
    """Tell whether a file has content credentials, be they valid or not."""
    form = _FORMATS[header.content_type]
    return any(form.is_manifest(content, part) for part in form.parts(content))


def _joined(content: bytes, old: list[_Part], new: bytes, at: int) -> bytes:
    """Return the content with `new` at a place, and without the old parts."""
    view, pieces, kept = memoryview(content), list[bytes | memoryview](), 0
    for start, end, put in sorted([(part.start, part.end, b"") for part in old] + [(at, at, new)]):
        pieces += [view[kept:start], put]
        kept = end
    return b"".join([*pieces, view[kept:]])


def _chunks(content: bytes) -> Iterator[_Part]:
    """Yield a PNG's chunks; what stands behind the last, however much, is none."""
    at, type_ = 8, b""
    while at + 12 <= len(content) and type_ != b"IEND":
        type_, end = content[at + 4 : at + 8], at + 12 + int.from_bytes(content[at : at + 4])
        yield _Part(type_, at, at + 8, end)
        at = end


def _png_packet(content: bytes, part: _Part) -> bytes | None:
    if part.type != b"iTXt" or not content.startswith(_KEYWORD, part.data):
        return None
    at, end = part.data + len(_KEYWORD), min(part.end - 4, part.data + _MAX_PACKET)
    packed, text = content[at : at + 2] == _PACKED, content[at + 2 : end].split(b"\0", 2)[-1]
    if not packed:
        return text
    try:
        return zlib.decompressobj().decompress(text, _MAX_PACKET)
    except zlib.error:
        return b""


def _png(content: bytes, header: Header, packet: bytes) -> bytes:
    del header
    data = b"iTXt" + _KEYWORD + _PLAIN + packet
    chunk = (len(data) - 4).to_bytes(4) + data + zlib.crc32(data).to_bytes(4)
    found = list(_chunks(content))
    return _joined(content, [each for each in found if _png_packet(content, each) is not None], chunk, found[0].end)


def _segments(content: bytes) -> Iterator[_Part]:
    at = 2
    while (found := _MARKER.search(content, at)) and found[1][0] != _SCAN:
        data = found.end() + _LENGTH
        at = found.end() + max(_LENGTH, int.from_bytes(content[found.end() : data]))
        yield _Part(found[1][0], found.start(), data, at)


def _jpeg_packet(content: bytes, part: _Part) -> bytes | None:
    if part.type != _APP1 or not content.startswith(_NAMESPACE, part.data):
        return None
    return content[part.data + len(_NAMESPACE) : part.end]


def _jpeg(content: bytes, header: Header, packet: bytes) -> bytes:
    del header
    data = _NAMESPACE + packet
    segment = bytes((0xFF, _APP1)) + (len(data) + _LENGTH).to_bytes(2) + data
    at, old = 2, list[_Part]()
    for part in _segments(content):
        first = _FIRST.get(part.type) if isinstance(part.type, int) else None
        if first is not None and content.startswith(first, part.data):
            at = part.end
        if part.type == _APP1 and content.startswith((_NAMESPACE, _REST), part.data):
            old.append(part)
    return _joined(content, old, segment, at)


def _riff(content: bytes) -> Iterator[_Part]:
    at, whole = 12, 8 + int.from_bytes(content[4:8], "little")
    while at + 8 <= min(whole, len(content)):
        size = int.from_bytes(content[at + 4 : at + 8], "little")
        yield _Part(content[at : at + 4], at, at + 8, at + 8 + size + size % 2)
        at += 8 + size + size % 2


def _webp_packet(content: bytes, part: _Part) -> bytes | None:
    return content[part.data : min(part.end, part.data + _MAX_PACKET)] if part.type == b"XMP " else None


def _webp(content: bytes, header: Header, packet: bytes) -> bytes:
    kept = [each for each in _riff(content) if each.type not in {b"XMP ", b"VP8X"}]
    canvas = next((content[each.data : each.end] for each in _riff(content) if each.type == b"VP8X"), None)
    canvas = canvas or _canvas(content, header)
    chunk = b"XMP " + struct.pack("<I", len(packet)) + packet + bytes(len(packet) % 2)
    flags = b"VP8X" + struct.pack("<I", len(canvas)) + bytes((canvas[0] | _HAS_XMP,)) + canvas[1:]
    view = memoryview(content)
    body = b"".join([flags, *(view[each.start : each.end] for each in kept), chunk])
    return b"".join([b"RIFF", struct.pack("<I", len(body) + 4), b"WEBP", body])


def _canvas(content: bytes, header: Header) -> bytes:
    """Return the data of VP8X for a file that has none: one chunk of pixels, which may be lossless with alpha."""
    alpha = _HAS_ALPHA if content[12:16] == b"VP8L" and content[24] & _HAS_ALPHA else 0
    sides = ((side - 1).to_bytes(3, "little") for side in (header.width, header.height))
    return bytes((alpha, 0, 0, 0)) + b"".join(sides)


_FORMATS: Final[Mapping[str, _Format]] = {
    "image/png": _Format(_chunks, _png_packet, lambda _, part: part.type == b"caBX", _png),
    "image/jpeg": _Format(
        _segments,
        _jpeg_packet,
        lambda content, part: part.type == _APP11 and b"jumb" in content[part.data : part.data + 16],
        _jpeg,
    ),
    "image/webp": _Format(_riff, _webp_packet, lambda _, part: part.type == b"C2PA", _webp),
}
