"""A picture's hash survives what happens to pictures on their way, and two pictures have two."""

import io
from collections.abc import Callable, Mapping
from functools import cache
from itertools import combinations

import pytest
from PIL import Image, ImageEnhance, ImageFilter

from local.models.render import PictureOrder, draw
from studio.provenance.model import NEAR, Fingerprint, buckets
from tests.unit.imaging import making as m
from workers.imaging.fingerprint import fingerprint

SCENES = (
    *("a forest", "a city at night", "a desert", "a meadow", "snowy mountains", "a calm lake", "planets in space"),
    *(
        "a stormy sea",
        "a reef under water",
        "a table with fruit",
        "abstract shapes",
        "a red fox",
        "a lighthouse at dusk",
    ),
)
WAYS: Mapping[str, Callable[[Image.Image], Image.Image]] = {
    "as it is": lambda image: image,
    "a thumbnail": lambda image: _packed(image.resize((320, 320)), "WEBP", 84),
    "a poor JPEG": lambda image: _packed(image, "JPEG", 30),
    "a quarter": lambda image: image.resize((64, 64)),
    "twice as large": lambda image: image.resize((512, 512)),
    "squeezed": lambda image: image.resize((250, 150)),
    "grey": lambda image: image.convert("L"),
    "blurred": lambda image: image.filter(ImageFilter.GaussianBlur(1)),
    "with more contrast": lambda image: ImageEnhance.Contrast(image).enhance(1.1),
}


def _packed(image: Image.Image, format_: str, quality: int) -> Image.Image:
    return Image.open(io.BytesIO(m.encoded(image, format_, quality=quality)))


@cache
def drawn() -> tuple[Image.Image, ...]:
    """The corpus: scenes of the local models, with two seeds each."""
    orders = [PictureOrder(scene, seed, 256, 256) for scene in SCENES for seed in (1, 2)]
    return tuple(Image.open(io.BytesIO(draw(order).data)).convert("RGB") for order in orders)


def bits(image: Image.Image) -> str:
    found = fingerprint(image)
    assert found
    return found


@cache
def hashes() -> tuple[str, ...]:
    return tuple(bits(image) for image in drawn())


@pytest.mark.parametrize("way", WAYS)
def test_it_is_found_again(way: str) -> None:
    for image, before in zip(drawn(), hashes(), strict=True):
        known, after = Fingerprint("job", before, 0), bits(WAYS[way](image))
        assert known.distance(after) <= NEAR
        assert known.bucket in set(buckets(after))


def test_of_all_pairs_of_the_corpus_none_is_taken_for_one() -> None:
    distances = [Fingerprint("job", one, 0).distance(other) for one, other in combinations(hashes(), 2)]
    assert len(distances) == 325
    assert min(distances) > 2 * NEAR


@pytest.mark.parametrize("way", [Image.Transpose.FLIP_LEFT_RIGHT, Image.Transpose.ROTATE_90])
def test_a_mirrored_or_turned_one_is_another(way: Image.Transpose) -> None:
    for image, before in zip(drawn(), hashes(), strict=True):
        assert Fingerprint("job", before, 0).distance(bits(image.transpose(way))) > NEAR


@pytest.mark.parametrize(
    "image",
    [
        Image.new("RGB", (300, 200), (90, 120, 200)),
        Image.new("RGBA", (300, 200), (90, 120, 200, 0)),
        Image.linear_gradient("L"),
        Image.radial_gradient("L"),
        Image.new("L", (1, 1)),
    ],
)
def test_what_shows_nothing_has_none(image: Image.Image) -> None:
    assert fingerprint(image) is None


def test_buckets_are_its_own_and_those_beside_it() -> None:
    found = list(buckets(hashes()[0]))
    assert len(found) == len(set(found)) == 13
    assert {len(each) for each in found} == {3}
