"""Drawing: pixels of every template, from pictures of every kind."""

import io
import unicodedata
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

import numpy as np
import pytest
from PIL import Image, ImageCms, ImageDraw

from studio.documents.collage import PREVIEW_SIDE, PRINT_SIDE, CollagePicture, CollageSpec
from studio.documents.geometry import Box
from studio.documents.layout import layout
from studio.documents.templates import TEMPLATES, CollageTemplate
from tests.unit.documents.portraits import portrait
from tests.unit.imaging import making as m
from tests.unit.imaging.profiles import P3
from workers.documents import covering
from workers.documents.collage import draw
from workers.documents.rounded import rounded
from workers.imaging import guard
from workers.imaging.colour import srgb_profile
from workers.imaging.flaw import UnfitError
from workers.imaging.headers import jpeg

Pixels = np.ndarray[Any, np.dtype[np.int16]]

RED, GREEN, BLUE = (220, 30, 40), (30, 160, 60), (40, 60, 200)
WHITE, FACE = (255, 255, 255), (255, 0, 255)
TURNS = range(1, 9)

each_template = pytest.mark.parametrize("template", CollageTemplate)


def drawn(spec: CollageSpec, files: Sequence[bytes], side: int = 320) -> Image.Image:
    return Image.open(io.BytesIO(draw(spec, [partial(_same, file) for file in files], side).content))


def _same(file: bytes) -> bytes:
    return file


def alike(
    template: CollageTemplate, file: bytes, caption: str | None = None, background: str | None = None, side: int = 320
) -> Image.Image:
    """Draw a collage of one picture, again and again."""
    count = TEMPLATES[template].least
    size = guard.look(file).size
    return drawn(CollageSpec(template, (CollagePicture(*size),) * count, caption, background), [file] * count, side)


def pixels(image: Image.Image) -> Pixels:
    return np.asarray(image.convert("RGB")).astype(np.int16)


def near(image: Image.Image, at: tuple[float, float], colour: Sequence[int], by: int = 6) -> bool:
    found = image.convert("RGB").getpixel((int(at[0]), int(at[1])))
    assert isinstance(found, tuple)
    return max(abs(a - b) for a, b in zip(found, colour, strict=True)) <= by


def plain(colour: Sequence[int], size: tuple[int, int] = (300, 300)) -> bytes:
    return m.encoded(Image.new("RGB", size, tuple(colour)), "PNG")


def middle(box: Box, scale: float) -> tuple[float, float]:
    return (box.left + box.width / 2) * scale, (box.top + box.height / 2) * scale


# ---- the sheet


@each_template
@pytest.mark.parametrize("side", [320, PREVIEW_SIDE])
def test_its_longest_side_is_what_was_asked_for(template: CollageTemplate, side: int) -> None:
    sheet = TEMPLATES[template]
    image = alike(template, plain(RED), side=side)
    assert image.format == "JPEG"
    assert max(image.size) == side
    assert image.width / image.height == pytest.approx(sheet.width / sheet.height, abs=0.01)


def test_print_is_at_least_3000_pixels_and_a_preview_at_most_1024() -> None:
    assert PRINT_SIDE >= 3000
    assert PREVIEW_SIDE <= 1024


def test_it_says_that_it_is_srgb_and_how_large_it_is_printed() -> None:
    image = alike(CollageTemplate.GRID_2X2, plain(RED), side=800)
    assert image.info["icc_profile"] == srgb_profile()
    described = ImageCms.getProfileDescription(ImageCms.ImageCmsProfile(io.BytesIO(srgb_profile())))
    assert "sRGB" in described
    assert image.info["dpi"] == pytest.approx((101.6, 101.6), abs=0.5)
    assert "exif" not in image.info


def test_the_same_collage_is_the_same_file() -> None:
    files = [[drawn(spec(), [plain(RED)]).tobytes(), *_bytes()] for _ in range(2)]
    assert files[0] == files[1]


def spec() -> CollageSpec:
    return CollageSpec(CollageTemplate.POLAROID, (CollagePicture(300, 300),), "Huế")


def _bytes() -> Sequence[bytes]:
    return [draw(spec(), [partial(plain, RED)], 320).content]


