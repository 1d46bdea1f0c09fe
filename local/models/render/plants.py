"""Trees, grass and flowers."""

import numpy as np

from local.models.render.canvas import Floats, curve, moved, oval, ribbon, turned
from local.models.render.colour import Colour, mix
from local.models.render.noise import Dice
from local.models.render.stage import Stage


def conifer(rng: np.random.Generator, x: float, foot: float, height: float) -> Floats:
    """Give the outline of a fir: tiers of drooping branches."""
    tiers = 7
    wide = height * rng.uniform(0.17, 0.24)
    left: list[tuple[float, float]] = []
    right: list[tuple[float, float]] = []
    for tier in range(1, tiers + 1):
        part = tier / tiers
        reach, y = wide * part**0.85, foot - height * (1 - part * 0.92)
        lean_left, lean_right = rng.uniform(0.8, 1.15, 2)
        left += [(x - reach * lean_left, y), (x - reach * 0.42, y - height * 0.015)]
        right += [(x + reach * lean_right, y), (x + reach * 0.42, y - height * 0.015)]
    trunk = height * 0.018
    base = [(x + trunk, foot - height * 0.08), (x + trunk, foot), (x - trunk, foot), (x - trunk, foot - height * 0.08)]
    return np.array([(x, foot - height), *right, *base, *left[::-1]])


def round_tree(rng: np.random.Generator, x: float, foot: float, height: float) -> list[Floats]:
    """Give the outlines of a leafy tree: trunk and crown."""
    trunk = ribbon(np.array([(x, foot), (x, foot - height * 0.5)]), height * 0.07, height * 0.045)
    crown = [
        oval((x + dx * height, foot - dy * height), size * height, size * height * 0.92)
        for dx, dy, size in (
            (0, 0.7, 0.27),
            (-0.19, 0.58, 0.18),
            (0.2, 0.6, 0.19),
            (rng.uniform(-0.1, 0.1), 0.84, 0.17),
        )
    ]
    return [trunk, *crown]


def cypress(x: float, foot: float, height: float) -> list[Floats]:
    """Give the outline of a cypress: a flame on a short trunk."""
    flame = [(0, -1), (0.09, -0.6), (0.11, -0.3), (0.05, -0.06), (-0.05, -0.06), (-0.11, -0.3), (-0.09, -0.6)]
    trunk = [(-0.015, 0), (-0.015, -0.1), (0.015, -0.1), (0.015, 0)]
    return [moved(curve(flame) * height, (x, foot)), moved(np.array(trunk) * height, (x, foot))]


def row_of_conifers(stage: Stage, dice: Dice, ys: Floats, height: float, count: int) -> list[Floats]:
    """Give firs along a skyline, thick and thin by turns."""
    rng = dice.of("row")
    xs = np.sort(rng.random(count)) * (stage.w + 0.1) - 0.05
    columns = stage.canvas.columns()
    feet = np.interp(xs, columns, ys) + 0.012
    tall = height * (0.45 + 0.75 * rng.random(count) ** 1.6)
    return [conifer(rng, float(xs[i]), float(feet[i]), float(tall[i])) for i in range(count)]


def grass(stage: Stage, rng: np.random.Generator, foot: float, height: float, count: int) -> list[Floats]:
    """Give blades that stand along the bottom of the picture."""
    return [
        _blade(rng, float(rng.random() * stage.w), foot, height * float(rng.uniform(0.4, 1.1))) for _ in range(count)
    ]


def _blade(rng: np.random.Generator, x: float, foot: float, height: float) -> Floats:
    lean = float(rng.normal(0, 0.28)) * height
    line = curve([(x, foot), (x + lean * 0.25, foot - height * 0.55), (x + lean, foot - height)], closed=False, steps=5)
    return ribbon(line, height * 0.045, 0.0005)


def fern(x: float, foot: float, length: float, bend: float) -> list[Floats]:
    """Give the leaflets of one frond that rises and bends over."""
    part = np.linspace(0, 1, 13)[1:]
    spine = np.stack([x + bend * length * part**1.7, foot - length * (part - 0.35 * part**3)], axis=1)
    leaves = [ribbon(spine, length * 0.018, 0.001)]
    for at, (px, py) in enumerate(spine[1:-1]):
        size = length * 0.2 * (1 - part[at]) ** 0.7
        for side in (-1, 1):
            leaf = turned(
                [(0, 0), (size * 0.5, -size * 0.16), (size, 0), (size * 0.5, size * 0.16)], side * 62 - 90 + bend * 60
            )
            leaves.append(moved(leaf, (px, py)))
    return leaves


def petals(at: tuple[float, float], radius: float, count: int, squash: float, turn: float) -> list[Floats]:
    """Give the petals of an open flower, seen at a slant (``squash`` 1: from above)."""
    found = []
    for step in range(count):
        petal = oval((0, -radius * 0.58), radius * 1.9 / count, radius * 0.45)
        spot = turned(petal, turn + 360 * step / count)
        found.append(np.asarray(spot * (1, squash) + at))
    return found


def cup_flower(at: tuple[float, float], radius: float) -> list[Floats]:
    """Give the outline of a poppy or a tulip from the side."""
    shape = [(-0.75, -0.35), (-0.5, -1.0), (-0.15, -0.72), (0.1, -1.05), (0.4, -0.75), (0.75, -0.95), (0.85, -0.3),
             (0.5, 0.25), (0, 0.4), (-0.5, 0.22)]  # fmt: skip
    return [curve(np.array(shape) * radius) + at]


def leaf_tone(stage: Stage, depth: float) -> Colour:
    """Give the green of leaves in this light."""
    return mix(stage.palette.land(depth), stage.palette.lit((0.33, 0.52, 0.28), depth), 0.55)
