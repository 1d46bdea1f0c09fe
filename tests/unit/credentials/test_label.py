"""A label can be read, whatever it lies on, and nothing else of the picture changes."""

import io

import pytest
from PIL import Image, ImageChops

from tests.unit.imaging import making as m
from workers.credentials.label import drawn
from workers.imaging.guard import look
from workers.imaging.upright import open_upright

GREY, LIGHTER = (128, 128, 128), 140


def labelled(content: bytes) -> bytes:
    return drawn(content, look(content).header.content_type, labelled=True)


@pytest.mark.parametrize("ground", [(255, 255, 255), (0, 0, 0), (128, 128, 128), (255, 0, 0)])
@pytest.mark.parametrize("size", [(320, 240), (1024, 1024), (240, 2048)])
def test_its_letters_stand_out_from_any_ground(ground: tuple[int, int, int], size: tuple[int, int]) -> None:
    plain = Image.new("RGB", size, ground)
    drawn = open_upright(labelled(m.encoded(plain, "PNG")))
    changed = ImageChops.difference(plain, drawn).getbbox()
    assert changed
    left, top, right, bottom = changed
    assert left < right < size[0] * 0.95
    assert top > size[1] * 0.8
    inside = drawn.crop((left, top, right, bottom)).convert("L")
    darkest, lightest = inside.getextrema()
    assert isinstance(darkest, int)
    assert isinstance(lightest, int)
    assert lightest - darkest > 150
    assert bottom - top >= 11


@pytest.mark.parametrize("mode", ["RGB", "RGBA"])
@pytest.mark.parametrize(
    ("size", "text"),
    [
        ((1024, 1024), (136, 14)),
        ((160, 26), (136, 14)),
        ((128, 1024), (65, 25)),
        ((70, 1024), (65, 25)),
        ((128, 20), (62, 10)),
        ((40, 40), (31, 24)),
        ((40, 1024), (31, 24)),
        ((24, 24), (11, 8)),
        ((11, 8), (11, 8)),
    ],
)
def test_it_is_whole_on_small_and_narrow_pictures(mode: str, size: tuple[int, int], text: tuple[int, int]) -> None:
    found = open_upright(labelled(m.encoded(Image.new(mode, size, GREY), "PNG"))).convert("L")
    letters = found.point([0] * LIGHTER + [255] * (256 - LIGHTER)).getbbox()
    assert letters
    scale = max(11, round(min(size) * 0.03)) / 11
    got = (letters[2] - letters[0], letters[3] - letters[1])
    assert got == pytest.approx([each * scale for each in text], abs=2 * scale)


@pytest.mark.parametrize(("format_", "mode"), [("PNG", "RGB"), ("PNG", "RGBA"), ("JPEG", "RGB"), ("WEBP", "RGBA")])
def test_the_file_stays_of_its_kind_and_size(format_: str, mode: str) -> None:
    content = m.sound(format_, mode, (400, 300))
    found = look(labelled(content))
    assert (found.header.content_type, found.size) == (look(content).header.content_type, (400, 300))


def test_of_a_lossless_picture_only_the_corner_changes() -> None:
    content = m.sound("PNG", size=(400, 300))
    with Image.open(io.BytesIO(content)) as before, Image.open(io.BytesIO(labelled(content))) as after:
        changed = ImageChops.difference(before, after).getbbox()
    assert changed
    assert changed[1] > 250


@pytest.mark.parametrize("size", [(1, 1), (16, 16), (40, 9)])
def test_one_that_is_too_small_for_its_letters_is_covered_by_them(size: tuple[int, int]) -> None:
    for mode in ("RGB", "RGBA"):
        assert look(labelled(m.encoded(m.picture(mode, size), "PNG"))).size == size


def test_one_that_lies_on_its_side_is_labelled_as_people_see_it() -> None:
    content = m.encoded(Image.new("RGB", (300, 200), (255, 255, 255)), "JPEG", exif=m.turned(6))
    drawn = open_upright(labelled(content))
    assert drawn.size == (200, 300)
    changed = ImageChops.difference(drawn, Image.new("RGB", drawn.size, (255, 255, 255))).getbbox()
    assert changed
    assert changed[1] > 240


def test_what_is_transparent_becomes_white_in_a_jpeg() -> None:
    clear = m.encoded(Image.new("RGBA", (64, 48), (255, 0, 0, 0)), "PNG")
    found = open_upright(drawn(clear, "image/jpeg", labelled=False))
    assert (found.mode, found.getpixel((5, 5))) == ("RGB", (255, 255, 255))
