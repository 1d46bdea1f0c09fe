"""The pictures that resizers are compared on: drawn, with a camera's noise laid over, the same bytes every time."""

import io
from collections.abc import Mapping
from pathlib import Path
from typing import Final

import numpy as np
from PIL import Image

from local.models.render import PictureOrder, draw

_PROMPT: Final = "a lighthouse on a stormy coast at sunset, photo"
_SEED: Final = 7
# Noise of a photograph: standard deviation by the pixels it is wide.
_NOISE: Final[Mapping[int, float]] = {64: 10, 16: 8, 4: 7, 2: 5, 1: 4}


def make(folder: Path) -> Mapping[str, Path]:
    """Write the pictures and return them by name."""
    photo = taken(4032, 3024)
    cut_out = taken(2304, 1728)
    cut_out.putalpha(Image.radial_gradient("L").resize(cut_out.size).point(_inverted))
    icon = _drawn(256, 256).convert("RGBA")
    icon.putalpha(Image.radial_gradient("L").point(_disc))
    return {
        "12 megapixels, JPEG": _saved(photo, folder / "photo.jpg", quality=92),
        "48 megapixels, JPEG": _saved(_larger(photo, 2.0), folder / "poster.jpg", quality=88),
        "24 megapixels, WebP": _saved(_larger(photo, 1.4881), folder / "scan.webp", quality=90),
        "4 megapixels, PNG with alpha": _saved(cut_out, folder / "cut-out.png"),
        "256 pixels square, PNG": _saved(icon, folder / "icon.png"),
    }


def camera(folder: Path) -> tuple[Path, Path]:
    """Write a camera's picture of 12 megapixels and one of 48."""
    photo = taken(4032, 3024)
    small = _saved(photo, folder / "photo.jpg", quality=92)
    return small, _saved(_larger(photo, 2.0), folder / "poster.jpg", quality=88)


def taken(width: int, height: int) -> Image.Image:
    """Return a picture as a camera takes it."""
    return _noisy(_drawn(width, height))


def _drawn(width: int, height: int) -> Image.Image:
    return Image.open(io.BytesIO(draw(PictureOrder(_PROMPT, _SEED, width, height)).data)).convert("RGB")


def _larger(image: Image.Image, scale: float) -> Image.Image:
    """Scale a picture up, and lay noise over it anew: drawing one of this size takes long."""
    size = round(image.width * scale), round(image.height * scale)
    return _noisy(image.resize(size, Image.Resampling.BICUBIC))


def _noisy(image: Image.Image) -> Image.Image:
    random = np.random.default_rng(_SEED)
    noise = np.zeros((image.height, image.width), np.float32)
    for width, deviation in _NOISE.items():
        grains = random.standard_normal((-(-image.height // width), -(-image.width // width)), np.float32)
        noise += deviation * np.asarray(Image.fromarray(grains).resize(image.size, Image.Resampling.BICUBIC))
    lit = np.asarray(image, np.float32) + noise[..., None]
    return Image.fromarray(lit.clip(0, 255).astype(np.uint8))


def _inverted(value: float) -> float:
    return 255 - value


def _disc(value: float) -> float:
    return 255 if value < 180 else 0


def _saved(image: Image.Image, path: Path, quality: int = 75) -> Path:
    image.save(path, quality=quality)  # a PNG has none
    return path
