"""People and what they use: a wanderer, a cup, a robot, an umbrella, lanterns, a tree, a cactus, the moon."""

import numpy as np

from local.models.render.canvas import Floats, curve, oval, ribbon
from local.models.render.colour import hexes, mix
from local.models.render.plants import leaf_tone, petals
from local.models.render.stage import Spot, Stage
from local.models.render.subjects.figure import CREAM, INK, WHITE, Figure, box

COAT, SKIN, HAIR, CACTUS, CHINA, LAMP, BARK, STEEL = hexes("2f4858 d9a17c 2a1d1a 4f7a4a f6efe2 ffb95a 5a3d2b c9d3da")


def person(stage: Stage, spot: Spot) -> None:
    """Draw a wanderer seen from behind, a scarf in the wind."""
    figure = Figure(stage, Spot(spot.x, spot.y, spot.size * 0.9, spot.depth), flip=spot.x > stage.w / 2)
    figure.shadow(0.24)
    coat = mix(COAT, stage.palette.accents[2], 0.35)
    for x in (-0.055, 0.06):
        figure.line([(x, -0.34), (x * 1.25, 0.0)], (0.085, 0.06), INK)
    figure.smooth(
        [(-0.2, -0.24), (-0.15, -0.58), (-0.12, -0.78), (0.12, -0.78), (0.15, -0.58), (0.21, -0.24), (0, -0.2)], coat
    )
    figure.line([(-0.13, -0.74), (-0.2, -0.55), (-0.17, -0.38)], (0.075, 0.05), mix(coat, INK, 0.25))
    figure.line([(0.13, -0.74), (0.2, -0.56), (0.24, -0.44)], (0.075, 0.05), mix(coat, INK, 0.25))
    figure.line([(0.255, -0.62), (0.27, 0.0)], (0.016, 0.016), BARK)
    figure.smooth(box(-0.1, -0.72, 0.1, -0.42), mix(BARK, stage.palette.accents[1], 0.3))
    figure.oval((0, -0.89), (0.085, 0.1), SKIN)
    figure.smooth([(-0.095, -0.82), (-0.1, -0.95), (0, -1.02), (0.1, -0.95), (0.095, -0.82), (0, -0.8)], HAIR)
    scarf = stage.palette.accents[0]
    figure.smooth([(-0.11, -0.8), (0, -0.83), (0.11, -0.8), (0.1, -0.74), (0, -0.72), (-0.1, -0.74)], scarf)
    figure.line([(-0.08, -0.77), (-0.26, -0.84), (-0.4, -0.74), (-0.56, -0.82)], (0.07, 0.045), scarf)


def astronaut(stage: Stage, spot: Spot) -> None:
    """Draw an astronaut who floats, the stars in the visor."""
    figure = Figure(stage, Spot(spot.x, spot.y - 0.06, spot.size, spot.depth), flip=spot.x < stage.w / 2)
    x, y = figure.place([(0, -0.5)])[0]
    stage.canvas.glow((float(x), float(y)), 0.8 * spot.size, stage.palette.sky[-1], 0.5)
    accent, shade = stage.palette.accents[0], mix(STEEL, INK, 0.25)
    figure.smooth([(-0.24, -0.74), (0.24, -0.74), (0.26, -0.32), (-0.26, -0.32)], shade)
    for line in ([(-0.1, -0.36), (-0.17, -0.18), (-0.13, -0.02)], [(0.1, -0.36), (0.14, -0.16), (0.26, -0.04)]):
        figure.line(line, (0.16, 0.12), STEEL)
        figure.oval(line[-1], (0.075, 0.05), accent)
    for line in ([(-0.17, -0.64), (-0.32, -0.54), (-0.4, -0.66)], [(0.17, -0.64), (0.33, -0.52), (0.44, -0.4)]):
        figure.line(line, (0.13, 0.1), STEEL)
        figure.oval(line[-1], (0.06, 0.06), accent)
    figure.smooth([(-0.2, -0.72), (0.2, -0.72), (0.21, -0.4), (0.12, -0.3), (-0.12, -0.3), (-0.21, -0.4)], WHITE)
    figure.smooth(box(-0.1, -0.58, 0.1, -0.46), shade)
    for at, tone in enumerate(stage.palette.accents):
        figure.oval((-0.05 + 0.05 * at, -0.52), (0.016, 0.016), tone)
    figure.oval((0, -0.85), (0.2, 0.19), WHITE)
    figure.oval((0.015, -0.845), (0.15, 0.13), INK)
    figure.oval((0.03, -0.83), (0.12, 0.09), mix(stage.palette.accents[2], INK, 0.45))
    figure.line([(-0.07, -0.9), (-0.02, -0.93), (0.05, -0.93)], (0.02, 0.012), WHITE)