@each_template
def test_pictures_lie_in_their_order_with_the_background_between_them(template: CollageTemplate) -> None:
    count = TEMPLATES[template].least
    colours = [(20 + 25 * i, 220 - 20 * i, 60 + 20 * (i % 3)) for i in range(count)]
    spec_ = CollageSpec(template, (CollagePicture(300, 300),) * count, None, "#102840")
    image, plan = drawn(spec_, [plain(colour) for colour in colours]), layout(spec_)
    scale = 320 / max(plan.width, plan.height)
    for cell, colour in zip(plan.cells, colours, strict=True):
        assert near(image, middle(cell.picture, scale), colour)
    ground = (16, 40, 64)
    sheet = TEMPLATES[template]
    assert near(image, (sheet.margin * scale / 2, image.height / 2), ground)
    if count > 1:
        first = plan.cells[0].picture
        gap = (middle(first, scale)[0], (first.bottom + sheet.gap / 2) * scale)
        beside = ((first.right + sheet.gap / 2) * scale, middle(first, scale)[1])
        assert near(image, gap, ground, 12) or near(image, beside, ground, 12)


def test_each_file_is_opened_when_its_turn_comes() -> None:
    opened: list[int] = []

    def source(index: int) -> bytes:
        opened.append(index)
        return plain(RED) if index < 2 else b"broken"

    spec_ = CollageSpec(CollageTemplate.GRID_2X2, (CollagePicture(300, 300),) * 4)
    with pytest.raises(UnfitError):
        draw(spec_, [partial(source, i) for i in range(4)], 320)
    assert opened == [0, 1, 2]


# ---- corners


def test_corners_are_round_with_soft_edges() -> None:
    mask = np.asarray(rounded((60, 40), 12)).astype(int)
    assert mask[0, 0] == 0
    assert mask[20, 30] == 255
    assert (mask == mask[::-1]).all()
    assert (mask == mask[:, ::-1]).all()
    assert (np.diff(mask[0, :13]) >= 0).all()
    assert len({int(v) for v in mask[:13, :13].flat} - {0, 255}) > 8  # steps between none and all
    area = 60 * 40 - (4 - np.pi) * 12**2
    assert mask.sum() / 255 == pytest.approx(area, rel=0.005)


