"""The scenes: each has what lies behind the subject and what lies in front of it."""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass

from local.models.render.brief import Brief
from local.models.render.sky import paint_sky
from local.models.render.stage import Spot, Stage
from local.models.render.terrain import Range, hill, mountains

Painter = Callable[[Stage], None]


@dataclass(frozen=True)
class Scene:
    """Two painters, and the light that suits them when the prompt names none."""

    back: Painter
    front: Painter
    time: str | None = None


def mountains_back(stage: Stage) -> None:
    rng = stage.dice.of("mountains")
    stage.horizon = stage.h * rng.uniform(0.55, 0.68)
    stage.sun = (stage.w * rng.choice([0.3, 0.36, 0.64, 0.7]), stage.horizon * rng.uniform(0.35, 0.6))
    stage.sun_radius = rng.uniform(0.05, 0.11)
    paint_sky(stage)
    for at, depth in enumerate((0.12, 0.28, 0.48)):
        foot = stage.horizon + (stage.h - stage.horizon) * depth * 0.7
        snow = 0.42 if at < 2 else 0.0  # noqa: PLR2004
        mountains(stage, f"range {at}", Range(foot, stage.h * (0.4 - 0.07 * at), depth, 1.6 + 0.5 * at, snow))
    stage.spot = Spot(stage.w * (1 - stage.sun[0] / stage.w), stage.h * 0.86, sky=(stage.w * 0.5, stage.h * 0.3))


def mountains_front(stage: Stage) -> None:
    for at, depth in enumerate((0.72, 0.95)):
        hill(stage, f"hill {at}", Range(stage.h * (0.86 + 0.1 * at), stage.h * 0.12, depth))


SCENES: dict[str, Scene] = {"mountains": Scene(mountains_back, mountains_front)}
UNNAMED = ("mountains",)


def choose_scene(brief: Brief) -> Scene:
    """Give the scene a brief names, or one that its words fall on."""
    fallen = UNNAMED[hashlib.sha256(brief.text.encode()).digest()[0] % len(UNNAMED)]
    return SCENES.get(brief.scene or fallen, SCENES[fallen])
