"""A spoiled file is refused or used: nothing else comes out of what opens pictures, no other error and no warning."""

import contextlib
import random
import struct
import zlib

import pytest

from tests.unit.imaging import making as m
from tests.unit.imaging import pngs, profiles
from tests.unit.imaging.test_png import palette, samples
from workers.imaging import pixels
from workers.imaging.flaw import Flaw, UnfitError
from workers.imaging.resize import resize
from workers.imaging.upright import open_upright

ROUNDS = 200
SIZE = (40, 30)
GOOD = {
    "PNG": m.sound("PNG", size=SIZE),
    "PNG with a palette": m.encoded(m.picture("L", SIZE).convert("P"), "PNG", transparency=3, exif=m.turned(6)),
    "PNG with alpha": m.sound("PNG", mode="RGBA", size=SIZE, icc_profile=b"p" * 200),
    "PNG with colours": pngs.written(
        samples(pngs.RGB, 16),
        pngs.RGB,
        16,
        m.chunk(b"cICP", b"\x09\x10\0\1"),
        m.chunk(b"iCCP", b"p\0\0" + zlib.compress(profiles.PROPHOTO)),
        m.chunk(b"gAMA", struct.pack(">I", 60_000)),
        m.chunk(b"cHRM", struct.pack(">8I", 31270, 32900, 68000, 32000, 26500, 69000, 15000, 6000)),
        m.chunk(b"tRNS", bytes(6)),
    ),
    "PNG, interlaced": pngs.written(samples(pngs.GREY, 4), pngs.GREY, 4, m.chunk(b"tRNS", b"\0\3"), interlaced=True),
    "PNG with two bits of palette": pngs.written(samples(pngs.PALETTE, 2), pngs.PALETTE, 2, *palette(2)),
    "JPEG": m.sound("JPEG", size=SIZE, exif=m.turned(8), icc_profile=profiles.P3),
    "JPEG, progressive": m.sound("JPEG", size=SIZE, progressive=True),
    "JPEG in CMYK": m.encoded(m.picture(size=SIZE).convert("CMYK"), "JPEG"),
    "WebP": m.sound("WEBP", size=SIZE, icc_profile=profiles.LINEAR),
    "WebP with alpha": m.sound("WEBP", mode="RGBA", size=SIZE, exif=m.turned(2)),
    "WebP without loss": m.sound("WEBP", size=SIZE, lossless=True),
}


def parts(content: bytes) -> list[bytes]:
    """The chunks of a PNG, after its signature; of another file any pieces."""
    if not content.startswith(m.PNG_SIGNATURE):
        return [content[at : at + 64] for at in range(0, len(content), 64)]
    found, at = [content[:8]], 8
    while at < len(content):
        end = at + 12 + int.from_bytes(content[at : at + 4])
        found.append(content[at:end])
        at = end
    return found


def shuffled(content: bytes, dice: random.Random) -> bytes:
    """Drop, repeat or swap a piece."""
    pieces = parts(content)
    one, other = (dice.randrange(1, len(pieces)) for _ in range(2))
    pieces[one], pieces[other] = dice.choice([(b"", pieces[other]), (pieces[other],) * 2, (pieces[other], pieces[one])])
    return b"".join(pieces)


def spoiled(content: bytes, dice: random.Random) -> bytes:
    """Change up to eight bytes, most often near the start, and cut, repeat or drop a part now and then."""
    changed = bytearray(content)
    for _ in range(dice.randint(1, 8)):
        changed[int(len(changed) * dice.random() ** 3)] = dice.choice([0, 1, 127, 128, 255, dice.randrange(256)])
    start, end = sorted(dice.choices(range(len(changed)), k=2))
    ways = [bytes(changed)] * 4 + [changed[:end], changed[:start] + changed[end:], changed[:end] + changed[start:]]
    return bytes(dice.choice(ways))


def mended(content: bytes) -> bytes:
    """Give every chunk of a PNG its right checksum, so that what is wrong in it is looked at."""
    if not content.startswith(m.PNG_SIGNATURE):
        return content
    head, *chunks = parts(content)
    return head + b"".join(m.chunk(each[4:8], each[8:-4]) for each in chunks)


@pytest.mark.parametrize("name", GOOD)
def test_a_spoiled_file_is_refused_or_used(name: str) -> None:
    dice = random.Random(name)
    for _ in range(ROUNDS):
        content = spoiled(GOOD[name], dice)
        for each in (content, mended(content), shuffled(GOOD[name], dice)):
            with contextlib.suppress(UnfitError):
                open_upright(each)


@pytest.mark.parametrize("name", GOOD)
def test_of_a_spoiled_file_all_sizes_are_made_or_none(name: str) -> None:
    dice = random.Random(name)
    for _ in range(ROUNDS // 4):
        with contextlib.suppress(UnfitError):
            assert len(resize(spoiled(GOOD[name], dice)).variants) == 3


FAULTS = [
    AssertionError,
    struct.error,
    ZeroDivisionError,
    RecursionError,
    zlib.error,
    OverflowError,
    SystemError,
    EOFError,
]


@pytest.mark.parametrize("fault", [*FAULTS, MemoryError])
@pytest.mark.parametrize("look", [open_upright, resize])
def test_whatever_a_decoder_raises_is_the_files_fault(
    monkeypatch: pytest.MonkeyPatch, look: object, fault: type[Exception]
) -> None:
    def broken(*_: object) -> None:
        raise fault

    monkeypatch.setattr(pixels, "read", broken)
    assert callable(look)
    with pytest.raises(UnfitError) as refused:
        look(m.sound("PNG"))
    assert refused.value.flaw == (Flaw.TOO_COSTLY if fault is MemoryError else Flaw.DAMAGED)
    assert isinstance(refused.value.__cause__, fault)
