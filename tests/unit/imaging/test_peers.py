"""Every kind of picture beside Chromium and pyvips: what we make of it is what they show."""

from collections.abc import Iterator, Mapping

import numpy as np
import numpy.typing as npt
import pytest
import pyvips
from PIL import Image

from tests.unit.imaging import making as m
from tests.unit.imaging import pngs, profiles
from tests.unit.imaging.browser import CHROMIUM, Pixels, shown
from tests.unit.imaging.pngs import GREY, GREY_ALPHA, KINDS, PALETTE, RGB
from tests.unit.imaging.test_png import GREYS, palette, samples, transparency
from workers.imaging.upright import open_upright

Floats = npt.NDArray[np.float64]

LEVELS = 2
# Chromium brings HDR's light down by the brightest of a pixel's channels, we by each: grey is the same.
TONES = {"cICP, PQ", "cICP, HLG"}
PROFILES = {
    "linear": profiles.LINEAR,
    "2.2": profiles.GAMMA_22,
    "P3": profiles.P3,
    "ProPhoto": profiles.PROPHOTO,
    "version 4": profiles.LINEAR_4,
    "sRGB": profiles.SRGB,
    "grey": profiles.GREY_LINEAR,
    "grey 1.8": profiles.GREY_18,
    "garbage": b"garbage",
}
MODES = {"L": ["JPEG", "PNG"], "LA": ["PNG"], "RGB": ["JPEG", "PNG", "WEBP"], "RGBA": ["PNG", "WEBP"], "CMYK": ["JPEG"]}
EXACT = {"JPEG": {"quality": 100, "subsampling": 0}, "WEBP": {"lossless": True, "exact": True}}


def _kinds() -> Iterator[tuple[str, bytes]]:
    for colour, depth in KINDS:
        rows, chunks = samples(colour, depth), palette(depth) if colour == PALETTE else []
        for interlaced in (False, True):
            name = f"PNG {colour}, {depth} bits{', interlaced' if interlaced else ''}"
            yield name, pngs.written(rows, colour, depth, *chunks, interlaced=interlaced)
            if colour in {GREY, RGB, PALETTE}:
                key = transparency(colour, rows[3][4])
                yield f"{name}, tRNS", pngs.written(rows, colour, depth, *chunks, key, interlaced=interlaced)


def _coloured() -> Iterator[tuple[str, bytes]]:
    for name, (chunks, _) in GREYS.items():
        for colour in (GREY, GREY_ALPHA, RGB):
            if colour != RGB or name not in TONES:
                yield f"{name}, type {colour}", pngs.written(samples(colour, 8), colour, 8, *chunks)


def _profiled() -> Iterator[tuple[str, bytes]]:
    for mode, formats in MODES.items():
        image = m.picture("RGBA" if mode == "LA" else mode, (40, 30)).convert(mode)
        for format_ in formats:
            yield f"{format_} {mode}", m.encoded(image, format_, **EXACT.get(format_, {}))
            for name, profile in PROFILES.items():
                content = m.encoded(image, format_, icc_profile=profile, **EXACT.get(format_, {}))
                yield f"{format_} {mode}, {name}", content


FILES: Mapping[str, bytes] = dict([*_kinds(), *_coloured(), *_profiled()])


def ours(content: bytes) -> Pixels:
    return np.asarray(open_upright(content).convert("RGBA"))


def weighed(pixels: Pixels) -> Floats:
    """Colours as strong as they show: a canvas keeps no more."""
    alpha = pixels[..., 3:].astype(float)
    return np.concatenate([pixels[..., :3] * alpha / 255, alpha], axis=2)


def differ(mine: Pixels, theirs: Pixels | None) -> bool:
    return theirs is None or mine.shape != theirs.shape or bool(np.abs(weighed(mine) - weighed(theirs)).max() > LEVELS)


@pytest.mark.skipif(not CHROMIUM, reason="colours are not compared: there is no Chromium on this machine")
def test_what_we_make_of_a_file_is_what_chromium_shows() -> None:
    theirs = shown(FILES)
    assert [name for name, content in FILES.items() if differ(ours(content), theirs[name])] == []


def vips(content: bytes) -> Pixels:
    image = pyvips.Image.new_from_buffer(content, "")
    if image.get_typeof("icc-profile-data"):
        image = image.icc_transform("srgb", embedded=True, intent="perceptual")
    image = image.colourspace("srgb").cast("uchar")
    image = image if image.hasalpha() else image.bandjoin(255)
    return image.numpy()


# pyvips reads no gAMA, and takes another profile than one of the picture's own colours for none.
VIPS = {
    **dict(_kinds()),
    **{
        name: FILES[name]
        for name in FILES
        if name.partition(", ")[2] in {"linear", "P3", "ProPhoto"} and " RGB" in name
    },
    **{name: FILES[name] for name in FILES if " L" in name and name.endswith("grey 1.8")},
}


def test_what_we_make_of_a_file_is_what_pyvips_makes() -> None:
    assert [name for name, content in VIPS.items() if differ(ours(content), vips(content))] == []


def test_the_comparison_sees_a_difference() -> None:
    pixels = np.asarray(Image.new("RGBA", (4, 4), (100, 100, 100, 255)))
    assert not differ(pixels, pixels)
    assert differ(pixels, pixels + np.uint8(LEVELS + 1))
    assert differ(pixels, None)