def cup(stage: Stage, spot: Spot) -> None:
    """Draw a cup on its saucer, steaming."""
    figure = Figure(stage, spot)
    figure.shadow(0.75)
    accent = stage.palette.accents[0]
    figure.oval((0, -0.02), (0.66, 0.1), mix(CHINA, accent, 0.12))
    figure.oval((0, -0.035), (0.46, 0.06), mix(CHINA, INK, 0.14))
    angle = np.linspace(-1.2, 1.7, 24)
    handle = np.stack([0.42 + np.cos(angle) * 0.2, -0.42 + np.sin(angle) * 0.17], axis=1)
    figure.shape(ribbon(handle, 0.07, 0.06), CHINA)
    body = [(-0.45, -0.66), (-0.42, -0.36), (-0.28, -0.1), (0, -0.05), (0.28, -0.1), (0.42, -0.36), (0.45, -0.66)]
    figure.shape(curve(body, closed=False), CHINA)
    figure.shape(
        curve([(-0.438, -0.5), (-0.42, -0.36), (0, -0.3), (0.42, -0.36), (0.438, -0.5), (0, -0.43)], steps=6), accent
    )
    figure.oval((0, -0.66), (0.45, 0.085), mix(CHINA, WHITE, 0.5))
    figure.oval((0, -0.652), (0.4, 0.065), hexes("5a3320")[0])
    figure.oval((-0.05, -0.655), (0.2, 0.03), hexes("c99a6b")[0])
    for at, x in enumerate((-0.14, 0.04, 0.2)):
        steam = curve([(x, -0.74), (x + 0.07, -0.9), (x - 0.06, -1.08), (x + 0.05, -1.28)], closed=False)
        outline = figure.place(ribbon(steam, 0.045, 0.01))
        stage.canvas.polygon(outline, stage.palette.pale, 0.5 - 0.07 * at, 0.006)


def robot(stage: Stage, spot: Spot) -> None:
    """Draw a small friendly robot."""
    figure = Figure(stage, spot)
    figure.shadow(0.34)
    accent, eyes = stage.palette.accents[0], stage.palette.accents[2]
    for x in (-0.12, 0.12):
        figure.line([(x, -0.2), (x, -0.03)], (0.08, 0.08), mix(STEEL, INK, 0.45))
        figure.smooth(box(x - 0.1, -0.06, x + 0.1, 0.01), accent)
    for side in (-1, 1):
        figure.line(
            [(0.24 * side, -0.46), (0.36 * side, -0.36), (0.34 * side, -0.2)], (0.07, 0.06), mix(STEEL, INK, 0.4)
        )
        figure.oval((0.34 * side, -0.18), (0.055, 0.055), accent)
    figure.smooth([(-0.25, -0.5), (-0.22, -0.2), (0, -0.16), (0.22, -0.2), (0.25, -0.5), (0, -0.55)], STEEL)
    figure.oval((0, -0.36), (0.09, 0.09), mix(accent, WHITE, 0.2))
    figure.line([(0, -0.9), (0.02, -1.04)], (0.018, 0.014), mix(STEEL, INK, 0.4))
    figure.oval((0.02, -1.06), (0.035, 0.035), accent)
    figure.smooth([(-0.31, -0.86), (-0.31, -0.6), (0, -0.55), (0.31, -0.6), (0.31, -0.86), (0, -0.93)], STEEL)
    figure.smooth([(-0.24, -0.81), (-0.24, -0.65), (0, -0.62), (0.24, -0.65), (0.24, -0.81), (0, -0.85)], INK)
    for x in (-0.11, 0.11):
        figure.oval((x, -0.735), (0.05, 0.06), mix(eyes, WHITE, 0.45))
        figure.glow((x, -0.735), 0.18, eyes, 0.6)


def umbrella(stage: Stage, spot: Spot) -> None:
    """Draw someone under an umbrella."""
    person(stage, Spot(spot.x, spot.y, spot.size * 0.85, spot.depth))
    figure = Figure(stage, spot)
    figure.line([(0.03, -0.35), (0.03, -1.05)], (0.014, 0.014), INK)
    accent = stage.palette.accents[0]
    dome = [(-0.5, -0.78), (-0.42, -0.98), (-0.2, -1.12), (0.03, -1.16), (0.26, -1.12), (0.48, -0.98), (0.56, -0.78),
            (0.38, -0.83), (0.2, -0.79), (0.03, -0.84), (-0.14, -0.79), (-0.32, -0.83)]  # fmt: skip
    figure.shape(dome, accent)
    figure.shape([(0.03, -1.16), (0.2, -0.79), (0.03, -0.84), (-0.14, -0.79)], mix(accent, WHITE, 0.22))


