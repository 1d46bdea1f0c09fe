"""Water: what it mirrors, its glints and its waves."""

import numpy as np
from PIL import Image

from local.models.render.canvas import Floats, curve
from local.models.render.colour import Colour, mix
from local.models.render.noise import wave
from local.models.render.stage import Stage


def mirror(stage: Stage, shore: float, tone: Colour, clear: float = 0.8) -> None:
    """Fill all below the shore with the mirror image of what is above it; ``clear`` 1 is a perfect mirror."""
    canvas = stage.canvas
    row = round(shore * canvas.unit)
    depth = canvas.size[1] - row
    if depth < 2:  # noqa: PLR2004
        return
    above = canvas.image.crop((0, max(row - round(depth * 1.5), 0), canvas.size[0], row))
    flipped = above.transpose(Image.Transpose.FLIP_TOP_BOTTOM).resize(
        (canvas.size[0], depth), Image.Resampling.BILINEAR
    )
    pixels = np.asarray(flipped)
    shifted = pixels[np.arange(depth)[:, None], _ripples(stage, depth)]
    canvas.image.paste(Image.fromarray(shifted), (0, row))
    down = np.linspace(1 - clear, min(1.25 - clear, 0.75), depth)[:, None]
    veil = Image.fromarray((down * 255).astype(np.uint8)).resize((canvas.size[0], depth), Image.Resampling.NEAREST)
    canvas.paint(veil, (0, row), tone)


def _ripples(stage: Stage, depth: int) -> np.ndarray:
    part = np.linspace(0, 1, depth)
    near = part**1.4
    swing = wave(stage.dice.of("ripples"), 60 * np.sqrt(part) + 8 * part, 3) - 0.5
    shift = swing * (0.012 + 0.07 * near) * stage.canvas.unit
    columns = np.arange(stage.canvas.size[0])
    return np.clip(columns[None, :] + shift[:, None].round().astype(np.int64), 0, stage.canvas.size[0] - 1)


def lens(x: float, y: float, long: float, thick: float) -> Floats:
    """Give the outline of a flat streak of light on water."""
    return curve([(x - long, y), (x, y - thick), (x + long, y), (x, y + thick)], steps=5)


def glints(stage: Stage, shore: float, colour: Colour, count: int = 90) -> None:
    """Lay the sun's path on the water: short streaks, wider and larger towards us."""
    rng = stage.dice.of("glints")
    part = rng.random(count) ** 1.5
    ys = shore + 0.004 + part * (stage.h - shore)
    spread = 0.02 + 0.16 * part
    xs = stage.sun[0] + rng.normal(0, 1, count) * spread * (0.6 + 0.4 * stage.sun_radius / 0.08)
    long = (0.008 + 0.05 * part) * rng.uniform(0.4, 1.3, count)
    streaks = [lens(*values) for values in zip(xs, ys, long, 0.0011 + 0.0035 * part, strict=True)]
    stage.canvas.polygons(streaks, colour, 0.75)


def waves(stage: Stage, shore: float, tones: tuple[Colour, Colour], count: int = 80) -> None:
    """Lay light and dark streaks all over the water."""
    rng = stage.dice.of("waves")
    for tone in tones:
        part = rng.random(count) ** 1.3
        ys = shore + 0.006 + part * (stage.h - shore)
        xs = rng.random(count) * stage.w
        long = (0.015 + 0.12 * part) * rng.uniform(0.5, 1.3, count)
        streaks = [lens(*values) for values in zip(xs, ys, long, 0.0008 + 0.0035 * part, strict=True)]
        stage.canvas.polygons(streaks, tone, 0.32)


def swell(stage: Stage, name: str, y: float, colours: tuple[Colour, Colour], foam: Colour | None = None) -> None:
    """Paint one long wave from side to side, with a line of foam on it."""
    rng = stage.dice.of(name)
    x = stage.canvas.columns()
    line = y + 0.02 * np.sin(x * rng.uniform(4, 7) + rng.random() * 7) + 0.02 * (wave(rng, x * 3, 2) - 0.5)
    stage.canvas.ridge(line, colours)
    if foam:
        step = max(len(x) // 120, 1)
        crest = np.stack([x, line + 0.003], axis=1)[::step]
        stage.canvas.polygon(_foam(crest, 0.004 + 0.004 * rng.random()), foam, 0.7)


def _foam(crest: Floats, width: float) -> Floats:
    thick = width * (0.5 + 0.5 * np.sin(np.arange(len(crest)) * 0.31) * np.sin(np.arange(len(crest)) * 0.083))[:, None]
    return np.concatenate([crest, (crest + thick * (0, 1))[::-1]])


def water_tone(stage: Stage, depth: float = 0.5) -> Colour:
    """Give the water's own colour in this light."""
    return mix(mix(stage.palette.sky[0], stage.palette.near, 0.35), stage.palette.sky[-2], 0.25 * (1 - depth))
