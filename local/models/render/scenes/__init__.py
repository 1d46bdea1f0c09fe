"""The scenes: each has what lies behind the subject and what lies in front of it."""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass

from local.models.render.brief import Brief
from local.models.render.scenes import (
    abstract,
    city,
    desert,
    forest,
    hills,
    lake,
    meadow,
    mountains,
    sea,
    snow,
    space,
    table,
    underwater,
)
from local.models.render.stage import Stage

Painter = Callable[[Stage], None]

FIELD_TIMES = ("day", "day", "golden", "spring", "sunset", "dawn")


@dataclass(frozen=True)
class Scene:
    """Two painters, and the times of day that suit them when the prompt names none."""

    back: Painter
    front: Painter
    times: tuple[str, ...] = ("dawn", "day", "day", "golden", "sunset", "sunset", "dusk", "night", "mist")


SCENES: dict[str, Scene] = {
    "mountains": Scene(mountains.back, mountains.front),
    "lake": Scene(lake.back, lake.front),
    "sea": Scene(sea.back, sea.front),
    "city": Scene(city.back, city.front, ("sunset", "dusk", "dusk", "night", "golden", "dawn")),
    "forest": Scene(forest.back, forest.front, ("mist", "mist", "dawn", "golden", "day", "dusk", "night")),
    "space": Scene(space.back, space.front, ("space",)),
    "desert": Scene(desert.back, desert.front, ("sand", "sand", "sunset", "dusk")),
    "meadow": Scene(meadow.back, meadow.front, FIELD_TIMES),
    "hills": Scene(hills.back, hills.front, FIELD_TIMES),
    "snow": Scene(snow.back, snow.front, ("winter", "winter", "dusk", "dawn", "night")),
    "underwater": Scene(underwater.back, underwater.front, ("deep",)),
    "table": Scene(table.back, table.front, ("golden", "dawn", "spring", "mist", "sunset")),
    "abstract": Scene(
        abstract.back, abstract.front, ("dawn", "day", "golden", "sunset", "sunset", "dusk", "autumn", "spring")
    ),
}
UNNAMED = (
    "mountains",
    "lake",
    "sea",
    "hills",
    "forest",
    "meadow",
    "desert",
    "abstract",
    "abstract",
    "snow",
    "space",
)


def choose_scene(brief: Brief) -> tuple[str, Scene]:
    """Give the scene a brief names, or one that its words fall on, with its name."""
    fallen = UNNAMED[hashlib.sha256(brief.text.encode()).digest()[0] % len(UNNAMED)]
    name = brief.scene or fallen
    return name, SCENES[name]
