"""Rolling hills with fields, trees and a path."""

import numpy as np

from local.models.render.canvas import curve, moved, ribbon
from local.models.render.colour import hexes, mix
from local.models.render.massif import Range, mountains
from local.models.render.palette import ground_tint, shuffled_accents
from local.models.render.plants import cypress, grass, leaf_tone, round_tree
from local.models.render.scenes.common import light_aside, subject_spot
from local.models.render.sky import paint_sky
from local.models.render.stage import Stage
from local.models.render.terrain import Hill, hill

GREEN, STRAW = hexes("3f6f3a a8742f")


def back(stage: Stage) -> None:
    """Paint hills, one behind the other, and what grows on them."""
    rng = stage.dice.of("hills")
    stage.palette = ground_tint(stage.palette, STRAW if stage.brief.time == "autumn" else GREEN, 0.5)
    light_aside(stage, stage.h * float(rng.uniform(0.5, 0.6)), 0.35, 0.8)
    paint_sky(stage)
    if rng.random() < 0.5:  # noqa: PLR2004
        mountains(stage, "far range", Range(stage.horizon + 0.03, 0.22, 0.12, 1.6, 0.35))
    for at, depth in enumerate((0.26, 0.42, 0.6)):
        foot = stage.horizon + 0.07 + (stage.h - stage.horizon) * 0.2 * at
        ys = hill(stage, f"hill {at}", Hill(foot, 0.15, depth, 1.1 + 0.2 * at))
        _trees(stage, f"trees {at}", ys, 0.05 + 0.03 * at, depth)
    (_path, _rows)[int(rng.integers(2))](stage, rng)
    subject_spot(stage, stage.h * 0.85, 0.28)


def _trees(stage: Stage, name: str, ys: np.ndarray, height: float, depth: float) -> None:
    rng = stage.dice.of(name)
    tone = leaf_tone(stage, min(depth + 0.22, 1.0))
    slim = stage.dice.of("trees").random() < 0.4  # noqa: PLR2004
    for middle in rng.random(3) * stage.w:
        for _ in range(int(rng.integers(1, 5))):
            x = float(middle + rng.normal(0, 0.05))
            foot = float(np.interp(x, stage.canvas.columns(), ys)) + 0.008
            tall = height * float(rng.uniform(0.7, 1.3))
            outlines = cypress(x, foot, tall * 1.5) if slim else round_tree(rng, x, foot, tall)
            stage.canvas.polygons(outlines, (mix(tone, stage.palette.glow, 0.16), mix(tone, stage.palette.near, 0.35)))


def _path(stage: Stage, rng: np.random.Generator) -> None:
    x = stage.w * float(rng.uniform(0.35, 0.65))
    top = stage.horizon + 0.12
    deep = stage.h - top
    spots = [(x, top), (x + 0.06, top + deep * 0.22), (x - 0.09, top + deep * 0.5), (x + 0.05, top + deep * 1.1)]
    tone = mix(stage.palette.land(0.4), stage.palette.glow, 0.45)
    stage.canvas.polygon(ribbon(curve(spots, closed=False), 0.004, 0.15), tone, 0.75)


def _rows(stage: Stage, rng: np.random.Generator) -> None:
    """Plant rows of lavender or vines that run away from us."""
    far = (stage.w * float(rng.uniform(0.3, 0.7)), stage.horizon + 0.16)
    tone = stage.palette.lit(shuffled_accents(stage.palette, rng)[0], 0.8)
    bloom = mix(tone, stage.palette.land(0.6), 0.35)
    fan = ((0.035, 0.0), (0.16, 0.5), (0.42, 1.0))
    lines = [
        curve([(far[0] + wide * at, far[1] + (stage.h - far[1]) * down) for wide, down in fan], closed=False)
        for at in range(-9, 10)
    ]
    stage.canvas.polygons(
        [ribbon(moved(line, (0.004, 0.006)), 0.008, 0.11) for line in lines], stage.palette.land(0.85), 0.6
    )
    stage.canvas.polygons([ribbon(line, 0.006, 0.085) for line in lines], (mix(bloom, stage.palette.haze, 0.4), bloom))


def front(stage: Stage) -> None:
    """Paint the grass at our feet."""
    rng = stage.dice.of("grass")
    hill(stage, "near hill", Hill(stage.h * 1.0, 0.1, 0.92, 1.2))
    stage.canvas.polygons(grass(stage, rng, stage.h * 1.01, 0.09, int(110 * stage.w)), stage.palette.land(1.0))
