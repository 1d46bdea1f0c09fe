"""Dunes under a large sun."""

from local.models.render.colour import hexes
from local.models.render.massif import Range, mountains
from local.models.render.palette import ground_tint
from local.models.render.scenes.common import light_aside, subject_spot
from local.models.render.sky import paint_sky
from local.models.render.stage import Stage
from local.models.render.terrain import Hill, dune

SAND = hexes("c8743a")[0]


def back(stage: Stage) -> None:
    """Paint sky, far mesas and the first dunes."""
    rng = stage.dice.of("desert")
    stage.palette = ground_tint(stage.palette, stage.ground(SAND), 0.35)
    light_aside(stage, stage.h * float(rng.uniform(0.5, 0.6)), 0.45, 0.85)
    stage.sun_radius *= 1.5
    paint_sky(stage)
    mountains(stage, "mesas", Range(stage.horizon + 0.03, 0.16, 0.16, 1.4))
    for at, depth in enumerate((0.24, 0.42, 0.6)):
        dune(stage, f"dune {at}", Hill(stage.horizon + 0.06 + 0.12 * at, 0.12 + 0.05 * at, depth, 1.3))
    subject_spot(stage, stage.h * 0.84, 0.28)


def front(stage: Stage) -> None:
    """Paint the dune that we stand on."""
    dune(stage, "near dune", Hill(stage.h * 0.98, 0.13, 0.84, 1.0))
