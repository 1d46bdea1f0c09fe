"""JPEG: markers and segments."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from workers.imaging.flaw import damaged, too_costly, unsupported
from workers.imaging.headers import exif
from workers.imaging.headers.header import Header, check_pixels
from workers.imaging.headers.jpeg_scans import Frame, Scan, check_scans, scan

SIGNATURE: Final = b"\xff\xd8\xff"
END: Final = b"\xff\xd9"
_MAX_SEGMENTS: Final = 4_096
_BASELINE, _EXTENDED, _PROGRESSIVE = 0xC0, 0xC1, 0xC2
_TABLES: Final = frozenset({0xC4, 0xC8, 0xCC})  # of the numbers from C0 to CF those that start no frame
_FRAMES: Final = frozenset(range(0xC0, 0xD0)) - _TABLES
_START_OF_SCAN, _END, _APP0, _APP1, _APP2, _APP14 = 0xDA, 0xD9, 0xE0, 0xE1, 0xE2, 0xEE
# What decoding needs: tables, restarts, and what says how colours are coded. Metadata is not for Pillow's eyes.
_NEEDED: Final = _FRAMES | _TABLES | {0xDB, 0xDD, _START_OF_SCAN, _APP0, _APP14}
_BARE: Final = frozenset({0x01, *range(0xD0, 0xD8)})  # markers without a segment
# Before a marker decoders pass over anything that is none, fill bytes most of all.
_MARKER: Final = re.compile(rb"\xff([\x01-\xfe])")
_MAX_JUNK: Final = 65_536
# Inside a scan FF is followed by 00, or is a restart.
_AFTER_SCAN: Final = re.compile(rb"\xff[^\x00\xd0-\xd7\xff]")
_PROFILE: Final = b"ICC_PROFILE\0"
_MAX_PROFILE_BYTES: Final = 4_000_000  # printers' profiles have up to 3 MB


@dataclass(frozen=True)
class JpegHeader(Header):
    """What to decode of a JPEG.

    Parameters
    ----------
    needed
        Where the segments stand that decoding needs, each from its marker on.
    scans
        How many there are.
    ended
        Whether the end marker was found; else the last scan may be cut off.
    """

    needed: Sequence[tuple[int, int]] = ()
    scans: int = 1
    ended: bool = True


@dataclass(frozen=True)
class _Segment:
    """`start` and `end` of its data, which follows the marker and two bytes of length; a scan's includes its pixels."""

    marker: int
    start: int
    end: int

    def body(self, content: bytes) -> bytes:
        return content[self.start : self.end]


def read(content: bytes) -> JpegHeader:
    """Read a JPEG file up to its end marker; what follows, a phone's second picture say, is left alone.

    Where there is none the file ends in its last scan, which browsers show as far as it goes.
    """
    segments = list(_segments(content))
    ended = bool(segments) and segments[-1].marker == _END
    frame = _frame(content, [each for each in segments if each.marker in _FRAMES])
    scans = [_scan(content, each) for each in segments if each.marker == _START_OF_SCAN]
    check_scans(frame, scans, whole=ended)
    blocks = [each for each in segments if each.marker == _APP1 and content.startswith(exif.PREFIX, each.start)]
    return JpegHeader(
        "image/jpeg",
        frame.width,
        frame.height,
        exif.orientation(blocks[0].body(content)) if blocks else 1,
        _profile(content, segments),
        [(each.start - 4, each.end) for each in segments if each.marker in _NEEDED],
        len(scans),
        ended,
    )


def _segments(content: bytes) -> Iterator[_Segment]:
    at = 2
    for _ in range(_MAX_SEGMENTS):
        found = _MARKER.search(content, at, at + _MAX_JUNK)
        if not found:
            if len(content) - at > _MAX_JUNK:
                raise damaged()
            return
        marker, start = found[1][0], found.end()
        if marker == _END:
            yield _Segment(marker, start, start)
            return
        if marker in _BARE:
            at = start
            continue
        length = int.from_bytes(content[start : start + 2])
        at = start + length
        if at > len(content):
            return
        if length < 2:  # noqa: PLR2004 - the length counts itself
            raise damaged()
        if marker == _START_OF_SCAN:
            found = _AFTER_SCAN.search(content, at)
            at = found.start() if found else len(content)
        yield _Segment(marker, start + 2, at)
    raise too_costly()


def _frame(content: bytes, found: Sequence[_Segment]) -> Frame:
    if len(found) != 1:
        raise damaged()
    marker, body = found[0].marker, found[0].body(content)
    if marker not in {_BASELINE, _EXTENDED, _PROGRESSIVE}:
        raise unsupported("JPEG")  # lossless, hierarchical or arithmetic: no camera and no browser
    if len(body) < 6 or len(body) != 6 + 3 * body[5]:  # noqa: PLR2004 - depth, height, width, components of 3 bytes
        raise damaged()
    height, width = int.from_bytes(body[1:3]), int.from_bytes(body[3:5])
    check_pixels(width, height)
    return Frame.of(width, height, body[6:], progressive=marker == _PROGRESSIVE)


def _scan(content: bytes, segment: _Segment) -> Scan:
    length = int.from_bytes(content[segment.start - 2 : segment.start]) - 2
    return scan(content[segment.start : segment.start + length], segment.end - segment.start - length)


def _profile(content: bytes, segments: Sequence[_Segment]) -> bytes:
    """Put the profile together: its pieces are numbered from 1, and each says how many there are."""
    bodies = [each.body(content) for each in segments if each.marker == _APP2]
    pieces = sorted((each[12:14], each[14:]) for each in bodies if each.startswith(_PROFILE))
    numbers = [head for head, _ in pieces]
    if numbers != [bytes([i + 1, len(pieces)]) for i in range(len(pieces))]:
        return b""
    found = b"".join(piece for _, piece in pieces)
    return found if len(found) <= _MAX_PROFILE_BYTES else b""
