"""Skies: gradients, sun or moon, stars, clouds, auroras."""

import numpy as np
from PIL import Image

from local.models.render.canvas import curve, oval, ribbon
from local.models.render.colour import Colour, mix, ramp
from local.models.render.noise import field, smoothstep
from local.models.render.stage import Stage

FINE = 320  # pixels of the soft parts' long side: more cannot be seen once they are stretched


def paint_sky(stage: Stage) -> None:
    """Paint the whole sky: every scene outdoors begins with it."""
    paint_gradient(stage)
    if stage.palette.night or "stars" in stage.brief.weather:
        paint_stars(stage, 1.0)
    if "aurora" in stage.brief.weather:
        _aurora(stage)
    if stage.brief.time == "storm":
        _storm(stage)
        return
    _light(stage)
    _clouds(stage)


def soft_shape(stage: Stage) -> tuple[int, int]:
    """Give rows and columns of a soft layer."""
    scale = FINE / max(stage.w, stage.h)
    return max(2, round(stage.h * scale)), max(2, round(stage.w * scale))


def paint_gradient(stage: Stage) -> None:
    """Paint the sky's colours alone."""
    rows, columns = soft_shape(stage)
    colours = ramp(stage.palette.sky, 256)
    down = np.linspace(0, stage.h, rows)[:, None] / (stage.horizon + 0.05)
    across = (np.linspace(0, stage.w, columns)[None, :] - stage.sun[0]) / stage.w
    bend = down + 0.09 * (1 - 4 * across**2) * np.clip(down, 0, 1)  # the sky is lower and lighter around the sun
    image = colours[np.clip(bend * 235, 0, 255).astype(np.int64)]
    soft = Image.fromarray((image * 255 + 0.5).astype(np.uint8))
    stage.canvas.image.paste(soft.resize(stage.canvas.size, Image.Resampling.BILINEAR), (0, 0))


def paint_stars(stage: Stage, until: float) -> None:
    """Strew stars over the upper part of the picture (``until`` horizons down)."""
    rng = stage.dice.of("stars")
    count = int(260 * stage.w * stage.h)
    xs, ys = rng.random(count) * stage.w, rng.random(count) ** 1.3 * stage.horizon * until
    sizes = 0.0006 + 0.0016 * rng.random(count) ** 6
    for share, tone in ((0.45, mix(stage.palette.sky[0], stage.palette.glow, 0.6)), (1.0, stage.palette.pale)):
        chosen = np.flatnonzero((np.arange(count) % 2 == 0) == (share < 1))
        stage.canvas.polygons([oval((xs[i], ys[i]), sizes[i], sizes[i])[::8] for i in chosen], tone, 0.9)
    for i in np.argsort(sizes)[-5:]:
        stage.canvas.glow((float(xs[i]), float(ys[i])), float(sizes[i]) * 8, stage.palette.pale, 0.5, 3.5)


def _light(stage: Stage) -> None:
    (x, y), radius, canvas = stage.sun, stage.sun_radius, stage.canvas
    palette = stage.palette
    canvas.glow((x, y), radius * (7 if not palette.night else 5), palette.glow, 0.42 if not palette.night else 0.3)
    canvas.glow((x, y), radius * 2.3, palette.glow, 0.5)
    if palette.night and stage.dice.of("moon").random() < 0.4:  # noqa: PLR2004
        _crescent(stage)
        return
    canvas.ellipse((x, y), (radius, radius), palette.disc or (palette.pale, mix(palette.glow, palette.sky[-1], 0.25)))
    if palette.night:
        _craters(stage)


def _storm(stage: Stage) -> None:
    rng = stage.dice.of("storm")
    tone = mix(stage.palette.sky[0], stage.palette.near, 0.35)
    for at in range(7):
        x, y = rng.random() * stage.w, stage.horizon * (0.08 + 0.07 * at) * float(rng.uniform(0.7, 1.3))
        high = mix(tone, stage.palette.sky[-1], 0.12 + 0.06 * at)
        _cloud(stage, rng, (x, y), float(rng.uniform(0.3, 0.55)), (high, mix(high, tone, 0.7)))
    if rng.random() < 0.65:  # noqa: PLR2004
        _bolt(stage, rng)


def _bolt(stage: Stage, rng: np.random.Generator) -> None:
    steps = 11
    wander = np.cumsum(rng.normal(0, 0.035, steps))
    down = np.linspace(stage.horizon * 0.3, stage.horizon, steps)
    line = np.stack([stage.sun[0] + wander, down], axis=1)
    for x, y in line[::3]:
        stage.canvas.glow((float(x), float(y)), 0.3, stage.palette.glow, 0.3)
    stage.canvas.polygon(ribbon(line, 0.009, 0.002), stage.palette.pale)
    branch = line[4] + np.cumsum(np.abs(rng.normal(0, 0.03, (5, 2))) * (-1, 1), axis=0)
    stage.canvas.polygon(ribbon(np.concatenate([line[4:5], branch]), 0.004, 0.001), stage.palette.pale, 0.9)


