"""The last touch: a vignette and film grain, which also hides the steps of 8-bit gradients."""

import numpy as np
from PIL import Image, ImageChops

from local.models.render.noise import Dice

TILE = 512


def vignette(image: Image.Image, depth: float = 0.22) -> Image.Image:
    """Darken the corners."""
    span = np.linspace(-1, 1, 64)
    away = np.hypot(span[:, None], span[None, :]) / np.sqrt(2)
    dark = 255 * (1 - depth * np.clip((away - 0.45) / 0.55, 0, 1) ** 2)
    mask = Image.fromarray(dark.astype(np.uint8)).resize(image.size, Image.Resampling.BILINEAR)
    return ImageChops.multiply(image, Image.merge("RGB", (mask, mask, mask)))


def add_grain(image: Image.Image, dice: Dice, amount: float) -> Image.Image:
    """Add grey noise of so many levels."""
    rng = dice.of("grain")
    tile = Image.fromarray((rng.normal(0, amount, (TILE, TILE)) + 128.5).clip(0, 255).astype(np.uint8))
    sheet = Image.new("L", image.size)
    for left in range(0, image.width, TILE):
        for top in range(0, image.height, TILE):
            sheet.paste(tile.transpose(Image.Transpose(int(rng.integers(7)))), (left, top))
    return ImageChops.add(image, Image.merge("RGB", (sheet, sheet, sheet)), 1, -128)
