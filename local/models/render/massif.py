"""Mountains: summits whose ridges part the light from the shade, gullies, snow, haze at their feet."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from PIL import Image, ImageChops

from local.models.render.canvas import Floats
from local.models.render.colour import Colour, mix
from local.models.render.noise import wave
from local.models.render.stage import Stage

COLUMNS = 400  # of the coarse grid that light and snow are worked out on
STEPS = 512  # of the tables that the grid reads
LEVELS = 60  # grey levels per cell of the grid: how far an edge reaches before it is sharpened


@dataclass(frozen=True)
class Range:
    """One line of mountains: where its feet are, how high it rises, how near it is (0..1), summits per short side."""

    foot: float
    rise: float
    depth: float
    cells: float = 2.2
    snow: float = 0.0  # the share of its height that is white


@dataclass(frozen=True)
class Summits:
    """Where the tops are: x, height and half the width at the foot of each."""

    x: Floats
    height: Floats
    half: Floats

    def cones(self, x: Floats) -> tuple[npt.NDArray[np.int64], Floats]:
        """Give, for each x, which summit stands there and how high its slope is."""
        slopes = self.height[:, None] - np.abs(x[None, :] - self.x[:, None]) * (self.height / self.half)[:, None]
        return slopes.argmax(axis=0), slopes.max(axis=0)


def mountains(stage: Stage, name: str, land: Range) -> None:
    """Paint a line of mountains."""
    rng = stage.dice.of(name)
    summits = _summits(rng, stage.w, land)
    ys = _skyline(rng, stage.canvas.columns(), summits, land)
    mask, top = stage.canvas.ridge_mask(ys)
    if stage.canvas.lift:
        stage.canvas.cast(mask, (0, top))
    body = stage.palette.land(land.depth)
    foot = mix(body, stage.palette.haze, 0.75 * (1 - land.depth * 0.7))
    end = min(max(round(land.foot * stage.canvas.unit) - top, 1), mask.height)
    slope = mask.crop((0, 0, mask.width, end))
    stage.canvas.paint(slope, (0, top), (body, mix(body, foot, 0.35), foot))
    if end < mask.height:
        stage.canvas.paint(mask.crop((0, end, mask.width, mask.height)), (0, top + end), foot)
    _light(stage, rng, (slope, top), (summits, land))


def _summits(rng: np.random.Generator, width: float, land: Range) -> Summits:
    count = max(2, round(width * land.cells) + 1)
    x = (np.arange(count) + rng.uniform(0.2, 0.8, count)) / count * (width + 0.3) - 0.15
    height = land.rise * rng.uniform(0.45, 0.9, count)
    height[int(rng.integers(count))] = land.rise
    return Summits(x, height, height * rng.uniform(1.0, 1.7, count))


def _skyline(rng: np.random.Generator, x: Floats, summits: Summits, land: Range) -> Floats:
    owner, height = summits.cones(x)
    away = np.clip(np.abs(x - summits.x[owner]) / (land.rise * 0.25), 0.15, 1)  # a summit stays sharp
    rough = (wave(rng, x * 8, 6, smooth=False) - 0.5) * land.rise * 0.24 * away
    floor = land.rise * (0.12 + 0.3 * wave(rng, x * 3, 4, smooth=False))
    return land.foot - np.maximum(height + rough, floor)


def _light(stage: Stage, rng: np.random.Generator, ridge: tuple[Image.Image, int], what: tuple[Summits, Range]) -> None:
    summits, land = what
    palette = stage.palette
    lit, rays, y = _faces(stage, rng, summits, land)
    body = palette.land(land.depth)
    bright = mix(body, palette.glow, 0.36 if not palette.night else 0.2)
    _lay(stage, ridge, (lit, (bright, mix(bright, palette.haze, 0.4), palette.land(land.depth * 0.5))))
    if not land.snow:
        return
    line = land.foot - land.rise * (1 - land.snow)
    snow = line + (rays - 0.5) * land.rise * 0.5 - y
    white = palette.pale if not palette.night else mix(palette.pale, palette.haze, 0.45)
    shade = mix(white, palette.land(min(land.depth + 0.25, 1)), 0.5)
    _lay(stage, ridge, (snow, (shade, mix(shade, palette.haze, 0.4))))
    _lay(stage, ridge, (np.minimum(snow, lit), (white, mix(white, palette.haze, 0.25))))


def _faces(stage: Stage, rng: np.random.Generator, summits: Summits, land: Range) -> tuple[Floats, Floats, Floats]:
    """Give how far inside the light each spot is (below 0: in the shade), the rays down the slopes, each row's y."""
    rows = max(2, round(COLUMNS * stage.h / stage.w))
    x, y = np.linspace(0, stage.w, COLUMNS), np.linspace(0, stage.h, rows)[:, None]
    owner, _ = summits.cones(x)
    below = np.maximum(y - (land.foot - summits.height[owner]), 0)
    step = np.clip(below / land.rise * (STEPS - 1) / 1.6, 0, STEPS - 1).astype(np.int64)
    side = 1.0 if stage.sun[0] > stage.w / 2 else -1.0
    zigzag = np.stack([_zigzag(rng, land, -side) for _ in summits.x])
    across = x - summits.x[owner]
    divide = (across - zigzag[owner, step]) * side
    fan = wave(rng, np.linspace(0, 26, STEPS * 4), 3, smooth=False)
    bent = across / (below + land.rise * 0.12) + zigzag[owner, step] / land.rise * 0.5 + owner * 0.9
    rays = fan[(bent * 140).astype(np.int64) % len(fan)]
    gullies = (0.6 - rays) * land.rise * 0.35
    ribs = (rays - 0.72) * land.rise * 0.3
    return np.maximum(np.minimum(divide, gullies), ribs), rays, y


def _zigzag(rng: np.random.Generator, land: Range, side: float) -> Floats:
    """Give how far the ridge that comes down from a summit has wandered, by depth."""
    depth = np.linspace(0, 1.6, STEPS)
    wander = (wave(rng, depth * 5, 4, smooth=False) - 0.5) * 0.8 + side * 0.16
    return wander * depth * land.rise


def _lay(stage: Stage, ridge: tuple[Image.Image, int], part: tuple[Floats, tuple[Colour, ...]]) -> None:
    """Paint a part of the ridge: what lies inside (above 0), stretched to the picture and sharpened again."""
    mask, top = ridge
    inside, fill = part
    grain = inside.shape[1] / stage.w
    soft = Image.fromarray(np.clip(inside * grain * LEVELS + 128, 0, 255).astype(np.uint8))
    scale = soft.height / stage.canvas.size[1]
    seen = (0, top * scale, soft.width, (top + mask.height) * scale)
    full = soft.resize(mask.size, Image.Resampling.BICUBIC, box=seen)
    gain = 255 / LEVELS * stage.canvas.size[0] / inside.shape[1]
    sharp = full.point([int(min(max((level - 128) * gain + 128, 0), 255)) for level in range(256)])
    stage.canvas.paint(ImageChops.multiply(mask, sharp), (0, top), fill)
