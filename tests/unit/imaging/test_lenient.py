"""What browsers overlook in a file is overlooked, and what is really missing is not."""

import zlib
from collections.abc import Mapping

import numpy as np
import pytest
from PIL import Image

from tests.unit.imaging import making as m
from tests.unit.imaging import pngs
from tests.unit.imaging.browser import CHROMIUM, shown
from workers.imaging.flaw import Flaw, UnfitError
from workers.imaging.resize import resize
from workers.imaging.upright import open_upright

SIZE = (320, 240)
JPEGS = {
    "baseline": m.sound("JPEG", size=SIZE, quality=90),
    "without subsampling": m.sound("JPEG", size=SIZE, quality=90, subsampling=0),
    "progressive": m.sound("JPEG", size=SIZE, quality=90, progressive=True),
    "with restarts": m.sound("JPEG", size=SIZE, quality=90, restart_marker_blocks=4),
    "grey": m.sound("JPEG", "L", SIZE, quality=90),
    "CMYK": m.encoded(m.picture(size=SIZE).convert("CMYK"), "JPEG", quality=90),
}


def before(jpeg: bytes, extra: bytes, marker: bytes) -> bytes:
    at = jpeg.index(marker)
    return jpeg[:at] + extra + jpeg[at:]


def overlooked(jpeg: bytes) -> Mapping[str, bytes]:
    return {
        "no end": jpeg[:-2],
        "half an end": jpeg[:-1],
        "zeros for an end": jpeg[:-2] + bytes(100),
        "a few blocks short": jpeg[: int(len(jpeg) * 0.99)],
        "fill bytes": m.with_segments(b"\xff" * 20, content=jpeg),
        "a kilobyte of fill": m.with_segments(b"\xff" * 1000, content=jpeg),
        "fill before the frame": jpeg[: m.frame_at(jpeg)] + b"\xff\xff" + jpeg[m.frame_at(jpeg) :],
        "junk": before(jpeg, b"junk", b"\xff\xdb"),
        "junk with FF in it": before(jpeg, b"a\xff\0b", b"\xff\xdb"),
        "junk before the frame": jpeg[: m.frame_at(jpeg)] + b"xyz" + jpeg[m.frame_at(jpeg) :],
        "junk before the scan": before(jpeg, b"\0\0", b"\xff\xda"),
        "junk before the end": jpeg[:-2] + b"zzz" + jpeg[-2:],
        "a marker without a segment": m.with_segments(b"\xff\x01", content=jpeg),
        "junk behind": jpeg + b"hello",
    }


def png_data(png: bytes) -> tuple[int, int]:
    at = png.index(b"IDAT")
    return at + 4, at + 4 + int.from_bytes(png[at - 4 : at])


def spoiled(content: bytes, at: int) -> bytes:
    return content[:at] + bytes(each ^ 0x55 for each in content[at : at + 4]) + content[at + 4 :]


def overlooked_in(png: bytes) -> Mapping[str, bytes]:
    start, end = png_data(png)
    longer = (end - start + 50).to_bytes(4)
    return {
        "no end": png[:-12],
        "half an end": png[:-6],
        "a wrong checksum of the end": spoiled(png, len(png) - 4),
        "half a checksum of the pixels": png[:-14],
        "a wrong checksum of the pixels": spoiled(png, end),
        "a wrong Adler-32": spoiled(png, end - 4),
        "no Adler-32": png[: start - 8] + m.chunk(b"IDAT", png[start : end - 4]) + png[end + 4 :],
        "no Adler-32 and no end": png[: end - 4],
        "a wrong checksum of a text": png[:33] + m.chunk(b"tEXt", b"a\0b", 7) + png[33:],
        "a wrong checksum of a private chunk": png[:33] + m.chunk(b"vpAg", b"abc", 7) + png[33:],
        "pixels that say they are longer": png[: start - 8] + longer + png[start - 4 :],
    }


