"""Photos in the file: the same bytes where they fit, upright, in their colours, and as large as the page can show."""

import io
import math
from functools import cache
from struct import pack
from typing import Any, cast

import pytest
from PIL import Image, ImageChops

from studio.documents.album import BLEED_MM, HEIGHT_MM, WIDTH_MM, Album, PdfProduct
from studio.documents.arrange import Frame
from studio.documents.pages import plan
from tests.unit.documents import albums as a
from tests.unit.documents.albums import ONE, PRINT, SCREEN, TWO, pdf_of, pictures, rendered
from tests.unit.imaging import making as m
from tests.unit.imaging import profiles
from workers.documents.album import write_album
from workers.imaging.flaw import UnfitError

DPI = 60
FINER = 3
NEAR = 48  # of 255 in a block of 6 pixels: PDFium moves an edge by up to a pixel
QUARTERS = ((220, 40, 40), (40, 180, 60), (40, 70, 210), (230, 210, 60))


@cache
def quarters(size: tuple[int, int] = (400, 240)) -> Image.Image:
    """A picture whose four corners differ, as does every way to lay it."""
    image = Image.new("RGB", size)
    for i, colour in enumerate(QUARTERS):
        box = (i % 2 * size[0] // 2, i // 2 * size[1] // 2)
        image.paste(colour, (*box, box[0] + size[0] // 2, box[1] + size[1] // 2))
    return image


UNDONE = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_90,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_270,
}


@cache
def lying(turn: int, size: tuple[int, int] = (400, 240)) -> bytes:
    """The picture as it is stored by a camera that was held so."""
    image = quarters(size)
    stored = image.transpose(UNDONE[turn]) if turn in UNDONE else image
    return m.encoded(stored, "JPEG", quality=95, subsampling=0, exif=m.turned(turn))


def frames(album: Album, page: int, product: PdfProduct = PRINT) -> list[Frame]:
    return list(plan(album, product)[page].frames)


def expected(shown: list[Frame], images: list[Image.Image], size: tuple[int, int], product: PdfProduct) -> Image.Image:
    """Lay pictures on white as the plan says, without a PDF: three times as large, for what lies between pixels."""
    page, margin = Image.new("RGB", (FINER * size[0], FINER * size[1]), "white"), BLEED_MM if product == PRINT else 0
    across, down = page.width / (WIDTH_MM + 2 * margin), page.height / (HEIGHT_MM + 2 * margin)
    for frame, image in zip(shown, images, strict=True):
        crop, box = frame.crop_of(*image.size), frame.box.moved(margin, margin)
        corners = round(box.left * across), round(box.top * down), round(box.right * across), round(box.bottom * down)
        part = (crop.left, crop.top, crop.right, crop.bottom)
        page.paste(
            image.resize((corners[2] - corners[0], corners[3] - corners[1]), Image.Resampling.BILINEAR, part),
            corners[:2],
        )
    return page.reduce(FINER)


def unlike(one: Image.Image, other: Image.Image) -> int:
    """The largest difference of two pictures, in levels, coarse enough that a page number is a speck."""
    differences = ImageChops.difference(one.reduce(6), other.reduce(6)).getextrema()
    return max(most for _, most in cast("tuple[tuple[int, int], ...]", differences))


@pytest.mark.parametrize("product", PdfProduct)
@pytest.mark.parametrize("turn", range(1, 9))
def test_a_photo_is_upright_whatever_its_orientation(turn: int, product: PdfProduct) -> None:
    files = {"a": lying(turn)}
    album = a.of(files)
    page = rendered(a.write(album, files, product)[0], 1, DPI)
    assert unlike(page, expected(frames(album, 1), [quarters()], page.size, product)) < NEAR


@pytest.mark.parametrize("turn", range(1, 9))
def test_a_photo_that_is_brought_down_is_upright_too(turn: int) -> None:
    files = {"a": lying(turn, (3000, 1800))}
    album = a.of(files)
    content = a.write(album, files, SCREEN)[0]
    (picture,) = pictures(content, 1)
    assert picture.width < 1600
    page = rendered(content, 1, DPI)
    assert unlike(page, expected(frames(album, 1), [quarters()], page.size, SCREEN)) < NEAR


@pytest.mark.parametrize("focal", [(0.0, 0.0), (0.4, 0.5), (1.0, 1.0)])
@pytest.mark.parametrize(("turn", "side"), [(1, 300), (8, 2000)])
def test_what_is_cropped_is_what_lies_far_from_the_focal_point(
    focal: tuple[float, float], turn: int, side: int
) -> None:
    size = (side * 4, side)
    files = {"a": lying(turn, size), "b": m.sound("JPEG")}
    photos = (a.photo("a", *size, focal_x=focal[0], focal_y=focal[1]), a.photo("b", 160, 120))
    album = a.album(*photos, layout=TWO)
    content = a.write(album, files, SCREEN)[0]
    for page, shown in ((0, frames(album, 0)), (1, frames(album, 1)[:1])):
        drawn, wanted = (
            image.crop(_place(shown[0], image.size))
            for image in (
                rendered(content, page, DPI),
                expected(shown, [quarters(size)], rendered(content, page, DPI).size, SCREEN),
            )
        )
        if page:
            assert unlike(drawn, wanted) < NEAR
        else:
            assert unlike(drawn.crop((400, 0, 700, 490)), wanted.crop((400, 0, 700, 490))) < NEAR  # beside the title


def _place(frame: Frame, size: tuple[int, int]) -> tuple[int, int, int, int]:
    dots, box = DPI / 25.4, frame.box
    left, top = max(0, math.ceil(box.left * dots)), max(0, math.ceil(box.top * dots))
    return left, top, min(size[0], int(box.right * dots)), min(size[1], int(box.bottom * dots))


@cache
def noisy(size: tuple[int, int], mode: str = "RGB") -> Image.Image:
    return m.picture(mode).resize(size)


@cache
def fitting(**options: Any) -> dict[str, bytes]:
    """JPEGs of each kind that goes in as it is; cameras, scanners and programs write all of these."""
    return {
        "plain": m.encoded(noisy((800, 600)), "JPEG", **options),
        "progressive": m.encoded(noisy((800, 600)), "JPEG", progressive=True, **options),
        "no subsampling": m.encoded(noisy((800, 600)), "JPEG", subsampling=0, **options),
        "grey": m.encoded(noisy((800, 600)).convert("L"), "JPEG", **options),
        "turned": m.encoded(noisy((800, 600)), "JPEG", exif=m.turned(6), **options),
        "restarts": m.encoded(noisy((800, 600)), "JPEG", restart_marker_rows=2, **options),
        "junk": m.with_segments(
            m.segment(0xFE, b"endstream endobj"), content=m.encoded(noisy((800, 600)), "JPEG", **options)
        ),
    }


@pytest.mark.parametrize("kind", fitting())
@pytest.mark.parametrize("product", PdfProduct)
def test_a_jpeg_that_fits_is_in_the_file_to_the_byte(kind: str, product: PdfProduct) -> None:
    content = fitting()[kind]
    made = pdf_of({"a": content}, product)
    assert made.count(content) == 1  # though it is on the cover and on a page
    (cover,), (page,) = (pictures(made, i) for i in (0, 1))
    assert cover.number == page.number
    assert page.raw == content
    assert page.filter == "/DCTDecode"


@pytest.mark.parametrize("kind", fitting())
def test_a_jpeg_that_goes_in_as_it_is_looks_as_it_did(kind: str) -> None:
    files = {"a": fitting(quality=95)[kind]}
    album = a.of(files)
    page = rendered(a.write(album, files, SCREEN)[0], 1, DPI)
    with Image.open(io.BytesIO(files["a"])) as image:
        seen = image.convert("RGB").transpose(Image.Transpose.ROTATE_270) if kind == "turned" else image.convert("RGB")
        assert unlike(page, expected(frames(album, 1), [seen], page.size, SCREEN)) < NEAR


@pytest.mark.parametrize(("product", "limit", "target"), [(PRINT, 450, 300), (SCREEN, 225, 150)])
def test_a_jpeg_is_brought_down_only_from_half_again_what_shows(product: PdfProduct, limit: int, target: int) -> None:
    """Alone on its page a photo of 4:3 is 8.976 inches wide."""
    for dots, untouched in ((limit - 2, True), (limit + 2, False)):
        side = round(8.976 * dots)
        content = m.encoded(noisy((side, side * 3 // 4)), "JPEG")
        made = pdf_of({"a": content}, product)
        (picture,) = pictures(made, 1)
        assert (picture.raw == content) is untouched
        if not untouched:
            assert picture.width / 8.976 == pytest.approx(target, abs=1)


def test_what_prints_has_300_dpi_and_what_is_shown_is_small() -> None:
    content = m.encoded(Image.effect_noise((4096, 3072), 60), "JPEG", quality=90)
    shown, printed = (pdf_of({"a": content}, product) for product in (SCREEN, PRINT))
    assert 4 * len(shown) < len(printed)


def test_nothing_is_enlarged() -> None:
    for format_ in ("PNG", "WEBP"):
        (picture,) = pictures(pdf_of({"a": m.encoded(noisy((300, 200)), format_)}), 1)
        assert (picture.width, picture.height) == (300, 200)


@pytest.mark.parametrize("profile", [profiles.P3, profiles.PROPHOTO, profiles.LINEAR_4])
def test_a_profile_is_kept_once_for_all_photos_that_share_it(profile: bytes) -> None:
    files = {str(i): m.encoded(noisy((400, 300 + i)), "JPEG", icc_profile=profile) for i in range(3)}
    made = pdf_of(files, SCREEN)
    found = [pictures(made, i)[0] for i in range(1, 4)]
    assert {each.profile for each in found} == {profile}
    assert len({each.profile_number for each in found}) == 1
    assert [each.raw for each in found] == list(files.values())


@pytest.mark.parametrize("profile", [b"", b"garbage", profiles.LAB, profiles.GREY_18])
def test_without_a_usable_profile_colours_are_srgb(profile: bytes) -> None:
    content = m.encoded(noisy((400, 300)), "JPEG", icc_profile=profile)
    (picture,) = pictures(pdf_of({"a": content}), 1)
    assert b"sRGB" in picture.profile.replace(b"\0", b"")
    assert picture.raw == content


def test_grey_has_greys_profile_or_none() -> None:
    for profile, space in ((b"", "/DeviceGray"), (profiles.P3, "/DeviceGray"), (profiles.GREY_18, "/ICCBased")):
        content = m.encoded(noisy((400, 300)).convert("L"), "JPEG", icc_profile=profile)
        (picture,) = pictures(pdf_of({"a": content}), 1)
        assert (picture.space, picture.profile) == (space, profile if space == "/ICCBased" else b"")
        assert picture.raw == content


def inks() -> bytes:
    """A printer's profile by which more ink is darker, and no more: a table of two levels of each of the four."""
    same = bytes(range(256))
    darkness = b"".join(bytes([255 // 4 * (4 - i.bit_count()) + 3 * (i == 0), 128, 128]) for i in range(16))
    unit = b"".join(pack(">i", 65_536 * (i % 4 == 0)) for i in range(9))
    table = b"mft1" + bytes(4) + bytes([4, 3, 2, 0]) + unit + same * 4 + darkness + same * 3
    made = profiles.written(b"CMYK", {b"A2B0": table, b"B2A0": table})
    return made[:12] + b"prtr" + made[16:20] + b"Lab " + made[24:]


def test_inks_with_a_profile_keep_it_and_are_not_inverted() -> None:
    image = Image.new("CMYK", (400, 240), (0, 0, 0, 0))
    image.paste((255, 255, 255, 255), (0, 0, 200, 240))
    content = m.encoded(image, "JPEG", quality=95, icc_profile=inks())
    made = pdf_of({"a": content}, SCREEN)
    (picture,) = pictures(made, 1)
    assert (picture.raw, picture.profile, picture.inverted) == (content, inks(), True)
    page = rendered(made, 1, DPI)
    dark, light = (cast("tuple[int, int, int]", page.getpixel((x, 250))) for x in (150, 550))
    assert max(dark) < 60
    assert min(light) > 240


def test_inks_without_a_profile_are_shown_as_browsers_show_them() -> None:
    image = quarters().convert("CMYK")
    files = {"a": m.encoded(image, "JPEG", quality=95)}
    album = a.of(files)
    made = a.write(album, files, SCREEN)[0]
    assert pictures(made, 1)[0].space == "/ICCBased"
    page = rendered(made, 1, DPI)
    assert unlike(page, expected(frames(album, 1), [image.convert("RGB")], page.size, SCREEN)) < NEAR


@pytest.mark.parametrize("marked", [True, False])
def test_rgb_that_only_its_components_names_tell_is_decoded(marked: bool) -> None:
    content = m.encoded(quarters(), "JPEG", quality=95, keep_rgb=True)
    at = content.index(b"\xff\xee\0\x0eAdobe")
    plain = content if marked else content[:at] + content[at + 16 :]
    files = {"a": plain}
    made = a.write(album := a.of(files), files, SCREEN)[0]
    assert (plain in made) is marked
    page = rendered(made, 1, DPI)
    assert unlike(page, expected(frames(album, 1), [quarters()], page.size, SCREEN)) < NEAR


@pytest.mark.parametrize("cut", [2, 400])
def test_a_jpeg_that_is_cut_off_is_mended(cut: int) -> None:
    content = m.encoded(noisy((800, 600)), "JPEG", quality=95)[:-cut]
    files = {"a": content}
    made = a.write(album := a.of(files), files, SCREEN)[0]
    assert pictures(made, 1)[0].raw.endswith(b"\xff\xd9")
    page = rendered(made, 1, DPI)
    assert unlike(page, expected(frames(album, 1), [noisy((800, 600))], page.size, SCREEN)) < (
        NEAR if cut == 2 else 160
    )


@pytest.mark.parametrize("format_", ["PNG", "WEBP"])
def test_photos_of_other_kinds_become_jpeg(format_: str) -> None:
    files = {"a": m.encoded(noisy((800, 600)), format_)}
    made = a.write(album := a.of(files), files, SCREEN)[0]
    assert pictures(made, 1)[0].filter == "/DCTDecode"
    page = rendered(made, 1, DPI)
    with Image.open(io.BytesIO(files["a"])) as image:
        assert unlike(page, expected(frames(album, 1), [image.convert("RGB")], page.size, SCREEN)) < NEAR


def test_a_photo_in_black_and_white_is_no_drawing() -> None:
    for format_ in ("PNG", "WEBP"):
        content = m.encoded(noisy((800, 600)).convert("L").convert("RGB"), format_)
        assert pictures(pdf_of({"a": content}, SCREEN), 1)[0].filter == "/DCTDecode"


def test_a_drawing_of_few_colours_keeps_them_to_the_bit() -> None:
    made = pdf_of({"a": m.encoded(quarters(), "PNG")})
    (picture,) = pictures(made, 1)
    assert picture.filter == "/FlateDecode"
    assert picture.unpacked == quarters().tobytes()


@pytest.mark.parametrize("size", [(1, 1), (1, 100), (100, 1), (3, 2), (2, 9)])
@pytest.mark.parametrize("format_", ["PNG", "JPEG"])
def test_the_smallest_pictures_are_shown(size: tuple[int, int], format_: str) -> None:
    content = m.encoded(Image.new("RGB", size, (200, 30, 30)), format_)
    made = pdf_of({"a": content, "b": content, "c": content}, SCREEN, layout=TWO)
    red, green, blue = cast("tuple[int, int, int]", rendered(made, 0).getpixel((600, 20)))
    assert (red > 190, green < 40, blue < 40) == (True, True, True)


def test_a_sink_that_fails_is_not_the_pictures_fault() -> None:
    class Full:
        def write(self, data: bytes, /) -> object:
            if b"/XObject" in data:
                raise OSError("full")
            return None

    for format_ in ("JPEG", "PNG"):
        content = m.sound(format_)
        with pytest.raises(OSError, match="full"):
            write_album(a.album(a.photo()), SCREEN, lambda _, it=content: io.BytesIO(it), Full(), a.MADE)


def test_what_is_transparent_is_paper() -> None:
    image = quarters().convert("RGBA")
    image.putalpha(Image.new("L", image.size, 0))
    content = pdf_of({"a": m.encoded(image, "PNG")}, SCREEN)
    assert rendered(content, 1).crop((60, 60, 780, 500)).getextrema() == ((255, 255),) * 3


def test_a_file_of_another_size_than_was_said_is_shown_undistorted() -> None:
    files = {"a": m.encoded(quarters((600, 600)), "JPEG", quality=95, subsampling=0)}
    album = a.album(a.photo("a", 400, 240), layout=ONE)
    page = rendered(a.write(album, files, SCREEN)[0], 1, DPI)
    assert unlike(page, expected(frames(album, 1), [quarters((600, 600))], page.size, SCREEN)) < NEAR


@pytest.mark.parametrize("content", [b"", b"no picture", m.sound("JPEG")[:100], m.sound("PNG")[:200]])
def test_what_is_no_picture_fails_the_album(content: bytes) -> None:
    with pytest.raises(UnfitError):
        a.write(a.album(a.photo()), {"a": content})


def test_two_photos_on_a_page_stand_where_they_should() -> None:
    files = {"a": lying(1), "b": lying(6, (300, 500))}
    album = a.of(files, layout=TWO)
    for product in PdfProduct:
        page = rendered(a.write(album, files, product)[0], 1, DPI)
        wanted = expected(frames(album, 1), [quarters(), quarters((300, 500))], page.size, product)
        assert unlike(page, wanted) < NEAR
