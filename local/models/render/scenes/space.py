"""Space: a nebula, stars, planets with rings and moons."""

import numpy as np
from PIL import Image

from local.models.render.canvas import moved, oval, ribbon, turned
from local.models.render.colour import Colour, mix, ramp, shift
from local.models.render.noise import field, smoothstep
from local.models.render.sky import paint_stars, soft_shape
from local.models.render.stage import Spot, Stage

PLANET = 420  # pixels of a planet's own grid


def back(stage: Stage) -> None:
    """Paint nebula, stars and planets."""
    rng = stage.dice.of("space")
    stage.horizon = stage.h
    left = bool(rng.random() < 0.5)  # noqa: PLR2004
    stage.sun = (stage.w * (0.1 if left else 0.9), stage.h * 0.12)
    _nebula(stage, rng)
    paint_stars(stage, 1.0)
    big = float(rng.uniform(0.2, 0.32))
    at = (stage.w * (0.66 if left else 0.34), stage.h * float(rng.uniform(0.36, 0.5)))
    accents = stage.palette.accents
    planet(stage, "big", (at, big), (accents[0], accents[1]), ring=bool(rng.random() < 0.65))  # noqa: PLR2004
    for step in range(int(rng.integers(1, 4))):
        angle, far = rng.uniform(0, 2 * np.pi), big * rng.uniform(1.6, 2.4)
        spot = (at[0] + far * float(np.cos(angle)), at[1] + far * float(np.sin(angle)))
        tones = (accents[2], mix(accents[2], stage.palette.pale, 0.5))
        planet(stage, f"moon {step}", (spot, big * float(rng.uniform(0.1, 0.28))), tones)
    stage.spot = Spot(
        stage.w * (0.3 if left else 0.7), stage.h * 0.8, 0.34, 1.0, (stage.w * (0.3 if left else 0.7), stage.h * 0.6)
    )


def _nebula(stage: Stage, rng: np.random.Generator) -> None:
    shape = soft_shape(stage)
    base = field(rng, shape, (2 * stage.h, 2 * stage.w), 5)
    bent = field(rng, shape, (3 * stage.h, 3 * stage.w), 4)
    tones = stage.palette.sky
    sky = ramp((tones[0], tones[1], tones[2], tones[3]), 256)[(base * 255).astype(np.int64)]
    for tone, low in ((stage.palette.accents[0], 0.55), (stage.palette.accents[2], 0.6)):
        cloud = smoothstep(low, 1.0, 0.55 * base + 0.45 * bent) * 0.75
        sky = sky + cloud[:, :, None] * np.array(tone) * 0.8
        base, bent = bent, 1 - base
    stage.canvas.image.paste(
        Image.fromarray((np.clip(sky, 0, 1) * 255).astype(np.uint8)).resize(
            stage.canvas.size, Image.Resampling.BILINEAR
        )
    )


def planet(
    stage: Stage,
    name: str,
    place: tuple[tuple[float, float], float],
    tones: tuple[Colour, Colour],
    *,
    ring: bool = False,
) -> None:
    """Paint a banded planet lit from the sun's side, with a ring around it if wanted."""
    (x, y), radius = place
    rng = stage.dice.of(f"planet {name}")
    canvas, tilt = stage.canvas, float(rng.uniform(-28, 28))
    canvas.glow((x, y), radius * 1.5, tones[0], 0.35, 3)
    if ring:
        _ring(stage, place, (tones[1], tilt), back=True)
    found = canvas.mask([oval((x, y), radius, radius)])
    if found:
        face = _face(stage, rng, tones, (tilt, (x, y)))
        _paste_face(stage, face, place, found)
    if ring:
        _ring(stage, place, (tones[1], tilt), back=False)


def _paste_face(
    stage: Stage,
    face: Image.Image,
    place: tuple[tuple[float, float], float],
    found: tuple[Image.Image, tuple[int, int]],
) -> None:
    (x, y), radius = place
    mask, corner = found
    unit = stage.canvas.unit
    scale = PLANET / (2 * radius * unit)
    left, top = (corner[0] - (x - radius) * unit) * scale, (corner[1] - (y - radius) * unit) * scale
    box = (max(left, 0), max(top, 0), min(left + mask.width * scale, PLANET), min(top + mask.height * scale, PLANET))
    if box[0] < box[2] and box[1] < box[3]:
        stage.canvas.image.paste(face.resize(mask.size, Image.Resampling.BILINEAR, box=box), corner, mask)


def _face(
    stage: Stage, rng: np.random.Generator, tones: tuple[Colour, Colour], turn: tuple[float, tuple[float, float]]
) -> Image.Image:
    tilt, (x, y) = turn
    span = np.linspace(-1, 1, PLANET)
    px, py = np.meshgrid(span, span)
    height = np.sqrt(np.clip(1 - px**2 - py**2, 0, 1))
    angle = np.deg2rad(tilt)
    along = py * np.cos(angle) - px * np.sin(angle)
    rough = field(rng, (PLANET, PLANET), (3, 2), 4)
    bands = 0.5 + 0.5 * np.sin(along * rng.uniform(5, 11) + rough * rng.uniform(2, 6) + rng.random() * 6)
    dark = shift(tones[0], light=-0.16)
    skin = ramp((dark, tones[0], tones[1]), 256)[(bands * 255).astype(np.int64)]
    to_sun = np.array([stage.sun[0] - x, stage.sun[1] - y, 0.55])
    to_sun /= np.linalg.norm(to_sun)
    light = smoothstep(-0.1, 0.95, px * to_sun[0] + py * to_sun[1] + height * to_sun[2])
    shaded = skin * (0.06 + 0.94 * light[:, :, None]) + np.array(stage.palette.sky[1]) * 0.25
    return Image.fromarray((np.clip(shaded, 0, 1) * 255).astype(np.uint8))


def _ring(stage: Stage, place: tuple[tuple[float, float], float], look: tuple[Colour, float], *, back: bool) -> None:
    (x, y), radius = place
    tone, tilt = look
    start, end = (np.pi, 2 * np.pi) if back else (0.0, np.pi)
    angle = np.linspace(start, end, 80)
    for reach, width, opacity in ((1.45, 0.1, 0.75), (1.65, 0.16, 0.5), (1.9, 0.06, 0.65)):
        line = np.stack([np.cos(angle) * radius * reach, np.sin(angle) * radius * reach * 0.26], axis=1)
        band = ribbon(line, radius * width, radius * width)
        stage.canvas.polygon(moved(turned(band, -tilt), (x, y)), mix(tone, stage.palette.pale, 0.25), opacity)


def front(stage: Stage) -> None:
    """Paint a far world's rim under us."""
    rng = stage.dice.of("ground")
    if rng.random() < 0.5:  # noqa: PLR2004
        return
    tone = mix(stage.palette.accents[2], stage.palette.near, 0.75)
    stage.canvas.glow((stage.w / 2, stage.h * 1.35), stage.w * 0.75, stage.palette.accents[2], 0.8, 1.2)
    ground = oval((stage.w / 2, stage.h + stage.w * 1.0), stage.w * 1.25, stage.w * 1.14)
    stage.canvas.polygon(ground, (mix(tone, stage.palette.pale, 0.25), tone, stage.palette.near))
