"""Snow: white hills, dark firs, blue shadows."""

from local.models.render.colour import mix
from local.models.render.massif import Range, mountains
from local.models.render.plants import row_of_conifers
from local.models.render.scenes.common import light_aside, subject_spot
from local.models.render.sky import paint_sky
from local.models.render.stage import Stage
from local.models.render.terrain import hill_line


def back(stage: Stage) -> None:
    """Paint peaks and the first white slopes."""
    rng = stage.dice.of("snow scene")
    light_aside(stage, stage.h * float(rng.uniform(0.55, 0.63)))
    paint_sky(stage)
    mountains(stage, "range", Range(stage.horizon + 0.04, 0.36, 0.3, 1.7, 0.9))
    for at, depth in enumerate((0.15, 0.45)):
        _slope(stage, at, stage.horizon + 0.06 + 0.14 * at, depth)
    subject_spot(stage, stage.h * 0.86, 0.28)


def _slope(stage: Stage, at: int, foot: float, depth: float) -> None:
    palette = stage.palette
    ys = hill_line(stage, f"slope {at}", foot, 0.1, 1.2)
    firs = row_of_conifers(stage, stage.dice.child(f"firs {at}"), ys, 0.1 + 0.08 * at, int((36 - 9 * at) * stage.w))
    tone = palette.land(0.5 + 0.2 * at)
    stage.canvas.polygons(firs, (mix(tone, palette.pale, 0.35), tone, tone))
    stage.canvas.ridge(ys, _white(stage, depth))


def _white(stage: Stage, depth: float) -> tuple[tuple[float, float, float], ...]:
    palette = stage.palette
    lit = mix(palette.pale, palette.haze, 0.5 if palette.night else 0.08)
    return lit, mix(lit, palette.land(0.4), 0.25 + 0.2 * depth), mix(lit, palette.land(0.55), 0.5)


def front(stage: Stage) -> None:
    """Paint the slope that we stand on, and firs at one side."""
    ys = hill_line(stage, "near slope", stage.h * 0.97, 0.1, 1.0)
    stage.canvas.ridge(ys, _white(stage, 0.6))
    rng = stage.dice.of("side")
    edge = -0.02 if stage.spot.x > stage.w / 2 else stage.w + 0.02
    dice = stage.dice.child("near firs")
    firs = row_of_conifers(stage, dice, ys, 0.5, 12)
    near = [fir for fir in firs if abs(float(fir[0, 0]) - edge) < 0.3 + 0.1 * rng.random()]
    dark = stage.palette.land(0.95)
    stage.canvas.polygons(near, (mix(dark, stage.palette.pale, 0.25), dark))
