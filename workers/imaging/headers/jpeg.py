"""JPEG: markers and segments."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from workers.imaging.flaw import damaged, too_costly, unsupported
from workers.imaging.headers import exif
from workers.imaging.headers.header import Header, check_decoded, check_pixels

SIGNATURE: Final = b"\xff\xd8\xff"
MAX_SCANS: Final = 32  # a progressive file has 10 to 15; each scan passes over the whole picture again
_MAX_SEGMENTS: Final = 4_096
_BASELINE, _EXTENDED, _PROGRESSIVE = 0xC0, 0xC1, 0xC2
_TABLES: Final = frozenset({0xC4, 0xC8, 0xCC})  # of the numbers from C0 to CF those that start no frame
_START_OF_SCAN, _END, _APP1 = 0xDA, 0xD9, 0xE1
# Before a marker any number of fill bytes may stand; Pillow takes microseconds for each, and encoders write none.
_MARKER: Final = re.compile(rb"\xff{1,16}([\xc0-\xcf\xd9-\xfe])")
# Inside a scan FF is followed by 00, or is a restart.
_AFTER_SCAN: Final = re.compile(rb"\xff[^\x00\xd0-\xd7\xff]")
_BLOCK_PIXELS, _BYTES_A_COEFFICIENT, _BITS = 64, 2, 8


@dataclass(frozen=True)
class _Segment:
    marker: int
    start: int
    end: int


@dataclass(frozen=True)
class _Frame:
    """`samples` are all components' together, a component of a fourth of the pixels counting a fourth."""

    width: int
    height: int
    samples: float
    progressive: bool


def read(content: bytes) -> Header:
    """Read a JPEG file up to its end marker; what follows, a phone's second picture say, is left alone."""
    segments = list(_segments(content))
    frame = _frame(content, [each for each in segments if each.marker in _FRAMES])
    _check_scans(frame, [each for each in segments if each.marker == _START_OF_SCAN])
    blocks = [each for each in segments if each.marker == _APP1 and content.startswith(exif.PREFIX, each.start)]
    turn = exif.orientation(content[blocks[0].start : blocks[0].end]) if blocks else 1
    return Header("image/jpeg", frame.width, frame.height, turn, [(each.start, bytes(4)) for each in blocks])


_FRAMES: Final = frozenset(range(0xC0, 0xD0)) - _TABLES


def _segments(content: bytes) -> Iterator[_Segment]:
    at = 2
    for _ in range(_MAX_SEGMENTS):
        found = _MARKER.match(content, at)
        if not found:
            raise damaged()
        marker, start = found[1][0], found.end()
        if marker == _END:
            return
        at = start + int.from_bytes(content[start : start + 2])
        if not start + 2 <= at < len(content):
            raise damaged()
        if marker == _START_OF_SCAN:
            at = _end_of_scan(content, at)
        yield _Segment(marker, start + 2, at)
    raise too_costly()


def _end_of_scan(content: bytes, at: int) -> int:
    found = _AFTER_SCAN.search(content, at)
    if not found:
        raise damaged()
    return found.start()


def _frame(content: bytes, found: Sequence[_Segment]) -> _Frame:
    if len(found) != 1:
        raise damaged()
    marker, body = found[0].marker, content[found[0].start : found[0].end]
    if marker not in {_BASELINE, _EXTENDED, _PROGRESSIVE}:
        raise unsupported("JPEG")  # lossless, hierarchical or arithmetic: no camera and no browser
    if len(body) < 6 or len(body) != 6 + 3 * body[5]:  # noqa: PLR2004 - depth, height, width, components of 3 bytes
        raise damaged()
    height, width = int.from_bytes(body[1:3]), int.from_bytes(body[3:5])
    check_pixels(width, height)
    return _Frame(width, height, width * height * _samples(body[7::3]), marker == _PROGRESSIVE)


def _samples(factors: bytes) -> float:
    """Return how many samples a pixel has, from each component's sampling factors (a nibble each)."""
    across, down = [each >> 4 for each in factors], [each & 15 for each in factors]
    if not factors or not min(across) or not min(down):
        raise damaged()
    whole = max(across) * max(down)
    return sum(a * d for a, d in zip(across, down, strict=True)) / whole


def _check_scans(frame: _Frame, scans: Sequence[_Segment]) -> None:
    if not scans:
        raise damaged()
    if len(scans) > MAX_SCANS:
        raise too_costly()
    # Every block takes at least a bit, so less than that is a picture cut off, or one that never was.
    if sum(each.end - each.start for each in scans) * _BITS < frame.samples / _BLOCK_PIXELS:
        raise damaged()
    if frame.progressive or len(scans) > 1:  # then all coefficients are held at once
        check_decoded(frame.samples * _BYTES_A_COEFFICIENT)
