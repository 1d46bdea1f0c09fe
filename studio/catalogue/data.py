"""The catalogue itself. A model's name at its provider belongs to the stage and its worker, not here."""

from datetime import date

from studio.catalogue.model import Model
from studio.images.model import ImageSize, JobKind

_ALL_SIZES = (ImageSize.ONE_K, ImageSize.TWO_K, ImageSize.FOUR_K)
_ONE_K = (ImageSize.ONE_K,)
_GENERATE = frozenset({JobKind.GENERATE})
_EDIT = frozenset({JobKind.GENERATE, JobKind.EDIT})
_ALL_KINDS = frozenset(JobKind)

CATALOGUE: tuple[Model, ...] = (
    Model(
        id="nanobanana-basic",
        title="Nano Banana Basic",
        provider="A page in a browser",
        worker="browser",
        kinds=_GENERATE,
        sizes=_ONE_K,
        points=2,
        daily_free=True,
    ),
    Model(
        id="nanobanana-pro",
        title="Nano Banana Pro",
        provider="Google Vertex AI",
        worker="vertex",
        kinds=_ALL_KINDS,
        sizes=_ALL_SIZES,
        points=1,
        references=6,
    ),
    Model(
        id="nanobanana-2",
        title="Nano Banana 2",
        provider="Google Vertex AI",
        worker="vertex",
        kinds=_ALL_KINDS,
        sizes=_ALL_SIZES,
        points=1,
        references=6,
        admin_only=True,
    ),
    Model(
        id="nanobanana-lite",
        title="Nano Banana Lite",
        provider="Google Vertex AI",
        worker="vertex",
        kinds=_ALL_KINDS,
        sizes=_ONE_K,
        points=1,
        references=6,
    ),
    Model(
        id="sdxl",
        title="Stable Diffusion XL",
        provider="Amazon SageMaker",
        worker="sagemaker",
        kinds=_GENERATE,
        sizes=_ONE_K,
        points=1,
        patient=True,
    ),
    Model(
        id="stable-image",
        title="Stable Image",
        provider="Amazon Bedrock",
        worker="bedrock",
        kinds=_EDIT,
        sizes=_ONE_K,
        points=1,
    ),
    Model(
        id="titan",
        title="Titan Image Generator v2",
        provider="Amazon Bedrock",
        worker="bedrock",
        kinds=_EDIT,
        sizes=_ONE_K,
        points=1,
        retires_on=date(2026, 6, 30),  # Amazon's end of life for amazon.titan-image-generator-v2:0
    ),
)
