"""A still lake under mountains."""

from local.models.render.colour import mix
from local.models.render.massif import Range, mountains
from local.models.render.plants import grass, row_of_conifers
from local.models.render.scenes.common import light_aside, subject_spot
from local.models.render.sky import paint_sky
from local.models.render.stage import Stage
from local.models.render.terrain import hill_line
from local.models.render.water import glints, mirror, water_tone


def back(stage: Stage) -> None:
    """Paint the mountains, the far shore and all of it again in the water."""
    rng = stage.dice.of("lake")
    light_aside(stage, stage.h * float(rng.uniform(0.5, 0.6)), 0.3, 0.6)
    paint_sky(stage)
    for at, depth in enumerate((0.15, 0.36)):
        land = Range(stage.horizon + 0.02, 0.34 - 0.1 * at, depth, 1.7 + at, 0.45 if at == 0 else 0.0)
        mountains(stage, f"range {at}", land)
    ys = hill_line(stage, "shore", stage.horizon + 0.012, 0.035, 2)
    shore = stage.palette.land(0.68)
    firs = row_of_conifers(stage, stage.dice.child("shore firs"), ys, 0.07, int(80 * stage.w))
    stage.canvas.polygons(firs, shore)
    stage.canvas.ridge(ys, shore)
    mirror(stage, stage.horizon + 0.012, water_tone(stage), 0.82)
    stage.canvas.band(stage.horizon + 0.01, stage.horizon + 0.014, mix(stage.palette.pale, shore, 0.4), 0.5)
    glints(stage, stage.horizon + 0.02, stage.palette.glow, 50)
    subject_spot(stage, stage.h * 0.83, 0.22)


def front(stage: Stage) -> None:
    """Paint reeds at our feet."""
    rng = stage.dice.of("reeds")
    tone = stage.palette.land(1.0)
    stage.canvas.ridge(hill_line(stage, "bank", stage.h * 1.0, 0.06, 1.2), tone)
    stage.canvas.polygons(grass(stage, rng, stage.h * 1.01, 0.15, int(70 * stage.w)), tone)
