"""Cut paper, pixels, two-colour print and mosaic."""

import numpy as np
from PIL import Image, ImageChops, ImageDraw, ImageEnhance, ImageFilter, ImageOps

from local.models.render.colour import hexes, to_bytes
from local.models.render.noise import Floats
from local.models.render.stage import Stage
from local.models.render.styles.common import grey, rough_paper, scaled

COLOURS = 28
STOCK = (248, 241, 224)
INKS = tuple(zip(hexes("ff6f4f ff5c8a ffb02e f2545b"), hexes("1f4e9c 16617a 2d3f8f 0f5e5a"), strict=True))  # warm, cool


def paper(image: Image.Image, stage: Stage) -> Image.Image:
    """Give the picture as layers of paper; their shadows are painted with them."""
    return rough_paper(scaled(image, 1.05), stage, 0.07)


def pixels(image: Image.Image, stage: Stage) -> Image.Image:
    """Give the small picture in few colours; it is blown up afterwards."""
    del stage
    few = image.quantize(COLOURS, method=Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE)
    return few.convert("RGB")


def riso(image: Image.Image, stage: Stage) -> Image.Image:
    """Give the picture as a print in two inks, in dots, slightly out of register."""
    unit = stage.canvas.unit
    warm, cool = INKS[int(stage.dice.of("inks").integers(len(INKS)))]
    red, green, blue = ImageOps.autocontrast(image, cutoff=2).split()
    plates = ((ImageChops.lighter(blue, scaled(green, 0.8)), warm, 15, 0.0), (red, cool, 62, 0.002))
    sheet = Image.new("RGB", image.size, STOCK)
    for light, tone, angle, slip in plates:
        dots = _dots(1 - np.asarray(light, dtype=np.float32) / 255, angle, unit * 0.0046)
        shifted = ImageChops.offset(dots, round(unit * slip), round(unit * slip))
        plate = ImageOps.colorize(shifted, black="white", white=to_bytes(tone))
        sheet = ImageChops.multiply(sheet, plate)
    return rough_paper(sheet, stage, 0.1)


def _dots(share: Floats, angle: float, step: float) -> Image.Image:
    turn = np.deg2rad(angle)
    x = np.arange(share.shape[1], dtype=np.float32)[None, :]
    y = np.arange(share.shape[0], dtype=np.float32)[:, None]
    along = (x * np.float32(np.cos(turn)) + y * np.float32(np.sin(turn))) * np.float32(np.pi / step)
    across = (y * np.float32(np.cos(turn)) - x * np.float32(np.sin(turn))) * np.float32(np.pi / step)
    screen = 0.5 + 0.25 * (np.cos(along) + np.cos(across))
    return Image.fromarray((np.clip((share - screen) * 4 + 0.5, 0, 1) * 255).astype(np.uint8))


def mosaic(image: Image.Image, stage: Stage) -> Image.Image:
    """Give the picture in facets of glass with dark seams."""
    rng = stage.dice.of("facets")
    columns, rows = max(2, round(40 * stage.w)), max(2, round(40 * stage.h))
    grid = np.stack(np.meshgrid(np.arange(columns + 1), np.arange(rows + 1)), axis=-1).astype(np.float64)
    inner = grid[1:-1, 1:-1]
    inner += rng.uniform(-0.36, 0.36, inner.shape)
    grid *= (image.width / columns, image.height / rows)
    triangles = _triangles(grid, rng)
    middles = triangles.mean(axis=1).astype(np.int64)
    vivid = ImageEnhance.Color(image).enhance(1.35)
    small = np.asarray(vivid.filter(ImageFilter.BoxBlur(stage.canvas.unit * 0.003)))
    colours = small[middles[:, 1], middles[:, 0]].astype(np.int16) + rng.integers(-7, 8, (len(triangles), 1))
    double = Image.new("RGB", (image.width * 2, image.height * 2))
    pen, seam = ImageDraw.Draw(double), to_bytes(stage.palette.dark)
    width = max(round(stage.canvas.unit * 0.0022), 1)
    for corners, colour in zip((triangles * 2).tolist(), np.clip(colours, 0, 255).tolist(), strict=True):
        spots = [tuple(corner) for corner in corners]
        pen.polygon(spots, fill=tuple(colour))
        pen.line([*spots, spots[0]], fill=seam, width=width)
    return ImageChops.screen(double.reduce(2), scaled(grey(image.convert("L")), 0.12))


def _triangles(grid: Floats, rng: np.random.Generator) -> Floats:
    nw, ne, sw, se = (grid[:-1, :-1], grid[:-1, 1:], grid[1:, :-1], grid[1:, 1:])
    one = np.stack([np.stack([nw, ne, se], axis=2), np.stack([nw, se, sw], axis=2)], axis=2)
    other = np.stack([np.stack([nw, ne, sw], axis=2), np.stack([ne, se, sw], axis=2)], axis=2)
    chosen = np.where(rng.random(nw.shape[:2])[:, :, None, None, None] < 0.5, one, other)  # noqa: PLR2004
    return chosen.reshape(-1, 3, 2)
