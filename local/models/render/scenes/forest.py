"""A forest in depth: mist between rows of firs, light falling through."""

import numpy as np

from local.models.render.colour import hexes, mix
from local.models.render.palette import ground_tint
from local.models.render.plants import conifer, fern, row_of_conifers
from local.models.render.scenes.common import light_aside, subject_spot
from local.models.render.sky import paint_sky
from local.models.render.stage import Stage
from local.models.render.terrain import hill_line

GREEN, RUST = hexes("1f4a3a 7a3b1e")


def back(stage: Stage) -> None:
    """Paint row behind row, each darker than the last."""
    tone = RUST if stage.brief.time == "autumn" else GREEN
    stage.palette = ground_tint(stage.palette, stage.ground(tone), 0.45)
    light_aside(stage, stage.h * 0.66, 0.35, 0.6)
    paint_sky(stage)
    _rows(stage, (0.14, 0.3, 0.48), 0)
    _rays(stage)
    _rows(stage, (0.66,), 3)
    foot = stage.h * 0.86
    ground = stage.palette.land(0.72)
    stage.canvas.ridge(hill_line(stage, "floor", foot, 0.07, 1.1), (mix(ground, stage.palette.glow, 0.2), ground))
    subject_spot(stage, stage.h * 0.89, 0.3)


def _rows(stage: Stage, depths: tuple[float, ...], first: int) -> None:
    for at, depth in enumerate(depths, first):
        foot = stage.horizon + 0.05 * at
        ys = hill_line(stage, f"floor {at}", foot, 0.1, 1.3)
        tall = (0.2 + 0.13 * at) * min(stage.h, 1.3)
        for half in range(2):
            firs = row_of_conifers(stage, stage.dice.child(f"row {at} {half}"), ys, tall, int((24 - 5 * at) * stage.w))
            body = stage.palette.land(depth + 0.07 * half)
            stage.canvas.polygons(firs, (body, body, mix(body, stage.palette.haze, 0.6)))
        ground = mix(stage.palette.land(depth), stage.palette.haze, 0.45)
        stage.canvas.ridge(ys, (ground, mix(ground, stage.palette.haze, 0.5)))
        mist = mix(stage.palette.haze, stage.palette.glow, 0.2)
        stage.canvas.ellipse((stage.w * 0.5, foot - 0.02), (stage.w * 0.75, 0.05), mist, 0.4, 0.03)


def _rays(stage: Stage) -> None:
    rng = stage.dice.of("rays")
    x, y = stage.sun
    far = stage.h * 1.1
    for _ in range(6):
        angle, wide = rng.uniform(-0.7, 0.7), rng.uniform(0.03, 0.1)
        foot = x + np.tan(angle) * far
        shape = [(x - 0.01, y), (x + 0.01, y), (foot + wide, y + far), (foot - wide, y + far)]
        stage.canvas.polygon(shape, stage.palette.glow, 0.08 if stage.palette.night else 0.12, 0.006)


def front(stage: Stage) -> None:
    """Frame the picture with great firs, and ferns at our feet."""
    rng = stage.dice.of("front")
    dark = stage.palette.land(1.0)
    for side in (0.0, 1.0):
        for far, tall in ((-0.06, 1.25), (0.09, 0.7)):
            x = stage.w * side + (far + float(rng.uniform(-0.04, 0.03))) * (1 - 2 * side)
            fir = conifer(rng, x, stage.h * 1.03, tall * min(stage.h, 1.4) * float(rng.uniform(0.85, 1.1)))
            stage.canvas.polygon(fir, (stage.palette.land(0.9), dark))
    stage.canvas.ridge(hill_line(stage, "near floor", stage.h * 1.0, 0.06, 1.6), dark)
    for _ in range(int(15 * stage.w)):
        x = float(rng.random() * stage.w)
        reach = 0.07 + 0.14 * abs(x / stage.w - 0.5)
        leaves = fern(x, stage.h * 1.01, reach * float(rng.uniform(0.8, 1.5)), float(rng.normal(0, 0.6)))
        stage.canvas.polygons(leaves, dark)
