"""A still life: a table before a wall with an arch of light."""

import numpy as np

from local.models.render.canvas import Floats, curve, moved, oval, ribbon
from local.models.render.colour import mix
from local.models.render.stage import Spot, Stage


def back(stage: Stage) -> None:
    """Paint wall, window light and table."""
    rng = stage.dice.of("table")
    palette, canvas = stage.palette, stage.canvas
    stage.horizon = stage.h * 0.68
    wall = mix(palette.sky[1], palette.sky[3], 0.5)
    canvas.band(0, stage.h, (mix(wall, palette.sky[0], 0.35), wall))
    x, wide = stage.w * float(rng.choice([0.32, 0.5, 0.68])), float(rng.uniform(0.24, 0.32))
    stage.sun, stage.sun_radius = (x, stage.h * 0.34), wide * 0.5
    _arch(stage, x, wide)
    canvas.glow(stage.sun, 0.8, palette.glow, 0.35)
    _branch(stage, rng)
    top = palette.land(0.62)
    canvas.band(stage.horizon, stage.h, (mix(top, palette.glow, 0.35), top, palette.land(0.85)))
    canvas.band(stage.horizon - 0.002, stage.horizon + 0.004, mix(palette.glow, top, 0.4), 0.6)
    stage.spot = Spot(stage.w * 0.5, stage.h * 0.84, 0.36, 1.0, (stage.w * 0.5, stage.h * 0.3))


def _arch(stage: Stage, x: float, wide: float) -> None:
    top = stage.h * 0.16 + wide
    angle = np.linspace(np.pi, 2 * np.pi, 40)
    head = np.stack([x + np.cos(angle) * wide, top + np.sin(angle) * wide], axis=1)
    outline = np.concatenate([[(x - wide, stage.horizon)], head, [(x + wide, stage.horizon)]])
    stage.canvas.polygon(outline, (stage.palette.sky[2], stage.palette.sky[-1]))
    stage.canvas.ellipse((x, top + 0.06), (wide * 0.42, wide * 0.42), stage.palette.pale)


def _branch(stage: Stage, rng: np.random.Generator) -> None:
    side = 1 if stage.sun[0] < stage.w / 2 else -1
    start = np.array([stage.w * (0.5 + 0.5 * side), 0.05])
    bends = np.array([(0, 0), (-0.16, 0.07), (-0.32, 0.2), (-0.44, 0.26)])
    line = curve(moved(bends * (side, 1), start), closed=False)
    dark = stage.palette.land(0.8)
    stage.canvas.polygon(ribbon(line, 0.012, 0.003), dark)
    leaves: list[Floats] = [
        oval((float(px), float(py)), 0.034, 0.012, float(rng.uniform(-70, 70))) for px, py in line[4::2]
    ]
    stage.canvas.polygons(leaves, mix(dark, (0.3, 0.5, 0.3), 0.3))


def front(stage: Stage) -> None:
    """Lay a leaf's shadow over the table's edge."""
    stage.canvas.ellipse((stage.w * 0.12, stage.h * 0.97), (0.22, 0.025), stage.palette.near, 0.25, 0.012)
