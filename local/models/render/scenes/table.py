"""A still life: a table before a wall with an arch of light."""

import numpy as np

from local.models.render.canvas import Floats, curve, moved, ribbon, turned
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
    top = palette.land(0.62)
    canvas.band(stage.horizon, stage.h, (mix(top, palette.glow, 0.35), top, palette.land(0.85)))
    canvas.band(stage.horizon - 0.002, stage.horizon + 0.004, mix(palette.glow, top, 0.4), 0.6)
    _vase(stage, rng)
    stage.spot = Spot(
        stage.w * 0.5 - (0.07 if stage.sun[0] < stage.w / 2 else -0.07),
        stage.h * 0.85,
        0.34,
        1.0,
        (stage.w * 0.5, stage.h * 0.3),
    )


def _arch(stage: Stage, x: float, wide: float) -> None:
    top = stage.h * 0.16 + wide
    angle = np.linspace(np.pi, 2 * np.pi, 40)
    head = np.stack([x + np.cos(angle) * wide, top + np.sin(angle) * wide], axis=1)
    outline = np.concatenate([[(x - wide, stage.horizon)], head, [(x + wide, stage.horizon)]])
    stage.canvas.polygon(outline, (stage.palette.sky[2], stage.palette.sky[-1]))
    stage.canvas.ellipse((x, top + 0.06), (wide * 0.42, wide * 0.42), stage.palette.pale)


def _vase(stage: Stage, rng: np.random.Generator) -> None:
    """Put a vase with twigs and a few fruits beside the spot."""
    side = 1 if stage.sun[0] < stage.w / 2 else -1
    x, foot = stage.w * 0.5 + side * min(0.34, stage.w * 0.34), stage.horizon + 0.05
    palette, canvas = stage.palette, stage.canvas
    stem, leaf = palette.land(0.85), mix(palette.land(0.75), palette.accents[2], 0.5)
    for lean in (-0.16, -0.05, 0.08, 0.19):
        top = (x + lean, foot - float(rng.uniform(0.46, 0.6)))
        line = curve([(x, foot - 0.2), (x + lean * 0.3, foot - 0.34), top], closed=False)
        canvas.polygon(ribbon(line, 0.006, 0.003), stem)
        canvas.polygons([_leaf(line[at], at) for at in range(5, len(line), 2)], (mix(leaf, palette.glow, 0.3), leaf))
    canvas.ellipse((x, foot), (0.1, 0.014), palette.near, 0.35, 0.01)
    shape = [
        (-0.035, -0.22),
        (-0.03, -0.18),
        (-0.085, -0.09),
        (-0.05, 0),
        (0.05, 0),
        (0.085, -0.09),
        (0.03, -0.18),
        (0.035, -0.22),
    ]
    glaze = palette.lit(palette.accents[0], 0.9)
    canvas.polygon(
        moved(curve(shape), (x, foot)), (mix(glaze, palette.glow, 0.35), glaze, mix(glaze, palette.near, 0.35))
    )
    for dx, dy in ((-0.15, 0.02), (-0.21, 0.045)):
        spot, fruit = (x + dx * side, foot + dy), palette.lit(palette.accents[1], 0.95)
        canvas.ellipse((spot[0], spot[1] + 0.03), (0.045, 0.009), palette.near, 0.4, 0.005)
        canvas.ellipse(spot, (0.036, 0.034), (mix(fruit, palette.pale, 0.4), fruit, mix(fruit, palette.near, 0.3)))


def _leaf(spot: Floats, at: int) -> Floats:
    side = 1 if at % 4 == 1 else -1
    outline = curve([(0, 0), (0.03, -0.014), (0.062, -0.004), (0.03, 0.012)])
    return moved(turned(outline * (side, 1), side * 28), spot)


def front(stage: Stage) -> None:
    """Lay a leaf's shadow over the table's edge."""
    stage.canvas.ellipse((stage.w * 0.12, stage.h * 0.97), (0.22, 0.025), stage.palette.near, 0.25, 0.012)
