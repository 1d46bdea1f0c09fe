"""A meadow in flower."""

import numpy as np

from local.models.render.canvas import Floats, oval, ribbon
from local.models.render.colour import Colour, hexes, mix
from local.models.render.massif import Range, mountains
from local.models.render.palette import ground_tint, shuffled_accents
from local.models.render.plants import cup_flower, grass, leaf_tone, petals
from local.models.render.scenes.common import light_aside, subject_spot
from local.models.render.sky import paint_sky
from local.models.render.stage import Stage
from local.models.render.terrain import Hill, hill

GREEN = hexes("4a7a3c")[0]


def back(stage: Stage) -> None:
    """Paint sky, far hills and the meadow's farther rows."""
    rng = stage.dice.of("meadow")
    stage.palette = ground_tint(stage.palette, GREEN, 0.55)
    light_aside(stage, stage.h * float(rng.uniform(0.42, 0.55)), 0.35, 0.8)
    paint_sky(stage)
    mountains(stage, "far range", Range(stage.horizon + 0.03, 0.18, 0.14, 1.8, 0.2))
    for at, depth in enumerate((0.3, 0.5)):
        hill(stage, f"hill {at}", Hill(stage.horizon + 0.05 + 0.06 * at, 0.1, depth, 1.2))
    ground = leaf_tone(stage, 0.6)
    top = stage.horizon + 0.1
    stage.canvas.band(top, stage.h, (mix(ground, stage.palette.glow, 0.25), leaf_tone(stage, 1.0)))
    for at in range(5):
        _row(stage, at, top + (stage.h - top) * (0.04 + 0.1 * at), 0.006 + 0.006 * at)
    subject_spot(stage, stage.h * 0.84, 0.3)


def _row(stage: Stage, at: int, y: float, size: float) -> None:
    rng = stage.dice.of(f"row {at}")
    count = int(0.9 * stage.w / size)
    tones = shuffled_accents(stage.palette, stage.dice.of("flowers"))
    for tone in (*tones[:2], stage.palette.pale):
        spots = np.stack([rng.random(count) * stage.w, y + rng.normal(0, size * 1.6, count)], axis=1)
        dabs = [oval((float(px), float(py)), size * 0.7, size * 0.5)[::6] for px, py in spots]
        stage.canvas.polygons(dabs, stage.palette.lit(tone, 0.35 + 0.1 * at))


def front(stage: Stage) -> None:
    """Paint the flowers next to us, with stems and leaves."""
    rng = stage.dice.of("near flowers")
    tones = shuffled_accents(stage.palette, stage.dice.of("flowers"))
    stem = leaf_tone(stage, 1.0)
    for at, (foot, size, count) in enumerate(((0.93, 0.03, 22), (1.02, 0.05, 14))):
        stage.canvas.polygons(grass(stage, rng, stage.h * foot + 0.03, 0.16 + 0.05 * at, int(80 * stage.w)), stem)
        _flowers(stage, rng, stage.h * foot, size, (int(count * stage.w), tones))


def _flowers(stage: Stage, rng: np.random.Generator, foot: float, size: float, kinds: tuple[int, list[Colour]]) -> None:
    count, tones = kinds
    stem = mix(leaf_tone(stage, 1.0), stage.palette.glow, 0.14)
    heads = [(float(rng.random() * stage.w), foot - float(rng.uniform(0.06, 0.2))) for _ in range(count)]
    stems = [ribbon(np.array([(x, y), (x + 0.01, y + 0.25)]), 0.003, 0.005) for x, y in heads]
    stage.canvas.polygons(stems, stem)
    for at, head in enumerate(heads):
        _flower(stage, head, size * float(rng.uniform(0.7, 1.2)), (at, tones[at % len(tones)]), rng)


def _flower(
    stage: Stage, head: tuple[float, float], size: float, kind: tuple[int, Colour], rng: np.random.Generator
) -> None:
    at, tone = kind
    bright = stage.palette.lit(tone)
    if at % 3 == 0:
        shape: list[Floats] = cup_flower(head, size)
        stage.canvas.polygons(shape, (mix(bright, stage.palette.glow, 0.22), mix(bright, stage.palette.near, 0.2)))
        return
    colour = stage.palette.lit(stage.palette.pale) if at % 3 == 1 else bright
    turn, squash = float(rng.uniform(0, 60)), float(rng.uniform(0.55, 0.9))
    stage.canvas.polygons(petals(head, size, 9, squash, turn), (colour, mix(colour, stage.palette.near, 0.12)))
    stage.canvas.ellipse(head, (size * 0.3, size * 0.3 * squash), stage.palette.lit((0.93, 0.68, 0.2)))