PNG_KINDS = {
    "RGB": m.sound("PNG", size=(64, 48)),
    "RGBA": m.sound("PNG", "RGBA", (64, 48)),
    "interlaced": pngs.written(
        np.random.default_rng(5).integers(0, 256, (31, 33, 3)).tolist(), pngs.RGB, 8, interlaced=True
    ),
    **{
        f"flat, {width} wide, packed by {level}": m.encoded(
            Image.new("RGB", (width, 48), (9, 8, 7)), "PNG", compress_level=level
        )
        for width in (64, 65)
        for level in (1, 6, 9)
    },
    "black": m.encoded(Image.new("RGB", (64, 48)), "PNG"),
}
JPEG_CASES = [(kind, what) for kind, jpeg in JPEGS.items() for what in overlooked(jpeg)]
PNG_CASES = [(kind, what) for kind, png in PNG_KINDS.items() for what in overlooked_in(png)]


def same(content: bytes, whole: bytes) -> float:
    """What share of the pixels is as in the whole picture."""
    got, wanted = (np.asarray(open_upright(each)) for each in (content, whole))
    return float((np.abs(got.astype(int) - wanted).max(axis=2) <= 2).mean())


@pytest.mark.parametrize(("kind", "what"), JPEG_CASES)
def test_what_browsers_overlook_in_a_jpeg(kind: str, what: str) -> None:
    content = overlooked(JPEGS[kind])[what]
    assert same(content, JPEGS[kind]) >= (0.9 if what == "a few blocks short" else 1.0)
    assert resize(content).width == 320


@pytest.mark.parametrize(("kind", "what"), PNG_CASES)
def test_what_browsers_overlook_in_a_png(kind: str, what: str) -> None:
    png = PNG_KINDS[kind]
    assert open_upright(overlooked_in(png)[what]).tobytes() == open_upright(png).tobytes()


@pytest.mark.skipif(not CHROMIUM, reason="leniency is not compared: there is no Chromium on this machine")
def test_chromium_shows_all_of_these() -> None:
    jpegs = {f"{kind}: {what}": overlooked(JPEGS[kind])[what] for kind, what in JPEG_CASES}
    png_files = {f"{kind}: {what}": overlooked_in(PNG_KINDS[kind])[what] for kind, what in PNG_CASES}
    assert [name for name, pixels in shown({**jpegs, **png_files}).items() if pixels is None] == []


@pytest.mark.parametrize("share", [0.2, 0.5, 0.75, 0.9])
@pytest.mark.parametrize("kind", JPEGS)
def test_a_jpeg_of_which_more_is_missing_is_refused(kind: str, share: float) -> None:
    content = JPEGS[kind][: int(len(JPEGS[kind]) * share)]
    for look in (open_upright, resize):
        with pytest.raises(UnfitError) as refused:
            look(content)
        assert refused.value.flaw == Flaw.DAMAGED


def test_a_progressive_one_that_lacks_a_scan_is_refused() -> None:
    jpeg = JPEGS["progressive"]
    with pytest.raises(UnfitError):
        open_upright(jpeg[: jpeg.rindex(b"\xff\xda")])


def test_a_progressive_one_without_an_end_may_end_in_white() -> None:
    image = m.picture(size=SIZE).copy()
    image.paste((255, 255, 255), (0, 160, *SIZE))
    assert open_upright(m.encoded(image, "JPEG", progressive=True)[:-2]).size == SIZE


@pytest.mark.parametrize("share", [0.5, 0.9, 0.99])
@pytest.mark.parametrize("kind", ["RGB", "RGBA", "interlaced"])
def test_a_png_of_which_rows_are_missing_is_refused(kind: str, share: float) -> None:
    start, end = png_data(PNG_KINDS[kind])
    with pytest.raises(UnfitError) as refused:
        open_upright(PNG_KINDS[kind][: start + int((end - start) * share)])
    assert refused.value.flaw == Flaw.DAMAGED


def test_a_critical_chunk_with_a_wrong_checksum_is_refused() -> None:
    png = PNG_KINDS["RGB"]
    with pytest.raises(UnfitError):
        open_upright(spoiled(png, 29))


def test_a_broken_chunk_of_colour_says_nothing() -> None:
    gamma = m.chunk(b"gAMA", (100_000).to_bytes(4), zlib.crc32(b"x"))
    png = PNG_KINDS["RGB"]
    assert open_upright(png[:33] + gamma + png[33:]).tobytes() == open_upright(png).tobytes()
