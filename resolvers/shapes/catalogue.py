"""Models."""

from datetime import datetime

from resolvers.shapes.base import Shape
from studio.catalogue.model import Model


def model(model_: Model, now: datetime, free_images: int, free_left: int | None) -> Shape:
    """Return a Model; `free_images` is the stage's daily allowance."""
    return {
        "id": model_.id,
        "title": model_.title,
        "provider": model_.provider,
        "kinds": sorted(model_.kinds),
        "sizes": list(model_.sizes),
        "points": model_.points,
        "freePerDay": model_.free_per_day(free_images),
        "freeLeft": free_left,
        "state": model_.state(now.date()),
        "retiresOn": model_.retires_on.isoformat() if model_.retires_on else None,
        "cacheSeconds": model_.cache_seconds(now),
    }
