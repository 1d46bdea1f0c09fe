"""What falls or floats before everything else: rain, snow, petals, fireflies, fog."""

import numpy as np

from local.models.render.canvas import Floats, oval
from local.models.render.colour import mix
from local.models.render.stage import Stage


def paint_fog(stage: Stage) -> None:
    """Lay banks of fog between the land and the subject."""
    rng = stage.dice.of("fog")
    tone = mix(stage.palette.haze, stage.palette.pale, 0.4)
    for at in range(3):
        y = stage.horizon + (stage.h - stage.horizon) * (0.1 + 0.22 * at)
        x = stage.w * float(rng.uniform(0.2, 0.8))
        stage.canvas.ellipse((x, y), (stage.w * 0.7, 0.05), tone, 0.42, 0.035)


def paint_weather(stage: Stage) -> None:
    """Paint the weather that the prompt names."""
    kinds = stage.brief.weather
    if "rain" in kinds:
        _rain(stage)
    if "snow" in kinds:
        _snow(stage)
    if "petals" in kinds:
        _petals(stage)
    if "fireflies" in kinds:
        _fireflies(stage)


def _rain(stage: Stage) -> None:
    rng = stage.dice.of("rain")
    for count, long, thick, opacity in ((240, 0.045, 0.0009, 0.3), (90, 0.09, 0.0016, 0.38)):
        x = rng.random(int(count * stage.w * stage.h)) * (stage.w + 0.1)
        y = rng.random(len(x)) * (stage.h + 0.1) - 0.05
        drop = np.array([(0, 0), (thick, 0), (thick - long * 0.2, long), (-long * 0.2, long)])
        stage.canvas.polygons([drop + spot for spot in np.stack([x, y], axis=1)], stage.palette.pale, opacity)


def _snow(stage: Stage) -> None:
    rng = stage.dice.of("flakes")
    for count, size, opacity, blur in ((260, 0.0022, 0.8, 0.0), (60, 0.005, 0.75, 0.0015), (14, 0.013, 0.5, 0.005)):
        flakes: list[Floats] = []
        for _ in range(int(count * stage.w * stage.h)):
            at = (float(rng.random() * stage.w), float(rng.random() * stage.h))
            radius = size * float(rng.uniform(0.5, 1.3))
            flakes.append(oval(at, radius, radius)[::6])
        stage.canvas.polygons(flakes, stage.palette.pale, opacity, blur)


def _petals(stage: Stage) -> None:
    rng = stage.dice.of("petals")
    tone = mix(stage.palette.accents[0], stage.palette.pale, 0.45)
    for count, size, blur in ((46, 0.008, 0.0), (10, 0.02, 0.004)):
        petals = [
            oval(
                (float(rng.random() * stage.w), float(rng.random() * stage.h)),
                size * float(rng.uniform(0.6, 1.3)),
                size * 0.45,
                float(rng.uniform(0, 180)),
            )[::4]
            for _ in range(int(count * stage.w * stage.h))
        ]
        stage.canvas.polygons(petals, tone, 0.85, blur)


def _fireflies(stage: Stage) -> None:
    rng = stage.dice.of("fireflies")
    for _ in range(int(34 * stage.w)):
        at = (float(rng.random() * stage.w), stage.h * float(rng.uniform(0.45, 0.97)))
        size = float(rng.uniform(0.0015, 0.004))
        stage.canvas.glow(at, size * 11, (1.0, 0.85, 0.4), 0.75)
        stage.canvas.ellipse(at, (size, size), (1.0, 0.95, 0.7))
