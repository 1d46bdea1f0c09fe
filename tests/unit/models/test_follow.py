"""Pictures made from pictures: from another camera, in another material, inside a mask; described as our workers do."""

import io
from dataclasses import replace

import numpy as np
import pytest
from PIL import Image, ImageDraw

from local.models.render import Picture, PictureOrder, draw, follow

SIZE = (160, 120)
SCENE = PictureOrder("A lighthouse on a cliff at sunset, calm sea", 5, *SIZE)
CAMERA = "Show the very scene of this image from another camera: {moves}.\nNothing in the scene changes."
MATERIAL = "Lay the material of the second image (texture) onto the first image."
LARGER = "Show this very image in a higher resolution.\nNothing in it changes."
VARIED = "Make a variation of this image.\nThe same subject, mood and style."
MASKED = "The last image is a mask of the first: change only what is white in it, and keep all that is black as it is."


def pixels(content: bytes) -> np.ndarray:
    return np.asarray(Image.open(io.BytesIO(content)).convert("RGB"), dtype=float)


def off(one: np.ndarray, other: np.ndarray) -> float:
    return float(np.abs(one - other).mean())


def png(image: Image.Image) -> bytes:
    out = io.BytesIO()
    image.save(out, "PNG")
    return out.getvalue()


@pytest.fixture(scope="module")
def scene() -> bytes:
    return draw(SCENE).data


def follow_text(text: str, *references: bytes) -> Picture:
    return follow(replace(SCENE, prompt=text, references=references))


def left_half() -> bytes:
    mask = Image.new("L", SIZE)
    ImageDraw.Draw(mask).rectangle((0, 0, SIZE[0] // 2, SIZE[1]), fill=255)
    return png(mask)


def test_a_higher_resolution_shows_the_same(scene: bytes) -> None:
    order = replace(SCENE, prompt=LARGER, references=(scene,), width=640, height=480)
    larger = Image.open(io.BytesIO(follow(order).data))
    assert larger.size == (640, 480)
    assert off(np.asarray(larger.resize(SIZE).convert("RGB"), float), pixels(scene)) < 8


def test_a_variation_is_another_picture_by_its_seed(scene: bytes) -> None:
    one, other = (pixels(follow(replace(SCENE, prompt=VARIED, references=(scene,), seed=seed)).data) for seed in (1, 2))
    assert one.shape == pixels(scene).shape
    assert min(off(one, other), off(one, pixels(scene))) > 8


def test_a_camera_that_stays_sees_the_same(scene: bytes) -> None:
    stays = follow_text(CAMERA.format(moves="the camera stays where it is"), scene)
    assert off(pixels(stays.data), pixels(scene)) < 1


@pytest.mark.parametrize(
    "moves",
    [
        "moved 25.0° around the scene to the right",
        "moved 90° around the scene to the left",
        "moved 10° up, looking at the same point",
        "zoomed in to 1.5 times",
        "zoomed out to 0.5 times",
    ],
)
def test_a_camera_that_moves_sees_the_same_things_elsewhere(scene: bytes, moves: str) -> None:
    moved = pixels(follow_text(CAMERA.format(moves=moves), scene).data)
    assert off(moved, pixels(scene)) > 2
    assert off(moved.mean((0, 1)), pixels(scene).mean((0, 1))) < 30  # much the same colours


def test_left_and_right_are_mirrored() -> None:
    column = Image.new("RGB", SIZE, "navy")
    ImageDraw.Draw(column).rectangle((70, 20, 89, 100), fill="white")
    left, right = (
        pixels(follow_text(CAMERA.format(moves=f"moved 30° around the scene to the {way}"), png(column)).data)
        for way in ("left", "right")
    )
    assert off(left[:, ::-1], right) < 1


def test_zooming_in_enlarges_the_middle() -> None:
    dot = Image.new("RGB", SIZE, "black")
    ImageDraw.Draw(dot).rectangle((70, 50, 90, 70), fill="white")
    near = pixels(follow_text(CAMERA.format(moves="zoomed in to 2 times"), png(dot)).data)
    assert near.sum() == pytest.approx(4 * pixels(png(dot)).sum(), rel=0.1)


def test_a_material_covers_the_whole_and_keeps_the_light(scene: bytes) -> None:
    red = png(Image.new("RGB", (40, 40), "red"))
    laid = pixels(follow_text(MATERIAL, scene, red).data)
    before = pixels(scene)
    assert laid[..., 0].mean() - laid[..., 2].mean() > before[..., 0].mean() - before[..., 2].mean()
    assert np.corrcoef(laid.mean(-1).ravel(), before.mean(-1).ravel())[0, 1] > 0.9


def test_a_material_stays_inside_a_mask(scene: bytes) -> None:
    red = png(Image.new("RGB", (40, 40), "red"))
    laid = pixels(follow_text(f"{MATERIAL}\n{MASKED}", scene, red, left_half()).data)
    middle = SIZE[0] // 2
    assert off(laid[:, middle + 1 :], pixels(scene)[:, middle + 1 :]) == 0
    assert off(laid[:, :middle], pixels(scene)[:, :middle]) > 5


def test_an_edit_draws_inside_its_mask(scene: bytes) -> None:
    edited = pixels(follow_text(f"Edit the first image: A sailing boat\n{MASKED}", scene, left_half()).data)
    before, middle = pixels(scene), SIZE[0] // 2
    assert off(edited[:, middle + 8 :], before[:, middle + 8 :]) < 6  # nearly, as a model gives it back
    assert off(edited[:, : middle - 8], before[:, : middle - 8]) > 10


@pytest.mark.parametrize("text", ["A fox in a forest", MATERIAL])
def test_without_a_word_of_its_pictures_they_are_quoted(scene: bytes, text: str) -> None:
    order = replace(SCENE, prompt=text, references=(scene,))
    assert follow(order).data == draw(order).data


@pytest.mark.parametrize("text", [MATERIAL, CAMERA.format(moves="zoomed in to 2 times"), MASKED])
def test_what_is_no_picture_is_told(text: str) -> None:
    failed = follow_text(text, b"no picture", b"nor this")
    assert (failed.data, bool(failed.error)) == (b"", True)
