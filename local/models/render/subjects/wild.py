"""Animals in the open: deer, camel, whale, fish, birds, butterflies, jellyfish."""

import numpy as np

from local.models.render.canvas import Floats, curve, ribbon, turned
from local.models.render.colour import hexes, mix
from local.models.render.stage import Spot, Stage
from local.models.render.subjects.figure import CREAM, INK, WHITE, Figure

DEER, CAMEL, WHALE, KOI = hexes("8a5a34 b98a54 2f5673 ee6a35")


def fish_outline() -> Floats:
    """Give a small fish, two long, swimming to the left."""
    body = [(-1, 0), (-0.6, -0.3), (0, -0.38), (0.55, -0.12), (0.95, -0.36), (0.85, 0), (0.95, 0.36), (0.55, 0.12),
            (0, 0.36), (-0.6, 0.28)]  # fmt: skip
    return curve(np.array(body), steps=4)


def deer(stage: Stage, spot: Spot) -> None:
    """Draw a stag that looks around."""
    figure = Figure(stage, spot, flip=spot.x > stage.w / 2)
    figure.shadow(0.36)
    dark = mix(DEER, INK, 0.35)
    for x, tone in ((-0.2, dark), (0.17, dark), (-0.14, DEER), (0.23, DEER)):
        figure.line([(x, -0.4), (x + 0.012, -0.2), (x, 0.0)], (0.08, 0.024), tone)
    body = [(-0.26, -0.5), (-0.1, -0.53), (0.12, -0.52), (0.27, -0.58), (0.3, -0.42), (0.2, -0.32), (-0.06, -0.33),
            (-0.24, -0.34)]  # fmt: skip
    figure.smooth(body, DEER)
    figure.smooth([(0.14, -0.5), (0.24, -0.68), (0.29, -0.8), (0.37, -0.77), (0.36, -0.58), (0.3, -0.44)], DEER)
    figure.smooth([(0.27, -0.82), (0.36, -0.84), (0.45, -0.76), (0.49, -0.71), (0.46, -0.68), (0.36, -0.72)], DEER)
    figure.smooth([(-0.26, -0.5), (-0.31, -0.46), (-0.29, -0.38), (-0.25, -0.42)], CREAM)
    figure.smooth([(0.29, -0.81), (0.2, -0.86), (0.23, -0.8)], dark)
    figure.oval((0.385, -0.775), (0.011, 0.011), INK)
    for lean in (-0.13, 0.1):
        tip = (0.31 + lean * 1.3, -1.14)
        figure.line([(0.32, -0.83), (0.3 + lean * 0.4, -0.95), (0.31 + lean * 1.5, -1.02), tip], (0.026, 0.008), CREAM)
        figure.line([(0.3 + lean * 0.9, -0.98), (0.31 + lean * 0.5, -1.1)], (0.017, 0.006), CREAM)
        figure.line([(0.31 + lean * 0.3, -0.92), (0.36 + lean * 1.1, -0.95)], (0.015, 0.006), CREAM)


def camel(stage: Stage, spot: Spot) -> None:
    """Draw a caravan of three."""
    for at in range(3):
        far = Spot(
            spot.x + (at - 1) * spot.size * 0.85, spot.y - 0.012 * at, spot.size * (0.72 - 0.06 * at), spot.depth
        )
        _camel(Figure(stage, far, flip=spot.x > stage.w / 2))


def _camel(figure: Figure) -> None:
    figure.shadow(0.4)
    for x in (-0.25, -0.17, 0.15, 0.22):
        figure.line([(x, -0.45), (x + 0.02, -0.22), (x, 0)], (0.08, 0.03), mix(CAMEL, INK, 0.2))
    body = [(-0.34, -0.45), (-0.26, -0.6), (-0.1, -0.62), (0.0, -0.86), (0.12, -0.62), (0.28, -0.56), (0.28, -0.4),
            (0, -0.36), (-0.28, -0.36)]  # fmt: skip
    figure.smooth(body, CAMEL)
    figure.line([(0.22, -0.48), (0.38, -0.44), (0.46, -0.66), (0.46, -0.86)], (0.15, 0.06), CAMEL)
    figure.smooth([(0.42, -0.9), (0.5, -0.93), (0.62, -0.87), (0.61, -0.82), (0.45, -0.81)], CAMEL)
    figure.shape(
        [(-0.13, -0.6), (0.0, -0.8), (0.13, -0.6), (0.1, -0.42), (-0.1, -0.42)], figure.stage.palette.accents[0]
    )
    figure.line([(-0.34, -0.5), (-0.38, -0.3)], (0.02, 0.03), CAMEL)


