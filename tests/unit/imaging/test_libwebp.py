"""libwebp's decoder as we call it: the same pixels as Pillow's, scaled where asked, or none where it is not for us."""

import io

import numpy as np
import pytest
from PIL import Image

from tests.unit.imaging import making as m
from workers.imaging import guard
from workers.imaging.flaw import Flaw, UnfitError
from workers.imaging.pixels import libwebp
from workers.imaging.resize import resize


@pytest.mark.parametrize("mode", ["RGB", "RGBA"])
@pytest.mark.parametrize("lossless", [False, True])
def test_the_pixels_are_pillows(mode: str, lossless: bool) -> None:
    content = m.encoded(m.picture(mode), "WEBP", lossless=lossless, exact=True)
    image, wanted = libwebp.decode(content, (160, 120)), Image.open(io.BytesIO(content))
    assert image
    assert image.mode == wanted.mode == mode
    assert (np.asarray(image) == np.asarray(wanted)).all()


@pytest.mark.parametrize("mode", ["RGB", "RGBA"])
def test_it_is_scaled_while_it_is_decoded(mode: str) -> None:
    picture = m.picture(mode, (1600, 1200))
    image = libwebp.decode(m.encoded(picture, "WEBP", quality=95), (400, 300))
    assert image
    assert image.size == (400, 300)
    near = np.asarray(picture.resize((400, 300), Image.Resampling.BOX), float)
    assert np.abs(np.asarray(image, float) - near)[..., -1].mean() < 6


@pytest.mark.parametrize("lossless", [False, True])
def test_what_is_cut_off_is_damaged(lossless: bool) -> None:
    content = m.encoded(m.picture(), "WEBP", lossless=lossless)
    with pytest.raises(UnfitError) as error:
        libwebp.decode(content[: len(content) * 2 // 3], (160, 120))
    assert error.value.flaw == Flaw.DAMAGED


def test_what_moves_is_not_for_it() -> None:
    red, blue = (Image.new("RGB", (64, 64), colour) for colour in ("red", "blue"))
    content = m.encoded(red, "WEBP", save_all=True, append_images=[blue], duration=20)
    assert libwebp.decode(content, (64, 64)) is None


def test_where_the_library_is_not_found_pillow_decodes(monkeypatch: pytest.MonkeyPatch) -> None:
    content = m.encoded(m.picture().resize((2600, 1300)), "WEBP")
    quick, plain = guard.decode(guard.look(content)), resize(content)
    assert libwebp.available()
    monkeypatch.setattr(libwebp, "available", lambda: None)
    assert guard.decode(guard.look(content)) == quick
    slow = resize(content)
    assert [(v.width, v.height) for v in slow.variants.values()] == [
        (v.width, v.height) for v in plain.variants.values()
    ]
