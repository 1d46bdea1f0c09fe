"""Pictures of nothing: ribbons, tiles, circles, folded colour."""

import numpy as np
from PIL import Image

from local.models.render.canvas import Floats, moved, oval
from local.models.render.colour import Colour, mix, ramp
from local.models.render.noise import field, wave
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
        (_ribbons, _folds, _circles, _tiles)[int(rng.choice(4, p=[0.35, 0.3, 0.2, 0.15]))](stage, rng)


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


def _folds(stage: Stage, rng: np.random.Generator) -> None:
    shape = soft_shape(stage)
    bend = field(rng, shape, (1.6 * stage.h, 1.6 * stage.w), 3)
    y = np.linspace(0, 1, shape[0])[:, None]
    x = np.linspace(0, 1, shape[1])[None, :]
    flow = bend * rng.uniform(1.6, 2.6) + x * rng.uniform(-0.8, 0.8) + y * rng.uniform(0.2, 0.9)
    folds = np.abs(((flow * rng.uniform(1.3, 2.2)) % 2) - 1)
    palette = stage.palette
    tones = ramp(
        (palette.near, palette.sky[0], palette.accents[0], palette.sky[-2], palette.accents[1], palette.pale), 256
    )
    slope = np.gradient(flow, axis=1) * shape[1] * 0.06
    light = np.clip(1 + slope, 0.72, 1.25)[:, :, None]
    image = np.clip(tones[(folds * 255).astype(np.int64)] * light, 0, 1)
    soft = Image.fromarray((image * 255).astype(np.uint8))
    stage.canvas.image.paste(soft.resize(stage.canvas.size, Image.Resampling.BICUBIC))


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
