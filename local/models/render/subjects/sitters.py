"""Animals that sit and look at us: one body, different ears, faces and tails."""

from dataclasses import dataclass

import numpy as np

from local.models.render.canvas import Points
from local.models.render.colour import Colour, hexes, mix
from local.models.render.stage import Spot, Stage
from local.models.render.subjects.figure import CREAM, INK, WHITE, Figure

FOX, GREY, TABBY, BROWN, SAND, PINK, AMBER = hexes("e2702a 4a4a5e d99a4e 7a5236 cfae88 eeaeb0 ffc94d")
POINTED = [(-0.29, -0.8), (-0.31, -1.02), (-0.27, -1.08), (-0.08, -0.92), (-0.1, -0.82)]
POINTED_IN = [(-0.26, -0.84), (-0.275, -0.99), (-0.25, -1.02), (-0.13, -0.9)]
LONG = [(-0.17, -0.84), (-0.24, -1.15), (-0.2, -1.36), (-0.11, -1.38), (-0.06, -1.15), (-0.05, -0.88)]
LONG_IN = [(-0.15, -0.92), (-0.19, -1.15), (-0.165, -1.3), (-0.12, -1.3), (-0.09, -1.12)]
HANGING = [(-0.2, -0.95), (-0.33, -0.9), (-0.38, -0.66), (-0.3, -0.58), (-0.22, -0.72)]
TUFTS = [(-0.27, -0.85), (-0.31, -1.06), (-0.15, -0.97), (-0.05, -0.93)]


@dataclass(frozen=True)
class Look:
    """What makes a sitting animal the one it is."""

    coat: Colour
    chest: Colour
    ear: Points
    ear_inside: tuple[Points, Colour] | None = None
    muzzle: Colour | None = None
    tail: Colour | None = None
    eyes: Colour = INK
    wide_eyes: bool = False


def fox(stage: Stage, spot: Spot) -> None:
    """Draw a fox with a white tip to its tail."""
    _sitter(stage, spot, Look(FOX, WHITE, POINTED, (POINTED_IN, INK), WHITE, FOX))


def cat(stage: Stage, spot: Spot) -> None:
    """Draw a cat, grey or tabby."""
    coat = (GREY, TABBY, mix(GREY, INK, 0.6))[int(stage.dice.of("cat").integers(3))]
    _sitter(stage, spot, Look(coat, mix(coat, CREAM, 0.5), POINTED, (POINTED_IN, PINK), None, coat, AMBER))


def dog(stage: Stage, spot: Spot) -> None:
    """Draw a dog with hanging ears."""
    _sitter(stage, spot, Look(SAND, CREAM, HANGING, None, CREAM, SAND))


def rabbit(stage: Stage, spot: Spot) -> None:
    """Draw a rabbit."""
    _sitter(stage, spot, Look(mix(SAND, WHITE, 0.4), WHITE, LONG, (LONG_IN, PINK), WHITE, None))


def owl(stage: Stage, spot: Spot) -> None:
    """Draw an owl with large eyes."""
    _sitter(stage, spot, Look(BROWN, mix(BROWN, CREAM, 0.55), TUFTS, None, None, None, INK, wide_eyes=True))


def _sitter(stage: Stage, spot: Spot, look: Look) -> None:
    figure = Figure(stage, spot, flip=spot.x > stage.w / 2)
    figure.shadow(0.4)
    if look.tail:
        _tail(figure, look)
    body = [
        (-0.2, 0),
        (-0.27, -0.16),
        (-0.2, -0.42),
        (-0.13, -0.64),
        (0.13, -0.64),
        (0.2, -0.42),
        (0.27, -0.16),
        (0.2, 0),
    ]
    figure.smooth(body, look.coat)
    figure.smooth([(-0.1, -0.62), (0.1, -0.62), (0.11, -0.42), (0, -0.26), (-0.11, -0.42)], look.chest)
    _legs(figure, look)
    figure.pair(look.ear, look.coat)
    if look.ear_inside:
        figure.pair(*look.ear_inside)
    _head(figure, look)


def _tail(figure: Figure, look: Look) -> None:
    bushy = look.muzzle is not None and look.ear is POINTED
    if not bushy:
        figure.line([(0.16, -0.04), (0.42, -0.06), (0.5, -0.24), (0.42, -0.38)], (0.09, 0.05), look.coat)
        return
    tail = [
        (0.12, -0.02),
        (0.35, 0.0),
        (0.55, -0.1),
        (0.66, -0.34),
        (0.6, -0.58),
        (0.47, -0.44),
        (0.36, -0.24),
        (0.18, -0.14),
    ]
    figure.smooth(tail, look.coat)
    figure.smooth([(0.6, -0.58), (0.665, -0.42), (0.6, -0.36), (0.53, -0.37), (0.5, -0.46)], WHITE)


def _legs(figure: Figure, look: Look) -> None:
    shade = mix(look.coat, INK, 0.16)
    figure.pair([(-0.16, 0.01), (-0.27, -0.04), (-0.25, -0.16), (-0.14, -0.2), (-0.08, -0.06)], shade)
    figure.pair([(-0.1, 0.015), (-0.1, -0.3), (-0.03, -0.32), (-0.01, 0.015)], look.coat)
    paws = mix(look.coat, INK, 0.6) if look.ear is POINTED and look.muzzle else look.chest
    figure.pair([(-0.115, 0.015), (-0.105, -0.06), (-0.02, -0.06), (-0.01, 0.015)], paws)


def _head(figure: Figure, look: Look) -> None:
    head = [(0, -0.95), (0.18, -0.92), (0.29, -0.78), (0.22, -0.64), (0.09, -0.565), (0, -0.55), (-0.09, -0.565),
            (-0.22, -0.64), (-0.29, -0.78), (-0.18, -0.92)]  # fmt: skip
    figure.smooth(head, look.coat)
    if look.muzzle:
        cheek = [(-0.27, -0.72), (-0.13, -0.74), (-0.03, -0.67), (0, -0.56), (-0.09, -0.57), (-0.21, -0.64)]
        figure.pair(cheek, look.muzzle)
    if look.wide_eyes:
        _owl_face(figure, look)
        return
    figure.pair([(-0.15, -0.77), (-0.11, -0.8), (-0.075, -0.765), (-0.11, -0.735)], look.eyes)
    if look.eyes is not INK:
        figure.pair([(-0.115, -0.795), (-0.1, -0.765), (-0.115, -0.735), (-0.125, -0.765)], INK)
    for x in (-0.12, 0.1):
        figure.oval((x, -0.778), (0.013, 0.013), WHITE)
    figure.smooth([(-0.035, -0.645), (0.035, -0.645), (0, -0.605)], INK if look.eyes is INK else PINK, 1)


def _owl_face(figure: Figure, look: Look) -> None:
    for side in (-1, 1):
        figure.oval((0.12 * side, -0.77), (0.12, 0.12), mix(look.chest, WHITE, 0.5))
        figure.oval((0.115 * side, -0.77), (0.075, 0.075), AMBER)
        figure.oval((0.11 * side, -0.77), (0.042, 0.042), INK)
    figure.shape([(-0.035, -0.72), (0.035, -0.72), (0, -0.63)], AMBER)
    wing = [(-0.2, -0.55), (-0.3, -0.3), (-0.24, -0.06), (-0.15, -0.2), (-0.14, -0.45)]
    figure.pair(wing, mix(look.coat, INK, 0.25))
    for row in np.arange(-0.5, -0.28, 0.07):
        figure.line([(-0.06, row), (0, row + 0.025), (0.06, row)], (0.008, 0.008), look.coat)
