"""What several styles do alike."""

import numpy as np
from PIL import Image, ImageChops

from local.models.render.noise import field
from local.models.render.stage import Stage

SOFT = 256  # pixels of slow noise before it is stretched
FINE = 512


def soft_noise(stage: Stage, name: str, size: tuple[int, int], cells: float, octaves: int = 4) -> Image.Image:
    """Give slow noise as a grey picture of a size."""
    values = field(stage.dice.of(name), (SOFT, SOFT), (cells * stage.h, cells * stage.w), octaves)
    return Image.fromarray((values * 255).astype(np.uint8)).resize(size, Image.Resampling.BICUBIC)


def bend(image: Image.Image, stage: Stage, amount: float, cells: float) -> Image.Image:
    """Push every pixel a little aside, as a hand and wet paper do; ``amount`` is in short sides."""
    width, height = image.size
    reach = amount * stage.canvas.unit / 127
    across, down = (
        ((np.asarray(soft_noise(stage, name, image.size, cells), dtype=np.float32) - 128) * reach).astype(np.int32)
        for name in ("bend x", "bend y")
    )
    columns = np.clip(np.arange(width, dtype=np.int32)[None, :] + across, 0, width - 1)
    rows = np.clip(np.arange(height, dtype=np.int32)[:, None] + down, 0, height - 1)
    return Image.fromarray(np.asarray(image)[rows, columns])


def rough_paper(image: Image.Image, stage: Stage, depth: float) -> Image.Image:
    """Lay the tooth of paper over a picture; ``depth`` 0..1."""
    rng = stage.dice.of("paper")
    values = field(rng, (FINE, FINE), (90, 90), 2)
    tile = Image.fromarray((255 * (1 - depth * values)).astype(np.uint8))
    sheet = Image.new("L", image.size)
    for left in range(0, image.width, FINE):
        for top in range(0, image.height, FINE):
            sheet.paste(tile.transpose(Image.Transpose(int(rng.integers(7)))), (left, top))
    return ImageChops.multiply(image, grey(sheet))


def grey(image: Image.Image) -> Image.Image:
    """Give a grey picture as RGB."""
    return Image.merge("RGB", (image, image, image))


def scaled(image: Image.Image, factor: float, offset: float = 0.0) -> Image.Image:
    """Multiply all levels and add an offset."""
    table = [int(min(max(value * factor + offset, 0), 255)) for value in range(256)]
    return image.point(table * len(image.getbands()))
