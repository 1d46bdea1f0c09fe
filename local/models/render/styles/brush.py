"""Watercolour and oil."""

import numpy as np
from PIL import Image, ImageChops, ImageDraw, ImageFilter

from local.models.render.noise import field, smoothstep
from local.models.render.stage import Stage
from local.models.render.styles.common import SOFT, bend, grey, rough_paper, scaled, soft_noise

PAPER = (250, 247, 239)


def watercolour(image: Image.Image, stage: Stage) -> Image.Image:
    """Give the picture as washes on rough paper: wandering edges, pools of pigment, a bare rim."""
    unit = stage.canvas.unit
    washed = bend(image, stage, 0.02, 9).filter(ImageFilter.BoxBlur(unit * 0.0012))
    pale = Image.blend(scaled(washed, 0.86, 62), Image.new("RGB", image.size, PAPER), 0.12)
    pools = soft_noise(stage, "pools", image.size, 5, 5)
    pale = ImageChops.multiply(pale, grey(scaled(pools, 0.2, 216)))
    pale = ImageChops.multiply(pale, grey(_edges(washed, unit * 0.006)))
    pale = ImageChops.screen(pale, grey(scaled(soft_noise(stage, "blooms", image.size, 3, 3), 1.2, -190)))
    framed = Image.composite(pale, Image.new("RGB", image.size, PAPER), _rim(stage, image.size))
    return rough_paper(framed, stage, 0.07)


def _edges(image: Image.Image, radius: float) -> Image.Image:
    """Give where pigment gathers: dark on the darker side of each edge."""
    light = image.convert("L")
    gathered = ImageChops.subtract(light.filter(ImageFilter.BoxBlur(radius)), light)
    return ImageChops.invert(scaled(gathered, 1.15))


def _rim(stage: Stage, size: tuple[int, int]) -> Image.Image:
    y, x = np.linspace(0, stage.h, SOFT)[:, None], np.linspace(0, stage.w, SOFT)[None, :]
    away = np.minimum(np.minimum(x, stage.w - x), np.minimum(y, stage.h - y))
    ragged = field(stage.dice.of("rim"), (SOFT, SOFT), (7 * stage.h, 7 * stage.w), 5)
    cover = smoothstep(0.03, 0.042, away + (ragged - 0.5) * 0.05)
    return Image.fromarray((cover * 255).astype(np.uint8)).resize(size, Image.Resampling.BICUBIC)


def oil(image: Image.Image, stage: Stage) -> Image.Image:
    """Give the picture in brush strokes that follow a slow wind, the finer ones last."""
    soft = image.filter(ImageFilter.BoxBlur(stage.canvas.unit * 0.004))
    canvas = soft.copy()
    for at, (length, width, count) in enumerate(((0.085, 0.024, 1500), (0.05, 0.013, 3200), (0.028, 0.007, 5200))):
        _strokes(canvas, soft if at == 0 else image, stage, (length, width, int(count * stage.w * stage.h)))
    light = scaled(canvas.convert("L").filter(ImageFilter.EMBOSS), 0.55, 58)
    return ImageChops.overlay(canvas, grey(light))


def _strokes(canvas: Image.Image, source: Image.Image, stage: Stage, brush: tuple[float, float, int]) -> None:
    length, width, count = brush
    unit = stage.canvas.unit
    rng = stage.dice.of(f"strokes {width}")
    spots = rng.random((count, 2)) * (source.width - 1, source.height - 1)
    columns, rows = spots.astype(np.int64).T
    colours = np.asarray(source)[rows, columns].astype(np.int16) + rng.integers(-13, 14, (count, 1))
    wind = field(stage.dice.of("wind"), (SOFT, SOFT), (2.5, 2.5), 3)
    angle = wind[rows * SOFT // source.height, columns * SOFT // source.width] * 5 - 2.5 + rng.normal(0, 0.16, count)
    reach = np.stack([np.cos(angle), np.sin(angle)], axis=1) * (length * unit / 2) * rng.uniform(0.5, 1.2, (count, 1))
    lines = np.concatenate([spots - reach, spots + reach], axis=1).tolist()
    inks = [tuple(ink) for ink in np.clip(colours, 0, 255).tolist()]
    pen, thick = ImageDraw.Draw(canvas), max(round(width * unit), 1)
    for ends, ink in zip(lines, inks, strict=True):
        pen.line(ends, fill=ink, width=thick)
