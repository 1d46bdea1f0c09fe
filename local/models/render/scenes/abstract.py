"""Pictures of nothing: ribbons, tiles, arches, circles, colours that run."""

import numpy as np
from PIL import Image

from local.models.render.canvas import Floats, moved, oval, ribbon
from local.models.render.colour import Colour, from_lab, mix, ramp, to_lab
from local.models.render.noise import field, wave
from local.models.render.palette import shuffled_accents
from local.models.render.sky import soft_shape
from local.models.render.stage import Spot, Stage

GRID = 6


def back(stage: Stage) -> None:
    """Paint one of four kinds."""
    rng = stage.dice.of("abstract")
    words = stage.brief.text.lower()
    stage.sun, stage.sun_radius = (stage.w * float(rng.uniform(0.3, 0.7)), stage.h * 0.36), 0.16
    stage.spot = Spot(stage.w * 0.5, stage.h * 0.75, 0.4, 1.0, (stage.w * 0.5, stage.h * 0.4))
    if any(word in words for word in ("geometr", "bauhaus", "pattern", "logo", "tile", "shape")):
        _tiles(stage, rng)
    elif "circle" in words or "mandala" in words:
        _circles(stage, rng)
    else:
        (_ribbons, _mesh, _arches, _tiles)[int(rng.choice(4, p=[0.32, 0.28, 0.25, 0.15]))](stage, rng)


def _ribbons(stage: Stage, rng: np.random.Generator) -> None:
    palette = stage.palette
    stage.canvas.band(0, stage.h, palette.sky)
    stage.canvas.ellipse(stage.sun, (stage.sun_radius, stage.sun_radius), (palette.pale, palette.glow))
    stage.canvas.glow(stage.sun, 0.6, palette.glow, 0.4)
    tones = ramp((*palette.sky[::-1], *palette.accents[:2], palette.near), 12)
    x = stage.canvas.columns()
    swing, phase = rng.uniform(0.05, 0.13), rng.random() * 7
    for at in range(11):
        part = at / 10
        bend = swing * np.sin(x * (2.2 + 1.3 * part) + phase + part * 4.2)
        line = stage.h * (0.36 + 0.62 * part**0.9) + bend + 0.05 * (wave(rng, x * 1.5, 2) - 0.5)
        tone = _tuple(tones[at])
        stage.canvas.ridge(line, (mix(tone, palette.pale, 0.3), tone, mix(tone, palette.near, 0.35)))


def _mesh(stage: Stage, rng: np.random.Generator) -> None:
    """Let colours run into each other, and hang discs of glass before them."""
    rows, columns = soft_shape(stage)
    palette = stage.palette
    y, x = np.linspace(0, stage.h, rows)[:, None], np.linspace(0, stage.w, columns)[None, :]
    warp = field(rng, (rows, columns), (1.2 * stage.h, 1.2 * stage.w), 2) - 0.5
    tones = to_lab(np.array([*palette.sky, *palette.accents, palette.near, palette.pale]))
    total, weight = np.zeros((rows, columns, 3)), np.full((rows, columns, 1), 1e-6)
    for tone in tones:
        at_x, at_y, reach = rng.random() * stage.w, rng.random() * stage.h, rng.uniform(0.16, 0.34)
        near = np.exp(-((x - at_x + warp * 0.35) ** 2 + (y - at_y - warp * 0.35) ** 2) / reach**2)[:, :, None]
        total, weight = total + near * tone, weight + near
    soft = Image.fromarray((from_lab(total / weight) * 255).astype(np.uint8))
    stage.canvas.image.paste(soft.resize(stage.canvas.size, Image.Resampling.BICUBIC))
    for _ in range(int(rng.integers(2, 5))):
        _glass(stage, (stage.w * float(rng.uniform(0.1, 0.9)), stage.h * float(rng.uniform(0.1, 0.9))), rng)


def _glass(stage: Stage, at: tuple[float, float], rng: np.random.Generator) -> None:
    radius = float(rng.uniform(0.1, 0.26))
    outline = oval(at, radius, radius)
    stage.canvas.polygon(moved(outline, (0.012, 0.02)), stage.palette.near, 0.22, 0.02)
    stage.canvas.polygon(outline, (stage.palette.pale, stage.palette.accents[int(rng.integers(3))]), 0.5)
    angle = np.linspace(-2.6, -1.2, 30)
    rim = np.stack([at[0] + np.cos(angle) * radius * 0.97, at[1] + np.sin(angle) * radius * 0.97], axis=1)
    stage.canvas.polygon(ribbon(rim, 0.006, 0.002), stage.palette.pale, 0.7)


