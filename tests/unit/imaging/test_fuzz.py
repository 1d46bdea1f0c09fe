"""A spoiled file is refused or used: nothing else comes out of the resizer, no other error and no warning."""

import contextlib
import random

import pytest

from tests.unit.imaging import making as m
from workers.imaging.flaw import UnfitError
from workers.imaging.resize import resize

ROUNDS = 500
GOOD = {
    "PNG": m.sound("PNG", size=(40, 30)),
    "PNG with a palette": m.encoded(m.picture("L", (40, 30)).convert("P"), "PNG", transparency=3, exif=m.turned(6)),
    "PNG with alpha": m.sound("PNG", mode="RGBA", size=(40, 30), icc_profile=b"p" * 200),
    "JPEG": m.sound("JPEG", size=(40, 30), exif=m.turned(8), icc_profile=b"p" * 200),
    "JPEG, progressive": m.sound("JPEG", size=(40, 30), progressive=True),
    "JPEG in CMYK": m.encoded(m.picture(size=(40, 30)).convert("CMYK"), "JPEG"),
    "WebP": m.sound("WEBP", size=(40, 30)),
    "WebP with alpha": m.sound("WEBP", mode="RGBA", size=(40, 30), exif=m.turned(2)),
    "WebP without loss": m.sound("WEBP", size=(40, 30), lossless=True),
}


def spoiled(content: bytes, dice: random.Random) -> bytes:
    """Change up to eight bytes, most often near the start, and cut, repeat or drop a part now and then."""
    changed = bytearray(content)
    for _ in range(dice.randint(1, 8)):
        changed[int(len(changed) * dice.random() ** 3)] = dice.choice([0, 1, 127, 128, 255, dice.randrange(256)])
    start, end = sorted(dice.choices(range(len(changed)), k=2))
    ways = [bytes(changed)] * 4 + [changed[:end], changed[:start] + changed[end:], changed[:end] + changed[start:]]
    return bytes(dice.choice(ways))


@pytest.mark.parametrize("name", GOOD)
def test_a_spoiled_file_is_refused_or_used(name: str) -> None:
    dice = random.Random(name)
    for _ in range(ROUNDS):
        with contextlib.suppress(UnfitError):
            resize(spoiled(GOOD[name], dice))
