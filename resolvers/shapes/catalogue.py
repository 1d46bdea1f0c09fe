"""Models."""

from datetime import datetime

from resolvers.shapes.base import Shape
from studio.catalogue.model import Model
from studio.images.model import JobKind


def model(
    model_: Model, now: datetime, free_images: int, free_left: int | None, typical_seconds: int | None = None
) -> Shape:
    """Return a Model; `free_images` is the stage's daily allowance."""
    return {
        "id": model_.id,
        "title": model_.title,
        "description": model_.description,
        "provider": model_.provider,
        "kinds": sorted(model_.kinds),
        "sizes": list(model_.sizes),
        "aspectRatios": list(model_.ratios),
        "editModes": list(model_.modes),
        "maxReferences": model_.references,
        "supportsSeed": model_.takes_seed(JobKind.GENERATE),
        "supportsNegativePrompt": model_.negative_prompt,
        "typicalSeconds": typical_seconds,
        "points": model_.points,
        "freePerDay": model_.free_per_day(free_images),
        "freeLeft": free_left,
        "state": model_.state(now.date()),
        "retiresOn": model_.retires_on.isoformat() if model_.retires_on else None,
        "cacheSeconds": model_.cache_seconds(now),
    }