def _crescent(stage: Stage) -> None:
    (x, y), radius = stage.sun, stage.sun_radius
    angle = np.linspace(-np.pi / 2, np.pi / 2, 40)
    outer = np.stack([np.cos(angle), np.sin(angle)], axis=1)
    inner = np.stack([np.cos(angle[::-1]) * 0.45, np.sin(angle[::-1])], axis=1)
    stage.canvas.polygon(np.concatenate([outer, inner]) * radius + (x, y), stage.palette.pale)


def _craters(stage: Stage) -> None:
    (x, y), radius = stage.sun, stage.sun_radius
    tone = mix(stage.palette.pale, stage.palette.sky[1], 0.28)
    for dx, dy, size in ((-0.3, -0.25, 0.22), (0.25, 0.15, 0.3), (-0.2, 0.4, 0.14), (0.35, -0.4, 0.12)):
        where = (x + dx * radius, y + dy * radius)
        stage.canvas.ellipse(where, (size * radius, size * radius * 0.9), tone, 0.5, 0.003)


def _clouds(stage: Stage) -> None:
    rng = stage.dice.of("clouds")
    kind = rng.choice(["wisps", "banks", "streaks", "none"], p=[0.4, 0.22, 0.26, 0.12])
    if "clouds" in stage.brief.weather and kind == "none":
        kind = "banks"
    if kind == "wisps":
        _wisps(stage, rng)
    elif kind == "banks":
        _banks(stage, rng)
    elif kind == "streaks":
        _streaks(stage, rng)


def _cloud_colour(stage: Stage) -> Colour:
    palette = stage.palette
    return mix(palette.sky[-1], palette.pale, 0.55) if not palette.night else mix(palette.sky[-1], palette.haze, 0.4)


def _wisps(stage: Stage, rng: np.random.Generator) -> None:
    rows, columns = soft_shape(stage)
    dense = field(rng, (rows, columns), (3.5 * stage.h, 1.3 * stage.w), 5)
    down = np.linspace(0, stage.h, rows)[:, None] / stage.horizon
    cover = smoothstep(0.5, 0.85, dense) * smoothstep(0, 0.35, down) * (1 - smoothstep(0.75, 1.05, down))
    strength = 0.75 if not stage.palette.night else 0.4
    mask = Image.fromarray((cover * 255 * strength).astype(np.uint8))
    stage.canvas.glaze(mask, _cloud_colour(stage))


def _banks(stage: Stage, rng: np.random.Generator) -> None:
    tone = _cloud_colour(stage)
    foot = mix(tone, stage.palette.sky[-2], 0.75)
    for _ in range(int(rng.integers(2, 5))):
        x, y = rng.random() * stage.w, stage.horizon * rng.uniform(0.18, 0.7)
        _cloud(stage, rng, (x, y), rng.uniform(0.12, 0.3), (tone, foot))


def _cloud(
    stage: Stage, rng: np.random.Generator, at: tuple[float, float], width: float, tones: tuple[Colour, Colour]
) -> None:
    puffs = []
    for spot in np.linspace(-1, 1, 7):
        radius = width * (0.16 + 0.2 * (1 - spot**2)) * rng.uniform(0.8, 1.15)
        puffs.append(oval((at[0] + spot * width * 0.8, at[1] - radius * 0.75), radius, radius))
    base = oval((at[0], at[1] - width * 0.06), width, width * 0.09)
    stage.canvas.polygons([*puffs, base], tones, 0.85)


def _streaks(stage: Stage, rng: np.random.Generator) -> None:
    tone = _cloud_colour(stage)
    for _ in range(int(rng.integers(4, 9))):
        x, y = rng.random() * stage.w, stage.horizon * rng.uniform(0.25, 0.9)
        long, thick = rng.uniform(0.15, 0.5), rng.uniform(0.004, 0.014)
        outline = [(x - long, y), (x - long * 0.4, y - thick), (x + long * 0.2, y - thick * 0.7), (x + long, y),
                   (x + long * 0.3, y + thick * 0.5), (x - long * 0.5, y + thick * 0.6)]  # fmt: skip
        stage.canvas.polygon(curve(outline), tone, rng.uniform(0.3, 0.65))


def _aurora(stage: Stage) -> None:
    rng = stage.dice.of("aurora")
    rows, columns = soft_shape(stage)
    y = np.linspace(0, stage.h, rows)[:, None]
    x = np.linspace(0, stage.w, columns)[None, :]
    light = np.zeros((rows, columns, 3))
    for colour in ((0.25, 1.0, 0.6), (0.2, 0.8, 0.9), (0.7, 0.3, 0.9)):
        phase = rng.random(3) * 7
        foot = stage.horizon * rng.uniform(0.5, 0.85) + 0.1 * np.sin(x * rng.uniform(2, 4) + phase[0])
        foot = foot + 0.04 * np.sin(x * 9 + phase[1])
        rise = np.clip((foot - y) / (stage.horizon * rng.uniform(0.5, 0.8)), -0.2, None)
        curtain = np.where(rise > 0, np.exp(-rise * 3.2), np.clip(1 + rise * 9, 0, 1))
        rays = 0.55 + 0.45 * field(rng, (1, columns), (1, 26 * stage.w), 3)
        light += (curtain * rays * rng.uniform(0.4, 0.7))[:, :, None] * np.array(colour)
    stage.canvas.add_light(Image.fromarray((np.clip(light, 0, 1) * 235).astype(np.uint8)))
