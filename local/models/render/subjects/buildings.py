"""Houses, towers and mills."""

import re
from itertools import pairwise

import numpy as np

from local.models.render.canvas import Floats, curve, moved, oval, turned
from local.models.render.colour import Colour, hexes, mix
from local.models.render.plants import leaf_tone
from local.models.render.stage import Spot, Stage
from local.models.render.subjects.figure import CREAM, INK, WHITE, Figure, box

CLIFF = re.compile(r"\b(cliff|rock|headland|coast)", re.IGNORECASE)
WALL, ROOF, WOOD, STONE, RED, LAMP = hexes("efe0c8 b4452f 7a5138 b3a79a c8372d ffd36b")


def house(stage: Stage, spot: Spot) -> None:
    """Draw a cabin with light in its windows and smoke over its chimney."""
    figure = Figure(stage, spot)
    figure.shadow(0.62)
    rng = stage.dice.of("house")
    roof = stage.palette.accents[0] if rng.random() < 0.5 else ROOF  # noqa: PLR2004
    _smoke(figure)
    figure.shape(box(0.2, -0.92, 0.31, -0.55), STONE)
    figure.shape(box(-0.42, -0.46, 0.42, 0.01), mix(WOOD, WALL, float(rng.choice([0.1, 0.85]))))
    figure.shape([(-0.42, -0.46), (0, -0.86), (0.42, -0.46)], mix(WOOD, WALL, 0.5))
    figure.shape([(-0.54, -0.4), (0, -0.95), (0.54, -0.4), (0.47, -0.36), (0, -0.82), (-0.47, -0.36)], roof)
    for left in (-0.31, 0.12):
        _lit_window(figure, box(left, -0.34, left + 0.19, -0.14))
    figure.shape(box(-0.07, -0.28, 0.07, 0.01), mix(roof, INK, 0.3))
    _lit_window(figure, oval((0, -0.6), 0.06, 0.06))


def _lit_window(figure: Figure, outline: Floats) -> None:
    palette = figure.stage.palette
    figure.stage.canvas.polygon(figure.place(outline), mix(LAMP, palette.glow, 0.2))
    x, y = outline.mean(axis=0)
    figure.glow((float(x), float(y)), 0.3, LAMP, 0.6 if palette.night else 0.25)


def _smoke(figure: Figure) -> None:
    tone = mix(figure.stage.palette.pale, figure.stage.palette.haze, 0.5)
    for at in range(6):
        x, y = figure.place([(0.26 + 0.05 * at + 0.03 * np.sin(at * 2), -0.98 - 0.1 * at)])[0]
        radius = figure.size * (0.035 + 0.014 * at)
        figure.stage.canvas.ellipse((float(x), float(y)), (radius, radius * 0.8), tone, 0.5 - 0.07 * at, radius * 0.2)


def lighthouse(stage: Stage, spot: Spot) -> None:
    """Draw a lighthouse on its rock, or on a cliff where the prompt has one, with a beam."""
    high = CLIFF.search(stage.brief.text) is not None
    figure = Figure(stage, Spot(spot.x, spot.y - 0.13 * high, spot.size * (1.55 - 0.2 * high), spot.depth))
    _beam(figure)
    if high:
        _headland(figure)
    else:
        rock = [(-0.5, 0.06), (-0.38, -0.06), (-0.2, -0.1), (0, -0.13), (0.2, -0.09), (0.36, -0.07), (0.52, 0.06)]
        figure.smooth(rock, mix(stage.palette.near, STONE, 0.35))
    edges = np.linspace(0.01 if high else -0.1, -0.78, 6)
    for at, (low, high) in enumerate(pairwise(edges)):
        wide, narrow = 0.13 + low * 0.06, 0.13 + high * 0.06
        figure.shape([(-wide, low), (wide, low), (narrow, high), (-narrow, high)], RED if at % 2 else WHITE)
    figure.shape(box(-0.11, -0.81, 0.11, -0.775), INK)
    figure.shape(box(-0.06, -0.91, 0.06, -0.81), LAMP, 1)
    figure.shape([(-0.08, -0.91), (0, -1.0), (0.08, -0.91)], RED)
    for y in (-0.3, -0.52):
        _lit_window(figure, oval((0, y), 0.018, 0.028))
    figure.glow((0, -0.86), 0.5, LAMP, 0.9)


def _headland(figure: Figure) -> None:
    """Paint a cliff from the near edge of the picture to under the feet."""
    stage, canvas = figure.stage, figure.stage.canvas
    (x, y), size = figure.at, figure.size
    side = -1 if x < stage.w / 2 else 1
    edge = stage.w / 2 + side * (stage.w / 2 + 0.02)
    steps = [(-0.42, 0.02), (-0.46, 0.1), (-0.36, 0.16), (-0.41, 0.3), (-0.28, 0.42), (-0.33, 0.62), (-0.2, 0.9)]
    face = np.array(steps) * (side * size, size) + (x, y)
    outline = np.concatenate([[(edge, y - 0.12 * size)], [(x, y - 0.03 * size)], face, [(edge, stage.h * 1.02)]])
    rock = mix(stage.palette.land(0.7), STONE, 0.3)
    canvas.polygon(outline, (mix(rock, stage.palette.glow, 0.2), rock, stage.palette.land(1.0)))
    turf = [(edge + side * 0.2, y - 0.16 * size), (x, y - 0.035 * size), (float(face[0, 0]), y + 0.015 * size),
            (x, y + 0.05 * size), (edge + side * 0.2, y + 0.02 * size)]  # fmt: skip
    canvas.polygon(curve(turf), mix(leaf_tone(stage, 0.9), stage.palette.glow, 0.15))


