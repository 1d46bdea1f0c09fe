"""Soft land: hills and dunes."""

from dataclasses import dataclass

import numpy as np

from local.models.render.canvas import Floats
from local.models.render.colour import mix
from local.models.render.noise import wave
from local.models.render.stage import Stage


@dataclass(frozen=True)
class Hill:
    """One line of hills: where its feet are, how high it rises, how near it is (0..1), humps per short side."""

    foot: float
    rise: float
    depth: float
    cells: float = 1.4


def hill_line(stage: Stage, name: str, foot: float, rise: float, cells: float = 1.4) -> Floats:
    """Give the skyline of soft hills."""
    return foot - rise * wave(stage.dice.of(name), stage.canvas.columns() * cells, 2, gain=0.3)


def hill(stage: Stage, name: str, land: Hill) -> Floats:
    """Paint one soft hill line and give it back."""
    ys = hill_line(stage, name, land.foot, land.rise, land.cells)
    body = stage.palette.land(land.depth)
    stage.canvas.ridge(ys, (mix(body, stage.palette.glow, 0.14), body, mix(body, stage.palette.dark, 0.25)))
    return ys


def dune(stage: Stage, name: str, land: Hill) -> None:
    """Paint one dune: a bright slope, and a dark one under a crest that winds down towards us."""
    rng = stage.dice.of(name)
    palette, x = stage.palette, stage.canvas.columns()
    body = palette.land(land.depth)
    bright, shade = mix(body, palette.glow, 0.42), mix(body, palette.near, 0.34)
    top = float(rng.uniform(0.25, 0.75)) * stage.w
    reach = stage.w * float(rng.uniform(0.5, 0.8))
    hump = np.clip(1 - np.abs(x - top) / reach, 0, 1)
    ys = land.foot - land.rise * (hump**1.35 * 0.85 + 0.2 * wave(rng, x * land.cells, 2))
    stage.canvas.ridge(ys, (bright, mix(bright, body, 0.5), body))
    dark_side = -1.0 if stage.sun[0] > stage.w / 2 else 1.0
    down = np.linspace(0, 1, 40)
    bend = float(rng.uniform(0.1, 0.22))
    crest = np.stack(
        [top + dark_side * reach * 0.1 * down + bend * np.sin(down * 4.5) * down, land.foot + down * 0.22], axis=1
    )
    crest[:, 1] = float(np.interp(top, x, ys)) + (stage.h * 1.02 - float(np.interp(top, x, ys))) * down**1.15
    edge = 0.0 if dark_side < 0 else stage.w
    rim = np.linspace(edge, top, 60)
    skyline = np.stack([rim, np.interp(rim, x, ys)], axis=1)
    outline = np.concatenate([skyline, crest, [(edge, stage.h * 1.02)]])
    stage.canvas.polygon(outline, (shade, mix(shade, body, 0.35), mix(shade, body, 0.8)))