@pytest.mark.parametrize(("size", "radius"), [((5, 5), 0), ((1, 1), 3), ((3, 9), 40), ((7, 7), 0.4)])
def test_any_radius_can_be_drawn(size: tuple[int, int], radius: float) -> None:
    mask = np.asarray(rounded(size, radius))
    assert mask.shape == size[::-1]
    assert mask[size[1] // 2, size[0] // 2] > 100
    assert radius or (mask == 255).all()


def test_a_corner_shows_the_background() -> None:
    image = alike(CollageTemplate.GRID_2X2, plain(RED), None, "#000000", side=1000)
    left = 9 * 1000 / 200
    assert near(image, (left + 1, left + 1), (0, 0, 0), 40)
    assert near(image, (left + 11, left + 11), RED, 12)


# ---- words


@each_template
def test_captions_composed_and_decomposed_are_the_same_pixel_by_pixel(template: CollageTemplate) -> None:
    caption = "Đường về Huế, thuở ấy"
    images = [alike(template, plain(GREEN), unicodedata.normalize(form, caption), side=640) for form in ("NFC", "NFD")]
    assert images[0].tobytes() == images[1].tobytes()
    assert images[0].tobytes() != alike(template, plain(GREEN), side=640).tobytes()
    without = "".join(each for each in unicodedata.normalize("NFD", caption) if not unicodedata.combining(each))
    assert images[0].tobytes() != alike(template, plain(GREEN), without, side=640).tobytes()


@pytest.mark.parametrize(("background", "dark"), [("#ffffff", True), ("#102030", False), ("#ffee88", True)])
def test_words_are_readable_on_any_background(background: str, dark: bool) -> None:
    plan = layout(spec())
    image = alike(CollageTemplate.POLAROID, plain(RED), "Huế", background, side=640)
    assert plan.caption
    scale = 640 / plan.height
    box = plan.caption
    foot = image.convert("L").crop((0, round(box.top * scale), image.width, image.height))
    least, most = foot.getextrema()
    assert isinstance(least, int | float)
    assert isinstance(most, int | float)
    ground = Image.new("RGB", (1, 1), background).convert("L").getpixel((0, 0))
    assert isinstance(ground, int)
    assert most - least > 120
    assert abs(ground - (most if dark else least)) < 12


def test_words_stand_in_the_middle() -> None:
    image = pixels(alike(CollageTemplate.POLAROID, plain(RED), "HHHH", "#ffffff", side=1070))
    foot = np.where((image.max(axis=2) < 100)[840:, :])
    assert foot[1].min() + foot[1].max() == pytest.approx(image.shape[1], abs=6)
    assert foot[0].min() + foot[0].max() + 2 * 840 == pytest.approx(2 * (1070 - 245 / 2), abs=6)


@pytest.mark.parametrize("label", ["🎂", "中文", "x" * 120, "\u0301", " \n "])
def test_any_words_can_be_drawn(label: str) -> None:
    picture = CollagePicture(300, 300, caption=label)
    for template in CollageTemplate:
        count = TEMPLATES[template].least
        drawn(CollageSpec(template, (picture,) * count, label), [plain(BLUE)] * count)


def test_what_is_written_below_a_picture_is_seen() -> None:
    bare, labelled = (
        drawn(CollageSpec(CollageTemplate.POLAROID, (CollagePicture(9, 9, caption=label),)), [plain(RED)])
        for label in (None, "Huế")
    )
    assert bare.tobytes() != labelled.tobytes()


# ---- pictures of every kind


def kinds() -> dict[str, bytes]:
    red = Image.new("RGB", (40, 30), RED)
    half = Image.new("RGBA", (40, 30), (*RED, 0))
    return {
        "one pixel": plain(RED, (1, 1)),
        "a line across": plain(RED, (10_000, 1)),
        "a line down": plain(RED, (1, 10_000)),
        "JPEG": m.encoded(red, "JPEG", quality=95),
        "WebP": m.encoded(red, "WEBP", lossless=True),
        "CMYK": m.encoded(Image.new("CMYK", (40, 30), (0, 0, 0, 128)), "JPEG"),
        "grey": m.encoded(Image.new("L", (40, 30), 90), "PNG"),
        "grey of 16 bits": m.encoded(Image.new("I;16", (40, 30), 90 * 257), "PNG"),
        "palette": m.encoded(red.convert("P", palette=Image.Palette.ADAPTIVE), "PNG"),
        "black and white": m.encoded(Image.new("1", (40, 30), 1), "PNG"),
        "transparent": m.encoded(half, "PNG"),
        "transparent WebP": m.encoded(half, "WEBP", lossless=True),
    }


SEEN = {"CMYK": (127,) * 3, "grey": (90,) * 3, "grey of 16 bits": (90,) * 3, "black and white": WHITE}
GROUND = (16, 160, 200)


@pytest.mark.parametrize("kind", kinds())
@each_template
def test_pictures_of_every_kind_show_their_colour(template: CollageTemplate, kind: str) -> None:
    file = kinds()[kind]
    count, size = TEMPLATES[template].least, guard.look(file).size
    spec_ = CollageSpec(template, (CollagePicture(*size, 0.0, 1.0),) * count, None, "#10a0c8")
    image, plan = drawn(spec_, [file] * count), layout(spec_)
    colour = GROUND if "transparent" in kind else SEEN.get(kind, RED)
    for cell in plan.cells:
        assert near(image, middle(cell.picture, 320 / max(plan.width, plan.height)), colour, 10)


def test_half_transparent_is_half_the_background() -> None:
    file = m.encoded(Image.new("RGBA", (40, 40), (255, 255, 255, 128)), "PNG")
    image = alike(CollageTemplate.POLAROID, file, None, "#000000")
    assert near(image, (image.width / 2, image.height / 3), (128, 128, 128), 4)


def test_colours_of_display_p3_are_brought_to_srgb() -> None:
    colour = (200, 120, 60)
    image = Image.new("RGB", (40, 40), colour)
    p3, srgb = (alike(CollageTemplate.POLAROID, m.encoded(image, "PNG", icc_profile=profile)) for profile in (P3, None))
    at = (p3.width / 2, p3.height / 3)
    own, to = (ImageCms.ImageCmsProfile(io.BytesIO(each)) for each in (P3, srgb_profile()))
    wanted = ImageCms.profileToProfile(image, own, to)
    assert wanted
    found = wanted.getpixel((0, 0))
    assert isinstance(found, tuple)
    assert near(p3, at, found, 4)
    assert not near(srgb, at, found, 4)


def quarters(size: tuple[int, int]) -> Image.Image:
    """Red and green above, blue and white below."""
    image = Image.new("RGB", (2, 2))
    image.putdata([RED, GREEN, BLUE, WHITE])
    return image.resize(size, Image.Resampling.NEAREST)


UNTURNED = {
    1: None,
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_90,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_270,
}


@pytest.mark.parametrize("turn", TURNS)
@pytest.mark.parametrize("focal", [(0.0, 0.0), (1.0, 0.2), (0.3, 1.0)])
def test_a_picture_that_lies_is_cut_as_it_is_seen(turn: int, focal: tuple[float, float]) -> None:
    upright = m.picture("RGB", (320, 200))
    undone = UNTURNED[turn]
    lying = upright.transpose(undone) if undone is not None else upright
    turned, straight = (
        covering.covering(m.encoded(image, "PNG", **options), (90, 120), focal)
        for image, options in ((lying, {"exif": m.turned(turn)[6:]}), (upright, {}))
    )
    assert np.abs(pixels(turned) - pixels(straight)).max() <= 3


@pytest.mark.parametrize("scale", [1, 2, 3, 5, 9])
def test_a_reduced_jpeg_shows_the_same_as_a_whole_one(scale: int) -> None:
    file = m.encoded(m.picture("RGB", (200 * scale, 150 * scale)), "JPEG", quality=97)
    image = Image.open(io.BytesIO(file))
    part = covering.covering(file, (100, 100), (0.9, 0.5))
    whole = image.resize((100, 100), Image.Resampling.LANCZOS, (50 * scale, 0, 200 * scale, 150 * scale))
    assert np.mean((pixels(part) - pixels(whole)) ** 2) < 65  # 30 dB


def test_a_jpeg_is_decoded_as_little_as_its_place_needs(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[tuple[int, int] | None] = []
    decode: Callable[..., Image.Image] = guard.decode

    def noting(candidate: guard.Candidate, least: tuple[int, int] | None = None) -> Image.Image:
        image = decode(candidate, least)
        asked.append(image.size)
        return image

    monkeypatch.setattr(guard, "decode", noting)
    covering.covering(m.encoded(m.picture("RGB", (1600, 1200)), "JPEG"), (200, 200), (0.5, 0.5))
    assert asked == [(400, 300)]


def test_it_is_read_by_its_bytes_and_refused_as_anywhere() -> None:
    with pytest.raises(UnfitError):
        covering.covering(jpeg.SIGNATURE + b"no more", (9, 9), (0.5, 0.5))


# ---- faces


@each_template
@pytest.mark.parametrize("turn", [1, 6])
def test_faces_of_the_labelled_set_are_whole(template: CollageTemplate, turn: int) -> None:
    """The face's ellipse, painted over in a colour of its own, is all there on the collage."""
    count = TEMPLATES[template].least
    shapes = [(240, 320), (320, 240), (300, 300), (400, 220), (220, 400)]
    people = [portrait(i, *shapes[i % len(shapes)], share=0.4) for i in range(3 * count)]
    for first in range(0, len(people), count):
        some = people[first : first + count]
        files = [_marked(each.image, each.face, turn) for each in some]
        pictures = tuple(CollagePicture(*each.image.size, *each.focal) for each in some)
        spec_ = CollageSpec(template, pictures)
        plan = layout(spec_)
        scale = 640 / max(plan.width, plan.height)
        found = pixels(drawn(spec_, files, 640))
        for each, cell in zip(some, plan.cells, strict=True):
            box = [
                round(v * scale) for v in (cell.picture.top, cell.picture.bottom, cell.picture.left, cell.picture.right)
            ]
            shown = found[box[0] : box[1], box[2] : box[3]]
            by = max(cell.picture.width * scale / each.image.width, cell.picture.height * scale / each.image.height)
            whole = np.pi / 4 * each.face.width * each.face.height * by**2
            assert (np.abs(shown - FACE).sum(axis=2) < 200).sum() == pytest.approx(whole, rel=0.03)


def _marked(image: Image.Image, face: Box, turn: int) -> bytes:
    marked = image.copy()
    ImageDraw.Draw(marked).ellipse((face.left, face.top, face.right - 1, face.bottom - 1), fill=FACE)
    undone = UNTURNED[turn]
    lying = marked.transpose(undone) if undone is not None else marked
    return m.encoded(lying, "JPEG", quality=92, subsampling=0, exif=m.turned(turn))
