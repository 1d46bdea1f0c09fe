"""A cut-out and a larger picture are the original's own: its colours, its shape, its transparency."""

import io

import numpy as np
import pytest
from PIL import Image

from tests.unit.imaging import making as m
from workers.imaging.transform import cut_out, enlarged, larger_size


def opened(content: bytes) -> Image.Image:
    image = Image.open(io.BytesIO(content))
    image.load()
    return image


def half(size: tuple[int, int], alpha: int = 0) -> bytes:
    """A teal picture whose left half has another alpha."""
    picture = Image.new("RGBA", size, (0, 128, 128, 255))
    picture.paste((0, 128, 128, alpha), (0, 0, size[0] // 2, size[1]))
    return m.encoded(picture, "PNG")


@pytest.mark.parametrize("made", [(160, 120), (80, 60), (320, 240)])
def test_a_cut_out_has_the_originals_size_and_colours_and_the_models_alpha(made: tuple[int, int]) -> None:
    result = cut_out(m.sound("JPEG"), half(made))
    assert result
    image, original = opened(result), opened(m.sound("JPEG"))
    assert (image.mode, image.size) == ("RGBA", (160, 120))
    assert (np.asarray(image.convert("RGBA"))[..., :3] == np.asarray(original.convert("RGB"))).all()
    alpha = np.asarray(image.getchannel("A"))
    assert (alpha[:, :70] == 0).all()
    assert (alpha[:, 90:] == 255).all()


def test_what_was_transparent_stays_so() -> None:
    original = half((160, 120), alpha=10)
    turned = m.encoded(opened(half((160, 120))).transpose(Image.Transpose.FLIP_LEFT_RIGHT), "PNG")
    result = cut_out(original, turned)
    assert result
    alpha = np.asarray(opened(result).getchannel("A"))
    assert (alpha[:, :70] == 10).all()
    assert (alpha[:, 90:] == 0).all()


@pytest.mark.parametrize("made", [m.sound("PNG"), m.sound("JPEG"), half((160, 120), alpha=255)])
def test_an_answer_that_hides_nothing_is_no_cut_out(made: bytes) -> None:
    assert cut_out(m.sound("JPEG"), made) is None


def test_nor_is_one_that_hides_all() -> None:
    assert cut_out(m.sound("JPEG"), m.encoded(Image.new("RGBA", (160, 120)), "PNG")) is None


@pytest.mark.parametrize(
    ("size", "made", "expected"),
    [
        ((160, 120), (640, 480), (640, 480)),
        ((321, 207), (1536, 1024), (1536, 991)),
        ((160, 120), (640, 130), (173, 130)),
        ((160, 120), (160, 120), None),
        ((160, 120), (1000, 120), None),
    ],
)
def test_what_is_larger_is_so_in_the_originals_shape(
    size: tuple[int, int], made: tuple[int, int], expected: tuple[int, int] | None
) -> None:
    assert larger_size(size, made) == expected


def test_an_answer_of_the_right_shape_stays_as_it_is_to_the_byte() -> None:
    made = m.sound("PNG", size=(640, 480))
    assert enlarged(m.sound("JPEG"), made, (640, 480)) == made
    assert enlarged(m.sound("JPEG"), m.sound("JPEG", size=(641, 480)), (640, 480)) == m.sound("JPEG", size=(641, 480))
    assert opened(enlarged(m.sound("JPEG"), m.sound("JPEG", size=(700, 480)), (640, 480))).size == (640, 480)


def test_a_larger_cut_out_is_a_cut_out() -> None:
    result = opened(enlarged(half((160, 120)), m.sound("PNG", size=(640, 480)), (640, 480)))
    assert (result.mode, result.size) == ("RGBA", (640, 480))
    alpha = np.asarray(result.getchannel("A"))
    assert (alpha[:, :310] == 0).all()
    assert (alpha[:, 330:] == 255).all()
