"""Sound pictures of every kind come out as a person sees them."""

import io

import numpy as np
import pytest
from PIL import Image, ImageCms, ImageOps

from tests.unit.imaging import making as m
from workers.imaging.guard import decode, look
from workers.imaging.upright import open_upright

SRGB = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
OTHER = SRGB.replace("sRGB".encode("utf-16-be"), "swap".encode("utf-16-be"))


def near(image: Image.Image, other: Image.Image, most: float) -> bool:
    return bool(np.abs(np.asarray(image, float) - np.asarray(other, float)).mean() <= most)


@pytest.mark.parametrize("format_", ["JPEG", "PNG", "WEBP"])
def test_the_header_says_what_the_file_is(format_: str) -> None:
    candidate = look(m.sound(format_))
    assert candidate.header.content_type == f"image/{format_.lower()}"
    assert candidate.size == (160, 120)


@pytest.mark.parametrize("options", [{"progressive": True}, {"subsampling": 0}, {"restart_marker_blocks": 2}])
def test_jpegs_of_all_kinds(options: dict[str, int]) -> None:
    assert near(open_upright(m.sound("JPEG", quality=95, **options)), m.picture(), 8)


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGB", "RGBA"])
@pytest.mark.parametrize("format_", ["PNG", "WEBP"])
def test_every_mode_becomes_rgb_or_rgba(format_: str, mode: str) -> None:
    image = open_upright(m.encoded(m.picture(mode), format_))
    assert image.mode == ("RGBA" if mode == "RGBA" else "RGB")
    assert image.size == (160, 120)
    assert image.info == {}


def test_sixteen_bits_of_grey_are_scaled() -> None:
    ramp = np.linspace(0, 65_535, 256).astype("<u2").reshape(16, 16)
    image = open_upright(m.encoded(Image.fromarray(ramp), "PNG"))
    assert np.asarray(image.getchannel("R")).ravel().tolist() == list(range(256))


def test_a_palette_keeps_its_transparency() -> None:
    palette = m.picture("L").convert("P")
    image = open_upright(m.encoded(palette, "PNG", transparency=bytes([0] + [255] * 255)))
    assert image.mode == "RGBA"
    assert image.getchannel("A").getextrema() == (0, 255)


def test_a_transparent_colour_becomes_alpha() -> None:
    image = Image.new("RGB", (2, 1), (1, 2, 3))
    image.putpixel((1, 0), (9, 9, 9))
    seen = open_upright(m.encoded(image, "PNG", transparency=(1, 2, 3)))
    assert [seen.getpixel((x, 0)) for x in range(2)] == [(1, 2, 3, 0), (9, 9, 9, 255)]


def test_alpha_that_hides_nothing_goes() -> None:
    assert open_upright(m.encoded(m.picture().convert("RGBA"), "PNG")).mode == "RGB"


def test_cmyk_becomes_rgb() -> None:
    image = open_upright(m.encoded(Image.new("CMYK", (32, 32), (0, 255, 255, 0)), "JPEG", quality=95))
    assert image.mode == "RGB"
    assert near(image, Image.new("RGB", (32, 32), (255, 0, 0)), 3)


@pytest.mark.parametrize("turn", range(1, 9))
@pytest.mark.parametrize("format_", ["JPEG", "PNG", "WEBP"])
def test_the_orientation_is_applied(format_: str, turn: int) -> None:
    content = m.encoded(m.picture(), format_, exif=m.turned(turn))
    image = open_upright(content)
    assert image.size == look(content).size == ((120, 160) if turn >= 5 else (160, 120))
    assert near(image, ImageOps.exif_transpose(Image.open(io.BytesIO(content))), 0)


@pytest.mark.parametrize("format_", ["JPEG", "PNG", "WEBP"])
def test_an_srgb_profile_changes_nothing(format_: str) -> None:
    plain, profiled = m.sound(format_), m.encoded(m.picture(), format_, icc_profile=SRGB)
    assert near(open_upright(plain), open_upright(profiled), 0)


def test_another_profile_is_brought_to_srgb() -> None:
    swapped = OTHER.replace(b"rXYZ", b"tXYZ").replace(b"gXYZ", b"rXYZ").replace(b"tXYZ", b"gXYZ")
    content = m.encoded(Image.new("RGB", (8, 8), (255, 0, 0)), "PNG", icc_profile=swapped)
    assert open_upright(content).getpixel((0, 0)) == (0, 255, 0)


def test_a_profile_leaves_alpha_alone() -> None:
    image = open_upright(m.encoded(m.picture("RGBA"), "PNG", icc_profile=OTHER))
    assert near(image.getchannel("A"), m.picture("RGBA").getchannel("A"), 0)


def test_a_jpeg_is_decoded_no_larger_than_needed() -> None:
    content = m.sound("JPEG", size=(1600, 1200))
    assert decode(look(content), (400, 300)).size == (400, 300)
    assert decode(look(content), (401, 301)).size == (800, 600)


def test_a_lying_jpeg_is_decoded_for_the_size_it_has_upright() -> None:
    content = m.encoded(m.picture(size=(1600, 600)), "JPEG", exif=m.turned(6))
    assert decode(look(content), (150, 400)).size == (400, 150)


def test_grey_stays_grey_until_it_is_resized() -> None:
    assert decode(look(m.sound("PNG", "L"))).mode == decode(look(m.sound("JPEG", "L"))).mode == "L"
