"""Pictures and masks as providers take them."""

import base64
import io

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from tests.unit.imaging import making as m
from workers.imaging.flaw import Flaw, UnfitError
from workers.imaging.outpaint import Margins, canvas
from workers.imaging.prepare import Edits, Limits, base64_size, fitted, flat, for_provider, mask_for_provider

ROOMY = Limits(max_side=4096, max_pixels=16_000_000, max_base64=20_000_000)


def opened(content: bytes) -> Image.Image:
    return Image.open(io.BytesIO(content))


@given(st.binary(max_size=50))
def test_the_size_in_base64(content: bytes) -> None:
    assert base64_size(content) == len(base64.b64encode(content))


@given(st.tuples(st.integers(64, 9000), st.integers(64, 9000)), st.sampled_from([1, 8, 64]))
def test_a_size_is_one_the_provider_takes(size: tuple[int, int], multiple: int) -> None:
    limits = Limits(max_side=1408, max_pixels=1_400_000, max_base64=1, multiple=multiple)
    got = fitted(size, limits)
    assert max(got) <= 1408
    assert got[0] * got[1] <= 1_400_000 or min(got) == multiple
    assert all(side % multiple == 0 for side in got)


def test_a_picture_within_the_limits_keeps_its_size_and_its_pixels() -> None:
    sent = for_provider(m.picture(), ROOMY)
    assert (sent.content_type, sent.width, sent.height) == ("image/png", 160, 120)
    assert opened(sent.content).tobytes() == m.picture().tobytes()
    assert base64.b64decode(sent.base64) == sent.content


def test_a_picture_too_small_is_enlarged() -> None:
    assert fitted((100, 50), Limits(4096, 16_000_000, 1, min_side=320)) == (640, 320)


def test_what_is_too_long_as_png_goes_as_jpeg() -> None:
    noise = Image.effect_noise((400, 400), 90).convert("RGB")
    png, jpeg = for_provider(noise, ROOMY), for_provider(noise, Limits(4096, 16_000_000, 150_000))
    assert (png.content_type, jpeg.content_type) == ("image/png", "image/jpeg")
    assert len(jpeg.base64) <= 150_000
    assert opened(jpeg.content).size == (400, 400)


def test_what_is_too_long_whatever_is_done_is_refused() -> None:
    tight = Limits(4096, 16_000_000, 1000)
    with pytest.raises(UnfitError) as refused:
        for_provider(Image.effect_noise((400, 400), 90).convert("RGB"), tight)
    assert refused.value.flaw == Flaw.TOO_MANY_BYTES


def test_alpha_is_laid_on_white_unless_it_is_taken() -> None:
    clear = Image.new("RGBA", (9, 9), (0, 0, 0, 0))
    assert opened(for_provider(clear, ROOMY).content).getcolors() == [(81, (255, 255, 255))]
    assert opened(for_provider(clear, ROOMY, alpha=True).content).mode == "RGBA"
    assert flat(m.picture()) is m.picture()


@pytest.mark.parametrize(("edits", "painted", "rest"), [(Edits.WHITE, 255, 0), (Edits.BLACK, 0, 255)])
def test_a_mask_is_pure_and_in_the_provider_s_colours(edits: Edits, painted: int, rest: int) -> None:
    mask = Image.new("L", (40, 40))
    mask.paste(90, (0, 0, 20, 40))
    got = np.asarray(opened(mask_for_provider(mask, ROOMY, edits).content))
    assert (got[:, :20] == painted).all()
    assert (got[:, 20:] == rest).all()


def test_a_mask_goes_with_its_picture() -> None:
    limits = Limits(max_side=1024, max_pixels=700_000, max_base64=10_000_000, multiple=64)
    picture, mask = Image.new("RGB", (3000, 2000)), Image.new("L", (3000, 2000), 255)
    sent, with_it = for_provider(picture, limits), mask_for_provider(mask, limits)
    assert (sent.width, sent.height) == (with_it.width, with_it.height)


def test_a_mask_too_long_is_refused() -> None:
    noise = Image.effect_noise((400, 400), 200).point([0] * 128 + [255] * 128)
    with pytest.raises(UnfitError):
        mask_for_provider(noise, Limits(4096, 16_000_000, 1000))


def test_a_canvas_goes_on_with_the_picture_s_edge() -> None:
    picture = Image.new("RGB", (2, 2))
    picture.putdata([(1, 1, 1), (2, 2, 2), (3, 3, 3), (4, 4, 4)])
    wide, mask = canvas(picture, Margins(left=2, top=1, right=1, bottom=3))
    assert np.asarray(wide)[..., 0].tolist() == [[1, 1, 1, 2, 2], [1, 1, 1, 2, 2], *[[3, 3, 3, 4, 4]] * 4]
    assert np.asarray(mask).tolist() == [[255] * 5, *[[255, 255, 0, 0, 255]] * 2, *[[255] * 5] * 3]
