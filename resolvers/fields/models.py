"""The fields of models and of what they cost, which the jobs' function answers too."""

from typing import TYPE_CHECKING

from resolvers.fields.graphql import Answer, Fields, caller, caller_or_none, selects
from resolvers.shapes import catalogue as model_shapes
from resolvers.shapes import jobs as job_shapes
from studio.catalogue import rules
from studio.clock import now
from studio.images.model import ImageSize, JobKind
from studio.images.request import checked_count
from studio.jobs.create import JobCreator
from studio.jobs.typical_seconds import TypicalSeconds

if TYPE_CHECKING:
    from studio.inputs import QuoteInput


def register(app: Fields, creator: JobCreator, typical_seconds: TypicalSeconds) -> None:
    """Let an area's function answer the models' fields."""
    limits = creator.limits

    @app.resolver(type_name="Query", field_name="models")
    def models() -> list[Answer]:
        me, moment = caller_or_none(app), now()
        asking = me if selects(app, "freeLeft") else None
        seconds = typical_seconds.by_model(moment) if selects(app, "typicalSeconds") else {}
        return [
            model_shapes.model(
                model,
                moment,
                limits.free_images_per_day,
                creator.free_left(asking, model, moment) if asking else None,
                seconds.get(model.id),
            )
            for model in limits.models.listed(me, moment.date())
        ]

    @app.resolver(type_name="Query", field_name="quote")
    def quote(input: "QuoteInput") -> Answer:  # noqa: A002 - the schema's name
        me, moment = caller(app), now()
        model, kind = limits.models.named(input["model"]), JobKind(input["kind"])
        rules.usable(model, me, kind, moment.date())
        rules.makes_size(model, ImageSize(input.get("size") or ImageSize.ONE_K) if kind == JobKind.GENERATE else None)
        return job_shapes.quote(creator.quote(me, model, checked_count(input.get("count")), moment))
