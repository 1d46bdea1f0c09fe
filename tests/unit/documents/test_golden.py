"""Every template looks as it did, within what another version of a library may change."""

import io

import numpy as np
import pytest
from PIL import Image

from tests.unit.documents.golden import FOLDER, collages, drawn

LEAST_DB = 42


def psnr(image: Image.Image, other: Image.Image) -> float:
    error = np.mean((np.asarray(image, float) - np.asarray(other, float)) ** 2)
    return float(10 * np.log10(255**2 / max(error, 1e-9)))


@pytest.mark.parametrize("name", collages())
def test_a_collage_looks_as_it_did(name: str) -> None:
    with Image.open(FOLDER / f"{name}.jpg") as golden:
        assert psnr(Image.open(io.BytesIO(drawn(collages()[name]))), golden) > LEAST_DB


def test_there_is_no_golden_picture_of_nothing() -> None:
    assert {path.stem for path in FOLDER.iterdir()} == set(collages())
