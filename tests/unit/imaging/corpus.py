"""Bad files, made by code: what each is, and how it must be refused, or that it is usable all the same."""

import random
import struct
import zlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache

from tests.unit.imaging import making as m
from workers.imaging.flaw import Flaw


@dataclass(frozen=True)
class Case:
    """`flaw` is None for a file that tries something and is a picture nevertheless."""

    content: Callable[[], bytes]
    flaw: Flaw | None


@cache
def _noise(size: int) -> bytes:
    return random.Random(4).randbytes(size)


def _cut(format_: str, **options: bool) -> bytes:
    whole = m.sound(format_, **options)
    return whole[: len(whole) // 2]


def _spoiled(content: bytes, at: int, by: bytes) -> bytes:
    return content[:at] + by + content[at + len(by) :]


def _scan_bomb() -> bytes:
    """A progressive JPEG of 20 megapixels with the same scan over and over."""
    jpeg = m.resized_frame(m.sound("JPEG", progressive=True), 5000, 4000)
    scan = jpeg[jpeg.rindex(b"\xff\xda") : -2]
    return jpeg[:-2] + scan * 2000 + b"\xff\xd9"


def _exif_bomb() -> bytes:
    """5,000 values that all point at the same 60 KB."""
    block = m.exif(*((1000 + i, 7, 60_000 - 8, 8) for i in range(5000)), length=65_000)
    return m.with_segments(m.segment(0xE1, b"Exif\0\0" + block))


def _deep_exif_bomb() -> bytes:
    return m.with_chunks(m.chunk(b"eXIf", m.exif(*((1000 + i, 7, 4_000_000, 8) for i in range(60_000)))))


def _late_lossless() -> bytes:
    """Eighteen megapixels of lossless WebP, damaged near the end."""
    whole = m.encoded(m.picture().resize((4200, 4200)), "WEBP", lossless=True, method=0)
    at = len(whole) * 9 // 10
    return _spoiled(whole, at, _noise(len(whole) - at))


def _big_progressive() -> bytes:
    """A sound header of 49 megapixels that holds all coefficients at once, with data enough to be believed."""
    jpeg = m.resized_frame(m.sound("JPEG", progressive=True, subsampling=0), 7000, 7000)
    return jpeg[:-2] + bytes(2 * m.MEGABYTE) + b"\xff\xd9"


def _flat(width: int, height: int, share: float = 1.0, colour: int = 2) -> bytes:
    packed = m.rows(width, height, {0: 1, 2: 3, 6: 4}[colour])
    return m.png(m.ihdr(width, height, colour=colour), m.chunk(b"IDAT", packed[: int(len(packed) * share)]))


def _profile(data: bytes) -> bytes:
    return m.chunk(b"iCCP", b"p\0\0" + data)


@cache
def _packed(size: int) -> bytes:
    return zlib.compress(bytes(size), 9)


def _tailed() -> bytes:
    """Sixteen pixels, and 60 MB more behind them in the same stream."""
    return m.png(m.ihdr(4, 4), m.chunk(b"IDAT", zlib.compress(bytes(4 * 13) + bytes(60 * m.MEGABYTE), 9)))


NOT_PICTURES: Mapping[str, Case] = {
    "nothing": Case(lambda: b"", Flaw.EMPTY),
    "one byte": Case(lambda: b"\x89", Flaw.NOT_A_PICTURE),
    "text": Case(lambda: b"Dear Sir or Madam,\n" * 50, Flaw.NOT_A_PICTURE),
    "a web page": Case(lambda: b"<!doctype html><script>alert(1)</script>", Flaw.NOT_A_PICTURE),
    "SVG": Case(lambda: b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>', Flaw.OTHER_TYPE),
    "PDF": Case(lambda: b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\n", Flaw.OTHER_TYPE),
    "ZIP": Case(lambda: b"PK\x03\x04" + bytes(200), Flaw.NOT_A_PICTURE),
    "GIF": Case(lambda: m.sound("GIF", mode="L"), Flaw.OTHER_TYPE),
    "BMP": Case(lambda: m.sound("BMP"), Flaw.OTHER_TYPE),
    "TIFF": Case(lambda: m.sound("TIFF"), Flaw.OTHER_TYPE),
    "AVIF": Case(lambda: b"\0\0\0\x20ftypavif" + bytes(200), Flaw.OTHER_TYPE),
    "sound": Case(lambda: b"RIFF\x24\0\0\0WAVEfmt " + bytes(24), Flaw.NOT_A_PICTURE),
    "noise": Case(lambda: _noise(m.MEGABYTE), Flaw.NOT_A_PICTURE),
    "zeros": Case(lambda: bytes(m.MEGABYTE), Flaw.NOT_A_PICTURE),
    "21 MB": Case(lambda: m.sound("JPEG") + bytes(21 * m.MEGABYTE), Flaw.TOO_MANY_BYTES),
}

PNGS: Mapping[str, Case] = {
    "PNG: signature alone": Case(lambda: m.PNG_SIGNATURE, Flaw.DAMAGED),
    "PNG: cut in half": Case(lambda: _cut("PNG"), Flaw.DAMAGED),
    "PNG: no end": Case(lambda: m.sound("PNG")[:-12], None),
    "PNG: no header": Case(lambda: m.png(m.chunk(b"IDAT", zlib.compress(bytes(13)))), Flaw.DAMAGED),
    "PNG: no pixels": Case(lambda: m.png(m.ihdr(9, 9)), Flaw.DAMAGED),
    "PNG: no width": Case(lambda: m.png(m.ihdr(0, 9), m.chunk(b"IDAT", b"x")), Flaw.DAMAGED),
    "PNG: header's checksum": Case(lambda: _spoiled(m.sound("PNG"), 29, b"abcd"), Flaw.DAMAGED),
    "PNG: colour type 5": Case(lambda: m.png(m.ihdr(4, 4, colour=5), m.chunk(b"IDAT", _packed(60))), Flaw.DAMAGED),
    "PNG: 100,000 squared": Case(
        lambda: m.png(m.ihdr(100_000, 100_000), m.chunk(b"IDAT", _packed(9))), Flaw.TOO_MANY_PIXELS
    ),
    "PNG: as large as can be said": Case(
        lambda: m.png(m.ihdr(2**31 - 1, 2**31 - 1), m.chunk(b"IDAT", _packed(9))), Flaw.TOO_MANY_PIXELS
    ),
    "PNG: a flat line of 60 megapixels": Case(
        lambda: m.png(m.ihdr(60 * m.MEGABYTE, 1, colour=0), m.chunk(b"IDAT", _packed(60 * m.MEGABYTE + 1))),
        Flaw.TOO_MANY_PIXELS,
    ),
    "PNG: 33 flat megapixels that end early": Case(lambda: _flat(6500, 5100, 0.9), Flaw.DAMAGED),
    "PNG: 49 grey megapixels that end early": Case(lambda: _flat(7000, 7000, 0.9, colour=0), Flaw.DAMAGED),
    "PNG: rows missing": Case(lambda: m.png(m.ihdr(64, 64), m.chunk(b"IDAT", _packed(2000))), Flaw.DAMAGED),
    "PNG: pixels are noise": Case(lambda: m.png(m.ihdr(64, 64), m.chunk(b"IDAT", _noise(9000))), Flaw.DAMAGED),
    "PNG: pixels turn to noise": Case(
        lambda: _spoiled(m.sound("PNG"), len(m.sound("PNG")) // 2, _noise(900)), Flaw.DAMAGED
    ),
    "PNG: a chunk of 4 GB": Case(lambda: m.with_chunks(b"\xff\xff\xff\xfftEXt"), Flaw.DAMAGED),
    "PNG: a million chunks": Case(lambda: m.with_chunks(m.chunk(b"vpAg") * m.MEGABYTE), Flaw.TOO_COSTLY),
    "PNG: 100 frames": Case(lambda: m.animation("PNG", 100), Flaw.ANIMATED),
    "PNG: text that unpacks to 100 MB": Case(
        lambda: m.with_chunks(m.chunk(b"zTXt", b"a\0\0" + _packed(100 * m.MEGABYTE))), None
    ),
    "PNG: a hundred texts of 1 MB": Case(
        lambda: m.with_chunks(*[m.chunk(b"iTXt", b"a\0\1\0\0\0" + _packed(m.MEGABYTE))] * 100), None
    ),
    "PNG: a profile that unpacks to 100 MB": Case(lambda: m.with_chunks(_profile(_packed(100 * m.MEGABYTE))), None),
    "PNG: a profile of noise": Case(lambda: m.with_chunks(_profile(zlib.compress(_noise(500)))), None),
    "PNG: a profile that does not unpack": Case(lambda: m.with_chunks(_profile(_noise(500))), None),
    "PNG: a profile without a name": Case(lambda: m.with_chunks(m.chunk(b"iCCP", b"x" * 40)), None),
    "PNG: EXIF values that overlap": Case(_deep_exif_bomb, None),
    "PNG: 60 MB behind its pixels": Case(_tailed, None),
    "PNG: a page behind its end": Case(lambda: m.sound("PNG") + b"<script>alert(1)</script>", None),
}

JPEGS: Mapping[str, Case] = {
    "JPEG: signature alone": Case(lambda: b"\xff\xd8\xff", Flaw.DAMAGED),
    "JPEG: start and end": Case(lambda: b"\xff\xd8\xff\xd9", Flaw.DAMAGED),
    "JPEG: cut in half": Case(lambda: _cut("JPEG"), Flaw.DAMAGED),
    "JPEG: progressive, cut in half": Case(lambda: _cut("JPEG", progressive=True), Flaw.DAMAGED),
    "JPEG: no end": Case(lambda: m.sound("JPEG")[:-2], None),
    "JPEG: headers alone": Case(
        lambda: m.sound("JPEG")[: m.frame_at(m.sound("JPEG")) + 19] + b"\xff\xd9", Flaw.DAMAGED
    ),
    "JPEG: no height": Case(lambda: m.resized_frame(m.sound("JPEG"), 160, 0), Flaw.DAMAGED),
    "JPEG: 65,535 squared": Case(lambda: m.resized_frame(m.sound("JPEG"), 65_535, 65_535), Flaw.TOO_MANY_PIXELS),
    "JPEG: 49 megapixels in 10 KB": Case(lambda: m.resized_frame(m.sound("JPEG"), 7000, 7000), Flaw.DAMAGED),
    "JPEG: 49 megapixels of coefficients": Case(_big_progressive, Flaw.DAMAGED),
    "JPEG: 2,000 scans": Case(_scan_bomb, Flaw.TOO_COSTLY),
    "JPEG: 100,000 comments": Case(lambda: m.with_segments(m.segment(0xFE) * 100_000), Flaw.TOO_COSTLY),
    "JPEG: 10 MB of fill": Case(lambda: m.with_segments(b"\xff" * 10 * m.MEGABYTE), Flaw.DAMAGED),
    "JPEG: two frames": Case(lambda: m.with_segments(m.segment(0xC0, b"\x08\0\x09\0\x09\1\1\x11\0")), Flaw.DAMAGED),
    "JPEG: lossless": Case(
        lambda: _spoiled(m.sound("JPEG"), m.frame_at(m.sound("JPEG")), b"\xff\xc3"), Flaw.UNSUPPORTED
    ),
    "JPEG: 12 bits": Case(lambda: _spoiled(m.sound("JPEG"), m.frame_at(m.sound("JPEG")) + 4, b"\x0c"), Flaw.DAMAGED),
    "JPEG: no samples": Case(lambda: _spoiled(m.sound("JPEG"), m.frame_at(m.sound("JPEG")) + 11, b"\0"), Flaw.DAMAGED),
    "JPEG: a segment past the end": Case(lambda: m.with_segments(b"\xff\xe0\xff\xff"), Flaw.DAMAGED),
    "JPEG: a segment of no length": Case(lambda: m.with_segments(b"\xff\xe0\0\0"), Flaw.DAMAGED),
    "JPEG: no tables": Case(
        lambda: b"\xff\xd8" + m.sound("JPEG")[m.frame_at(m.sound("JPEG")) :].replace(b"\xff\xc4", b"\xff\xfe"),
        Flaw.DAMAGED,
    ),
    "JPEG: EXIF values that overlap": Case(_exif_bomb, None),
    "JPEG: EXIF of noise": Case(lambda: m.with_segments(m.segment(0xE1, b"Exif\0\0" + _noise(999))), None),
    "JPEG: a profile of noise": Case(lambda: m.sound("JPEG", icc_profile=_noise(9000)), None),
    "JPEG: a second picture behind it": Case(lambda: m.sound("JPEG") * 2, None),
    "JPEG: one that says it is of several": Case(lambda: m.with_segments(m.segment(0xE2, b"MPF\0" + _noise(99))), None),
}

WEBPS: Mapping[str, Case] = {
    "WebP: signature alone": Case(m.riff, Flaw.DAMAGED),
    "WebP: cut in half": Case(lambda: _cut("WEBP"), Flaw.DAMAGED),
    "WebP: lossless, cut in half": Case(lambda: _cut("WEBP", lossless=True), Flaw.DAMAGED),
    "WebP: cut, and saying so": Case(lambda: m.riff((b"VP8 ", _cut("WEBP")[20:])), Flaw.DAMAGED),
    "WebP: no picture": Case(lambda: m.riff(m.canvas(64, 64)), Flaw.DAMAGED),
    "WebP: a chunk past the end": Case(lambda: m.riff((b"VP8 ", b""))[:-4] + b"\xff" * 4, Flaw.DAMAGED),
    "WebP: a canvas of 16 million squared": Case(
        lambda: m.riff(m.canvas(2**24, 2**24), m.only_chunk(m.sound("WEBP"))), Flaw.TOO_MANY_PIXELS
    ),
    "WebP: 16,383 squared in 30 bytes": Case(
        lambda: m.riff((b"VP8L", m.lossless_head(16_383, 16_383) + bytes(20))), Flaw.TOO_MANY_PIXELS
    ),
    "WebP: 18 megapixels in 30 bytes": Case(
        lambda: m.riff((b"VP8L", m.lossless_head(4200, 4200) + bytes(20))), Flaw.DAMAGED
    ),
    "WebP: lossy noise": Case(
        lambda: m.riff((b"VP8 ", b"\x10\2\0\x9d\1\x2a" + struct.pack("<HH", 4000, 3000) + _noise(999))), Flaw.DAMAGED
    ),
    "WebP: lossless noise": Case(lambda: m.riff((b"VP8L", m.lossless_head(4000, 3000) + _noise(999))), Flaw.DAMAGED),
    "WebP: damaged at the end": Case(_late_lossless, Flaw.DAMAGED),
    "WebP: a canvas that is not the picture's": Case(
        lambda: m.riff(m.canvas(999, 999), m.only_chunk(m.sound("WEBP"))), Flaw.DAMAGED
    ),
    "WebP: 100 frames": Case(lambda: m.animation("WEBP", 100), Flaw.ANIMATED),
    "WebP: 100,000 chunks": Case(
        lambda: m.riff(m.only_chunk(m.sound("WEBP")), *[(b"EXIF", b"")] * 100_000), Flaw.TOO_COSTLY
    ),
    "WebP: a profile of noise": Case(lambda: m.sound("WEBP", icc_profile=_noise(900)), None),
    "WebP: EXIF of noise": Case(lambda: m.sound("WEBP", exif=_noise(900)), None),
}

CASES: Mapping[str, Case] = {**NOT_PICTURES, **PNGS, **JPEGS, **WEBPS}
