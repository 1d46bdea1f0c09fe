"""Outside the feathered mask nothing changes, to the bit; inside, the model's answer shows."""

import contextlib
import io

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from PIL import Image

from tests.unit.imaging import making as m
from workers.imaging.composite import inpainted, outpainted
from workers.imaging.flaw import Flaw, UnfitError
from workers.imaging.mask import feathered, open_mask, radius_for, read_mask
from workers.imaging.outpaint import Margins
from workers.imaging.upright import open_upright

SIDE = st.integers(1, 90)
SIZES = st.tuples(SIDE, SIDE)
MODES = st.sampled_from(["1", "L", "LA", "P", "RGB", "RGBA"])
FORMATS = st.sampled_from(["PNG", "WEBP", "JPEG"])


@st.composite
def images(draw: st.DrawFn, mode: st.SearchStrategy[str] = MODES, size: tuple[int, int] | None = None) -> Image.Image:
    """Noise, so that any change shows."""
    width, height = size or draw(SIZES)
    random = np.random.default_rng(draw(st.integers(0, 2**32)))
    noise = Image.fromarray(random.integers(0, 256, (height, width, 4), np.uint8), "RGBA")
    return noise.convert(draw(mode))


@st.composite
def masks(draw: st.DrawFn) -> Image.Image:
    """Boxes of any grey on black, or noise."""
    if draw(st.booleans()):
        return draw(images(st.just("L")))
    mask = Image.new("L", draw(SIZES))
    for _ in range(draw(st.integers(0, 3))):
        x, y = draw(st.integers(0, 80)), draw(st.integers(0, 80))
        mask.paste(draw(st.integers(1, 255)), (x, y, x + draw(st.integers(1, 60)), y + draw(st.integers(1, 60))))
    return mask


def saved(image: Image.Image, format_: str) -> bytes:
    if format_ == "JPEG":
        return m.encoded(image.convert("RGB"), format_)
    return m.encoded(image, format_, **({"lossless": True} if format_ == "WEBP" else {}))


def pixels(image: Image.Image) -> "np.ndarray[tuple[int, int, int], np.dtype[np.uint8]]":
    return np.asarray(image)


def differing(image: Image.Image, other: Image.Image, where: Image.Image) -> int:
    assert image.mode == other.mode
    changed = (pixels(image) != pixels(other)).any(axis=2)
    return int((changed & (np.asarray(where) > 0)).sum())


def softened(mask: bytes, size: tuple[int, int]) -> Image.Image | None:
    with contextlib.suppress(UnfitError):  # nothing may change: another test's
        return feathered(open_mask(mask, size), radius_for(size))
    return None


@settings(max_examples=300, deadline=None)
@given(images(), images(), masks(), FORMATS, st.integers(1, 8))
def test_outside_the_mask_no_pixel_differs(
    original: Image.Image, result: Image.Image, mask: Image.Image, format_: str, turn: int
) -> None:
    content = saved(original, format_)
    content = m.encoded(open_upright(content), "PNG", exif=m.turned(turn)) if turn > 1 else content
    upright = open_upright(content)
    painted = m.encoded(mask, "PNG")
    soft = softened(painted, upright.size)
    assume(soft)
    edited = Image.open(io.BytesIO(inpainted(content, saved(result, "PNG"), painted)))
    assert edited.format == "PNG"
    assert edited.size == upright.size
    assert soft
    assert differing(edited, upright, soft.point([255] + [0] * 255)) == 0


@settings(max_examples=150, deadline=None)
@given(images(st.sampled_from(["RGB", "RGBA"])), images(), st.tuples(*[st.integers(0, 40)] * 4))
def test_outpainting_leaves_the_original_as_it_is(
    original: Image.Image, result: Image.Image, grown: tuple[int, int, int, int]
) -> None:
    assume(any(grown))
    margins = Margins(*grown)
    content = saved(original, "PNG")
    upright = open_upright(content)
    edited = Image.open(io.BytesIO(outpainted(content, saved(result, "PNG"), margins)))
    assert edited.size == margins.around(upright.size)
    middle = edited.crop((margins.left, margins.top, margins.left + upright.width, margins.top + upright.height))
    assert differing(middle, upright, Image.new("L", upright.size, 255)) == 0


@given(masks(), st.integers(1, 30))
def test_the_soft_edge_is_inside_the_mask(mask: Image.Image, radius: int) -> None:
    assert (np.asarray(feathered(mask, radius)) <= np.asarray(mask)).all()


@given(masks(), st.integers(1, 30))
def test_however_thin_a_mask_something_changes(mask: Image.Image, radius: int) -> None:
    assume(mask.getbbox())
    assert feathered(mask, radius).getbbox()


