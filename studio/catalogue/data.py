"""The catalogue itself. A model's name at its provider belongs to the stage and its worker, not here."""

from datetime import date

from studio.catalogue.model import Model, Upscaling
from studio.images.model import AspectRatio, EditMode, ImageSize, JobKind

_ALL_SIZES = (ImageSize.ONE_K, ImageSize.TWO_K, ImageSize.FOUR_K)
_GENERATE = frozenset({JobKind.GENERATE})
_EDIT = frozenset({JobKind.GENERATE, JobKind.EDIT})
_VARY = frozenset({JobKind.GENERATE, JobKind.VARIATION})
_UPSCALE = frozenset({JobKind.UPSCALE})
# Google's models give no transparency.
_GOOGLE = frozenset(JobKind) - {JobKind.REMOVE_BACKGROUND}
# Twice as large, and 4K at most.
_TO_4K = Upscaling(max_side=2048, max_pixels=2048 * 2048)
# Stability's upscalers take a megapixel; the fast one makes it four times as wide and as high, the others 4K.
_MEGAPIXEL = Upscaling(max_side=1536, max_pixels=1024 * 1024)
_ALL_MODES = tuple(EditMode)

_COMMON = (
    AspectRatio.SQUARE,
    AspectRatio.PORTRAIT_3_4,
    AspectRatio.LANDSCAPE_4_3,
    AspectRatio.PORTRAIT_9_16,
    AspectRatio.LANDSCAPE_16_9,
)
_MORE = (
    AspectRatio.PORTRAIT_2_3,
    AspectRatio.LANDSCAPE_3_2,
    AspectRatio.PORTRAIT_4_5,
    AspectRatio.LANDSCAPE_5_4,
    AspectRatio.LANDSCAPE_21_9,
)
_LONG = (
    AspectRatio.PORTRAIT_1_4,
    AspectRatio.LANDSCAPE_4_1,
    AspectRatio.PORTRAIT_1_8,
    AspectRatio.LANDSCAPE_8_1,
)
# Stability has no 3:4 and no 4:3: those are cut out of the nearest.
_STABILITY = (*_COMMON, *_MORE, AspectRatio.PORTRAIT_9_21)

CATALOGUE: tuple[Model, ...] = (
    Model(
        id="nanobanana-basic",
        title="Nano Banana Basic",
        description="Pictures from a prompt; some are free every day.",
        provider="A page in a browser",
        worker="browser",
        kinds=_GENERATE,
        points=2,
        ratios=_COMMON,
        daily_free=True,
    ),
    Model(
        id="nanobanana-pro",
        title="Nano Banana Pro",
        description="Google's most careful model: legible text, up to 4K, close to instructions and references.",
        provider="Google Vertex AI",
        worker="vertex",
        kinds=_GOOGLE,
        points=1,
        sizes=_ALL_SIZES,
        ratios=(*_COMMON, *_MORE),
        modes=_ALL_MODES,
        references=6,
        upscaling=_TO_4K,
    ),
    Model(
        id="nanobanana-2",
        title="Nano Banana 2",
        description="Google's newest model: quick, up to 4K, in shapes as long as 1:8 and 8:1.",
        provider="Google Vertex AI",
        worker="vertex",
        kinds=_GOOGLE,
        points=1,
        sizes=_ALL_SIZES,
        ratios=(*_COMMON, *_MORE, *_LONG),
        modes=_ALL_MODES,
        references=6,
        upscaling=_TO_4K,
        admin_only=True,
    ),
    Model(
        id="nanobanana-lite",
        title="Nano Banana Lite",
        description="Google's quickest model, in 1K.",
        provider="Google Vertex AI",
        worker="vertex",
        kinds=_GOOGLE - _UPSCALE,
        points=1,
        ratios=(*_COMMON, *_MORE),
        modes=_ALL_MODES,
        references=6,
    ),
    Model(
        id="sdxl",
        title="Stable Diffusion XL",
        description="An open model on a machine of the studio's own, which may have to start first.",
        provider="Amazon SageMaker",
        worker="sagemaker",
        kinds=_GENERATE,
        points=1,
        ratios=_COMMON,
        patient=True,
    ),
    Model(
        id="stable-image",
        title="Stable Image",
        description="Stability's quick model, and its tools: editing, four times the size, cutting out, variations.",
        provider="Amazon Bedrock",
        worker="bedrock",
        kinds=_EDIT | _VARY | _UPSCALE | {JobKind.REMOVE_BACKGROUND},
        points=1,
        ratios=_STABILITY,
        modes=_ALL_MODES,
        upscaling=_MEGAPIXEL,
        seedless=_UPSCALE | {JobKind.REMOVE_BACKGROUND},
    ),
    Model(
        id="stable-diffusion-3.5-large",
        title="Stable Diffusion 3.5 Large",
        description="Stability's large open model: many styles, and close to the prompt.",
        provider="Amazon Bedrock",
        worker="bedrock",
        kinds=_VARY,
        points=1,
        ratios=_STABILITY,
    ),
    Model(
        id="stable-image-ultra",
        title="Stable Image Ultra",
        description="Stability's best model: photographs, fine detail, light.",
        provider="Amazon Bedrock",
        worker="bedrock",
        kinds=_VARY,
        points=2,
        ratios=_STABILITY,
    ),
    Model(
        id="stable-upscale-conservative",
        title="Stable Conservative Upscale",
        description="Makes an image larger, up to 4K, and changes as little as it can.",
        provider="Amazon Bedrock",
        worker="bedrock",
        kinds=_UPSCALE,
        points=4,
        sizes=(),
        negative_prompt=False,
        upscaling=_MEGAPIXEL,
    ),
    Model(
        id="stable-upscale-creative",
        title="Stable Creative Upscale",
        description="Makes a small or damaged image larger, up to 4K, and imagines what it lacks.",
        provider="Amazon Bedrock",
        worker="bedrock",
        kinds=_UPSCALE,
        points=6,
        sizes=(),
        negative_prompt=False,
        upscaling=_MEGAPIXEL,
    ),
    Model(
        id="titan",
        title="Titan Image Generator v2",
        description="Amazon's own model, which Amazon has ended.",
        provider="Amazon Bedrock",
        worker="bedrock",
        kinds=_EDIT,
        points=1,
        ratios=_COMMON,
        modes=_ALL_MODES,
        retires_on=date(2026, 6, 30),  # Amazon's end of life for amazon.titan-image-generator-v2:0
    ),
)

_TITLES = {model.id: model.title for model in CATALOGUE}


def title_of(id_: str) -> str:
    """Return the title of a model; of one that is in the catalogue no longer its id."""
    return _TITLES.get(id_, id_)
