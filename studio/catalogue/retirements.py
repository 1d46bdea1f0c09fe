"""Which models end soon: what to do about it takes longer than a deploy."""

from collections.abc import Collection
from datetime import date, timedelta

from studio.catalogue.model import Model
from studio.catalogue.rules import StageModels

WARNING = timedelta(days=60)


def ending(stage: StageModels, asked: Collection[str], today: date) -> list[Model]:
    """Return those of the models that are still asked for at their providers and end within 60 days, or have."""
    known = [model for model in stage.all() if model.id in asked]
    return [model for model in known if model.retires_on and model.retires_on <= today + WARNING]
