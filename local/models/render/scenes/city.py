"""A city's skyline in haze, with lights in the windows."""

import numpy as np

from local.models.render.canvas import Floats, moved
from local.models.render.colour import Colour, mix
from local.models.render.scenes.common import light_aside, subject_spot
from local.models.render.sky import paint_sky
from local.models.render.stage import Stage
from local.models.render.water import glints, mirror, water_tone

ROOFS = (  # across and down, in widths of the house
    [(0, 0), (1, 0)],
    [(0, 0), (1, 0.45)],
    [(0, 0), (0.3, -0.3), (0.5, -1.1), (0.7, -0.3), (1, 0)],
    [(0, 0), (0.2, 0), (0.2, -0.25), (0.8, -0.25), (0.8, 0), (1, 0)],
    [(0, 0), (0.48, 0), (0.49, -1), (0.51, -1), (0.52, 0), (1, 0)],
)
House = tuple[float, float, float]  # left edge, width, top


def back(stage: Stage) -> None:
    """Paint the far rows, and the water before them if there is some."""
    rng = stage.dice.of("city")
    on_water = rng.random() < 0.5  # noqa: PLR2004
    light_aside(stage, stage.h * (0.7 if on_water else 0.84), 0.4, 0.75)
    stage.sun_radius *= 1.4
    paint_sky(stage)
    for at, depth in enumerate((0.14, 0.32, 0.55, 0.8)):
        _row(stage, at, depth)
    if on_water:
        mirror(stage, stage.horizon, water_tone(stage), 0.75)
        glints(stage, stage.horizon, stage.palette.glow, 40)
        subject_spot(stage, stage.h * 0.9, 0.26)
    else:
        stage.canvas.band(stage.horizon, stage.h, (stage.palette.land(0.82), stage.palette.land(1.0)))
        subject_spot(stage, stage.h * 0.95, 0.3)


def _row(stage: Stage, at: int, depth: float) -> None:
    rng = stage.dice.of(f"houses {at}")
    houses = _houses(stage, rng, (0.62 - 0.12 * at) * min(stage.h, 1.4))
    tone = stage.palette.land(depth)
    outlines = [_outline(stage, rng, house) for house in houses]
    stage.canvas.polygons(outlines, (tone, mix(tone, stage.palette.haze, 0.35 * (1 - depth) + 0.12)))
    if at > 1:
        _sides(stage, houses, tone)
    if at > 0:
        _windows(stage, rng, houses, depth)


def _houses(stage: Stage, rng: np.random.Generator, tallest: float) -> list[House]:
    found, x = [], -0.03
    while x < stage.w:
        wide = float(rng.uniform(0.05, 0.12))
        middle = 1 - 0.5 * abs(x / stage.w - 0.5)
        found.append((x, wide, stage.horizon - tallest * middle * float(rng.uniform(0.28, 1) ** 1.3)))
        x += wide * float(rng.uniform(0.85, 1.25))
    return found


def _outline(stage: Stage, rng: np.random.Generator, house: House) -> Floats:
    left, wide, top = house
    foot = (stage.horizon + 0.002 - top) / wide
    roof = ROOFS[int(rng.integers(len(ROOFS)))]
    return np.array([(0, foot), *roof, (1, foot)]) * wide + (left, top)


def _sides(stage: Stage, houses: list[House], tone: Colour) -> None:
    """Shade the side of each house that the sun does not reach."""
    to_left = stage.sun[0] < stage.w / 2
    dark = []
    for left, wide, top in houses:
        edge = left + wide * (0.62 if to_left else 0.0)
        dark.append(np.array([(edge, top + wide * 0.5), (edge + wide * 0.38, top + wide * 0.5),
                              (edge + wide * 0.38, stage.horizon), (edge, stage.horizon)]))  # fmt: skip
    stage.canvas.polygons(dark, mix(tone, stage.palette.near, 0.4), 0.6)


def _windows(stage: Stage, rng: np.random.Generator, houses: list[House], depth: float) -> None:
    cell = 0.012 + 0.004 * depth
    share = 0.5 if stage.palette.night else 0.2
    panes = [pane for house in houses for pane in _panes(stage, rng, house, cell) if rng.random() < share]
    warm = mix(stage.palette.glow, (1.0, 0.76, 0.36), 0.55)
    groups = (panes[::4], (*panes[1::4], *panes[2::4], *panes[3::4]))
    for tone, group in zip((stage.palette.accents[-1], warm), groups, strict=True):
        stage.canvas.polygons(list(group), mix(tone, stage.palette.haze, 0.5 * (1 - depth)), 0.55 + 0.35 * depth)


def _panes(stage: Stage, rng: np.random.Generator, house: House, cell: float) -> list[Floats]:
    left, wide, top = house
    xs = np.arange(left + cell * 0.8, left + wide - cell, cell)
    ys = np.arange(top + wide * 0.5 + cell, stage.horizon - cell, cell * 1.25)
    pane = np.array([(0, 0), (0.45, 0), (0.45, 0.62), (0, 0.62)]) * cell
    rows = ys[rng.random(len(ys)) < 0.8]  # noqa: PLR2004  # some floors are dark
    return [moved(pane, (x, y)) for x in xs for y in rows]


def front(stage: Stage) -> None:
    """Paint the embankment's rail and lamps."""
    foot, dark = stage.h, stage.palette.land(1.0)
    stage.canvas.band(foot - 0.035, foot + 0.01, dark)
    for x in np.arange(0.12, stage.w, 0.42):
        post = [(x - 0.004, foot), (x - 0.004, foot - 0.2), (x + 0.004, foot - 0.2), (x + 0.004, foot)]
        stage.canvas.polygon(post, dark)
        stage.canvas.ellipse((float(x), foot - 0.21), (0.011, 0.014), mix(stage.palette.glow, (1.0, 0.8, 0.45), 0.4))
        stage.canvas.glow((float(x), foot - 0.21), 0.12, (1.0, 0.75, 0.4), 0.5 if stage.palette.night else 0.25)
