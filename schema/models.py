"""The models on offer, and what a request to one would cost."""

import strawberry

from schema.directives import PUBLIC, USER
from schema.enums import described
from schema.scalars import AWSDate
from studio.catalogue.model import ModelState
from studio.images.model import AspectRatio, EditMode, ImageSize, JobKind

described(
    ModelState,
    "RETIRED models, and those that are UNAVAILABLE on this stage, are listed and refused, never tried.",
    AVAILABLE="Everybody may use it.",
    ADMIN_ONLY="Administrators may use it.",
    UNAVAILABLE="This stage cannot run it.",
    RETIRED="Its provider has ended it.",
)


@strawberry.type(directives=PUBLIC, description="What a model can do and costs.")
class Model:
    id: str = strawberry.field(description="What requests name it by.")
    title: str = strawberry.field(description="What people know it by.")
    provider: str = strawberry.field(description="Who runs it.")
    kinds: list[JobKind] = strawberry.field(description="What it can do.")
    sizes: list[ImageSize] = strawberry.field(description="The sizes that generateImages makes with it.")
    aspect_ratios: list[AspectRatio] = strawberry.field(description="The shapes that generateImages makes with it.")
    edit_modes: list[EditMode] = strawberry.field(description="The modes of editImage that it knows.")
    max_references: int = strawberry.field(description="The most references that it looks at; 0: none.")
    supports_seed: bool = strawberry.field(description="Whether generateImages takes a seed for it.")
    supports_negative_prompt: bool = strawberry.field(
        description="Whether generateImages takes a negativePrompt for it."
    )
    description: str | None = strawberry.field(description="What it is good for, in a sentence.")
    typical_seconds: int | None = strawberry.field(
        description="The median of what was waited, from the request to the image, over the latest 100 images of all"
        " models; null where it made none of them."
    )
    points: int = strawberry.field(description="Points an image.")
    free_per_day: int = strawberry.field(description="Free images a person has each day (UTC), used before points.")
    free_left: int | None = strawberry.field(
        description="Of these, what the caller has left today; it goes with every request. null without a sign-in."
    )
    state: ModelState = strawberry.field(description="Whether the caller may use it.")
    retires_on: AWSDate | None = strawberry.field(description="The day that it ends at its provider, if that is known.")
    cache_seconds: int = strawberry.field(
        description="How long this entry, all but freeLeft and typicalSeconds, may be kept: until it changes by itself,"
        " an hour at most."
    )


@strawberry.input(description="The request to price.")
class QuoteInput:
    model: str = strawberry.field(description="A model's id.")
    kind: JobKind = strawberry.field(description="What it is to do.")
    size: ImageSize | None = strawberry.field(default=strawberry.UNSET, description="Default ONE_K.")
    count: int | None = strawberry.field(default=strawberry.UNSET, description="1 to 8, default 1.")


@strawberry.type(directives=USER, description="Exactly what the request would be charged now.")
class Quote:
    points: int = strawberry.field(description="Points that would be taken.")
    free_images: int = strawberry.field(description="Free daily images that would be used.")
    affordable: bool = strawberry.field(description="Whether the caller has enough points for it.")
    balance_after: int = strawberry.field(description="The balance once charged; below 0 where it is not affordable.")