def whale(stage: Stage, spot: Spot) -> None:
    """Draw a whale that leaps from the sea, or flies where there is none."""
    figure = Figure(stage, Spot(spot.x, spot.y, spot.size * 1.25, spot.depth), flip=spot.x > stage.w / 2)
    body = [(-0.55, -0.1), (-0.4, -0.45), (-0.05, -0.72), (0.35, -0.8), (0.62, -0.68), (0.66, -0.55), (0.45, -0.42),
            (0.1, -0.3), (-0.18, -0.12), (-0.42, 0.06)]  # fmt: skip
    figure.smooth(body, WHALE)
    belly = [(0.66, -0.55), (0.45, -0.42), (0.1, -0.3), (-0.2, -0.11), (0.02, -0.36), (0.35, -0.54)]
    figure.smooth(belly, mix(WHALE, WHITE, 0.75))
    figure.smooth([(0.18, -0.42), (0.12, -0.14), (0.2, -0.02), (0.3, -0.2), (0.33, -0.42)], mix(WHALE, INK, 0.3))
    tail = [(-0.46, -0.02), (-0.62, 0.02), (-0.84, -0.08), (-0.74, 0.08), (-0.62, 0.12), (-0.6, 0.28), (-0.48, 0.16)]
    figure.smooth(tail, mix(WHALE, INK, 0.2))
    figure.oval((0.45, -0.58), (0.014, 0.014), INK)
    if stage.brief.scene == "sea":
        _splash(figure)


def _splash(figure: Figure) -> None:
    rng = figure.stage.dice.of("splash")
    drops = [(float(rng.normal(-0.45, 0.22)), float(rng.normal(0.04, 0.07))) for _ in range(50)]
    for x, y in drops:
        size = float(rng.uniform(0.006, 0.02))
        figure.oval((x, y), (size, size * 1.2), WHITE)
    figure.smooth([(-0.95, 0.2), (-0.6, 0.1), (-0.3, 0.09), (0.05, 0.2), (-0.4, 0.26)], WHITE)


def fish(stage: Stage, spot: Spot) -> None:
    """Draw three koi circling each other."""
    for at, (dx, dy, turn, scale) in enumerate(((0, 0, 20, 0.3), (0.62, -0.32, -30, 0.24), (-0.5, -0.42, 65, 0.2))):
        figure = Figure(stage, Spot(spot.x + dx * spot.size, spot.y + dy * spot.size, spot.size, spot.depth))
        body = turned(fish_outline() * (scale * 1.25, scale * 0.9), turn)
        tone = (KOI, WHITE, KOI)[at]
        figure.shape(body, tone)
        patch = curve(np.array([(-0.5, -0.15), (-0.2, -0.34), (0.2, -0.25), (0.1, 0.1), (-0.3, 0.12)]) * scale)
        figure.shape(turned(patch, turn), WHITE if tone is KOI else KOI)
        figure.shape(turned(np.array([(-0.1, 0.3), (0.3, 0.62), (0.35, 0.28)]) * scale, turn), mix(tone, WHITE, 0.4))
        figure.oval(tuple(turned(np.array([(-0.95, -0.1)]) * scale, turn)[0].tolist()), (0.018, 0.018), INK)


def birds(stage: Stage, spot: Spot) -> None:
    """Draw a flock on the wing."""
    rng = stage.dice.of("birds")
    tone = stage.palette.pale if stage.palette.night else stage.palette.land(0.9)
    outlines: list[Floats] = []
    for at in range(9):
        rank = (at + 1) // 2
        where = (spot.sky[0] + (0.07 * rank) * (1 if at % 2 else -1) + rng.normal(0, 0.012),
                 spot.sky[1] + 0.035 * rank + rng.normal(0, 0.012))  # fmt: skip
        size = float(rng.uniform(0.022, 0.042)) * (1.7 if at == 0 else 1)
        outlines += [part * size + where for part in _bird(float(rng.uniform(0.35, 0.9)))]
    stage.canvas.polygons(outlines, tone)


