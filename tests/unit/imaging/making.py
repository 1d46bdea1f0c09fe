"""Pieces of PNG, JPEG and WebP files, and small sound pictures to spoil."""

import io
import struct
import zlib
from functools import cache
from typing import Any

from PIL import Image

PNG_SIGNATURE = b"\x89PNG\r\n\x1a\n"
MEGABYTE = 1_000_000


@cache
def picture(mode: str = "RGB", size: tuple[int, int] = (160, 120)) -> Image.Image:
    """A picture with some detail everywhere."""
    grey = Image.effect_mandelbrot(size, (-2.0, -1.2, 1.0, 1.2), 40)
    bands = [grey.rotate(90 * i) for i in range(4)]
    if mode in {"RGB", "RGBA"}:
        return Image.merge(mode, bands[: len(mode)])
    return grey.convert(mode)


@cache
def sound(format_: str, mode: str = "RGB", size: tuple[int, int] = (160, 120), **options: Any) -> bytes:
    return encoded(picture(mode, size), format_, **options)


def encoded(image: Image.Image, format_: str, **options: Any) -> bytes:
    out = io.BytesIO()
    image.save(out, format_, **options)
    return out.getvalue()


def chunk(type_: bytes, data: bytes = b"", checksum: int | None = None) -> bytes:
    checksum = zlib.crc32(type_ + data) if checksum is None else checksum
    return len(data).to_bytes(4) + type_ + data + checksum.to_bytes(4)


def ihdr(width: int, height: int, depth: int = 8, colour: int = 2) -> bytes:
    return chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, depth, colour, 0, 0, 0))


def png(*chunks: bytes) -> bytes:
    return PNG_SIGNATURE + b"".join(chunks) + chunk(b"IEND")


def rows(width: int, height: int, channels: int = 3) -> bytes:
    """Flat black rows, packed: a thousand times smaller than what they unpack to."""
    packer, band = zlib.compressobj(9), bytes(1 + width * channels) * 64
    packed = [packer.compress(band) for _ in range(height // 64)]
    return b"".join([*packed, packer.compress(bytes(1 + width * channels) * (height % 64)), packer.flush()])


def with_chunks(*extra: bytes) -> bytes:
    """A sound PNG with chunks added before its pixels."""
    content = sound("PNG")
    head = len(PNG_SIGNATURE) + 25
    return content[:head] + b"".join(extra) + content[head:]


def segment(marker: int, data: bytes = b"") -> bytes:
    return bytes([0xFF, marker]) + (len(data) + 2).to_bytes(2) + data


def with_segments(*extra: bytes, content: bytes = b"") -> bytes:
    """A sound JPEG with segments added after its start."""
    content = content or sound("JPEG")
    return content[:2] + b"".join(extra) + content[2:]


def frame_at(jpeg: bytes) -> int:
    """Where a JPEG's frame begins: its marker."""
    return next(at for at in range(len(jpeg)) if jpeg[at : at + 2] in {b"\xff\xc0", b"\xff\xc2"})


def resized_frame(jpeg: bytes, width: int, height: int) -> bytes:
    """The same JPEG, saying that it is larger."""
    at = frame_at(jpeg) + 5
    return jpeg[:at] + height.to_bytes(2) + width.to_bytes(2) + jpeg[at + 4 :]


def riff(*chunks: tuple[bytes, bytes]) -> bytes:
    body = b"".join(type_ + struct.pack("<I", len(data)) + data + bytes(len(data) % 2) for type_, data in chunks)
    return b"RIFF" + struct.pack("<I", 4 + len(body)) + b"WEBP" + body


def canvas(width: int, height: int, flags: int = 0) -> tuple[bytes, bytes]:
    sides = (width - 1).to_bytes(3, "little") + (height - 1).to_bytes(3, "little")
    return b"VP8X", bytes([flags, 0, 0, 0]) + sides


def only_chunk(webp: bytes) -> tuple[bytes, bytes]:
    """The one chunk of a simple WebP file."""
    return webp[12:16], webp[20:]


def lossless_head(width: int, height: int) -> bytes:
    return b"\x2f" + struct.pack("<I", (width - 1) | (height - 1) << 14)


def exif(*entries: tuple[int, int, int, int], length: int = 0) -> bytes:
    """A TIFF block with entries (tag, type, count, value or offset)."""
    directory = b"".join(struct.pack("<HHII", *entry) for entry in entries)
    block = b"II*\0" + struct.pack("<IH", 8, len(entries)) + directory + bytes(4)
    return block.ljust(length, b"\0")


def turned(turn: int) -> bytes:
    """The EXIF block of a picture that lies as `turn` says."""
    return b"Exif\0\0" + exif((0x0112, 3, 1, turn))


def animation(format_: str, frames: int) -> bytes:
    images = [Image.new("RGB", (64, 64), (i % 256, 0, 0)) for i in range(frames)]
    return encoded(images[0], format_, save_all=True, append_images=images[1:], duration=20)
