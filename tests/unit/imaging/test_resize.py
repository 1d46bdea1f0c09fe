"""The sizes: what they measure, what they keep, what they share."""

import io
from functools import cache
from typing import cast

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, ImageChops

from tests.unit.imaging import making as m
from workers.imaging import resize as resizing
from workers.imaging.flaw import Flaw, UnfitError
from workers.imaging.resize import SIDES, Resized, fitted, resize
from workers.imaging.upright import open_upright

sides = st.integers(1, 20_000)


def opened(made: Resized, name: str) -> Image.Image:
    return Image.open(io.BytesIO(made.variants[name].content))


def psnr(image: Image.Image, other: Image.Image) -> float:
    error = np.mean((np.asarray(image.convert("RGB"), float) - np.asarray(other.convert("RGB"), float)) ** 2)
    return float(10 * np.log10(255**2 / error))


@given(sides, sides, st.sampled_from(list(SIDES.values())))
def test_a_size_fits_keeps_its_shape_and_is_never_enlarged(width: int, height: int, side: int) -> None:
    got = fitted((width, height), side)
    assert max(got) == min(side, max(width, height))
    assert min(got) >= 1
    assert abs(got[0] * height - got[1] * width) <= max(width, height)


@pytest.mark.parametrize("format_", ["JPEG", "PNG", "WEBP"])
def test_three_sizes_of_a_large_picture(format_: str) -> None:
    image = m.picture().resize((2600, 1300))
    made = resize(m.encoded(image, format_))
    assert (made.content_type, made.width, made.height) == (f"image/{format_.lower()}", 2600, 1300)
    assert {name: (v.name, v.width, v.height) for name, v in made.variants.items()} == {
        "large": ("large", 2048, 1024),
        "medium": ("medium", 1024, 512),
        "thumbnail": ("thumbnail", 320, 160),
    }
    for name, variant in made.variants.items():
        assert opened(made, name).size == (variant.width, variant.height)
        assert psnr(opened(made, name), image.resize((variant.width, variant.height))) > 30