def test_the_edge_rises_over_its_width_and_then_is_white() -> None:
    mask = Image.new("L", (200, 200))
    mask.paste(255, (50, 50, 150, 150))
    line = np.asarray(feathered(mask, 10))[100].astype(int)
    assert line[:50].max() == 0
    assert (np.diff(line[50:62]) >= 0).all()
    assert line[51] < 64
    assert (line[60:140] == 255).all()


def test_a_stroke_beside_a_large_area_counts_in_full() -> None:
    mask = Image.new("L", (400, 400))
    mask.paste(255, (0, 0, 150, 400))
    mask.paste(255, (300, 100, 306, 300))
    soft = np.asarray(feathered(mask, 20))
    assert soft[200, 300:306].max() == 255
    assert soft[200, 300] < 128
    assert soft[200, 145] < 128


def change(original: Image.Image, result: Image.Image, mask: Image.Image) -> Image.Image:
    files = [m.encoded(each, "PNG") for each in (original, result, mask)]
    return Image.open(io.BytesIO(inpainted(*files)))


def test_inside_the_mask_is_the_result_to_the_bit() -> None:
    original, result = m.picture(), Image.new("RGB", (160, 120), (7, 8, 9))
    edited = change(original, result, Image.new("L", original.size, 255))
    assert edited.getcolors() == [(160 * 120, (7, 8, 9))]


def test_a_result_of_another_size_is_scaled() -> None:
    edited = change(m.picture(), Image.new("RGB", (64, 64), (7, 8, 9)), Image.new("L", (160, 120), 255))
    assert edited.getcolors() == [(160 * 120, (7, 8, 9))]


def test_what_was_transparent_tints_no_edge() -> None:
    original, result = Image.new("RGBA", (100, 100), (0, 0, 0, 0)), Image.new("RGB", (100, 100), (200, 100, 50))
    mask = Image.new("L", (100, 100))
    mask.paste(255, (0, 0, 50, 100))
    edge = pixels(change(original, result, mask))[:, 48:50].reshape(-1, 4)
    shown = edge[edge[:, 3] > 40]
    assert len(shown)
    assert np.abs(shown[:, :3].astype(int) - (200, 100, 50)).max() <= 4


def test_holes_in_a_result_show_an_original_without_alpha() -> None:
    edited = change(m.picture(), Image.new("RGBA", (160, 120), (9, 9, 9, 0)), Image.new("L", (160, 120), 255))
    assert edited.tobytes() == m.picture().tobytes()


@pytest.mark.parametrize("size", [(64, 48), (160, 120), (640, 480)])
def test_a_mask_of_another_size_is_scaled_without_spreading(size: tuple[int, int]) -> None:
    mask = Image.new("L", size)
    mask.paste(255, (0, 0, size[0] // 4, size[1]))
    got = np.asarray(read_mask(mask, (160, 120)))
    assert (got[:, :40] == 255).all()
    assert (got[:, 40:] == 0).all()


def test_a_transparent_mask_is_read_by_its_alpha() -> None:
    mask = Image.new("RGBA", (20, 10), (255, 255, 255, 0))
    mask.paste((0, 0, 0, 255), (0, 0, 10, 10))
    got = np.asarray(read_mask(mask, (20, 10)))
    assert got[0].tolist() == [255] * 10 + [0] * 10


def test_a_jpeg_mask_s_black_is_black() -> None:
    mask = Image.new("L", (128, 128))
    mask.paste(255, (32, 32, 96, 96))
    got = np.asarray(open_mask(m.encoded(mask, "JPEG", quality=60), (128, 128)))
    assert got[:20].max() == 0
    assert got[48:80, 48:80].min() == 255


@pytest.mark.parametrize("mask", [Image.new("L", (9, 9)), Image.new("RGBA", (9, 9)), Image.new("L", (9, 9), 20)])
def test_a_mask_under_which_nothing_may_change_is_refused(mask: Image.Image) -> None:
    with pytest.raises(UnfitError) as refused:
        inpainted(m.sound("PNG"), m.sound("PNG"), m.encoded(mask, "PNG"))
    assert refused.value.flaw == Flaw.MASK_EMPTY


def test_a_canvas_that_does_not_grow_or_grows_too_much_is_refused() -> None:
    for margins, flaw in ((Margins(), Flaw.MASK_EMPTY), (Margins(right=500_000), Flaw.TOO_MANY_PIXELS)):
        with pytest.raises(UnfitError) as refused:
            outpainted(m.sound("PNG"), m.sound("PNG"), margins)
        assert refused.value.flaw == flaw
