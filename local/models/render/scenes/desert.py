"""Dunes under a large sun."""

from local.models.render.colour import hexes, mix
from local.models.render.noise import smoothstep
from local.models.render.palette import ground_tint
from local.models.render.scenes.common import light_aside, subject_spot
from local.models.render.sky import paint_sky
from local.models.render.stage import Stage
from local.models.render.terrain import Range, faces, hill_line, laid, mountains

SAND = hexes("c8743a")[0]


def back(stage: Stage) -> None:
    """Paint sky, far mesas and the first dunes."""
    rng = stage.dice.of("desert")
    stage.palette = ground_tint(stage.palette, SAND, 0.35)
    light_aside(stage, stage.h * float(rng.uniform(0.5, 0.6)), 0.45, 0.85)
    stage.sun_radius *= 1.5
    paint_sky(stage)
    mountains(stage, "mesas", Range(stage.horizon + 0.03, 0.16, 0.16, 1.4))
    for at, depth in enumerate((0.24, 0.42, 0.6)):
        _dune(stage, f"dune {at}", Range(stage.horizon + 0.07 + 0.12 * at, 0.14 + 0.04 * at, depth, 1.3))
    subject_spot(stage, stage.h * 0.84, 0.28)


def _dune(stage: Stage, name: str, land: Range) -> None:
    palette, canvas = stage.palette, stage.canvas
    ys = hill_line(stage, name, land.foot, land.rise, land.cells)
    body = palette.land(land.depth)
    ridge = canvas.ridge_mask(ys)
    shade = mix(body, palette.near, 0.3)
    canvas.paint(ridge[0], (0, ridge[1]), (shade, mix(shade, body, 0.7)))
    lit, below = faces(stage, ys, name, slant=1.1, rough=0.12)
    laid(stage, ridge, lit * (1 - smoothstep(0.02, land.rise * 2.6, below)), mix(body, palette.glow, 0.5))


def front(stage: Stage) -> None:
    """Paint the dune that we stand on."""
    _dune(stage, "near dune", Range(stage.h * 0.98, 0.13, 0.84, 1.0))
