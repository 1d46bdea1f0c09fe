"""Things that carry people: boats, balloons, rockets, trains."""

import numpy as np

from local.models.render.canvas import curve, oval, turned
from local.models.render.colour import hexes, mix
from local.models.render.stage import Spot, Stage
from local.models.render.subjects.figure import CREAM, INK, WHITE, Figure, box

HULL, RED, WICKER, FLAME, STEEL = hexes("7a3b2a d1442f 8a5a34 ffb347 e8ecf0")
WATERS = ("sea", "lake", "city")


def boat(stage: Stage, spot: Spot) -> None:
    """Draw a sailing boat; on water it has a mirror image."""
    figure = Figure(stage, spot, flip=spot.x > stage.w / 2)
    if stage.brief.scene in WATERS:
        ripple = np.array([(-0.5, 0.02), (0, 0.0), (0.5, 0.02), (0.2, 0.09), (-0.3, 0.1)])
        stage.canvas.polygon(figure.place(curve(ripple)), stage.palette.dark, 0.35, 0.006)
        sail = np.array([(0.02, 0.04), (0.34, 0.06), (0.05, 0.5)])
        stage.canvas.polygon(figure.place(sail), stage.palette.pale, 0.16, 0.008)
    figure.line([(0, -0.08), (0.005, -1.02)], (0.018, 0.01), HULL)
    figure.smooth([(0.03, -0.15), (0.025, -0.98), (0.22, -0.62), (0.4, -0.18), (0.2, -0.13)], mix(WHITE, CREAM, 0.4))
    accent = stage.palette.accents[0]
    figure.smooth([(-0.03, -0.16), (-0.025, -0.86), (-0.2, -0.5), (-0.32, -0.19), (-0.16, -0.14)], accent)
    hull = [(-0.46, -0.12), (0.5, -0.14), (0.4, 0.0), (0.3, 0.05), (-0.3, 0.05), (-0.4, -0.01)]
    figure.shape(hull, HULL)
    figure.shape([(-0.46, -0.12), (0.5, -0.14), (0.487, -0.11), (-0.445, -0.09)], WHITE)
    figure.shape([(0.005, -1.02), (-0.12, -1.0), (0.005, -0.96)], accent)


def balloon(stage: Stage, spot: Spot) -> None:
    """Draw hot-air balloons, one near and some far."""
    rng = stage.dice.of("balloons")
    far = [(float(rng.uniform(0.1, 0.9)) * stage.w, float(rng.uniform(0.12, 0.6)) * stage.horizon) for _ in range(3)]
    for at, (x, y) in enumerate(far):
        _balloon(stage, Spot(x, y, float(rng.uniform(0.07, 0.13)), 0.45), at + 1)
    _balloon(stage, Spot(spot.sky[0], spot.sky[1] + 0.14, 0.36, 0.95), 0)


def _balloon(stage: Stage, spot: Spot, at: int) -> None:
    figure = Figure(stage, spot)
    accents = stage.palette.accents
    tones = (accents[at % 3], CREAM, accents[(at + 1) % 3])
    for step, wide in enumerate((1.0, 0.72, 0.4, 0.12)):
        half = [(0, -1.0), (0.36 * wide, -0.86), (0.44 * wide, -0.62), (0.3 * wide, -0.32), (0.1 * wide, -0.16)]
        outline = curve([*half, *[(-x, y) for x, y in half[:0:-1]]])
        figure.shape(outline, tones[step % 3], 0.2)
    figure.stage.canvas.polygon(figure.place(oval((-0.17, -0.72), 0.07, 0.16, 20)), WHITE, 0.25, 0.02 * spot.size)
    for x in (-0.07, 0.07):
        figure.line([(x * 1.3, -0.17), (x, -0.08)], (0.008, 0.008), INK)
    figure.shape([(-0.08, -0.09), (0.08, -0.09), (0.065, 0.02), (-0.065, 0.02)], WICKER)
    figure.glow((0, -0.14), 0.3, FLAME, 0.5)


def rocket(stage: Stage, spot: Spot) -> None:
    """Draw a rocket on its way, with a trail of fire."""
    lean = 28.0 if spot.sky[0] < stage.w / 2 else -28.0
    figure = Figure(stage, Spot(spot.sky[0], spot.sky[1], spot.size * 1.1))
    for tone, wide, long in ((stage.palette.accents[0], 0.1, 0.95), (FLAME, 0.075, 0.7), (WHITE, 0.04, 0.4)):
        flame = curve(
            [
                (-wide, 0.1),
                (wide, 0.1),
                (wide * 0.6, 0.1 + long * 0.5),
                (0, 0.1 + long),
                (-wide * 0.6, 0.1 + long * 0.5),
            ]
        )
        stage.canvas.polygon(figure.place(turned(flame, lean)), tone, 0.85, 0.004)
    tail = turned([(0, 0.3)], lean)[0]
    figure.glow((float(tail[0]), float(tail[1])), 0.7, FLAME, 0.7)
    fins = [(0.1, -0.15), (0.26, 0.06), (0.25, 0.2), (0.1, 0.08)]
    figure.shapes([turned(fins, lean), turned(np.array(fins) * (-1, 1), lean)], RED)
    body = [(0, -0.82), (0.12, -0.55), (0.16, -0.2), (0.1, 0.1), (-0.1, 0.1), (-0.16, -0.2), (-0.12, -0.55)]
    figure.shape(turned(curve(body), lean), STEEL)
    figure.shape(turned(curve([(0, -0.82), (0.085, -0.64), (0, -0.61), (-0.085, -0.64)]), lean), RED)
    figure.shape(turned(oval((0, -0.36), 0.08, 0.08), lean), INK)
    figure.shape(turned(oval((0, -0.36), 0.06, 0.06), lean), stage.palette.accents[2])


def train(stage: Stage, spot: Spot) -> None:
    """Draw a steam train that crosses the picture."""
    figure = Figure(stage, Spot(spot.x, spot.y, spot.size * 0.62))
    tone = stage.palette.accents[0]
    for at in range(1, 5):
        left = -0.6 - 0.95 * at
        figure.shape(box(left, -0.5, left + 0.88, -0.1), mix(tone, INK, 0.25))
        figure.shape(box(left - 0.02, -0.55, left + 0.9, -0.48), INK)
        for x in (0.1, 0.37, 0.64):
            figure.stage.canvas.polygon(figure.place(box(left + x, -0.4, left + x + 0.15, -0.26)), FLAME)
    figure.shape(box(-0.62, -0.5, 0.42, -0.14), tone)
    figure.shape(box(-0.64, -0.78, -0.24, -0.14), mix(tone, INK, 0.2))
    figure.shape(box(-0.68, -0.84, -0.2, -0.77), INK)
    figure.shape([(0.22, -0.5), (0.2, -0.76), (0.36, -0.76), (0.34, -0.5)], INK)
    figure.shape([(0.42, -0.2), (0.62, 0.0), (0.42, 0.0)], INK)
    for x in np.arange(-4.2, 0.4, 0.28):
        figure.oval((float(x), -0.08), (0.09, 0.09), INK)
    figure.glow((0.46, -0.4), 0.5, FLAME, 0.8)
    steam = mix(stage.palette.pale, stage.palette.haze, 0.3)
    for at in range(9):
        x, y = figure.place([(0.26 - 0.28 * at, -0.9 - 0.09 * at - 0.05 * np.sin(at * 1.7))])[0]
        radius = figure.size * (0.1 + 0.028 * at)
        stage.canvas.ellipse((float(x), float(y)), (radius * 1.2, radius), steam, 0.7 - 0.06 * at, radius * 0.15)