def _bird(lift: float) -> list[Floats]:
    right = curve([(0, 0.02), (0.35, -lift * 0.62), (0.62, -lift * 0.55), (1.1, -lift * 0.1)], closed=False, steps=5)
    wing = ribbon(right, 0.24, 0.01)
    body = curve([(-0.1, 0.02), (0, -0.09), (0.1, 0.02), (0.03, 0.3), (-0.03, 0.3)], steps=4)
    return [wing, wing * (-1, 1), body]


def butterfly(stage: Stage, spot: Spot) -> None:
    """Draw butterflies in the air."""
    rng = stage.dice.of("butterflies")
    for at in range(5):
        where = (spot.sky[0] + float(rng.normal(0, 0.2)), spot.sky[1] + 0.1 + float(rng.normal(0, 0.12)))
        size = 0.16 if at == 0 else float(rng.uniform(0.05, 0.09))
        place = spot.sky if at == 0 else where
        _butterfly(stage, Spot(place[0], place[1], size), at, float(rng.uniform(-35, 35)))


def _butterfly(stage: Stage, spot: Spot, at: int, turn: float) -> None:
    figure = Figure(stage, spot)
    tone = stage.palette.accents[at % 3]
    upper = [(0.05, -0.02), (0.25, -0.5), (0.7, -0.72), (0.85, -0.4), (0.6, -0.05), (0.1, 0.05)]
    lower = [(0.05, 0.02), (0.5, 0.05), (0.62, 0.35), (0.35, 0.6), (0.12, 0.3)]
    for outline, colour in ((upper, tone), (lower, mix(tone, CREAM, 0.3))):
        shape = curve(outline)
        figure.shapes([turned(shape, turn), turned(shape * (-1, 1), turn)], mix(colour, INK, 0.55))
        inner = (shape - shape.mean(axis=0)) * 0.8 + shape.mean(axis=0)
        figure.shapes([turned(inner, turn), turned(inner * (-1, 1), turn)], colour)
    figure.shape(turned(curve([(0, -0.32), (0.04, 0), (0, 0.4), (-0.04, 0)]), turn), INK)


def jellyfish(stage: Stage, spot: Spot) -> None:
    """Draw jellyfish that shine."""
    for at, (dx, dy, scale) in enumerate(((0, 0, 0.62), (0.55, -0.3, 0.36), (-0.6, 0.2, 0.3))):
        where = Spot(spot.sky[0] + dx * 0.5, spot.sky[1] + dy * 0.5, spot.size * scale)
        _jelly(Figure(stage, where), at)


def _jelly(figure: Figure, at: int) -> None:
    tone = mix(figure.stage.palette.accents[at % 3], WHITE, 0.35)
    figure.glow((0, -0.2), 1.1, figure.tone(tone), 0.6)
    rng = figure.stage.dice.of(f"jelly {at}")
    for x in np.linspace(-0.32, 0.32, 7):
        sway, long = rng.uniform(0.05, 0.14), rng.uniform(0.8, 1.3)
        parts = np.linspace(0, 1, 6)
        spots = np.stack([x + sway * np.sin(parts * 6 + x * 9), parts * long], axis=1)
        figure.line(spots, (0.035, 0.004), mix(tone, figure.stage.palette.sky[2], 0.35))
    bell = [(-0.46, 0.02), (-0.44, -0.32), (-0.2, -0.62), (0.2, -0.62), (0.44, -0.32), (0.46, 0.02), (0.22, -0.05),
            (0, 0.03), (-0.22, -0.05)]  # fmt: skip
    figure.smooth(bell, tone)
    figure.smooth([(-0.3, -0.3), (-0.16, -0.5), (0.0, -0.54), (-0.18, -0.34)], WHITE)
