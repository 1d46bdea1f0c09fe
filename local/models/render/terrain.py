"""Land in layers: mountains with lit faces and snow, hills, dunes."""

from dataclasses import dataclass

import numpy as np
from PIL import Image, ImageChops

from local.models.render.canvas import Floats
from local.models.render.colour import Colour, mix
from local.models.render.noise import field, smoothstep, wave
from local.models.render.stage import Stage


@dataclass(frozen=True)
class Range:
    """One line of mountains: where its feet are, how high it rises, how near it is (0..1)."""

    foot: float
    rise: float
    depth: float
    cells: float = 2.2
    snow: float = 0.0


def peaks(stage: Stage, name: str, land: Range) -> Floats:
    """Give the skyline of mountains: broad shapes with sharp tops."""
    rng = stage.dice.of(name)
    at = stage.canvas.columns() * land.cells
    broad = 1 - np.abs(2 * wave(rng, at, 1, smooth=True) - 1)
    rough = wave(rng, at * 2, 6, smooth=False, gain=0.52)
    return land.foot - land.rise * (0.62 * broad**1.2 + 0.5 * rough - 0.12)


def mountains(stage: Stage, name: str, land: Range) -> None:
    """Paint a line of mountains with light on the sun's side and haze at its feet."""
    ys = peaks(stage, name, land)
    palette, canvas = stage.palette, stage.canvas
    body = palette.land(land.depth)
    mask, top = canvas.ridge_mask(ys)
    if canvas.lift:
        canvas.cast(mask, (0, top))
    canvas.paint(mask, (0, top), (body, body, mix(body, palette.haze, 0.55 * (1 - land.depth * 0.6))))
    lit, below = faces(stage, ys, name)
    bright = mix(body, palette.glow, 0.3 if not palette.night else 0.16)
    laid(stage, (mask, top), lit * (1 - smoothstep(0, land.rise * 1.2, below)), bright)
    if land.snow:
        _snow(stage, (mask, top), (lit, below), land, name)


def laid(stage: Stage, ridge: tuple[Image.Image, int], part: Floats, colour: Colour) -> None:
    """Paint the part of a ridge that a coarse mask (0..1, over the whole picture) covers."""
    mask, top = ridge
    soft = Image.fromarray((np.clip(part, 0, 1) * 255).astype(np.uint8))
    start = top * soft.height / stage.canvas.size[1]
    full = soft.resize(mask.size, Image.Resampling.BICUBIC, box=(0, start, *soft.size))
    stage.canvas.paint(ImageChops.multiply(mask, full), (0, top), colour)


def faces(stage: Stage, ys: Floats, name: str, slant: float = 0.42, rough: float = 1.0) -> tuple[Floats, Floats]:
    """Give how lit each spot is and how far below the skyline, on a coarse grid."""
    columns = 480
    rows = max(2, round(columns * stage.h / stage.w))
    x = np.linspace(0, stage.w, columns)
    line = np.interp(x, stage.canvas.columns(), ys)
    y = np.linspace(0, stage.h, rows)[:, None]
    below = y - line
    side = 1.0 if stage.sun[0] > stage.w / 2 else -1.0
    slope = _smoothed(np.gradient(line)) * columns / stage.w
    crags = (field(stage.dice.of(f"{name} faces"), (rows, columns), (9 * stage.h, 12 * stage.w), 3) - 0.5) * rough
    spot = x[None, :] + below * slant * side + crags * 0.05
    at = np.clip(spot / stage.w * (columns - 1), 0, columns - 1).astype(np.int64)
    return smoothstep(0.0, 0.28, slope[at] * side + crags * 0.42), below


def _smoothed(line: Floats) -> Floats:
    weights = np.hanning(15)
    return np.asarray(np.convolve(line, weights / weights.sum(), mode="same"), dtype=np.float64)


def _snow(stage: Stage, ridge: tuple[Image.Image, int], light: tuple[Floats, Floats], land: Range, name: str) -> None:
    lit, below = light
    rows, columns = below.shape
    ragged = field(stage.dice.of(f"{name} snow"), (rows, columns), (9 * stage.h, 22 * stage.w), 4)
    y = np.linspace(0, stage.h, rows)[:, None]
    line = land.foot - land.rise * (1.0 - land.snow) + (ragged - 0.5) * land.rise * 0.55
    cover = smoothstep(-0.012, 0.012, line - y)
    shade = mix(stage.palette.pale, stage.palette.land(0.45), 0.5)
    bright = stage.palette.pale if not stage.palette.night else mix(stage.palette.pale, stage.palette.haze, 0.45)
    laid(stage, ridge, cover * 0.9, shade)
    laid(stage, ridge, cover * lit, bright)


def hill_line(stage: Stage, name: str, foot: float, rise: float, cells: float = 1.4) -> Floats:
    """Give the skyline of soft hills."""
    return foot - rise * wave(stage.dice.of(name), stage.canvas.columns() * cells, 2, gain=0.3)


def hill(stage: Stage, name: str, land: Range) -> Floats:
    """Paint one soft hill line and give it back."""
    ys = hill_line(stage, name, land.foot, land.rise, land.cells)
    body = stage.palette.land(land.depth)
    stage.canvas.ridge(ys, (mix(body, stage.palette.glow, 0.12), body, mix(body, stage.palette.dark, 0.25)))
    return ys
