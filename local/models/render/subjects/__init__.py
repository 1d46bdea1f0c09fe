"""The subjects: what a prompt may name to stand, swim or fly in the picture."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np

from local.models.render.canvas import curve, moved
from local.models.render.colour import mix
from local.models.render.stage import Spot, Stage
from local.models.render.subjects import buildings, craft, sitters, things, wild

Painter = Callable[[Stage, Spot], None]
SUBJECTS: dict[str, Painter] = {
    "fox": sitters.fox,
    "cat": sitters.cat,
    "dog": sitters.dog,
    "rabbit": sitters.rabbit,
    "owl": sitters.owl,
    "deer": wild.deer,
    "camel": wild.camel,
    "whale": wild.whale,
    "fish": wild.fish,
    "bird": wild.birds,
    "butterfly": wild.butterfly,
    "jellyfish": wild.jellyfish,
    "house": buildings.house,
    "lighthouse": buildings.lighthouse,
    "castle": buildings.castle,
    "pagoda": buildings.pagoda,
    "windmill": buildings.windmill,
    "boat": craft.boat,
    "balloon": craft.balloon,
    "rocket": craft.rocket,
    "train": craft.train,
    "person": things.person,
    "cup": things.cup,
    "robot": things.robot,
    "astronaut": things.astronaut,
    "umbrella": things.umbrella,
    "lantern": things.lantern,
    "tree": things.tree,
    "cactus": things.cactus,
    "moon": things.moon,
}

WATERS = frozenset({"lake", "sea"})
AFLOAT = frozenset(
    {"boat", "whale", "fish", "bird", "balloon", "rocket", "moon", "lantern", "butterfly", "jellyfish", "lighthouse"}
)


def paint_subjects(stage: Stage) -> None:
    """Paint what the prompt names: the first at the scene's spot, the others beside it and smaller."""
    first = stage.spot
    aside = replace(
        first, x=stage.w - first.x, size=first.size * 0.8, sky=(stage.w - first.sky[0], first.sky[1] * 1.15)
    )
    far = replace(first, x=stage.w * 0.5, y=first.y - 0.05, size=first.size * 0.6, depth=0.85)
    names = [name for name in stage.brief.subjects if name not in _covered(stage.brief.subjects)]
    places = list(zip(names, (first, aside, far), strict=False))
    for name, spot in reversed(places):
        if stage.brief.scene in WATERS and name not in AFLOAT:
            _islet(stage, spot)
        SUBJECTS[name](stage, spot)


def _islet(stage: Stage, spot: Spot) -> None:
    """Put a small island under feet that would stand on water."""
    wide, tone = max(spot.size * 0.95, 0.18), stage.palette.land(0.8)
    mound = [(-1.25, 0.1), (-0.8, 0.01), (-0.3, -0.06), (0.35, -0.05), (0.85, 0.02), (1.25, 0.1), (0, 0.17)]
    at = (spot.x, spot.y)
    stage.canvas.ellipse((spot.x, spot.y + wide * 0.16), (wide * 1.2, wide * 0.09), stage.palette.dark, 0.3, 0.012)
    stage.canvas.polygon(moved(curve(np.array(mound) * wide), at), (mix(tone, stage.palette.glow, 0.25), tone))


def _covered(names: tuple[str, ...]) -> set[str]:
    """Give what other subjects already bring with them."""
    return {"person"} if "umbrella" in names else set()
