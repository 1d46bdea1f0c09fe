"""The catalogue itself. A model's name at its provider belongs to the stage and its worker, not here."""

from datetime import date

from studio.catalogue.model import Model
from studio.jobs.model import ImageSize, JobKind

_ALL_SIZES = (ImageSize.ONE_K, ImageSize.TWO_K, ImageSize.FOUR_K)

CATALOGUE: tuple[Model, ...] = (
    Model(
        id="nanobanana-pro",
        title="Nano Banana Pro",
        provider="Google Vertex AI",
        worker="vertex",
        kinds=frozenset({JobKind.GENERATE}),
        sizes=_ALL_SIZES,
        points=1,
    ),
    Model(
        id="nanobanana-2",
        title="Nano Banana 2",
        provider="Google Vertex AI",
        worker="vertex",
        kinds=frozenset({JobKind.GENERATE}),
        sizes=_ALL_SIZES,
        points=1,
        admin_only=True,
    ),
    Model(
        id="titan",
        title="Titan Image Generator v2",
        provider="Amazon Bedrock",
        worker="bedrock",
        kinds=frozenset({JobKind.GENERATE}),
        sizes=(ImageSize.ONE_K,),
        points=1,
        retires_on=date(2026, 6, 30),  # Amazon's end of life for amazon.titan-image-generator-v2:0
    ),
)