@pytest.mark.parametrize(("side", "large"), [(4096, 2048), (4032, 2016), (3960, 2048)])
def test_a_jpeg_that_halves_to_nearly_the_largest_size_is_left_at_that(side: int, large: int) -> None:
    """Cameras' 4032 pixels: another step of 1.6 % would cost more than decoding."""
    image = m.picture().resize((side, side // 4))
    made = resize(m.encoded(image, "JPEG", quality=95)).variants
    assert {name: max(v.width, v.height) for name, v in made.items()} == {
        "large": large,
        "medium": 1024,
        "thumbnail": 320,
    }
    assert opened(resize(m.encoded(image, "JPEG", quality=95)), "large").size == (made["large"].width, large // 4)
    for variant in made.values():
        wanted = image.resize((variant.width, variant.height), Image.Resampling.LANCZOS)
        assert psnr(Image.open(io.BytesIO(variant.content)), wanted) > 27


@cache
def noisy(size: tuple[int, int]) -> Image.Image:
    """A picture with a camera's noise: coarse grains besides fine ones, as `make bench` has them."""
    random, lit = np.random.default_rng(7), np.asarray(m.picture().resize(size, Image.Resampling.BICUBIC), np.float32)
    for width, deviation in {16: 8, 4: 7, 2: 5, 1: 4}.items():
        grains = random.standard_normal((-(-size[1] // width), -(-size[0] // width)), np.float32)
        lit = lit + deviation * np.asarray(Image.fromarray(grains).resize(size, Image.Resampling.BICUBIC))[..., None]
    return Image.fromarray(lit.clip(0, 255).astype(np.uint8))


@pytest.mark.parametrize(("format_", "side"), [("JPEG", 4032), ("JPEG", 3000), ("WEBP", 3000), ("PNG", 3000)])
def test_sizes_are_as_near_as_the_sharpest_filter_at_quality_82_in_comparable_bytes(format_: str, side: int) -> None:
    content = m.encoded(noisy((side, side // 4)), format_, quality=90)
    original, made = open_upright(content), resize(content).variants
    files = [0, 0]
    for variant in made.values():
        wanted = original.resize((variant.width, variant.height), Image.Resampling.LANCZOS)
        peer = m.encoded(wanted, "WEBP", quality=82, method=2)
        behind = psnr(Image.open(io.BytesIO(peer)), wanted) - psnr(Image.open(io.BytesIO(variant.content)), wanted)
        assert behind < 0.2, variant.name
        files = [files[0] + len(variant.content), files[1] + len(peer)]
    assert files[0] <= 1.2 * files[1]


def test_sizes_that_would_enlarge_share_the_largest_real_one() -> None:
    icon = resize(m.sound("PNG"))
    assert {v.name for v in icon.variants.values()} == {"thumbnail"}
    assert icon.variants["large"] is icon.variants["thumbnail"]
    assert (icon.variants["large"].width, icon.variants["large"].height) == (160, 120)
    middling = resize(m.encoded(m.picture().resize((800, 600)), "PNG")).variants
    assert [(middling[name].name, middling[name].width) for name in SIDES] == [
        ("medium", 800),
        ("medium", 800),
        ("thumbnail", 320),
    ]


@pytest.mark.parametrize("turn", range(1, 9))
def test_sizes_are_upright(turn: int) -> None:
    content = m.encoded(m.picture().resize((1200, 600)), "JPEG", quality=95, exif=m.turned(turn))
    made = resize(content)
    upright = open_upright(content)
    assert (made.width, made.height) == upright.size
    small = upright.resize((made.variants["medium"].width, made.variants["medium"].height))
    assert psnr(opened(made, "medium"), small) > 30


def test_alpha_is_kept_and_hides_the_same() -> None:
    image = m.picture("RGBA").resize((1200, 900))
    made = resize(m.encoded(image, "PNG"))
    for name in SIDES:
        got = opened(made, name)
        assert got.mode == "RGBA"
        wanted = image.resize(got.size, Image.Resampling.LANCZOS)
        error = np.asarray(got.getchannel("A"), float) - np.asarray(wanted.getchannel("A"), float)
        assert np.abs(error).mean() < 2


@pytest.mark.parametrize(("side", "format_", "options"), [(800, "PNG", {}), (3000, "WEBP", {"exact": True})])
def test_what_is_transparent_tints_nothing(side: int, format_: str, options: dict[str, bool]) -> None:
    image = Image.new("RGBA", (side, side), (0, 255, 0, 0))
    image.paste((255, 0, 0, 255), (0, 0, side // 2 + 1, side))
    small = np.asarray(opened(resize(m.encoded(image, format_, **options)), "thumbnail"))
    seen = small[small[..., 3] > 128]
    assert seen[:, 1].max() < 60


@pytest.mark.parametrize("format_", ["JPEG", "PNG", "WEBP"])
def test_nothing_but_the_picture_is_left(format_: str) -> None:
    content = m.encoded(m.picture(), format_, exif=m.turned(3), icc_profile=b"not a profile")
    for variant in resize(content).variants.values():
        image = Image.open(io.BytesIO(variant.content))
        assert not {"exif", "icc_profile", "xmp"} & image.info.keys()


def test_a_line_of_pixels_keeps_its_one() -> None:
    large = resize(m.encoded(Image.new("L", (9000, 1), 200), "PNG")).variants["large"]
    assert (large.width, large.height) == (2048, 1)


def test_the_cap_of_bytes_is_the_callers() -> None:
    with pytest.raises(UnfitError) as refused:
        resize(m.sound("JPEG"), max_bytes=1000)
    assert refused.value.flaw == Flaw.TOO_MANY_BYTES


@pytest.mark.parametrize("part", [(0, 0, 700, 900), (10.5, 33.3, 611.2, 844.8), (0, 400.5, 700, 900)])
@pytest.mark.parametrize("filter_", [Image.Resampling.HAMMING, Image.Resampling.LANCZOS])
def test_a_part_is_scaled_in_bands_as_it_is_at_once(
    part: tuple[float, float, float, float], filter_: Image.Resampling, monkeypatch: pytest.MonkeyPatch
) -> None:
    image = m.picture("RGBA", (700, 900))
    at_once = resizing.scaled(image, part, (310, 407), filter_)
    monkeypatch.setattr(resizing, "_WHOLE", 0)
    banded = resizing.scaled(image, part, (310, 407), filter_)
    differences = ImageChops.difference(at_once.convert("RGBa"), banded.convert("RGBa")).getextrema()
    assert max(most for _, most in cast("tuple[tuple[int, int], ...]", differences)) <= 3
