"""A forest in depth: mist between rows of firs, light falling through."""

import numpy as np

from local.models.render.canvas import ribbon
from local.models.render.colour import hexes, mix
from local.models.render.palette import ground_tint
from local.models.render.plants import fern, row_of_conifers
from local.models.render.scenes.common import light_aside, subject_spot
from local.models.render.sky import paint_sky
from local.models.render.stage import Stage
from local.models.render.terrain import hill_line

GREEN, RUST = hexes("1f4a3a 7a3b1e")


def back(stage: Stage) -> None:
    """Paint row behind row, each darker than the last."""
    tone = RUST if stage.brief.time == "autumn" else GREEN
    stage.palette = ground_tint(stage.palette, tone, 0.45)
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
        firs = row_of_conifers(stage, stage.dice.child(f"row {at}"), ys, tall, int((46 - 9 * at) * stage.w))
        body = stage.palette.land(depth)
        stage.canvas.polygons(firs, (body, body, mix(body, stage.palette.haze, 0.5)))
        stage.canvas.ridge(ys, (mix(body, stage.palette.haze, 0.35), mix(body, stage.palette.haze, 0.6)))


def _rays(stage: Stage) -> None:
    rng = stage.dice.of("rays")
    x, y = stage.sun
    for _ in range(6):
        angle, wide = rng.uniform(-0.7, 0.7), rng.uniform(0.03, 0.09)
        far = stage.h * 1.1
        foot = x + np.tan(angle) * far
        shape = [(x - 0.01, y), (x + 0.01, y), (foot + wide, y + far), (foot - wide, y + far)]
        stage.canvas.polygon(shape, stage.palette.glow, 0.09)


def front(stage: Stage) -> None:
    """Paint trunks at the edges and ferns at our feet."""
    rng = stage.dice.of("front")
    dark = stage.palette.land(1.0)
    for side in (0.0, 1.0):
        for _ in range(2):
            x = stage.w * side + float(rng.uniform(-0.03, 0.13)) * (1 - 2 * side)
            lean = float(rng.normal(0, 0.02))
            trunk = np.array([(x, stage.h * 1.02), (x + lean * 0.5, stage.h * 0.5), (x + lean, -0.02)])
            stage.canvas.polygon(ribbon(trunk, float(rng.uniform(0.05, 0.09)), 0.035), dark)
    stage.canvas.ridge(hill_line(stage, "near floor", stage.h * 1.0, 0.06, 1.6), dark)
    for _ in range(int(15 * stage.w)):
        x = float(rng.random() * stage.w)
        reach = 0.09 + 0.12 * abs(x / stage.w - 0.5)
        stage.canvas.polygons(
            fern(x, stage.h * 1.01, reach * float(rng.uniform(0.8, 1.5)), float(rng.normal(0, 0.6))), dark
        )