def _arches(stage: Stage, rng: np.random.Generator) -> None:
    """Nest arches on a warm wall, under a disc, over a few soft hills."""
    palette, canvas = stage.palette, stage.canvas
    wall = mix(palette.sky[-1], palette.pale, 0.35)
    canvas.band(0, stage.h, (mix(wall, palette.sky[-2], 0.25), wall))
    tones = [*shuffled_accents(palette, rng), palette.sky[1], palette.near]
    middle = stage.w * float(rng.uniform(0.35, 0.65))
    disc = (stage.w - middle * float(rng.uniform(0.7, 1.1)), stage.h * 0.22)
    canvas.ellipse(disc, (0.13, 0.13), (mix(tones[1], palette.pale, 0.2), tones[1]))
    for x, radius, foot in ((middle, 0.36, 0.86), (middle + 0.42 * (1 if middle < stage.w / 2 else -1), 0.2, 0.9)):
        for at in range(6):
            tone = wall if at % 2 else tones[(at // 2 + (foot > 0.88)) % len(tones)]  # noqa: PLR2004
            canvas.polygon(_arch(x, radius * (1 - 0.155 * at), stage.h * foot), (mix(tone, palette.pale, 0.14), tone))
    x = canvas.columns()
    for at, tone in enumerate((tones[3], tones[0], tones[4])):
        line = stage.h * (0.84 + 0.055 * at) - 0.07 * wave(rng, x * 1.3, 1)
        canvas.ridge(line, (mix(tone, palette.pale, 0.16), tone))


def _arch(x: float, radius: float, foot: float) -> Floats:
    angle = np.linspace(np.pi, 2 * np.pi, 48)
    top = foot - radius * 1.1
    head = np.stack([x + np.cos(angle) * radius, top + np.sin(angle) * radius], axis=1)
    return np.concatenate([[(x - radius, foot)], head, [(x + radius, foot)]])


def _circles(stage: Stage, rng: np.random.Generator) -> None:
    palette = stage.palette
    stage.canvas.band(0, stage.h, (mix(palette.sky[-1], palette.pale, 0.4), palette.sky[-1]))
    tones = [*palette.accents, palette.sky[0], palette.sky[1], palette.near, palette.sky[2]]
    for at in range(int(rng.integers(5, 9))):
        middle = (stage.w * float(rng.uniform(0.05, 0.95)), stage.h * float(rng.uniform(0.05, 0.95)))
        radius = float(rng.uniform(0.06, 0.34))
        tone = tones[int(rng.integers(len(tones)))]
        if at % 3 == 2:  # noqa: PLR2004
            _rings(stage, middle, radius, tone)
        else:
            stage.canvas.polygon(oval(middle, radius, radius), (mix(tone, palette.pale, 0.18), tone), 0.88)
    for _ in range(5):
        start = (stage.w * float(rng.random()), stage.h * float(rng.random()))
        end = (start[0] + float(rng.normal(0, 0.5)), start[1] + float(rng.normal(0, 0.5)))
        stage.canvas.line(np.array([start, end]), 0.004, palette.near)


def _rings(stage: Stage, middle: tuple[float, float], radius: float, tone: Colour) -> None:
    paper = mix(stage.palette.sky[-1], stage.palette.pale, 0.3)
    for at, share in enumerate((1.0, 0.82, 0.64, 0.46, 0.28)):
        stage.canvas.polygon(oval(middle, radius * share, radius * share), tone if at % 2 == 0 else paper)


def _tiles(stage: Stage, rng: np.random.Generator) -> None:
    palette = stage.palette
    paper = mix(palette.sky[-1], palette.pale, 0.5)
    stage.canvas.band(0, stage.h, paper)
    tones = [*palette.accents, palette.sky[0], palette.near, palette.sky[-2], palette.sky[1]]
    columns, rows = max(1, round(GRID * stage.w)), max(1, round(GRID * stage.h))
    side, tall = stage.w / columns, stage.h / rows
    for row in range(rows):
        for column in range(columns):
            first, second = (tones[int(at)] for at in rng.choice(len(tones), 2, replace=False))
            corner = np.array([column * side, row * tall])
            stage.canvas.polygon(np.array([(0, 0), (1, 0), (1, 1), (0, 1)]) * (side, tall) + corner,
                                 paper if rng.random() < 0.3 else second)  # fmt: skip  # noqa: PLR2004
            for shape in _tile(rng):
                stage.canvas.polygon(shape * (side, tall) + corner, first)


def _tile(rng: np.random.Generator) -> list[Floats]:
    angle = np.linspace(0, np.pi / 2, 24)
    quarter = np.concatenate([[(0, 0)], np.stack([np.cos(angle), np.sin(angle)], axis=1)])
    half = np.concatenate([oval((0.5, 0), 0.5, 0.5)[:33]])
    kinds: list[list[Floats]] = [
        [quarter],
        [half, moved(half, (0, 0.5))],
        [oval((0.5, 0.5), 0.36, 0.36)],
        [np.array([(0, 0), (1, 0), (0, 1)], dtype=np.float64)],
        [quarter * 0.5, 1 - quarter * 0.5],
        [np.array([(0, at), (1, at), (1, at + 0.12), (0, at + 0.12)]) for at in (0.06, 0.32, 0.58, 0.84)],
        [],
    ]
    turn = int(rng.integers(4))
    return [_quarter_turns(shape, turn) for shape in kinds[int(rng.integers(len(kinds)))]]


def _quarter_turns(shape: Floats, times: int) -> Floats:
    for _ in range(times):
        shape = np.stack([1 - shape[:, 1], shape[:, 0]], axis=1)
    return shape


def _tuple(values: Floats) -> Colour:
    return float(values[0]), float(values[1]), float(values[2])


def front(stage: Stage) -> None:
    """Leave it as it is: nothing stands before a picture of nothing."""
