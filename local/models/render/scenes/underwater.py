"""Under water: light from above, weeds and corals, fish in the distance."""

import numpy as np

from local.models.render.canvas import Floats, curve, oval, ribbon
from local.models.render.colour import mix
from local.models.render.scenes.common import subject_spot
from local.models.render.sky import paint_gradient
from local.models.render.stage import Stage
from local.models.render.subjects.wild import fish_outline
from local.models.render.terrain import hill_line


def back(stage: Stage) -> None:
    """Paint the depth, the rays and a far school of fish."""
    rng = stage.dice.of("sea bed")
    stage.horizon, stage.sun, stage.sun_radius = stage.h, (stage.w * float(rng.uniform(0.3, 0.7)), -0.3), 0.05
    paint_gradient(stage)
    _rays(stage, rng)
    for at, depth in enumerate((0.2, 0.45)):
        ys = hill_line(stage, f"bed {at}", stage.h * (0.86 + 0.06 * at), 0.12, 1.4)
        stage.canvas.ridge(ys, (stage.palette.land(depth), stage.palette.land(depth + 0.2)))
        _weeds(stage, rng, (stage.h * (0.9 + 0.06 * at), 0.16 + 0.1 * at), depth + 0.12)
    _school(stage, rng)
    subject_spot(stage, stage.h * 0.6, 0.32)
    stage.spot.sky = (stage.w * 0.5, stage.h * 0.45)


def _rays(stage: Stage, rng: np.random.Generator) -> None:
    x = stage.sun[0]
    for _ in range(9):
        lean, wide = float(rng.normal(0, 0.5)), float(rng.uniform(0.02, 0.08))
        top = x + lean * 0.5
        foot = top + lean * stage.h
        shape = [
            (top - wide * 0.4, -0.01),
            (top + wide * 0.4, -0.01),
            (foot + wide * 2, stage.h),
            (foot - wide * 2, stage.h),
        ]
        stage.canvas.polygon(shape, (stage.palette.pale, stage.palette.sky[1], stage.palette.sky[3]), 0.13, 0.008)


def _school(stage: Stage, rng: np.random.Generator) -> None:
    middle = np.array([stage.w * rng.uniform(0.2, 0.8), stage.h * rng.uniform(0.25, 0.45)])
    for tone in (mix(stage.palette.sky[2], stage.palette.near, 0.4), stage.palette.lit(stage.palette.accents[1], 0.6)):
        fish = [
            fish_outline() * rng.uniform(0.018, 0.04) + middle + rng.normal(0, 0.1, 2) * (1.6, 0.7) for _ in range(14)
        ]
        stage.canvas.polygons(fish, tone, 0.8)


def _weeds(stage: Stage, rng: np.random.Generator, place: tuple[float, float], depth: float) -> None:
    foot, height = place
    leaves: list[Floats] = []
    for _ in range(int(12 * stage.w)):
        x, tall = float(rng.random() * stage.w), height * float(rng.uniform(0.4, 1.2))
        sway = float(rng.uniform(0.02, 0.05))
        spots = [(x + sway * np.sin(part * 7), foot + 0.05 - tall * part) for part in np.linspace(0, 1, 6)]
        leaves.append(ribbon(curve(spots, closed=False, steps=5), 0.02, 0.002))
    stage.canvas.polygons(leaves, (stage.palette.land(depth), stage.palette.land(depth + 0.25)))


def front(stage: Stage) -> None:
    """Paint corals at our feet, and bubbles."""
    rng = stage.dice.of("corals")
    stage.canvas.ridge(hill_line(stage, "near bed", stage.h * 1.0, 0.1, 1.2), stage.palette.land(0.9))
    for at in range(int(8 * stage.w)):
        x = float(rng.random() * stage.w)
        tone = stage.palette.lit(stage.palette.accents[at % 3], 0.8)
        branches = _coral(rng, (x, stage.h), float(rng.uniform(0.07, 0.16)))
        stage.canvas.polygons(branches, (tone, mix(tone, stage.palette.near, 0.6)))
    for _ in range(26):
        size = float(rng.uniform(0.003, 0.012))
        at = (float(rng.random() * stage.w), float(rng.random() * stage.h * 0.9))
        stage.canvas.ellipse(at, (size, size), stage.palette.pale, 0.28)
        stage.canvas.ellipse(
            (at[0] - size * 0.3, at[1] - size * 0.3), (size * 0.3, size * 0.3), stage.palette.pale, 0.7
        )


def _coral(rng: np.random.Generator, foot: tuple[float, float], height: float) -> list[Floats]:
    branches: list[Floats] = []
    for lean in np.linspace(-0.7, 0.7, 6):
        end = (foot[0] + float(lean) * height, foot[1] - height * float(rng.uniform(0.7, 1.1)))
        middle = (foot[0] + float(lean) * height * 0.3, foot[1] - height * 0.45)
        branches.append(ribbon(curve([foot, middle, end], closed=False), height * 0.16, height * 0.07))
        branches.append(oval(end, height * 0.06, height * 0.06))
    return branches