def lantern(stage: Stage, spot: Spot) -> None:
    """Let paper lanterns rise."""
    rng = stage.dice.of("lanterns")
    alone = stage.brief.subjects[0] == "lantern"
    for at in range(22 if alone else 9):
        near = float(rng.random()) ** 2
        size = 0.03 + 0.1 * near if at else 0.2 * alone + 0.06
        x, y = float(rng.random()) * stage.w, float(rng.uniform(0.05, 0.95)) * stage.horizon
        place = (x, y) if at else spot.sky
        figure = Figure(stage, Spot(place[0], place[1], size))
        warm = mix(LAMP, stage.palette.accents[0], 0.25 * float(rng.random()))
        figure.glow((0, -0.4), 1.7, warm, 0.55)
        outline = curve([(-0.3, 0), (-0.42, -0.5), (-0.26, -0.92), (0.26, -0.92), (0.42, -0.5), (0.3, 0)])
        tones = (mix(warm, INK, 0.28), warm, mix(warm, WHITE, 0.6))
        stage.canvas.polygon(figure.place(outline), tones)


def tree(stage: Stage, spot: Spot) -> None:
    """Draw one great tree, in blossom where the prompt speaks of spring."""
    figure = Figure(stage, Spot(spot.x, spot.y, spot.size * 1.5, spot.depth))
    figure.shadow(0.5)
    rng = stage.dice.of("tree")
    boughs: list[Floats] = [ribbon(curve([(0.02, 0.02), (-0.02, -0.25), (0.02, -0.55)], closed=False), 0.12, 0.05)]
    forks = (curve([(0, -0.3), (lean * 0.5, -0.46), (lean, -0.68)], closed=False) for lean in (-0.3, -0.16, 0.18, 0.32))
    boughs += [ribbon(fork, 0.06, 0.015) for fork in forks]
    figure.shapes(boughs, BARK)
    base = {"spring": stage.palette.accents[0], "autumn": stage.palette.accents[1]}.get(stage.brief.time or "")
    tone = base or leaf_tone(stage, 1.0)
    for layer, light in enumerate((0.0, 0.12, 0.26)):
        crowns = []
        for _ in range(26 - 6 * layer):
            angle, far = rng.uniform(0, 2 * np.pi), float(rng.random()) ** 0.6 * (1 - 0.16 * layer)
            middle = (far * 0.42 * np.cos(angle) - 0.03 * layer, -0.72 + far * 0.24 * np.sin(angle) - 0.04 * layer)
            radius = float(rng.uniform(0.06, 0.11)) * (1 - 0.2 * layer)
            crowns.append(oval((float(middle[0]), float(middle[1])), radius, radius * 0.9)[::3])
        figure.shapes(crowns, mix(mix(tone, INK, 0.2), CREAM, light))


def cactus(stage: Stage, spot: Spot) -> None:
    """Draw a saguaro with a flower."""
    figure = Figure(stage, spot)
    figure.shadow(0.3)
    arms: list[Floats] = []
    for line, width in (
        ([(0, 0.01), (0, -0.5), (0, -0.94)], 0.2),
        ([(0, -0.3), (-0.25, -0.32), (-0.28, -0.62)], 0.12),
        ([(0, -0.42), (0.24, -0.45), (0.27, -0.78)], 0.12),
    ):
        arms += [ribbon(curve(line, closed=False), width, width), oval(line[-1], width / 2, width / 2)]
    figure.shapes(arms, CACTUS)
    for x in (-0.05, 0.0, 0.05):
        figure.line([(x, -0.02), (x, -0.96)], (0.008, 0.008), mix(CACTUS, CREAM, 0.35))
    figure.shapes(petals((0, -1.04), 0.08, 7, 0.8, 0), stage.palette.accents[0])


def moon(stage: Stage, spot: Spot) -> None:
    """Draw a great full moon."""
    radius = 0.2
    x, y = spot.sky
    canvas, palette = stage.canvas, stage.palette
    canvas.glow((x, y), radius * 3.2, palette.glow, 0.6)
    canvas.ellipse((x, y), (radius, radius), (palette.pale, mix(palette.glow, palette.sky[-1], 0.2)))
    rng = stage.dice.of("craters")
    for _ in range(12):
        angle, far = rng.uniform(0, 2 * np.pi), float(rng.random()) * 0.75 * radius
        size = radius * float(rng.uniform(0.05, 0.2))
        at = (x + far * float(np.cos(angle)), y + far * float(np.sin(angle)))
        canvas.ellipse(at, (size, size * 0.92), mix(palette.glow, palette.sky[1], 0.3), 0.4, 0.003)
