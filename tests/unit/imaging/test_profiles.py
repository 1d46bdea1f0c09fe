"""Profiles count for what they hold, not for what they are called."""

import io

import pytest
from PIL import Image

from tests.unit.imaging import making as m
from tests.unit.imaging import profiles
from workers.imaging.upright import open_upright

Level = int | tuple[int, ...]


def shown(mode: str, colour: Level, format_: str, profile: bytes) -> tuple[int, ...]:
    options = {"JPEG": {"quality": 100, "subsampling": 0}, "WEBP": {"lossless": True, "exact": True}}.get(format_, {})
    content = m.encoded(Image.new(mode, (16, 16), colour), format_, icc_profile=profile, **options)
    got = open_upright(content).convert("RGBA").getpixel((5, 5))
    assert isinstance(got, tuple)
    return got


def near(got: tuple[int, ...], wanted: tuple[int, ...]) -> bool:
    return max(abs(a - b) for a, b in zip(got, wanted, strict=True)) <= 2


@pytest.mark.parametrize("format_", ["JPEG", "PNG", "WEBP"])
@pytest.mark.parametrize("profile", [profiles.LINEAR, profiles.LINEAR_4])
def test_a_linear_profile_that_is_called_srgb(format_: str, profile: bytes) -> None:
    assert near(shown("RGB", (55, 55, 55), format_, profile), (128, 128, 128, 255))


@pytest.mark.parametrize("format_", ["JPEG", "PNG", "WEBP"])
def test_wide_ones_that_are_called_srgb(format_: str) -> None:
    assert near(shown("RGB", (200, 100, 50), format_, profiles.PROPHOTO), (255, 80, 46, 255))
    assert near(shown("RGB", (200, 100, 50), format_, profiles.P3), (216, 93, 24, 255))


@pytest.mark.parametrize("format_", ["JPEG", "PNG", "WEBP"])
def test_what_changes_nothing_changes_no_bit(format_: str) -> None:
    plain, profiled = (m.sound(format_, quality=90, **each) for each in ({}, {"icc_profile": profiles.SRGB}))
    assert open_upright(profiled).tobytes() == open_upright(plain).tobytes()


@pytest.mark.parametrize(("mode", "colour"), [("L", 55), ("LA", (55, 200))])
def test_grey_has_profiles_of_its_own(mode: str, colour: Level) -> None:
    alpha = 200 if mode == "LA" else 255
    assert near(shown(mode, colour, "PNG", profiles.GREY_LINEAR), (128, 128, 128, alpha))
    assert near(shown(mode, colour, "PNG", profiles.LINEAR), (128, 128, 128, alpha))


def test_a_grey_jpeg_has_too() -> None:
    assert near(shown("L", 55, "JPEG", profiles.GREY_LINEAR), (128, 128, 128, 255))


@pytest.mark.parametrize("profile", [profiles.GREY_LINEAR, profiles.LAB, b"garbage", profiles.LINEAR[:200]])
@pytest.mark.parametrize("format_", ["JPEG", "PNG", "WEBP"])
def test_one_that_is_of_something_else_is_none(format_: str, profile: bytes) -> None:
    assert near(shown("RGB", (200, 100, 50), format_, profile), (200, 100, 50, 255))


def test_alpha_is_no_colour() -> None:
    assert near(shown("RGBA", (55, 55, 55, 90), "PNG", profiles.LINEAR), (128, 128, 128, 90))


def test_pieces_of_a_jpeg_s_profile_are_put_in_their_order() -> None:
    whole = b"ICC_PROFILE\0"
    pieces = [profiles.LINEAR[:100], profiles.LINEAR[100:]]
    second, first = (m.segment(0xE2, whole + bytes([i, 2]) + pieces[i - 1]) for i in (2, 1))
    plain = m.encoded(Image.new("RGB", (16, 16), (55, 55, 55)), "JPEG", quality=100)
    got = [
        open_upright(m.with_segments(*each, content=plain)).getpixel((5, 5)) for each in ((second, first), (second,))
    ]
    assert got == [(128, 128, 128), (55, 55, 55)]
    assert Image.open(io.BytesIO(plain)).getpixel((5, 5)) == (55, 55, 55)
