"""The sea, with an island, a cliff or nothing but the horizon."""

import numpy as np

from local.models.render.canvas import curve
from local.models.render.colour import mix
from local.models.render.massif import Range, mountains
from local.models.render.scenes.common import light_aside, subject_spot
from local.models.render.sky import paint_sky
from local.models.render.stage import Stage
from local.models.render.water import glints, mirror, swell, water_tone, waves


def back(stage: Stage) -> None:
    """Paint sky, far land and the water."""
    rng = stage.dice.of("sea")
    light_aside(stage, stage.h * float(rng.uniform(0.5, 0.62)), 0.45, 0.95)
    stage.sun_radius *= 1.2
    paint_sky(stage)
    if rng.random() < 0.6:  # noqa: PLR2004
        mountains(stage, "far coast", Range(stage.horizon + 0.015, 0.14, 0.18, 1.6))
    _island(stage, rng)
    tone = water_tone(stage)
    mirror(stage, stage.horizon, tone, 0.62)
    waves(stage, stage.horizon, (mix(tone, stage.palette.sky[-1], 0.5), mix(tone, stage.palette.near, 0.6)))
    glints(stage, stage.horizon, stage.palette.glow)
    subject_spot(stage, stage.horizon + (stage.h - stage.horizon) * 0.42, 0.3)


def _island(stage: Stage, rng: np.random.Generator) -> None:
    x, y, wide = stage.w * float(rng.uniform(0.1, 0.9)), stage.horizon + 0.004, float(rng.uniform(0.12, 0.24))
    shape = [(-1, 0), (-0.7, -0.22), (-0.35, -0.5), (0.0, -0.62), (0.25, -0.4), (0.6, -0.3), (1, 0)]
    outline = curve(np.array(shape) * (wide, wide * 0.6) + (x, y), closed=False)
    stage.canvas.polygon(outline, (stage.palette.land(0.34), stage.palette.land(0.5)))


def front(stage: Stage) -> None:
    """Paint the swell that comes towards us."""
    tone, pale = water_tone(stage), mix(stage.palette.pale, stage.palette.sky[-1], 0.3)
    for at, share in enumerate((0.72, 0.86)):
        deep = mix(tone, stage.palette.near, 0.35 + 0.3 * at)
        top = mix(tone, stage.palette.sky[-2], 0.34 - 0.12 * at)
        y = stage.horizon + (stage.h - stage.horizon) * share
        swell(stage, f"swell {at}", y, (top, deep), pale)
