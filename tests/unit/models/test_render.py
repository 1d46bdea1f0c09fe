import hashlib
import io
from dataclasses import replace

import numpy as np
import pytest
from PIL import Image

from local.models.render import Picture, PictureOrder, draw
from local.models.render.scenes import SCENES
from local.models.render.styles import STYLES
from local.models.render.subjects import SUBJECTS

FOX = PictureOrder("a fox in a forest", seed=7, width=160, height=160)


def opened(picture: Picture) -> Image.Image:
    image = Image.open(io.BytesIO(picture.data))
    image.load()
    return image


def png(colour: tuple[int, int, int], size: tuple[int, int] = (64, 48)) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", size, colour).save(out, "PNG")
    return out.getvalue()


def mean_difference(first: Picture, second: Picture) -> float:
    a, b = (np.asarray(opened(picture).convert("RGB"), dtype=float) for picture in (first, second))
    return float(np.abs(a - b).mean())


def test_the_same_order_gives_the_same_bytes() -> None:
    assert draw(FOX).data == draw(FOX).data


@pytest.mark.parametrize("other", [replace(FOX, seed=8), replace(FOX, prompt="a whale in the sea")])
def test_another_seed_or_prompt_gives_another_picture(other: PictureOrder) -> None:
    assert mean_difference(draw(FOX), draw(other)) > 8


def test_a_larger_picture_shows_the_same() -> None:
    small, large = draw(FOX), draw(replace(FOX, width=320, height=320))
    shrunk = opened(large).resize((160, 160), Image.Resampling.BOX)
    difference = np.abs(np.asarray(opened(small), dtype=float) - np.asarray(shrunk, dtype=float)).mean()
    assert difference < 6


@pytest.mark.parametrize("size", [(96, 96), (72, 96), (96, 72), (54, 96), (96, 54), (21, 9), (20, 300)])
def test_sizes_are_exact(size: tuple[int, int]) -> None:
    assert opened(draw(replace(FOX, width=size[0], height=size[1]))).size == size


@pytest.mark.parametrize("name", sorted({*SCENES, *SUBJECTS, *STYLES}))
def test_everything_that_can_be_named_gives_a_picture_with_contrast(name: str) -> None:
    image = opened(draw(replace(FOX, prompt=f"{name} fox" if name in STYLES else name, width=120, height=90)))
    assert np.asarray(image.convert("L"), dtype=float).std() > 6


@pytest.mark.parametrize(
    "prompt", ["", " ", "0", "phở bò 🍜", "x" * 4000, "rain snow fog aurora sakura fireflies at night"]
)
def test_any_prompt_gives_a_picture(prompt: str) -> None:
    assert opened(draw(replace(FOX, prompt=prompt))).size == (160, 160)


def test_a_png_says_that_it_was_rendered_locally() -> None:
    info = opened(draw(FOX)).info
    assert info["Software"] == "NamO Studio local renderer"
    assert info["Seed"] == "7"
    assert info["PromptHash"] == f"sha256:{hashlib.sha256(FOX.prompt.encode()).hexdigest()}"
    assert FOX.prompt not in repr(info)


def test_a_jpeg_is_one_and_says_so_too() -> None:
    image = opened(draw(replace(FOX, mime="image/jpeg", quality=80)))
    assert image.format == "JPEG"
    assert b"Seed=7" in image.info["comment"]


def test_a_reference_is_quoted_and_tints_the_picture() -> None:
    plain = draw(FOX)
    quoted = opened(draw(replace(FOX, references=(png((250, 0, 200)),))))
    corner = np.asarray(quoted, dtype=int)[:80, 80:].reshape(-1, 3)
    assert (np.abs(corner - (250, 0, 200)).sum(axis=1) < 40).mean() > 0.05
    assert mean_difference(plain, draw(replace(FOX, references=(png((0, 160, 60)),)))) > 6


@pytest.mark.parametrize("bad", [b"", b"no picture", png((1, 2, 3))[:60]])
def test_a_reference_that_is_no_picture_is_an_error(bad: bytes) -> None:
    picture = draw(replace(FOX, references=(bad,)))
    assert picture.error == "Unable to process input image."
    assert picture.data == b""


def test_a_colour_that_is_asked_for_is_there() -> None:
    def warmth(prompt: str) -> float:
        red, _, blue = np.asarray(opened(draw(replace(FOX, prompt=prompt))), dtype=float).mean(axis=(0, 1))
        return float(red - blue)

    assert warmth("red mountains") > 20 > -20 > warmth("blue mountains")
