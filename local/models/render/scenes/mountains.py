"""Mountains behind hills."""

from local.models.render.massif import Range, mountains
from local.models.render.plants import row_of_conifers
from local.models.render.scenes.common import light_aside, subject_spot
from local.models.render.sky import paint_sky
from local.models.render.stage import Stage
from local.models.render.terrain import Hill, hill

SNOWY = (0.5, 0.4, 0.0)


def back(stage: Stage) -> None:
    """Paint sky and three ranges."""
    rng = stage.dice.of("mountains")
    light_aside(stage, stage.h * float(rng.uniform(0.55, 0.68)))
    paint_sky(stage)
    rise = min(stage.h, 1.25) * float(rng.uniform(0.34, 0.46))
    for at, depth in enumerate((0.12, 0.28, 0.48)):
        foot = stage.horizon + (stage.h - stage.horizon) * depth * 0.7
        mountains(stage, f"range {at}", Range(foot, rise * (1 - 0.2 * at), depth, 1.5 + 0.5 * at, SNOWY[at]))
    subject_spot(stage, stage.h * 0.87, 0.26)


def front(stage: Stage) -> None:
    """Paint wooded hills before them."""
    rng = stage.dice.of("foreground")
    wooded = rng.random() < 0.7  # noqa: PLR2004
    for at, depth in enumerate((0.74, 0.97)):
        ys = hill(stage, f"hill {at}", Hill(stage.h * (0.88 + 0.1 * at), 0.12, depth))
        if wooded:
            dice = stage.dice.child(f"firs {at}")
            firs = row_of_conifers(stage, dice, ys, 0.07 + 0.07 * at, int(34 * stage.w) - 12 * at)
            stage.canvas.polygons(firs, stage.palette.land(depth + 0.04))