def _beam(figure: Figure) -> None:
    side = 1 if figure.at[0] < figure.stage.w / 2 else -1
    beam = np.array([(0, -0.87), (2.6 * side, -1.15), (2.6 * side, -0.62), (0, -0.85)])
    strength = 0.34 if figure.stage.palette.night else 0.16
    figure.stage.canvas.polygon(figure.place(beam), figure.stage.palette.pale, strength, 0.01)


def castle(stage: Stage, spot: Spot) -> None:
    """Draw a castle with pointed towers."""
    figure = Figure(stage, Spot(spot.x, spot.y, spot.size * 1.25, spot.depth))
    figure.shadow(0.6)
    towers = ((-0.36, 0.1, 0.55), (0.36, 0.1, 0.6), (-0.14, 0.09, 0.78), (0.17, 0.11, 0.88))
    for x, wide, tall in towers:
        _tower(figure, x, wide, tall)
    wall = [(-0.45, 0.01), (-0.45, -0.3)]
    for x in np.arange(-0.45, 0.44, 0.1):
        wall += [(x, -0.36), (x + 0.05, -0.36), (x + 0.05, -0.31), (x + 0.1, -0.31)]
    figure.shape([*wall, (0.45, 0.01)], STONE)
    figure.shape(curve([(-0.08, 0.01), (-0.08, -0.12), (0, -0.2), (0.08, -0.12), (0.08, 0.01)], closed=False), INK)
    for x in (-0.28, 0.28):
        _lit_window(figure, oval((x, -0.18), 0.022, 0.04))


def _tower(figure: Figure, x: float, wide: float, tall: float) -> None:
    figure.shape(box(x - wide, -tall, x + wide, 0), mix(STONE, CREAM, 0.25))
    figure.shape(box(x - wide * 1.15, -tall - 0.03, x + wide * 1.15, -tall + 0.02), STONE)
    roof = figure.stage.palette.accents[0]
    figure.shape([(x - wide * 1.2, -tall - 0.03), (x, -tall - wide * 3.2), (x + wide * 1.2, -tall - 0.03)], roof)
    top = -tall - wide * 3.2
    figure.shape([(x, top - 0.1), (x + 0.1, top - 0.075), (x, top - 0.05)], figure.stage.palette.accents[1])
    _lit_window(figure, oval((x, -tall * 0.72), 0.018, 0.035))


def pagoda(stage: Stage, spot: Spot) -> None:
    """Draw a pagoda of five roofs."""
    figure = Figure(stage, Spot(spot.x, spot.y, spot.size * 1.5, spot.depth))
    figure.shadow(0.4)
    for tier in range(5):
        low, wide = -0.02 - 0.175 * tier, 0.22 - 0.028 * tier
        figure.shape(box(-wide, low - 0.12, wide, low), mix(CREAM, RED, 0.55))
        for x in (-0.6, 0, 0.6):
            _lit_window(figure, box(x * wide - 0.02, low - 0.09, x * wide + 0.02, low - 0.03))
        _eaves(figure, low - 0.1, wide * 1.75, ROOF)
    figure.line([(0, -0.92), (0, -1.04)], (0.02, 0.006), LAMP)


def _eaves(figure: Figure, y: float, wide: float, tone: Colour) -> None:
    left = [(-wide, y - 0.035), (-wide * 0.75, y + 0.005), (0, y + 0.02)]
    right = [(-x, py) for x, py in left[::-1]]
    top = [(wide * 0.5, y - 0.05), (wide * 0.3, y - 0.085), (-wide * 0.3, y - 0.085), (-wide * 0.5, y - 0.05)]
    figure.shape([*left, *right, *top], mix(tone, INK, 0.25))


def windmill(stage: Stage, spot: Spot) -> None:
    """Draw a mill with four sails."""
    figure = Figure(stage, Spot(spot.x, spot.y, spot.size * 1.2, spot.depth))
    figure.shadow(0.34)
    figure.shape([(-0.2, 0), (-0.12, -0.62), (0.12, -0.62), (0.2, 0)], WALL)
    figure.shape(
        curve([(-0.14, -0.61), (-0.1, -0.72), (0, -0.78), (0.1, -0.72), (0.14, -0.61)]), stage.palette.accents[0]
    )
    figure.shape(box(-0.05, -0.16, 0.05, 0), WOOD)
    _lit_window(figure, oval((0, -0.4), 0.03, 0.04))
    turn = float(stage.dice.of("mill").uniform(10, 80))
    for step in range(4):
        arm = turned(box(-0.008, -0.5, 0.008, 0), turn + 90 * step)
        sail = turned(box(0.008, -0.48, 0.1, -0.1), turn + 90 * step)
        figure.shape(moved(sail, (0, -0.64)), mix(WHITE, CREAM, 0.4), 0.6)
        figure.shape(moved(arm, (0, -0.64)), WOOD)
    figure.oval((0, -0.64), (0.025, 0.025), INK)
